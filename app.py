"""The entry: language, pages, and nothing else. `streamlit run app.py`"""

import streamlit as st

from model.engine.batch import keep_memory
from pages.ui import doors, net, parts, person, shell, state, texts, views

# an emoji comes with the page; a named icon would be fetched from afar
st.set_page_config(page_title="Sandtable 经营沙盘", page_icon="📊", layout="wide")
keep_memory()
net.spread()
texts.choose_language()
page = shell.navigation()
parts.readable()
views.arrive(page.url_path)
page.run()
doors.where_from(page.url_path)
state.remember()
person.keep()
texts.keep_language()

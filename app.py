"""The entry: language, pages, and nothing else. `streamlit run app.py`"""

import streamlit as st

from model.engine.batch import keep_memory
from pages.ui import shell, state, texts

st.set_page_config(page_title="Sandtable 经营沙盘", page_icon=":material/tune:", layout="wide")
keep_memory()
texts.choose_language()
page = shell.navigation()
page.run()
state.remember()

"""The entry: language, pages, and nothing else. `streamlit run app.py`"""

import streamlit as st

from model.engine.batch import keep_memory
from model.late import Late
from pages.ui.frame import account, documents, door, safety_net, saving, top_bar, where_from
from pages.ui.kit import page_look, texts, views
from pages.ui.serving import around, counters
from pages.ui.session import person, state, visit

documents.come_from(Late("pages.ui.document.making"))


def draw() -> None:
    """One run of the page at hand."""
    # an emoji comes with the page; a named icon would be fetched from afar
    st.set_page_config(page_icon="📊", layout="wide")
    keep_memory()
    safety_net.spread()
    texts.choose_language()
    account.leave()
    standing = visit.state()
    page = top_bar.navigation(standing == visit.IN)
    if standing != visit.IN:
        door.draw(standing)
        texts.keep_language()
        return
    st.set_page_config(page_title=top_bar.title_of(page.title))
    page_look.every_page()
    views.arrive(page.url_path)
    state.stay_with_draft()
    with counters.run_of(page.url_path):
        page.run()
    saving.told()
    where_from.where_from(page.url_path)
    state.remember()
    person.keep()
    texts.keep_language()


# Streamlit reads this file for an `App` to serve, and runs it as a script for every run of a page
if __name__ == "__main__":
    draw()
else:
    around.settle()
    app = st.App(__file__, middleware=around.MIDDLEWARE, routes=around.ROUTES)

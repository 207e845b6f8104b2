"""The way from a page's numbers to their equations: a list of its figures, each a link to the Method page."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import shown
from pages.ui.kit.texts import t
from pages.ui.session import state
from pages.ui.words import figures


def where_from(page: str) -> None:
    """Closed until it is asked for, and outside of all fragments: a move sends nothing of it."""
    found = {figures.term(k): k for k in reversed(shown.of_page(page))}  # a KPI and its line have one name
    if not found or page == "method":
        return
    box = st.popover(t("derive.where"), icon=":material/info:", type="tertiary", key=f"where_{page}", on_change="rerun")
    if box.open:
        with box:
            for label, figure in reversed(found.items()):
                st.page_link(st.session_state["_pages"]["method"], label=label,
                             query_params={**state.carried(), "figure": figure})

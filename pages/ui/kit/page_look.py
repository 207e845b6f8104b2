"""What the browser gets once a page: what Streamlit's theme has no setting for, keys and history as people expect them, and
the look of cards, tables and sections."""

from __future__ import annotations

import html
import json
from functools import cache

import streamlit as st

from pages.ui.kit import browser_files
from pages.ui.kit.browser_files import read
from pages.ui.kit.streamlit_internals import cell_editors
from pages.ui.kit.texts import DEFAULT, catalogue, rules, t


@cache
def script() -> str:
    """What the page does in the browser beside Streamlit, served with it (`serving/our_page.py`): the page that was asked
    for before signing in, fields with an undo of their own, a history that Back goes through page by page, grids that lose no
    key typed, what draws tables, and what those need who hear the page.
    """
    scripts = read("kit/arrival.js", "kit/place.js", "kit/fields.js", "kit/history.js", "kit/grids.js", "kit/tables.js",
                   "kit/sections.js", "kit/everybody.js")
    return f"window.sdCellEditors={json.dumps(cell_editors())}\n{scripts}\n"


def every_page() -> None:
    """Send inks of enough contrast, one row for the top bar, and the reader's language for those who hear it; once a run."""
    narrow = f"@media(max-width:{rules().shortcuts_from}px){{{read('kit/narrow.css')}}}"
    told = html.escape(json.dumps(_told(), ensure_ascii=False))
    look = read("kit/readable.css", "kit/everybody.css")
    st.html(f'<style>{look}\n{narrow}</style><div hidden id="sd-told" data-said="{told}"></div>')


def _told() -> dict:
    """What the browser has to say in the reader's language, and instead of what Streamlit says."""
    words = {theirs: t(key) for key, theirs in catalogue(DEFAULT).items() if key.startswith("streamlit.")}
    return {"language": rules().tag, "jump": t("everybody.jump"), "words": words}


def theme() -> str:
    """The page's colours, light or dark: for pictures that no style sheet reaches."""
    return "dark" if st.context.theme.type == "dark" else "light"


def cards_and_tables() -> None:
    """Send the look of cards, tables and sections, once a page; in a component it would travel with every update."""
    browser_files.style("kit/cards.css", "kit/tables.css", "kit/sections.css")

"""What a page shows when its script fails: our own words, a way back and the work as a file. Streamlit would show an English
text and a search engine's button, and no more.

It stands in the place of Streamlit's own display of an exception, which is called for the script of a page, for a fragment
and for a callback alike (tests/pages/frame/test_net.py: an update of Streamlit that calls another is found there).
"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from model import to_json
from pages.ui.frame import downloads
from pages.ui.kit.streamlit_internals import NotHere, show_failures
from pages.ui.kit.texts import t
from pages.ui.session import state


def spread() -> None:
    """Once a run of the app; the log has the exception already."""
    show_failures(caught)


def caught(ex: BaseException) -> None:
    """In the place where the exception came up. A run in which several parts of a page fail has the buttons once."""
    with suppress(NotHere), st.container(border=True, key="net"):
        st.error(f"**{t('net.failed')}** {t('net.kept')}", icon=":material/error:")
        with st.container(horizontal=True):
            _ways_out()


def _ways_out() -> None:
    space = state.workspace()
    scenario = space.scenario
    st.button(t("net.undo"), key="net_undo", icon=":material/undo:", type="primary", disabled=not space.undo,
              on_click=_whole_run, args=(lambda: state.step("undo", "redo"),))
    st.button(t("net.reset"), key="net_reset", icon=":material/restart_alt:", disabled=not space.changed,
              on_click=_whole_run, args=(state.reset,))
    st.button(t("net.again"), key="net_again", icon=":material/refresh:", on_click=_whole_run, args=(lambda: None,))
    downloads.button(t("bar.save_file"), "net_save", "", lambda: to_json(scenario).encode(), "json",
                     icon=":material/save:")


def _whole_run(action) -> None:
    action()
    st.rerun()

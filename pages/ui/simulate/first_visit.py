"""Three sentences over the sample for whoever has never been here: what this is, what to do, and how to go on. Once a browser."""

from __future__ import annotations

import streamlit as st

from pages.ui.kit.texts import t
from pages.ui.session import person, state


def greeting() -> None:
    """Until it is answered, and never over a plan of one's own."""
    if not person.is_new() or state.workspace().scenario.base.name != state.SAMPLE:
        return
    with st.container(key="greeting", border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(t("greeting.said"), width="stretch")
        st.button(t("greeting.own"), key="greeting_own", icon=":material/edit_note:", type="primary", on_click=_go_on)
        st.button(t("problem.dismiss"), key="greeting_seen", on_click=person.has_met)


def _go_on() -> None:
    person.has_met()
    st.session_state["_goto"] = "own"

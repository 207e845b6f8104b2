"""What stands in a page's place for whoever is not signed in, no longer, or without a role."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import account, permits, top_bar
from pages.ui.kit import page_look
from pages.ui.kit.texts import plain, t
from pages.ui.session import sign_in, visit


def draw(found: str) -> None:
    """found: one of the states of `session/visit.py`. The browser keeps the page that was asked for (`kit/assets/arrival.js`)."""
    st.set_page_config(page_title=t("door.title"))
    page_look.every_page()
    with st.container(key="door"):
        top_bar.language_switch()
        st.header(t("door.title"))
        st.markdown(t("door.not_set_up") if found == visit.NOT_SET_UP else _why(found))
        if found in (visit.OUT, visit.ENDED):
            st.button(t("door.sign_in"), key="door_sign_in", type="primary", icon=":material/login:", on_click=_sign_in)
        elif found == visit.NO_ROLE:
            account.buttons()


def _why(found: str) -> str:
    who = sign_in.who()
    return t(f"door.{found}", hours=f"{sign_in.settings().hours:g}", seconds=f"{visit.TOLERANCE:g}", name=plain(who.name),
             account=plain(who.account), contact=permits.contact())


def _sign_in() -> None:
    st.login(sign_in.settings().provider or None)

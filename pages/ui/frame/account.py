"""Who is signed in, with which roles, and the way out."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import permits, saving
from pages.ui.kit.texts import plain, t
from pages.ui.session import sign_in, visit


def menu() -> None:
    """Nothing where nobody signs in."""
    if not sign_in.on():
        return
    who = sign_in.who()
    st.caption(t("account.who", name=plain(who.name), roles=permits.roles(who.roles)))
    buttons()


def buttons() -> None:
    with st.container(horizontal=True, gap="small"):
        for key, everywhere in (("out", False), ("everywhere", True)):
            st.button(t(f"account.{key}"), key=f"account_{key}", icon=":material/logout:", help=t(f"account.{key}_help"),
                      on_click=_leave, kwargs={"everywhere": everywhere})


def _leave(everywhere: bool) -> None:
    """Out of this browser in any case; where the database cannot be told, what goes on elsewhere is said."""
    if saving.attempt(lambda: visit.end(everywhere)) or not everywhere:
        st.session_state["_leaving"] = True
    st.rerun()


def leave() -> None:
    """At the start of a run: what sends the browser to sign out would be lost with a run that ends in another one."""
    if st.session_state.pop("_leaving", False):
        st.logout()

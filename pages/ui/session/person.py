"""Who works here: the person who is signed in, or the local planner.

Without sign-in a browser is known by a random key in a cookie of its own, which the next visit brings along. Only a digest of
the key is stored beside drafts. Who refuses cookies is somebody new at each visit.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace

import streamlit as st

from model.io.store.actors import Actor, local
from pages.ui.kit import browser_files
from pages.ui.kit.streamlit_internals import client_address
from pages.ui.session import sign_in, visit

COOKIE, MET = "sandtable", "sandtable_met"
_KEY = re.compile(r"[A-Za-z0-9_-]{32}\Z")
_cookie = browser_files.component("person", "<span></span>", "session/person.js", "session/person.css")


def actor(name: str) -> Actor:
    """Whom every write names. name: what the local planner says; who is signed in is called as the company says."""
    return visit.who() if sign_in.needed() else replace(local(name), address=client_address())


def may(deed: str) -> bool:
    """Whether this person may do one of `actors.RIGHTS`."""
    return not sign_in.needed() or visit.who().may(deed)


def owner() -> str:
    """Whose drafts are made here: the person's, or this browser's."""
    return sign_in.who().key if sign_in.on() else hashlib.sha256(_key().encode()).hexdigest()


def keep() -> None:
    """Once a page, and only where the browser does not have it yet: hands the key over, and that the greeting was answered."""
    if not sign_in.on() and st.context.cookies.get(COOKIE) != _key():
        _cookie(key="person", data={"name": COOKIE, "key": _key()})
    if st.session_state.get("_met") and MET not in st.context.cookies:
        _cookie(key="met", data={"name": MET, "key": "1"})


def is_new() -> bool:
    """Whether nobody has answered the greeting in this browser."""
    return not st.session_state.get("_met") and MET not in st.context.cookies


def has_met() -> None:
    """From here on there is no greeting."""
    st.session_state["_met"] = True


def _key() -> str:
    if "_person" not in st.session_state:
        found = str(st.context.cookies.get(COOKIE, ""))
        st.session_state["_person"] = found if _KEY.match(found) else secrets.token_urlsafe(24)
    return st.session_state["_person"]

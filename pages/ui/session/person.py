"""Which browser this is, since nobody signs in: a random key in a cookie of its own, which the next visit brings along.

Only a digest of the key is stored beside drafts. Who refuses cookies is somebody new at each visit.
"""

from __future__ import annotations

import hashlib
import re
import secrets

import streamlit as st

from pages.ui.kit import browser_files

COOKIE = "sandtable"
_KEY = re.compile(r"[A-Za-z0-9_-]{32}\Z")
_cookie = browser_files.component("person", "<span></span>", "session/person.js", "session/person.css")


def owner() -> str:
    """Of drafts made in this browser."""
    return hashlib.sha256(_key().encode()).hexdigest()


def keep() -> None:
    """Once a page, and only in a browser's first visit: hands the key over."""
    if st.context.cookies.get(COOKIE) != _key():
        _cookie(key="person", data={"name": COOKIE, "key": _key()})


def _key() -> str:
    if "_person" not in st.session_state:
        found = str(st.context.cookies.get(COOKIE, ""))
        st.session_state["_person"] = found if _KEY.match(found) else secrets.token_urlsafe(24)
    return st.session_state["_person"]

"""Which browser this is, since nobody signs in: a random key in a cookie of its own, which the next visit brings along.

Only a digest of the key is stored beside drafts. Who refuses cookies is somebody new at each visit.
"""

from __future__ import annotations

import hashlib
import re
import secrets

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

COOKIE = "sandtable"
_KEY = re.compile(r"[A-Za-z0-9_-]{32}\Z")
_JS = """
export default function ({data}) {
  if (document.cookie.split('; ').some(c => c.startsWith(data.name + '='))) return
  const safe = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${data.name}=${data.key}; Path=/; Max-Age=31536000; SameSite=Lax${safe}`
}
"""
_cookie = st.components.v2.component("sandtable_person", html="<span></span>", css=".st-key-person{display:none}", js=_JS,
                                     isolate_styles=False)


def owner() -> str:
    """Of drafts made in this browser."""
    return hashlib.sha256(_key().encode()).hexdigest()


def session() -> str:
    """This tab, until it is reloaded."""
    run = get_script_run_ctx(suppress_warning=True)
    return run.session_id if run else ""


def is_open(session: str) -> bool:
    """Whether a browser is connected to this session."""
    return runtime.exists() and bool(runtime.get_instance().is_active_session(session))


def keep() -> None:
    """Once a page, and only in a browser's first visit: hands the key over."""
    if st.context.cookies.get(COOKIE) != _key():
        _cookie(key="person", data={"name": COOKIE, "key": _key()})


def _key() -> str:
    if "_person" not in st.session_state:
        found = str(st.context.cookies.get(COOKIE, ""))
        st.session_state["_person"] = found if _KEY.match(found) else secrets.token_urlsafe(24)
    return st.session_state["_person"]

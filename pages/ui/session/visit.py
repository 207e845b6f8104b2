"""Whether a visit goes on: signed in, not for longer than agreed, not signed out in another tab or on another server, in a role.

Streamlit's cookie lives for 30 days and nothing of it is checked but its signature.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from model import SandtableError
from model.io.store.actors import Actor
from pages.ui.session import library, sign_in

#: how a visit stands; what is not IN ends at the door (`frame/door.py`)
IN, OUT, ENDED, NO_ROLE, NOT_SET_UP = "in", "out", "ended", "no_role", "not_set_up"
_HOUR = 3600
#: seconds for which a process believes what the database said of sign-outs, and a session what it found of its visit
BELIEVED, LOOKED = 5.0, 1.0
#: seconds by which the clocks of the servers and of the provider may differ: a sign-in of so shortly after signing out everywhere
#: is held for one of before
TOLERANCE = 10.0
#: sign-ins that a process remembers
_MOST = 10_000
#: by sign-in: when the database was asked, and whether it is over
_known: dict[str, tuple[float, bool]] = {}


def state() -> str:
    """Looked at anew."""
    found = _state()
    st.session_state["_visit"] = (time.monotonic(), found)
    return found


def goes_on() -> bool:
    """Asked by whatever shows or writes anything, many times a run."""
    if not sign_in.needed():
        return True
    at, found = st.session_state.get("_visit", (-math.inf, OUT))
    return (found if time.monotonic() - at < LOOKED else state()) == IN


def watch() -> Callable[[], bool]:
    """What tells, on a thread without a session and however much later, whether the visit of this run still goes on."""
    if not sign_in.on():
        return lambda: True
    claims, hours = st.user.to_dict(), sign_in.settings().hours
    return lambda: not _is_too_old(claims, hours) and not _is_signed_out(claims)


def admits(claims: Mapping[str, Any]) -> bool:
    """Whether the visit goes on of whoever sends a request that belongs to no run; claims: what its cookie says."""
    if not sign_in.needed():
        return True
    try:
        return sign_in.on() and _of_person(claims) == IN
    except ValueError:
        return False


def who() -> Actor:
    """The person who is signed in; without a right once the visit is over."""
    return sign_in.who() if sign_in.on() and goes_on() else Actor("")


def end(everywhere: bool) -> None:
    """This sign-in, in all tabs that live on it, or all sign-ins of this person until now. Raises StoreProblem."""
    claims, ends = st.user.to_dict(), library.store().sign_outs.end
    ends(_sign_in_of(claims))
    if everywhere:
        ends(sign_in.key_of(claims))
    _known.clear()


def _state() -> str:
    if not sign_in.on():
        return NOT_SET_UP if sign_in.needed() else IN
    try:
        return _of_person(st.user.to_dict())
    except ValueError:
        logging.getLogger(__name__).error("[sandtable] of secrets.toml cannot be taken: nobody gets in", exc_info=True)
        return NOT_SET_UP


def _of_person(claims: Mapping[str, Any]) -> str:
    """Raises ValueError where the configuration is wrong."""
    if not claims.get("is_logged_in") or not claims.get("sub"):
        return OUT
    said = sign_in.settings()
    if _is_too_old(claims, said.hours) or _is_signed_out(claims):
        return ENDED
    return IN if sign_in.roles_of(claims, said) else NO_ROLE


def _began(claims: Mapping[str, Any]) -> float:
    """When the identity was given, in seconds since 1970; long ago where it does not say so."""
    try:
        return float(claims["iat"])
    except (KeyError, TypeError, ValueError):
        return -math.inf


def _is_too_old(claims: Mapping[str, Any], hours: float) -> bool:
    return time.time() - _began(claims) > hours * _HOUR


def _sign_in_of(claims: Mapping[str, Any]) -> str:
    said = (sign_in.key_of(claims), claims.get("iat"), claims.get("nonce"))
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()


def _is_signed_out(claims: Mapping[str, Any]) -> bool:
    """As far as is known where the database does not answer: nothing can be written then."""
    person, this = sign_in.key_of(claims), _sign_in_of(claims)
    at, over = _known.get(this, (-math.inf, False))
    if time.monotonic() - at < BELIEVED:
        return over
    try:
        since = library.store().sign_outs.since((person, this))
    except SandtableError:
        logging.getLogger(__name__).warning("sign-outs could not be looked up", exc_info=True)
        return over
    over = this in since or person in since and _began(claims) <= since[person].timestamp() + TOLERANCE
    if len(_known) >= _MOST:
        _known.clear()
    _known[this] = (time.monotonic(), over)
    return over

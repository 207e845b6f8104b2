"""Who is signed in by OpenID Connect (`st.login`), and which roles that person's groups give.

Configured in `.streamlit/secrets.toml`: [auth] is Streamlit's, [sandtable] is read here (docs/production.md). Without [auth]
nobody signs in, and the one local planner may do everything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st

from model.io.store import actors
from model.io.store.actors import ROLES, Actor
from model.io.store.limits import LONGEST
from model.plan.rules import clean
from pages.ui.kit.streamlit_internals import client_address

#: the claims by which a company knows a person, the first that there is
_ACCOUNT = ("preferred_username", "email", "sub")
#: what SANDTABLE_SIGN_IN may say for no; whatever else it says, a slip too, keeps everybody out without sign-in
_NO = ("", "no", "0", "false")


@dataclass(frozen=True)
class Settings:
    """What [sandtable] says.

    groups: the claim with a person's groups, the parts of its path joined by dots. roles: the groups that give each role, "*" for
    everybody. hours: how long a sign-in lasts. contact: whom to ask for a role. own_approval: whether one may approve what one
    has submitted. provider: the section [auth.<provider>], "" for [auth] itself.
    """

    groups: str = "groups"
    roles: tuple[tuple[str, frozenset[str]], ...] = ()
    hours: float = 10
    contact: str = ""
    own_approval: bool = False
    provider: str = ""


def on() -> bool:
    """Whether people sign in here: [auth] is configured. Also in a thread that belongs to nobody's visit."""
    return _are_there(id(st.secrets)) and "auth" in st.secrets


def needed() -> bool:
    """Whether nobody gets in without sign-in: also where its configuration is required and missing, or cannot be read."""
    return on() or os.environ.get("SANDTABLE_SIGN_IN", "").strip().lower() not in _NO


@lru_cache(maxsize=8)
def _are_there(secrets: int) -> bool:
    """Whether there is a file of secrets, read once a start of the server: looking for it anew takes longer than a move may."""
    return st.secrets.load_if_toml_exists()


def settings() -> Settings:
    return settings_of(st.secrets.get("sandtable", {}))


def settings_of(said: Mapping[str, Any]) -> Settings:
    """Raises ValueError for a role that there is not: a slip would lock people out without a word."""
    roles = said.get("roles", {})
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"[sandtable.roles] has {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
    return Settings(str(said.get("groups", "groups")), tuple((role, _texts(groups)) for role, groups in roles.items()),
                    float(said.get("hours", 10)), str(said.get("contact", "")), bool(said.get("own_approval", False)),
                    str(said.get("provider", "")))


def who() -> Actor:
    """The person who is signed in; without any role, and so without a right, where that is nobody."""
    claims = st.user.to_dict()
    if not claims.get("is_logged_in") or not claims.get("sub"):
        return Actor("")
    said = settings()
    account = str(next(claims[c] for c in _ACCOUNT if claims.get(c)))
    name = clean(str(claims.get("name") or account)).strip()
    return Actor((name or account)[:LONGEST["author"]], roles_of(claims, said), key_of(claims), clean(account)[:200],
                 client_address(), said.own_approval)


def key_of(claims: Mapping[str, Any]) -> str:
    """Of the person whose claims these are."""
    return actors.key_of(str(claims.get("iss", "")), str(claims["sub"]))


def roles_of(claims: Mapping[str, Any], said: Settings) -> frozenset[str]:
    """The roles that the groups of these claims give."""
    found: Any = claims
    for part in said.groups.split("."):
        found = found.get(part, ()) if isinstance(found, Mapping) else ()
    groups = _texts(found) | {"*"}
    return frozenset(role for role, giving in said.roles if groups & giving)


def _texts(said: Any) -> frozenset[str]:
    """One text, or each of several."""
    several = said if isinstance(said, Iterable) and not isinstance(said, str) else [said]
    return frozenset(str(x) for x in several)

"""What this person may not do, or a scenario does not take as it stands, is greyed with the reason. The store refuses it too,
whatever a browser sends."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from model.io.store import Entry, standing
from model.io.store.actors import RIGHTS, ROLES, VIEWER
from pages.ui.kit.texts import listed, t
from pages.ui.session import person, sign_in


def button(deed: str, label: str, *, of: Sequence[Entry] = (), disabled: bool = False, help: str | None = None, **more) -> bool:
    """A button for a deed that changes what is saved. Greyed it is none of the first rank: nobody reads white on white.

    of: the scenarios that it is done to; it is greyed where none of them takes it.
    """
    barred = [barring(deed, entry) for entry in of]
    refused = why_not(deed) if not person.may(deed) else barred[0] if barred and all(barred) else ""
    greyed = disabled or bool(refused)
    if greyed and more.get("type") == "primary":
        del more["type"]
    return st.button(label, disabled=greyed, help=refused or help, **more)


def barring(deed: str, entry: Entry) -> str:
    """Why a scenario does not take the deed as it stands, "" where it does."""
    found = standing.refusal(deed, entry)
    return t(f"desk.refused_{found.__name__}") if found else ""


def why_not(deed: str) -> str:
    """For whom a deed is, who this person is, and whom to ask."""
    return t("person.not_allowed", needed=roles(RIGHTS[deed]), mine=roles(sign_in.who().roles) or t("person.no_role"),
             contact=contact())


def contact() -> str:
    """Whom to ask, as the administrator has written it: an address stays one that can be pressed."""
    return sign_in.settings().contact or t("person.contact")


def roles(found: Collection[str]) -> str:
    """The names of roles; who has any other one need not be told that this person may read as well."""
    said = [role for role in ROLES if role in found and (role != VIEWER or len(found) == 1)]
    return listed(t(f"person.role_{role}") for role in said)

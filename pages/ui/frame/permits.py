"""What this person may not do stands there greyed, with the reason. The store refuses it too, whatever a browser sends."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from model.io.store.actors import RIGHTS, ROLES, VIEWER
from pages.ui.kit.texts import listed, t
from pages.ui.session import person, sign_in


def button(deed: str, label: str, *, disabled: bool = False, help: str | None = None, **more) -> bool:
    """A button for a deed that changes what is saved. Greyed it is none of the first rank: nobody reads white on white."""
    refused = "" if person.may(deed) else why_not(deed)
    greyed = disabled or bool(refused)
    if greyed and more.get("type") == "primary":
        del more["type"]
    return st.button(label, disabled=greyed, help=refused or help, **more)


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

"""What this person may not do stands there greyed, with the reason. The store refuses it too, whatever a browser sends."""

from __future__ import annotations

import streamlit as st

from model.io.store.actors import RIGHTS, ROLES
from pages.ui.kit.texts import listed, t
from pages.ui.session import person, sign_in


def button(deed: str, label: str, *, disabled: bool = False, help: str | None = None, **more) -> bool:
    """A button for a deed that changes what is saved."""
    refused = "" if person.may(deed) else why_not(deed)
    return st.button(label, disabled=disabled or bool(refused), help=refused or help, **more)


def why_not(deed: str) -> str:
    """For whom a deed is, who this person is, and whom to ask."""
    mine = sorted(sign_in.who().roles, key=ROLES.index)
    return t("person.not_allowed", needed=roles(RIGHTS[deed]), mine=roles(mine) or t("person.no_role"), contact=contact())


def contact() -> str:
    """Whom to ask, as the administrator has written it: an address stays one that can be pressed."""
    return sign_in.settings().contact or t("person.contact")


def roles(found) -> str:
    """The names of roles."""
    return listed(t(f"person.role_{role}") for role in found)

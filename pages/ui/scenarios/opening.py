"""Opening a version of a saved scenario: it is at hand from then on, and undo leads back."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import saving
from pages.ui.kit.texts import plain, t, together
from pages.ui.session import library, state
from pages.ui.session.workspace import Stored
from pages.ui.words.made_names import said
from pages.ui.words.scenario_names import scenario_name


def open_version(id: str, version: int | None = None) -> None:
    def act() -> None:
        saved, space = library.store().open(id, version), state.workspace()
        way_back = t("shelf.left" if space.changed else "shelf.back", name=plain(scenario_name(space.scenario)))
        state.open_scenario(saved.scenario, Stored(id, saved.version.number, saved.entry.name))
        st.session_state["_notice"] = ("success", together([
            t("shelf.opened", name=plain(said(saved.entry.name)), number=saved.version.number), way_back]))

    saving.attempt(act)

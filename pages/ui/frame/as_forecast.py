"""The plan that believes its actual months, as a scenario of its own: to go on from wherever one asks what to do next."""

from __future__ import annotations

import streamlit as st

from model.late import Late
from model.plan.book import EMPTY
from pages.ui.frame import permits, saving
from pages.ui.kit.texts import plain, t
from pages.ui.session import library, results, state
from pages.ui.session.workspace import Stored
from pages.ui.words.scenario_names import scenario_name

months = Late("model.review.kept")


def button(key: str) -> None:
    permits.button("save", t("review.updated"), key=key, icon=":material/update:", on_click=_save, help=t("review.updated_help"))


def offer(key: str) -> None:
    """The same with a line on what it is for, where the plan at hand has months and the page does not know them."""
    if state.workspace().scenario.book.cells:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(t("review.offer"), width="content")
            button(key)


def _save() -> None:
    """A scenario of its own in the library, opened; undo leads back."""
    scenario = state.workspace().scenario

    def act() -> None:
        last = months.actuals_of(scenario).measured[-1]
        name = saving.free_name(t("review.updated_name", name=scenario_name(scenario)[:60], month=last))
        if state.workspace().stored is None:  # what the months are kept with must not be left behind unsaved
            kept = library.store().save(scenario.named(saving.free_name(scenario_name(scenario))), author=saving.actor())
            state.open_scenario(kept.scenario, Stored(kept.entry.id, kept.version.number, kept.entry.name))
        saved = library.store().save(results.as_forecast(scenario).named(name), author=saving.actor())
        state.open_scenario(saved.scenario, Stored(saved.entry.id, saved.version.number, saved.entry.name))
        state.workspace().baseline = scenario.with_book(EMPTY)
        st.session_state["_notice"] = ("success", t("review.updated_done", name=plain(name)))

    saving.attempt(act)
    st.rerun()

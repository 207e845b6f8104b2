"""The approved budget of the plan's year: what a review stands on, or can."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from model import SandtableError, Scenario
from model.io.store import Saved
from model.plan.book import EMPTY
from model.review.kept import plan_of_record
from pages.ui.frame import saving
from pages.ui.kit.texts import plain, t
from pages.ui.session import library, state
from pages.ui.words.made_names import said
from pages.ui.words.when import when


def line() -> None:
    """Which budget is approved, whether the plan at hand is it, and the way to it; nothing where none is."""
    try:
        entry = library.budget(state.workspace().scenario)
        found = library.store().open(entry.id, entry.approval.version) if entry and entry.approval else None
    except SandtableError as problem:
        st.warning(saving.reason(problem))
        return
    if found is None or found.entry.approval is None:
        return
    approval, same = found.entry.approval, _same(found.scenario)
    who, time = approval.last
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("review.on_budget" if same else "review.budget", year=approval.year, name=plain(said(found.entry.name)),
                     number=approval.version, who=plain(said(who)), time=when(time)), width="content")
        if not same:
            st.button(t("review.use_budget"), key="review_use_budget", icon=":material/verified:", on_click=_use, args=(found,),
                      help=t("review.use_budget_help"))


def _same(approved: Scenario) -> bool:
    """Whether the plan that months are held against says what was approved, name and months apart."""
    mine, theirs = (s.named("", "").with_book(EMPTY) for s in (plan_of_record(state.workspace().scenario), approved))
    return mine == theirs


def _use(found: Saved) -> None:
    """A copy with the months at hand, under a name of its own: what is approved is locked, and months come to it."""
    book = replace(state.workspace().scenario.book, planned=())  # the budget is what these months were planned with
    name = found.scenario.name[:saving.MAX_NAME - 20]
    state.open_scenario(found.scenario.with_book(book).named(t("review.budget_name", name=name)))
    st.session_state["_notice"] = ("success", t("review.budget_taken"))

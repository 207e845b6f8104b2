"""Risk: how sure are we, and what decides it? Answer, fan, distribution and drivers; the rest in sections."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("risk")

from pages.ui.kit import chart_names, page_look, sections
from pages.ui.kit.sections import Section
from pages.ui.kit.texts import t
from pages.ui.risk import decides, editor, files, view
from pages.ui.session import state
from pages.ui.words import periods


def draw_quantiles() -> None:
    view.quantiles(view.current(), periods.chosen())
    files.offer(view.current())


def draw_register() -> None:
    scenario = state.workspace().scenario
    st.caption(t("risk.register_help"))
    periods.all_months()
    editor.switches(scenario)
    ready = view.register_of(scenario) if scenario.rows["event"] else None
    if ready is not None:
        view.register_tables(scenario, ready)


def draw_stress() -> None:
    st.caption(t("risk.stress_help"))
    periods.all_months()
    view.stress_table(state.workspace().scenario)


SECTIONS = (
    Section("chances", "risk.chances", lambda: view.chances(view.current())),
    Section("quantiles", "risk.quantiles", draw_quantiles),
    Section("register", "risk.register", draw_register),
    Section("stress", "risk.stress", draw_stress),
    Section("scatter", "risk.scatter", lambda: decides.scatter(view.current(), periods.chosen())),
    Section("risk_edit", "risk.edit", editor.desk))

page_look.cards_and_tables()
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
periods.choice()
found, period = view.current(), periods.chosen()
view.verdict(found, period)
sections.contents(SECTIONS)
view.precision()
left, right = st.columns(2, gap="medium")
with left:
    view.fan(found, period)
with right:
    view.distribution(found, period)
left, right = st.columns(2, gap="medium")
with left:
    decides.drivers(found, period)
with right:
    decides.tornado(found, period)
sections.show(SECTIONS)

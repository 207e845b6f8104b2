"""Optimize: which split is best, what is the next yuan worth, and what would have to be true?"""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("optimize")

from pages.ui.frame import as_forecast
from pages.ui.kit import chart_names, page_look
from pages.ui.kit.texts import t
from pages.ui.optimize import best_split, bound, form, frontiers, goal_seek, parts, two_way
from pages.ui.session import state

page_look.cards_and_tables()
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
scenario = state.workspace().scenario
as_forecast.offer("optimize_as_forecast")
split, frontier, goal, two = parts.tabs("optimize_tab", {k: t(f"optimize.tab_{k}") for k in (
    "split", "frontier", "goal", "two")})
if split.open:
    with split:
        asked = form.ask(scenario)
        found = best_split.split(scenario, asked)
        if found is not None:
            best_split.split_answer(found, asked)
        elif not asked.quick(scenario) and "_asked_split" not in st.session_state:
            st.caption(t("optimize.intro"))
            bound.show(scenario, asked.limits)
if frontier.open:
    with frontier:
        frontiers.frontier_answer(scenario)
if goal.open:
    with goal:
        goal_seek.goal_answer(scenario)
if two.open:
    with two:
        two_way.two_way_answer(scenario)

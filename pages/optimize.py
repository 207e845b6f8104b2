"""Optimize: which split is best, what is the next yuan worth, and what would have to be true?"""

import streamlit as st

from pages.ui import shell

shell.guard("optimize")

from pages.ui import (  # noqa: E402
    named,
    optimize_bound,
    optimize_form,
    optimize_frontier,
    optimize_goal,
    optimize_split,
    optimize_two,
    parts,
    state,
)
from pages.ui.texts import t  # noqa: E402

parts.styles()
named.names()
shell.top_bar()
shell.problem_box()
scenario = state.workspace().scenario
split, frontier, goal, two = st.tabs([t(f"optimize.tab_{k}") for k in ("split", "frontier", "goal", "two")],
                                     key="optimize_tab", on_change="rerun")
if split.open:
    with split:
        asked = optimize_form.ask(scenario)
        found = optimize_split.split(scenario, asked)
        if found is not None:
            optimize_split.split_answer(found)
        elif "_asked_split" not in st.session_state:
            st.caption(t("optimize.intro"))
            optimize_bound.show(scenario, asked.limits)
if frontier.open:
    with frontier:
        optimize_frontier.frontier_answer(scenario)
if goal.open:
    with goal:
        optimize_goal.goal_answer(scenario)
if two.open:
    with two:
        optimize_two.two_way_answer(scenario)

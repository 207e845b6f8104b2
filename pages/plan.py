"""Plan and P&L: is the year sound? Answer, statement, cash, targets, promotions, initiatives, team, monthly split."""

import streamlit as st

from pages.ui import shell

shell.guard("plan")

from pages.ui import (  # noqa: E402
    named,
    parts,
    periods,
    plan_moves,
    plan_statement,
    plan_targets,
    results,  # noqa: E402
    state,
    tree,
)
from pages.ui.texts import t  # noqa: E402

# As on the Simulate page, each fragment stands where it draws; one draws its own views, an edit draws them all.


def result():
    return results.result_of(state.workspace().scenario)


def redraw() -> None:
    """In the callback of an edit: draw what may have changed, the bar only where it does."""
    names = list(FRAGMENTS)
    if st.session_state.get("_bar") != shell.bar_state():
        names.insert(0, "bar")
    st.rerun(names)


@st.fragment(key="bar")
def draw_bar() -> None:
    shell.top_bar()


@st.fragment(key="plan_answer")
def draw_answer() -> None:
    plan_statement.answer(result(), periods.chosen())


@st.fragment(key="plan_statement")
def draw_statement() -> None:
    plan_statement.draw_statement(result())


@st.fragment(key="plan_cash")
def draw_cash() -> None:
    plan_statement.draw_cash(result())


@st.fragment(key="plan_targets")
def draw_targets() -> None:
    plan_targets.draw_targets(result())
    plan_targets.edit_targets(redraw)


@st.fragment(key="plan_promotions")
def draw_promotions() -> None:
    plan_moves.draw_promotions(result(), redraw)
    plan_moves.edit_promotions(redraw)


@st.fragment(key="plan_initiatives")
def draw_initiatives() -> None:
    plan_moves.draw_initiatives(result(), redraw)
    plan_moves.edit_initiatives(redraw)


@st.fragment(key="plan_team")
def draw_team() -> None:
    plan_moves.draw_team(result())
    plan_moves.edit_team(redraw)


@st.fragment(key="plan_split")
def draw_split() -> None:
    plan_targets.draw_split(result(), redraw)
    state.remember()


FRAGMENTS = {"plan_answer": draw_answer, "plan_statement": draw_statement, "plan_cash": draw_cash,
             "plan_targets": draw_targets, "plan_promotions": draw_promotions, "plan_initiatives": draw_initiatives,
             "plan_team": draw_team, "plan_split": draw_split}

parts.styles()
named.names()
tree.styles()
draw_bar()
shell.problem_box()
st.header(t("plan.title"))
periods.choice()
for draw in FRAGMENTS.values():
    draw()

"""Plan and P&L: is the year sound? Answer, statement, cash, targets, promotions, initiatives, team, monthly split."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("plan")

from pages.ui.kit import chart_names, page_look
from pages.ui.kit.texts import t
from pages.ui.plan import initiatives, promotions, statement, targets_table, team
from pages.ui.session import results, state
from pages.ui.words import periods

# As on the Simulate page, each fragment stands where it draws; one draws its own views, an edit draws them all.


def result():
    return results.result_of(state.workspace().scenario)


def redraw() -> None:
    """In the callback of an edit: draw what may have changed, the bar only where it does."""
    names = list(FRAGMENTS)
    if st.session_state.get("_bar") != top_bar.bar_state():
        names.insert(0, "bar")
    st.rerun(names)


@st.fragment(key="bar")
def draw_bar() -> None:
    top_bar.top_bar()


@st.fragment(key="plan_answer")
def draw_answer() -> None:
    statement.answer(result(), periods.chosen())


@st.fragment(key="plan_statement")
def draw_statement() -> None:
    statement.draw_statement(result())


@st.fragment(key="plan_cash")
def draw_cash() -> None:
    statement.draw_cash(result())


@st.fragment(key="plan_targets")
def draw_targets() -> None:
    targets_table.draw_targets(result())
    targets_table.edit_targets(redraw)


@st.fragment(key="plan_promotions")
def draw_promotions() -> None:
    promotions.draw(result(), redraw)
    promotions.edit(redraw)


@st.fragment(key="plan_initiatives")
def draw_initiatives() -> None:
    initiatives.draw(result(), redraw)
    initiatives.edit(redraw)


@st.fragment(key="plan_team")
def draw_team() -> None:
    team.draw(result())
    team.edit(redraw)


@st.fragment(key="plan_split")
def draw_split() -> None:
    targets_table.draw_split(result(), redraw)
    state.remember()


FRAGMENTS = {"plan_answer": draw_answer, "plan_statement": draw_statement, "plan_cash": draw_cash,
             "plan_targets": draw_targets, "plan_promotions": draw_promotions, "plan_initiatives": draw_initiatives,
             "plan_team": draw_team, "plan_split": draw_split}

page_look.cards_and_tables()
chart_names.names()
draw_bar()
top_bar.problem_box()
st.header(t("plan.title"))
periods.choice()
for draw in FRAGMENTS.values():
    draw()

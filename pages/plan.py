"""Plan and P&L: is the year sound? Answer, cash; in sections statement, targets, promotions and the rest."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("plan")

from pages.ui.kit import chart_names, page_look, sections
from pages.ui.kit.sections import Section
from pages.ui.kit.texts import t
from pages.ui.plan import initiatives, month_budget, promotions, season, statement, targets_table, team, work, years
from pages.ui.session import results, state
from pages.ui.words import periods

# As on the Simulate page, each fragment stands where it draws; one draws its own views, an edit draws them all.


def result():
    return results.result_of(state.workspace().scenario)


def redraw() -> None:
    """In the callback of an edit: draw what may have changed, the bar only where it does."""
    names = ["plan_answer", *sections.fragments(SECTIONS), "plan_kept"]
    if st.session_state.get("_bar") != top_bar.bar_state():
        names.insert(0, "bar")
    st.rerun(names)


def draw_targets() -> None:
    targets_table.draw_targets(result())
    targets_table.edit_targets(redraw)


def draw_promotions() -> None:
    promotions.draw(result(), periods.chosen(), redraw)
    promotions.edit(redraw)


def draw_initiatives() -> None:
    initiatives.draw(result(), periods.chosen(), redraw)
    initiatives.edit(redraw)


def draw_team() -> None:
    team.draw(result(), periods.chosen())
    team.edit(redraw)


SECTIONS = (
    Section("statement", "plan.statement", lambda: statement.draw_statement(result(), periods.chosen()), opened=True),
    Section("targets", "plan.targets", draw_targets),
    Section("month_budget", "month_budget.name", lambda: month_budget.draw(result(), redraw)),
    Section("years", "years.name", lambda: years.draw(result(), redraw)),
    Section("season", "season.name", lambda: season.draw(result().scenario, redraw)),
    Section("promotions", "plan.promotions", draw_promotions),
    Section("initiatives", "plan.initiatives", draw_initiatives),
    Section("team", "plan.team", draw_team),
    Section("work", "work.name", lambda: work.draw(result(), redraw)),
    Section("split", "plan.split", lambda: targets_table.draw_split(result(), redraw)))


@st.fragment(key="plan_answer")
def draw_answer() -> None:
    statement.answer(result(), periods.chosen())
    sections.contents(SECTIONS)
    statement.draw_cash(result(), periods.chosen())


@st.fragment(key="plan_kept")
def keep() -> None:
    state.remember()


page_look.cards_and_tables()
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("plan.title"))
periods.choice()
draw_answer()
sections.show(SECTIONS)
keep()

"""Simulate: what if? Verdict, cards, sliders, budget split, months, waterfall, what decides it."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("simulate")

from pages.ui.frame import levers, where_from
from pages.ui.kit import browser_files, chart_names, page_look, redraw
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.simulate import (
    changes,
    channel_table,
    first_visit,
    lever_values,
    move_budget,
    next_money,
    pictures,
    shares,
    summary,
    type_value,
)
from pages.ui.words import periods

# Each fragment stands where it draws and holds nothing that takes input: one that wrote into places outside itself
# would send each of those places again on every move.


def _results() -> tuple:
    """Result at hand, pinned result, what decides it, the year shown."""
    space, period = state.workspace(), periods.chosen()
    now, pinned = results.result_of(space.scenario), results.result_of(space.baseline)
    return now, pinned, results.decides_of(space.scenario, period), period


@st.fragment(key="cards")
def draw_cards() -> None:
    space = state.workspace()
    summary.cards(results.result_of(space.scenario), results.result_of(space.baseline), periods.chosen())


@st.fragment(key="verdict")
def draw_verdict() -> None:
    summary.verdict(*_results())
    summary.to_review(state.workspace().scenario)


@st.fragment(key="lever_values")
def draw_lever_values() -> None:
    now, _, decides, period = _results()
    saved = results.result_of(state.workspace().saved)
    lever_values.draw(periods.months_of(now, period), periods.months_of(saved, period), decides)


@st.fragment(key="pictures")
def draw_pictures() -> None:
    now, pinned, _, period = _results()
    with results.COMPUTING:
        pictures.draw(now, pinned, period)


@st.fragment(key="below")
def draw_below() -> None:
    space = state.workspace()
    now, _, decides, period = _results()
    channel_table.results_table(now, decides, period)
    changes.change_list()
    state.remember()
    summary.bands(results.risk_of(space.scenario), period)  # last of all: the cards wait for no draw


@st.fragment(key="presets")
def draw_presets() -> None:
    with st.container(key="presets_row", horizontal=True, gap="xsmall", vertical_alignment="center", width="content"):
        summary.presets()


def _head(key: str):
    """What stands in one row above sliders."""
    return st.container(key=key, horizontal=True, gap="xsmall", vertical_alignment="center", horizontal_alignment="distribute")


def draw_levers() -> None:
    """Presets, a value to type, and the sliders."""
    with _head("levers_head"):
        draw_presets()
        type_value.type_value()
    now = periods.months_of(results.result_of(state.workspace().scenario), periods.chosen())
    levers.factors(levers.HEADLINE, levers.OUTPUTS, 2, redraw.along, lambda key: lever_values.plausible(key, now))


def draw_shares() -> None:
    with _head("shares_head"):
        st.markdown(f"**{t('budget.title')}**", help=t("budget.help"), width="content")
        move_budget.move_budget()
        next_money.next_money()
    shares.which_years()
    shares.share_sliders()


page_look.cards_and_tables()
browser_files.style("simulate/cockpit.css")
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
first_visit.greeting()
with st.container(key="cockpit"):
    with st.container(key="cockpit_answer"):
        periods.choice()
        draw_verdict()
        draw_cards()
    with st.container(key="cockpit_levers"):
        draw_levers()
        draw_shares()
        draw_lever_values()
    with st.container(key="cockpit_pictures"):
        draw_pictures()
with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
    top_bar.print_button("simulate_print", "content", "tertiary")
    where_from.where_from("simulate")
draw_below()
channel_table.editor()

"""Simulate: what if? Verdict, cards, sliders, budget split, months, waterfall, what decides it."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("simulate")

from pages.ui.frame import levers, where_from
from pages.ui.kit import chart_names, page_look, redraw
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.simulate import changes, channel_table, lever_table, move_budget, next_money, pictures, shares, summary
from pages.ui.words import periods

# Each fragment stands where it draws and holds nothing that takes input: one that wrote into places outside itself
# would send each of those places again on every move.


def _results() -> tuple:
    """Result at hand, pinned result, what decides it, the year shown."""
    space, period = state.workspace(), periods.chosen()
    now, pinned = results.result_of(space.scenario), results.result_of(space.baseline)
    return now, pinned, results.decides_of(space.scenario, period), period


@st.fragment(key="bar")
def draw_bar() -> None:
    top_bar.top_bar()


@st.fragment(key="cards")
def draw_cards() -> None:
    space = state.workspace()
    summary.cards(results.result_of(space.scenario), results.result_of(space.baseline), periods.chosen())


@st.fragment(key="verdict")
def draw_verdict() -> None:
    summary.verdict(*_results())


@st.fragment(key="lever_table")
def draw_lever_table() -> None:
    space, period = state.workspace(), periods.chosen()
    lever_table.readout(*(periods.months_of(results.result_of(s), period) for s in (space.scenario, space.saved)))


@st.fragment(key="share_table")
def draw_share_table() -> None:
    result, _, decides, period = _results()
    shares.readout(periods.months_of(result, period), decides)


@st.fragment(key="pictures")
def draw_pictures() -> None:
    found = _results()
    with results.COMPUTING:
        pictures.draw(*found)


@st.fragment(key="below")
def draw_below() -> None:
    space = state.workspace()
    channel_table.results_table(periods.months_of(results.result_of(space.scenario), periods.chosen()))
    changes.change_list()
    state.remember()
    summary.bands(results.risk_of(space.scenario), periods.chosen())  # last of all: the cards wait for no draw


@st.fragment(key="presets")
def draw_presets() -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", width="content"):
        summary.presets()


page_look.cards_and_tables()
chart_names.names()
draw_bar()
draw_verdict()
draw_cards()
top_bar.problem_box()
with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
    draw_presets()
    top_bar.print_button("simulate_print", "content", "tertiary")
    where_from.where_from("simulate")
periods.choice()
left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
with left:
    levers.factors(levers.HEADLINE, levers.OUTPUTS, columns=2, draw=redraw.along)
with right:
    draw_lever_table()
st.markdown(f"**{t('budget.title')}**", help=t("budget.help"))
left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
with left:
    shares.share_sliders()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        move_budget.move_budget()
        next_money.next_money()
with right:
    draw_share_table()
draw_pictures()
draw_below()
channel_table.editor()

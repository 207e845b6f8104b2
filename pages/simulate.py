"""Simulate: what if? Verdict, cards, sliders, budget split, months, waterfall, what decides it."""

import streamlit as st

from pages.ui import shell

shell.guard("simulate")

from pages.ui import (  # noqa: E402
    budget,
    changes,
    channels,
    doors,
    lever_table,  # noqa: E402
    levers,
    named,
    parts,
    periods,
    pictures,
    redraw,
    results,  # noqa: E402
    state,
    summary,
)
from pages.ui.texts import t  # noqa: E402

# Each fragment stands where it draws and holds nothing that takes input: one that wrote into places outside itself
# would send each of those places again on every move.


def _results() -> tuple:
    """Result at hand, pinned result, what decides it, the year shown."""
    space, period = state.workspace(), periods.chosen()
    now, pinned = results.result_of(space.scenario), results.result_of(space.baseline)
    return now, pinned, results.decides_of(space.scenario, period), period


@st.fragment(key="bar")
def draw_bar() -> None:
    shell.top_bar()


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
    budget.readout(periods.months_of(result, period), decides)


@st.fragment(key="pictures")
def draw_pictures() -> None:
    found = _results()
    with results.COMPUTING:
        pictures.draw(*found)


@st.fragment(key="below")
def draw_below() -> None:
    space = state.workspace()
    channels.results_table(periods.months_of(results.result_of(space.scenario), periods.chosen()))
    changes.change_list()
    state.remember()
    summary.bands(results.risk_of(space.scenario), periods.chosen())  # last of all: the cards wait for no draw


@st.fragment(key="presets")
def draw_presets() -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", width="content"):
        summary.presets()


parts.styles()
named.names()
draw_bar()
draw_verdict()
draw_cards()
shell.problem_box()
with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
    draw_presets()
    shell.print_button("simulate_print", "content", "tertiary")
    doors.where_from("simulate")
periods.choice()
left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
with left:
    levers.factors(levers.HEADLINE, levers.OUTPUTS, columns=2, draw=redraw.along)
with right:
    draw_lever_table()
st.markdown(f"**{t('budget.title')}**", help=t("budget.help"))
left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
with left:
    budget.share_sliders()
with right:
    draw_share_table()
draw_pictures()
draw_below()
channels.editor()

"""Simulate: what if? Verdict, cards, sliders, budget split, months, waterfall, what decides it."""

import time

import streamlit as st

from pages.ui import shell

shell.guard("simulate")

from pages.ui import budget, changes, channels, levers, parts, pictures, state, summary  # noqa: E402
from pages.ui.texts import t  # noqa: E402

#: seconds from the cards to the rest: the browser paints the cards before it starts on the charts
HEAD_START = 0.012
parts.styles()
bar, verdict, cards = st.container(), st.empty(), st.empty()
shell.problem_box()
with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
    st.caption(t("preset.title"), width="content")
    for preset in state.PRESETS:
        st.button(t(f"preset.{preset}"), key=f"preset_{preset}", help=t(f"preset.{preset}_help"),
                  on_click=state.apply_preset, args=(preset,))
left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
with left:
    levers.sliders()
with right:
    lever_table = st.empty()
st.markdown(f"**{t('budget.title')}**", help=t("budget.help"))
left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
with left:
    budget.share_sliders()
with right:
    share_table = st.empty()
places = pictures.slots()
table, listed = st.empty(), st.container()
channels.editor()


@st.fragment(key="bar")
def draw_bar() -> None:
    with bar:
        shell.top_bar()


@st.fragment(key="out")
def draw_outputs() -> None:
    """Everything that a move changes, the cards first: Streamlit sends while the script runs."""
    space = state.workspace()
    result, baseline = state.result_of(space.scenario), state.result_of(space.baseline)
    with cards:
        summary.cards(result, baseline)
    sent = time.perf_counter()
    decides = state.decides_of(space.scenario)
    with verdict:
        summary.verdict(result, baseline, decides)
    time.sleep(max(0.0, HEAD_START - (time.perf_counter() - sent)))
    with lever_table:
        levers.readout(result, state.result_of(space.saved))
    with share_table:
        budget.readout(result, decides)
    pictures.draw(places, result, baseline, decides)
    with table:
        channels.results_table(result)
    with listed:
        changes.change_list()
    state.remember()


draw_bar()
draw_outputs()

"""Simulate: what if? Verdict, cards, sliders, budget split, months, waterfall, what decides it."""

import streamlit as st

from pages.ui import shell

shell.guard("simulate")

from pages.ui import budget, changes, channels, levers, pictures, state, summary  # noqa: E402
from pages.ui.texts import t  # noqa: E402

bar, verdict, cards = st.container(), st.container(), st.container()
shell.problem_box()
with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
    st.caption(t("preset.title"), width="content")
    for preset in state.PRESETS:
        st.button(t(f"preset.{preset}"), key=f"preset_{preset}", help=t(f"preset.{preset}_help"),
                  on_click=state.apply_preset, args=(preset,))
captions = levers.sliders()
st.markdown(f"**{t('budget.title')}**", help=t("budget.help"))
budget.share_rows()
places = pictures.slots()
table, listed = st.container(), st.container()
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
    decides = state.decides_of(space.scenario)
    with verdict:
        summary.verdict(result, baseline, decides)
    saved = state.result_of(space.saved)
    for key, slot in captions:
        slot.caption(levers.caption(key, result, saved))
    budget.captions(result, decides)
    pictures.draw(places, result, baseline, decides)
    with table:
        channels.results_table(result)
    with listed:
        changes.change_list()
    state.remember()


draw_bar()
draw_outputs()

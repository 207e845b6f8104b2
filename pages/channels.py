"""Channels: where does the next yuan go?"""

import streamlit as st

from pages.ui import shell

shell.guard("channels")

from pages.ui import (  # noqa: E402
    channel_desk,
    channel_view,
    grids,
    industry,  # noqa: E402
    levers,
    named,
    parts,
    results,  # noqa: E402
    state,
)
from pages.ui.texts import t  # noqa: E402

#: fragments that show results, in the order in which a move draws them
OUTPUTS = ("channel_answer", "channel_curves", "channel_tables")


@st.fragment(key="bar")
def draw_bar() -> None:
    shell.top_bar()


@st.fragment(key="channel_answer")
def draw_answer() -> None:
    scenario = state.workspace().scenario
    channel_view.answer(results.result_of(scenario), channel_view.responses_of(scenario))


@st.fragment(key="channel_curves")
def draw_curves() -> None:
    scenario = state.workspace().scenario
    result, found = results.result_of(scenario), channel_view.responses_of(scenario)
    every = len(found) > channel_view.MAX_CURVES and st.toggle(
        t("channels.all_curves", count=len(found), shown=channel_view.MAX_CURVES), key="all_curves", persist_state="session")
    channel_view.curves(result, found, channel_view.chosen_curves(found, every))
    if found:
        grids.show(channel_view.curve_grid(result, found))


@st.fragment(key="channel_tables")
def draw_tables() -> None:
    result = results.result_of(state.workspace().scenario)
    st.subheader(t("channels.funnel_title"), anchor=False)
    st.caption(t("channels.funnel_help"))
    grids.show(channel_view.funnel_grid(result))
    box = st.expander(t("channels.industry_title"), key="industry_box", on_change="rerun", icon=":material/library_books:")
    if box.open:
        with box:
            grids.show(channel_view.industry_grid(result))
    st.subheader(t("channels.roas_title"), anchor=False)
    channel_view.roas(result)
    state.remember()


parts.styles()
named.names()
industry.ink()
draw_bar()
shell.problem_box()
st.header(t("channels.title"))
draw_answer()
levers.factors(("budget", "traffic_price", "cvr", "refund_rate"), OUTPUTS, columns=4)
st.subheader(t("channels.curves_title"), anchor=False, help=t("channels.curves_help"))
draw_curves()
draw_tables()
channel_desk.desk()

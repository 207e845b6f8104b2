"""Channels: where does the next yuan go?"""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("channels")

from pages.ui.channels import editor, view
from pages.ui.frame import grids, industry, levers
from pages.ui.kit import chart_names, page_look
from pages.ui.kit.texts import t
from pages.ui.session import results, state

#: fragments that show results, in the order in which a move draws them
OUTPUTS = ("channel_answer", "channel_curves", "channel_tables")


@st.fragment(key="bar")
def draw_bar() -> None:
    top_bar.top_bar()


@st.fragment(key="channel_answer")
def draw_answer() -> None:
    scenario = state.workspace().scenario
    view.answer(results.result_of(scenario), view.responses_of(scenario))


@st.fragment(key="channel_curves")
def draw_curves() -> None:
    scenario = state.workspace().scenario
    result, found = results.result_of(scenario), view.responses_of(scenario)
    every = len(found) > view.MAX_CURVES and st.toggle(
        t("channels.all_curves", count=len(found), shown=view.MAX_CURVES), key="all_curves", persist_state="session")
    view.curves(result, found, view.chosen_curves(found, every))
    if found:
        grids.show(view.curve_grid(result, found))


@st.fragment(key="channel_tables")
def draw_tables() -> None:
    result = results.result_of(state.workspace().scenario)
    st.subheader(t("channels.funnel_title"), anchor=False)
    st.caption(t("channels.funnel_help"))
    grids.show(view.funnel_grid(result))
    box = st.expander(t("channels.industry_title"), key="industry_box", on_change="rerun", icon=":material/library_books:")
    if box.open:
        with box:
            grids.show(view.industry_grid(result))
    st.subheader(t("channels.roas_title"), anchor=False)
    view.roas(result)
    state.remember()


page_look.cards_and_tables()
chart_names.names()
industry.ink()
draw_bar()
top_bar.problem_box()
st.header(t("channels.title"))
draw_answer()
levers.factors(("budget", "traffic_price", "cvr", "refund_rate"), OUTPUTS, columns=4)
st.subheader(t("channels.curves_title"), anchor=False, help=t("channels.curves_help"))
draw_curves()
draw_tables()
editor.desk()

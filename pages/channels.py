"""Channels: where does the next yuan go, and which ROI to type into the platform? Answer, curves, and the rest in sections."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("channels")

from pages.ui.channels import editor, roi, view
from pages.ui.frame import grids, industry, levers
from pages.ui.kit import chart_names, page_look, sections
from pages.ui.kit.sections import Section
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.words import periods


def result():
    return results.result_of(state.workspace().scenario)


def draw_curve_table() -> None:
    grids.show(view.curve_grid(result(), view.responses_of(result().scenario)))


def draw_funnel() -> None:
    st.caption(t("channels.funnel_help"))
    grids.show(view.funnel_grid(result()))


SECTIONS = (
    Section("platform_roi", "roi.title", lambda: roi.draw(result())),
    Section("roas", "channels.roas_title", lambda: view.roas(result())),
    Section("funnel", "channels.funnel_title", draw_funnel),
    Section("curves", "channels.curve_table", draw_curve_table),
    Section("industry", "channels.industry_title", lambda: grids.show(view.industry_grid(result()))),
    Section("channel_desk", "channels.desk_title", editor.desk))
#: fragments that show results, in the order in which a move draws them
OUTPUTS = ("channel_answer", "channel_curves", *sections.fragments(SECTIONS), "channel_kept")


@st.fragment(key="channel_answer")
def draw_answer() -> None:
    view.answer(result(), view.responses_of(result().scenario))


@st.fragment(key="channel_curves")
def draw_curves() -> None:
    found = view.responses_of(result().scenario)
    every = len(found) > view.MAX_CURVES and st.toggle(
        t("channels.all_curves", count=len(found), shown=view.MAX_CURVES), key="all_curves", persist_state="session")
    view.curves(result(), found, view.chosen_curves(found, every))


@st.fragment(key="channel_kept")
def keep() -> None:
    state.remember()


page_look.cards_and_tables()
chart_names.names()
industry.ink()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("channels.title"))
periods.all_months()
draw_answer()
sections.contents(SECTIONS)
levers.factors(("budget", "traffic_price", "cvr", "refund_rate"), OUTPUTS, columns=4)
st.markdown(f"**{t('channels.curves_title')}**", help=t("channels.curves_help"))
draw_curves()
sections.show(SECTIONS)
keep()

"""Assumptions: what does the plan rest on? Every one of them, found, weighed and edited in one place."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("assumptions")

from pages.ui.assumptions import desk, view
from pages.ui.kit import page_look
from pages.ui.kit.texts import t
from pages.ui.session import state

#: what an edit draws: the cells that were taken or refused first, then what they weigh
FRAGMENTS = ("assume_grids", "assume_answer", "assume_list", "assume_kept")


def redraw() -> None:
    """In a callback: draw what may have changed, the bar only where it does."""
    bar = () if st.session_state.get("_bar") == top_bar.bar_state() else ("bar",)
    st.rerun([*bar, *FRAGMENTS])


@st.fragment(key="assume_answer")
def draw_answer() -> None:
    view.answer(state.workspace().scenario, redraw)


@st.fragment(key="assume_list")
def draw_list() -> None:
    desk.draw_list(redraw)


@st.fragment(key="assume_grids")
def draw_grids() -> None:
    desk.draw_grids(redraw)


@st.fragment(key="assume_kept")
def keep() -> None:
    state.remember()


page_look.cards_and_tables()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("assumptions.title"))
draw_answer()
draw_list()
draw_grids()
keep()

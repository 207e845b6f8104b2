"""Assumptions: what does the plan rest on? Every one of them, found, weighed and edited in one place."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("assumptions")

from pages.ui.assumptions import desk, view
from pages.ui.kit import page_look
from pages.ui.kit.texts import t
from pages.ui.session import state

#: fragments that show what is asked for, and those that an edit draws too
FRAGMENTS = ("assume_answer", "assume_desk", "assume_kept")


def redraw() -> None:
    """In a callback: draw what may have changed, the bar only where it does."""
    bar = () if st.session_state.get("_bar") == top_bar.bar_state() else ("bar",)
    st.rerun([*bar, *FRAGMENTS])


@st.fragment(key="assume_answer")
def draw_answer() -> None:
    view.answer(state.workspace().scenario, redraw)


@st.fragment(key="assume_desk")
def draw_desk() -> None:
    desk.draw(redraw)


@st.fragment(key="assume_kept")
def keep() -> None:
    state.remember()


page_look.cards_and_tables()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("assumptions.title"))
draw_answer()
draw_desk()
keep()

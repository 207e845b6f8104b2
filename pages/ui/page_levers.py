"""A few of the headline sliders on another page: the same factors, and that page's results follow."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.ui import names, state
from pages.ui.levers import HEADLINE, driver_label
from pages.ui.texts import t


@st.fragment(key="page_levers")
def sliders(keys: Sequence[str], outputs: Sequence[str]) -> None:
    """Sliders of these headline factors; a move draws the fragments `outputs`, and the bar where it changes."""
    scenario = state.workspace().scenario
    with st.grid(4, min_column_width=150, gap="small"):
        for key in keys:
            driver, name = HEADLINE[key], f"lever_{key}"
            st.session_state[name] = round((scenario.get(f"headline.{key}") - 1) * 100)
            st.slider(driver_label("headline", key), round((driver.low - 1) * 100), round((driver.high - 1) * 100),
                      key=name, format="%+d%%", on_change=_moved, args=(key, tuple(outputs)),
                      help=t(f"driver.headline.{key}.help"))


def _moved(key: str, outputs: tuple[str, ...]) -> None:
    factor = round(1 + st.session_state[f"lever_{key}"] / 100, 4)
    space = state.workspace()
    state.commit(space.scenario.with_values({f"headline.{key}": factor}))
    bar = ["bar"] if st.session_state.get("_bar") != names.bar_state() else []
    # a last move may arrive with the way to another page, which has none of these fragments and is drawn whole anyway
    with suppress(StreamlitAPIException):
        st.rerun([*bar, *outputs])

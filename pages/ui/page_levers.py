"""A few of the headline sliders on another page: the same factors, and that page's results follow."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import levers


@st.fragment(key="page_levers")
def sliders(keys: Sequence[str], outputs: Sequence[str]) -> None:
    """Sliders of these headline factors; a move draws the fragments `outputs`, and the bar where it changes."""
    levers.factors(keys, outputs, columns=4)

"""Moments as the reader's clock has them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def when(moment: datetime) -> str:
    """Day and time in the reader's time zone."""
    try:
        here = moment.astimezone(ZoneInfo(st.context.timezone)) if st.context.timezone else moment
    except (ZoneInfoNotFoundError, ValueError):
        here = moment
    return f"{here:%Y-%m-%d %H:%M}"

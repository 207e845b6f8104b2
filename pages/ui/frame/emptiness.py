"""What a plan lacks, said on top of every page together with what to do about it: nothing sold, no channel, no budget,
a failed check."""

from __future__ import annotations

import streamlit as st

from model import Result, checks
from pages.ui.kit.texts import t
from pages.ui.session import results, state


def lacking(result: Result) -> str:
    """The key of the first thing that this plan lacks, "" where it lacks nothing."""
    if not float(result.lines["gmv"].sum()) > 0:
        return "sales"
    if not result.scenario.spending_channels:
        return "channel"
    return "" if float(result.lines["spend"].sum()) > 0 else "budget"


def notice() -> None:
    """Failed checks and the empty state of the plan at hand; nothing where all is well."""
    result = results.result_of(state.workspace().scenario)
    for row in checks(result):
        if row.status == "FAIL":
            st.error(t("empty.failed", check=t(f"check.{row.key}.label"), advice=t(f"check.{row.key}.advice")),
                     icon=":material/cancel:")
    missing = lacking(result)
    if missing:
        st.info(t(f"empty.{missing}"), icon=":material/info:")

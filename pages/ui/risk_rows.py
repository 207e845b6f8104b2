"""Events and mitigations switched on and off, and the rows behind the risk page edited."""

from __future__ import annotations

import streamlit as st

from model import Scenario
from pages.ui import rows
from pages.ui.texts import t

#: tables in the order in which a planner fills them, and the table of their parts
EDITED = ("distribution", "correlation", "event", "mitigation", "stress")


def _redraw() -> None:
    st.rerun()


def switches(scenario: Scenario) -> None:
    """One pill an event and a mitigation, chosen while it counts."""
    if not scenario.rows["event"]:
        st.caption(t("risk.no_events"))
    rows.switches("event", t("risk.events_on"), _redraw)
    rows.switches("mitigation", t("risk.mitigations_on"), _redraw)


def editors() -> None:
    """Every row behind the page; drawn when opened."""
    box = st.expander(t("risk.edit"), icon=":material/edit:", key="risk_edit", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(t("risk.edit_help"))
        table = st.segmented_control(t("risk.edit_what"), EDITED, key="risk_table", default="event", required=True,
                                     format_func=lambda k: t(f"table.{k}.label"))
        chosen = rows.editor(table, _redraw)
        if chosen and table in ("event", "stress"):
            st.markdown(f"**{t('risk.effects')}**")
            rows.editor(f"{table}_effect", _redraw, owner=chosen)

"""The upload behind "my own numbers", and the way back to the sample."""

from __future__ import annotations

import streamlit as st

from model import InvalidInput, Plan, Scenario
from pages.ui.frame import downloads, top_bar, uploads
from pages.ui.kit import csv_tables
from pages.ui.kit.formats import money
from pages.ui.kit.problems import said, show_problem
from pages.ui.kit.texts import plain, t
from pages.ui.session import state
from pages.ui.words.doubts import named


def _take(plan: Plan) -> None:
    """Work on this plan from now on; the one at hand is an undo away."""
    state.open_scenario(Scenario(plan))
    top_bar.goto("simulate")


def upload() -> None:
    """Template out, table in: what would be taken is shown before it is."""
    scenario = state.workspace().scenario
    st.markdown(plain(t("own.upload_help")))
    with st.container(horizontal=True):
        downloads.button(t("own.template"), "own_template", "template",
                         lambda: csv_tables.plan_csv(state.sample_plan()), of="")
        downloads.button(t("own.template_now"), "own_now", "assumptions", lambda: top_bar.assumptions_csv(scenario))
    file = st.file_uploader(t("own.file"), type=list(uploads.TABLES), key="own_file", max_upload_size=uploads.MAX_MB)
    if file is None:
        return
    try:
        plan, _ = uploads.read_table(file.getvalue(), "own")
    except InvalidInput as problem:
        show_problem(problem, "problem.csv")
        return
    asked = Scenario(plan)
    st.success(t("own.preview", first=asked.get("start"), months=t("period.short", count=asked.get("months")),
                 budget=money(asked.get("budget")), channels=t("own.channels", count=len(plan.rows["channel"])),
                 promotions=t("own.promotions", count=len(plan.rows["promotion"])),
                 values=t("own.values", count=len(plan.values))))
    unusual = plan.warnings()
    if unusual:
        st.warning(t("own.warnings", count=len(unusual)) + "\n\n" + said(named(unusual, asked)))
    if st.button(t("own.use"), type="primary", key="own_use"):
        _take(plan)


def back_to_sample() -> None:
    state.open_scenario(Scenario(state.sample_plan()))

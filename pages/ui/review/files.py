"""The review as a workbook, and its months as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from model import Scenario
from model.late import Late
from model.review import TO_DATE, Actuals, as_happened
from model.review.kept import bare
from model.review.record import OF
from pages.ui.frame import downloads, workbooks
from pages.ui.kit.texts import t, together
from pages.ui.review import answer, entering, landing, refunds, standing, why
from pages.ui.session import results, state
from pages.ui.words import periods, place_names
from pages.ui.words.month_labels import month_of_year

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult

book, summary = Late("model.review.workbook"), Late("model.analysis.risk.summary")


def offer(actuals: Actuals) -> None:
    plan = entering.plan_of(state.workspace().scenario)
    with st.container(horizontal=True, gap="small"):
        downloads.csv_button("actual_months", lambda: answer.by_month(plan, actuals), t("review.months_csv"), type="tertiary")
        downloads.button(t("review.workbook"), "review_workbook", "review_workbook", made(actuals), "xlsx", type="tertiary",
                         icon=":material/table_view:", help=t("review.workbook_help"))


def made(actuals: Actuals) -> Callable[[], bytes]:
    """What makes the file, on a thread without a session; what the session knows is told here."""
    scenario, period = state.workspace().scenario, periods.chosen()
    plan, title = entering.plan_of(scenario), t("print.review_title", month=month_of_year(actuals.measured[-1]))
    facts = [*workbooks.facts(scenario), (t("review.pace_so_far"), together(answer.verdict(plan, actuals, period))),
             (t("review.landing"), together(landing.sentences(scenario, actuals, period))), (t("review.refunds"), refunds.note())]
    return partial(file_of, scenario, actuals, results.risk_of(plan.scenario), title, tuple(x for x in facts if x[1]))


def file_of(scenario: Scenario, actuals: Actuals, before: RiskResult, title: str, facts: tuple[tuple[str, str], ...]) -> bytes:
    plan = entering.plan_of(scenario)
    bridges = tuple(why.bridge_of(bare(scenario), actuals, key, TO_DATE) for key in OF)
    return book.review_workbook(book.Review(
        plan, actuals, landing.forecast_of(scenario, actuals), before, bridges, as_happened(bare(scenario), actuals),
        answer.TABLED, workbooks.words(scenario), standing.state, lambda a: place_names.place_name(a, scenario),
        place_names.shown, summary.POINTS, title, facts))

"""Every target of the plan: where it stands with the months that are known."""

from __future__ import annotations

import math

import streamlit as st

from model import KPIS, Result
from model.review.pace import PARTS, Standing, knowable, standings
from pages.ui.kit import tables
from pages.ui.kit.formats import DASH, difference, number, rate
from pages.ui.kit.texts import t, together
from pages.ui.review import entering
from pages.ui.session import results
from pages.ui.session import state as session
from pages.ui.words import periods

_MOODS = {"hit": "good", "ahead": "good", "missed": "bad", "behind": "bad"}


def draw() -> None:
    plan, actuals = entering.plan_of(session.workspace().scenario), entering.known()
    if actuals is None:
        return
    found = standings(plan, actuals, results.targets_of(plan))
    if not found:
        st.info(t("plan.no_targets"))
        return
    count = {k: sum(s.state == k for s in found) for k in (*_MOODS, "unknown")}
    tally = t("review.tally", count=len(found), good=count["hit"] + count["ahead"], bad=count["missed"] + count["behind"])
    st.markdown(f"**{tally}**", help=t("review.tally_help"))
    columns = [tables.Column(t("driver.target.kpi.label")), tables.Column(t("driver.target.period.label"), "text"),
               tables.Column(t("review.state"), "text"), tables.Column(t("driver.target.value.label")),
               tables.Column(t("review.actual")), tables.Column(t("review.done"), help=t("review.done_help")),
               tables.Column(t("review.due"), help=t("review.due_help")),
               tables.Column(t("review.gap_plan"), help=t("review.gap_plan_help"))]
    lines = [_line(s, plan) for s in sorted(found, key=order)]
    tables.table("review_targets", t("plan.targets"), columns, lines)


def order(standing: Standing) -> int:
    """Those on the bad side first."""
    return ("missed", "behind", "ahead", "hit", "unknown").index(standing.state)


def state(standing: Standing) -> str:
    """In words; of what is not known, why."""
    if standing.state == "unknown" and standing.target.kpi not in knowable():
        return t("review.is_unmeasured")
    return t(f"review.is_{standing.state}")


def _line(standing: Standing, plan: Result) -> tables.Line:
    target, pace = standing.target, standing.pace
    unit = KPIS[target.kpi].unit
    first = [t(f"kpi.{target.kpi}.label"), periods.period_name(target.period, len(plan.months)), state(standing),
             number(target.target, unit)]
    if pace is None:
        return tables.Line(target.key, [*first, DASH, DASH, DASH, DASH], mark="off")
    parts = [rate(x) if KPIS[target.kpi].adds_up and math.isfinite(x) else DASH for x in (pace.done, pace.due)]
    moods = ((2, _MOODS[standing.state]), (7, "bad" if pace.behind else "good")) if standing.state in _MOODS else ()
    return tables.Line(target.key, [*first, number(pace.actual, unit), *parts, difference(pace.gap, unit)],
                       help=_help(target.kpi), moods=moods)


def _help(kpi: str) -> str:
    """What a KPI is; of one that is made of measured parts, of which."""
    more = [t(f"review.parts.{kpi}")] if kpi in PARTS else []
    return together([t(f"kpi.{kpi}.help"), *more])

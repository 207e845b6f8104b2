"""Are we on plan: the verdict with its pace, the months beside plan and last year, the figures to date."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from model import KPIS, Result
from model.engine.kpis import period_of
from model.review import PROVISIONAL, Actuals
from model.review.pace import Pace, knowable, measured, of_month, pace
from model.review.record import OF
from model.units import RATE
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, amount, change, figures, of_unit, table_of, word, worded
from pages.ui.frame.grids import measured as measured_column
from pages.ui.kit import charts
from pages.ui.kit.csv_tables import OF_ROW, Table
from pages.ui.kit.formats import DASH, axis_unit, growth, number, rate, size
from pages.ui.kit.texts import t, together
from pages.ui.review import entering, landing, notes, refunds, specs
from pages.ui.session import state
from pages.ui.words import periods, reach
from pages.ui.words.month_labels import month_labels, months_said

#: KPIs of the picture; of the table, those that a shop reads first
PICTURES = ("gmv", "net_revenue", "net_profit", "orders", "refund_rate")
TABLED = ("gmv", "refund_rate", "net_revenue", "contribution", "marketing", "marketing_rate", "spend_to_gmv", "net_profit",
          "net_margin_rate", "orders", "aov", "new_customers", "pool", "closing_cash")


def draw(actuals: Actuals) -> None:
    scenario, period = state.workspace().scenario, periods.chosen()
    plan = entering.plan_of(scenario)
    st.subheader(together(verdict(plan, actuals, period)), anchor=False)
    if not any(pace(plan, actuals, key, period) for key in OF):
        return
    if pace(plan, actuals, OF[0], period) is not None:
        st.markdown(together(landing.sentences(scenario, actuals, period)))
    if waiting := notes.waiting():
        st.caption(waiting)
    if note := refunds.note():
        st.caption(note)
    booked = entering.booked() or actuals  # counting refunds to come reopens no books
    open_books = [m for m in booked.measured if booked.status(m) == PROVISIONAL]
    if open_books:
        st.caption(t("review.provisional_note", months=months_said(open_books)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _months(plan, actuals, period)
    with right:
        _table(plan, actuals, period)


# --- in a sentence -----------------------------------------------------------------------------------------------------

def of_target(plan: Result, actuals: Actuals, key: str, period: str) -> Pace | None:
    """A KPI's pace against the plan's own target of the period, where it has one."""
    target = reach.target(plan, key, period)
    return pace(plan, actuals, key, period, float(target.target) if target else math.nan)


def verdict(plan: Result, actuals: Actuals, period: str) -> list[str]:
    """GMV with its part of the target and the part due by then; profit beside the plan."""
    found = [p for key in OF if (p := of_target(plan, actuals, key, period))]
    if not found:
        return [t("review.not_yet", name=periods.name(period, len(plan.months)))]
    return [_said(p, periods.span(period, len(plan.months))) for p in found]


def _said(found: Pace, span: str) -> str:
    unit = KPIS[found.kpi].unit
    words = {"count": found.months, "kpi": t(f"kpi.{found.kpi}.label"), "actual": number(found.actual, unit)}
    against = _against(found)
    if found.kpi != OF[0] or not math.isfinite(found.done):
        return t("review.said", against=against, **words)
    aim = "target" if math.isfinite(found.target) else "whole"
    return t(f"review.pace_{aim}", against=against, span=span, done=rate(found.done), due=rate(found.due), **words)


def _against(found: Pace) -> str:
    """Above or below plan, by how much."""
    return t("review.above" if found.gap >= 0 else "review.below", gap=size(found.gap, KPIS[found.kpi].unit))


# --- month by month ----------------------------------------------------------------------------------------------------

def _months(plan: Result, actuals: Actuals, period: str) -> None:
    offered = [k for k in PICTURES if np.isfinite(measured(actuals, k)).any()]
    if not offered:
        return
    key = st.segmented_control(t("review.picture"), offered, key="review_picture", default=offered[0], required=True,
                               format_func=lambda k: t(f"kpi.{k}.label"))
    span, unit = period_of(period, plan.months), KPIS[key].unit
    divisor, word = axis_unit(unit)
    rows = [of_month(plan, actuals, key, m) for m in range(*span.indices(len(plan.months)))]
    found = of_target(plan, actuals, key, period)
    title = t("review.picture_title", kpi=t(f"kpi.{key}.label"), against=_against(found)) if found else ""
    words = (t("review.actual"), t("review.plan"), t("review.last_year"))
    values = [v for row in rows for v in row if math.isfinite(v)]
    axes = state.workspace().axes
    high = charts.hold(axes, f"review.{key}", max(values + [1e-9]) / divisor)
    low = -charts.hold(axes, f"review_low.{key}", -min(values) / divisor) if min(values) < 0 else 0.0
    st.markdown(f"**{title}**", help=t("review.picture_help"))
    st.vega_lite_chart(specs.months_data(month_labels(plan.months)[span], rows, divisor),
                       specs.months_spec(low, high, word, words), key="chart_review", width="stretch", alt=title)


def by_month(plan: Result, actuals: Actuals) -> Table:
    """Every figure of every known month beside plan and last year, as a file has it."""
    columns = [worded(t("review.month")), measured_column(t("review.figure")),
               *(figures(t(f"review.{k}"), OF_ROW) for k in ("actual", "plan", "last_year"))]
    rows = [[word(month), of_unit(t(f"kpi.{key}.label"), KPIS[key].unit), *(amount(_or_none(v), KPIS[key].unit) for v in found)]
            for i, month in enumerate(actuals.months) if month in actuals.measured for key in TABLED if key in knowable()
            if math.isfinite((found := of_month(plan, actuals, key, i))[0])]
    return table_of(Grid("actual_months", columns, rows))


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


# --- to date -----------------------------------------------------------------------------------------------------------

def _table(plan: Result, actuals: Actuals, period: str) -> None:
    """Every KPI that was measured, beside the same months of the plan and of last year."""
    found = [p for key in TABLED if key in knowable() and (p := of_target(plan, actuals, key, period))]
    columns = [measured_column(t("review.figure")), *(figures(t(f"review.{k}"), OF_ROW) for k in ("actual", "plan", "gap")),
               figures(t("review.year_on_year"), RATE)]
    most = max((p.months for p in found), default=0)
    grids.show(Grid("review_to_date", columns, [_line(p, most) for p in found]))


def _line(found: Pace, most: int) -> list[Cell]:
    unit, name = KPIS[found.kpi].unit, t(f"kpi.{found.kpi}.label")
    if found.months < most:
        name = t("review.of_months", kpi=name, count=found.months)
    return [of_unit(name, unit), amount(found.actual, unit), amount(found.plan, unit), change(found.gap, unit),
            Cell(*on_last_year(found))]


def on_last_year(found: Pace) -> tuple[str, float]:
    """By how much it has grown on the same months of last year, in words and as a part; of a rate none."""
    grown = found.actual / found.last_year - 1 if found.last_year and found.last_year > 0 else math.nan
    return growth(grown) if KPIS[found.kpi].unit.scale != 100 else DASH, grown

"""Where the year will land: the fan with the known months in it, chances now and before, what the rest needs, how it moved."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import streamlit as st

from model import KPIS, Result, Scenario, review
from model.analysis.risk.simulate import WHOLE, YEARLY, Chance, RiskResult
from model.analysis.risk.simulate import periods as years
from model.engine.kpis import ALL, TargetResult, period_of
from model.plan.book import MOST_FORECASTS
from model.review import Actuals, record
from model.review.kept import bare
from model.review.pace import rest
from model.review.record import OF
from pages.ui.frame import as_forecast, downloads
from pages.ui.frame.grids import Cell, Grid, amount, figures, measured, of_unit, table_of, word, worded
from pages.ui.kit import charts, fan_chart, tables
from pages.ui.kit.csv_tables import OF_ROW, Table
from pages.ui.kit.formats import between, money_unit, number, rate, sure
from pages.ui.kit.texts import t
from pages.ui.review import entering, looking_back
from pages.ui.session import results, state
from pages.ui.words import periods, reach
from pages.ui.words.month_labels import month_labels, month_of_year


def forecast_of(scenario: Scenario, actuals: Actuals) -> RiskResult:
    """The one forecast of the page, with as many draws as the plan's own chances have."""
    return _forecast(bare(scenario), actuals)


@lru_cache(maxsize=16)
def _forecast(scenario: Scenario, actuals: Actuals) -> RiskResult:
    with results.COMPUTING:
        return review.forecast(scenario, actuals, results.first_draws(scenario))


def sentences(scenario: Scenario, actuals: Actuals, period: str) -> list[str]:
    """Where GMV and profit will land, and the chance of the period's GMV target now."""
    plan, found = entering.plan_of(scenario), forecast_of(scenario, actuals)
    gmv, profit = (found.year(key, period) for key in OF)
    unit = KPIS["gmv"].unit
    words = [t("review.lands", gmv=number(middle(found, "gmv", period), unit), span=periods.span(period, len(plan.months)),
               gmv_range=between(float(gmv.point(10)), float(gmv.point(90)), unit),
               profit=number(middle(found, "net_profit", period), unit),
               profit_range=between(float(profit.point(10)), float(profit.point(90)), unit))]
    target = reach.target(plan, "gmv", period)
    if target is not None and (chance := found.chances.get(target.key)) is not None:
        before = results.risk_of(plan.scenario).chances[target.key]
        words.append(t("review.chance_now", target=number(target.target, unit), now=sure(chance.chance, chance.error),
                       before=rate(before.chance)))
    return words


def middle(found: RiskResult, key: str, period: str) -> float:
    """Where a KPI is said to land: the median of the forecast."""
    return float(found.year(key, period).point(50))


def draw() -> None:
    scenario, actuals = state.workspace().scenario, entering.known()
    if actuals is None:
        return
    plan, found = entering.plan_of(scenario), forecast_of(scenario, actuals)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _fan(plan, found, actuals)
    with right:
        _needed(plan, actuals, periods.chosen())
        _onward(scenario, actuals)
        table = _table(found, actuals)
        downloads.csv_button("landing", lambda: table, t("review.forecast_csv"), type="tertiary")
    _chances(plan, found, actuals)
    looking_back.draw(scenario, actuals, plan)


# --- the fan -----------------------------------------------------------------------------------------------------------

def _fan(plan: Result, found: RiskResult, actuals: Actuals) -> None:
    key = st.segmented_control(t("risk.fan_of"), OF, key="review_fan", default=OF[0], required=True,
                               format_func=lambda k: t(f"kpi.{k}.label"))
    summary, (divisor, unit) = found.so_far(key), money_unit()
    own = np.cumsum(plan.lines[key][:, 0])
    everything = np.concatenate([summary.points.ravel(), own]) / divisor
    axes = state.workspace().axes
    high = charts.hold(axes, f"landing.{key}", max(float(everything.max()), 1e-6))
    low = min(0.0, -charts.hold(axes, f"landing_low.{key}", -float(everything.min()))) if everything.min() < 0 else 0.0
    last = summary.points[:, -1]
    title = t("review.fan_title", kpi=t(f"kpi.{key}.label"), range=between(float(last[1]), float(last[5]), KPIS[key].unit),
              month=month_of_year(plan.months[-1]), over=month_of_year(actuals.measured[-1]))
    words = (t("risk.band"), t("risk.median"), t("risk.plan"), t("chart.target"))
    st.markdown(f"**{title}**", help=t("review.fan_help"))
    st.vega_lite_chart(fan_chart.fan_data(month_labels(plan.months), summary.points, own, _marks(plan, key), divisor),
                       fan_chart.fan_spec(low, high, unit, words), key="chart_landing", width="stretch", alt=title)


def _marks(plan: Result, key: str) -> list[float | None]:
    """The yearly target where the first year ends."""
    out: list[float | None] = [None] * len(plan.months)
    target = reach.target(plan, key, "year")
    if target is not None:
        out[min(12, len(out)) - 1] = float(target.target)
    return out


# --- chances, and what the rest needs ------------------------------------------------------------------------------------

def _now(found: Chance, over: bool) -> str:
    """A chance; of a period that is over and known whole, whether it was reached."""
    if over and found.chance in (0.0, 1.0):
        return t("review.is_hit" if found.chance else "review.is_missed")
    return sure(found.chance, found.error)


def _chances(plan: Result, found: RiskResult, actuals: Actuals) -> None:
    """Every target with its chance before the year and now."""
    before = results.risk_of(plan.scenario).chances
    rows = []
    for target in sorted(results.targets_of(plan), key=lambda x: x.period != "year"):
        now = found.chances.get(target.key)
        if now is None or not math.isfinite(now.chance):
            continue
        rows.append(tables.Line(target.key, [
            t(f"kpi.{target.kpi}.label"), periods.period_name(target.period, len(plan.months)), reach.aim(target),
            rate(before[target.key].chance), _now(now, period_of(target.period, plan.months).stop <= actuals.closed)]))
    heads = ("driver.target.kpi.label", "driver.target.period.label", "driver.target.value.label", "review.before", "review.now")
    columns = [tables.Column(t(k), "text" if i == 1 else "") for i, k in enumerate(heads)]
    st.markdown(f"**{t('review.chances')}**", help=t("review.chances_help"))
    tables.table("review_chances", t("review.chances"), columns, rows)


def _needed(plan: Result, actuals: Actuals, period: str) -> None:
    """Of each yearly target that adds up: what the months left must bring, beside what the plan has of them."""
    lines = [line for x in results.aims_of(plan) if x.period == period and (line := needed_of(plan, actuals, x))]
    if lines:
        st.markdown(f"**{t('review.needed')}**", help=t("review.needed_help"))
        st.markdown("\n".join(f"- {line}" for line in lines))


def needed_of(plan: Result, actuals: Actuals, target: TargetResult) -> str:
    """"" where nothing is left to say of the target."""
    left = rest(plan, actuals, target) if target.kpi in OF else None
    if left is None:
        return ""
    unit = KPIS[target.kpi].unit
    words = {"kpi": t(f"kpi.{target.kpi}.label"), "count": left.months, "rest": number(left.wanted, unit),
             "month": number(left.wanted / left.months, unit), "planned": number(left.planned, unit)}
    if left.wanted <= 0:
        return t("review.needed_none", **words)
    if left.planned <= 0 or left.so_far <= 0:
        return t("review.needed_plain", **words)
    return t("review.needed_line", part=rate(left.wanted / left.planned), reached=rate(left.done / left.so_far), **words)


# --- going on from it ----------------------------------------------------------------------------------------------------

def _onward(scenario: Scenario, actuals: Actuals) -> None:
    """The forecast kept as it is, and a plan that believes the months."""
    with st.container(horizontal=True, gap="small"):
        over = actuals.measured[-1]
        kept = [f for f in scenario.book.forecasts if f.after == over]
        st.button(t("review.frozen" if kept else "review.freeze", month=month_of_year(over)), key="review_freeze",
                  icon=":material/ac_unit:", on_click=_freeze, help=t("review.freeze_help"),
                  disabled=bool(kept) or len(scenario.book.forecasts) >= MOST_FORECASTS)
        as_forecast.button("review_updated")


def _table(found: RiskResult, actuals: Actuals) -> Table:
    """The forecast by month and of each year as a file has it."""
    columns = [worded(t("review.month")), measured(t("review.figure")), *(figures(p, OF_ROW) for p in ("P10", "P50", "P90"))]
    rows = [_ranged(month, key, found.months(key).points[[1, 3, 5], i]) for key in OF for i, month in enumerate(actuals.months)]
    for period in years(len(actuals.months)):
        name = periods.period_name(ALL if period == WHOLE else period, len(actuals.months))
        rows += [_ranged(name, key, found.year(key, period).points[[1, 3, 5]]) for key in YEARLY]
    return table_of(Grid("landing", columns, rows))


def _ranged(when: str, key: str, points: np.ndarray) -> list[Cell]:
    unit = KPIS[key].unit
    return [word(when), of_unit(t(f"kpi.{key}.label"), unit), *(amount(float(x), unit) for x in points)]


def _freeze() -> None:
    scenario = state.workspace().scenario
    actuals = entering.as_read(scenario)
    made = record.frozen(record.step_of(forecast_of(scenario, actuals), actuals), actuals,
                         datetime.now(UTC).isoformat(timespec="seconds"))
    state.commit(scenario.with_book(replace(scenario.book, forecasts=(*scenario.book.forecasts, made))))
    st.rerun()

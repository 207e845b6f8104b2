"""Values of figures that are neither line nor KPI: of risk, of channels, of targets, for the scenario at hand."""

from __future__ import annotations

import math

from model import KPIS, Result
from model.analysis.risk.simulate import YEARLY
from model.units import Unit
from pages.ui.channels import roi as channel_roi
from pages.ui.channels import view as channel_view
from pages.ui.customers import view as customer_view
from pages.ui.kit.texts import t
from pages.ui.session import results
from pages.ui.words import figures
from pages.ui.words.channel_names import channel_name
from pages.ui.words.periods import period_name

_RESPONSE = {"marginal": "marginal", "mroas": "mroas", "even_spend": "break_even"}


def rows_of(key: str, result: Result) -> dict[str, str]:
    """What the figure may be asked for, key -> name: KPIs, channels or targets; empty where it has a definition only."""
    by = figures.OTHERS[key].by
    if by == figures.BY_KPI:
        return {k: t(f"kpi.{k}.label") for k in YEARLY if k in KPIS}
    if by == figures.BY_CHANNEL:
        return {c: channel_name(result.scenario, c) for c in result.channels}
    if by == figures.BY_TARGET:
        months = len(result.months)
        return {x.key: f"{t(f'kpi.{x.kpi}.label')} · {period_name(x.period, months)}" for x in results.targets_of(result)}
    return {}


def unit_of(key: str, row: str, result: Result) -> Unit:
    """The figure's unit; where that is the result's, the unit of the KPI asked for."""
    unit = figures.OTHERS[key].unit
    if unit is not None:
        return unit
    if figures.OTHERS[key].by == figures.BY_TARGET:
        row = next(x.kpi for x in results.targets_of(result) if x.key == row)
    return KPIS[row if row in KPIS else "net_profit"].unit


def value_of(key: str, row: str, result: Result) -> float | None:
    """The number, nan where it is undefined; None where the figure is known on its page only."""
    by = figures.OTHERS[key].by
    if not by or row not in rows_of(key, result):
        return None
    return {figures.BY_KPI: _risk, figures.BY_CHANNEL: _channel, figures.BY_TARGET: _target}[by](key, row, result)


def _risk(key: str, kpi: str, result: Result) -> float:
    found = results.risk_of(result.scenario)
    if key == "plan_value":
        return found.plan_value(kpi)
    if key == "shortfall":
        return float(found.shortfall(kpi)[0])
    year = found.year(kpi)
    if key == "mean":
        return float(year.mean)
    return float(year.mean_error if key == "error" else year.point(int(key[1:])))


def _channel(key: str, channel: str, result: Result) -> float:
    i = result.channels.index(channel)
    if key in ("first_value", "ltv_12", "left", "payback"):
        values, cac, payback = customer_view.worth_of(result.scenario)
        if key == "payback":
            months = payback[i]
            return math.nan if months is None else float(months)
        return float(values[0 if key == "first_value" else 12, i] - (cac[i] if key == "left" else 0))
    if key.startswith("roi_"):
        return channel_roi.value_of(result, key.removeprefix("roi_"), channel)
    if key == "reference_more":
        reference = channel_view.reference_elasticity(result.scenario, channel)
        return math.nan if reference is None else 0.1 * reference
    if key == "coming":
        return results.decides_of(result.scenario).coming.get(channel, math.nan)
    response = channel_view.responses_of(result.scenario).get(channel)
    if response is None:
        return math.nan
    found = response.elasticity * 0.1 if key == "today_more" else getattr(response, _RESPONSE[key])
    return math.nan if found is None else float(found)


def _target(key: str, target: str, result: Result) -> float:
    if key == "gap":
        return next(float(x.gap[0]) for x in results.targets_of(result) if x.key == target)
    chance = results.risk_of(result.scenario).chances.get(target)
    return math.nan if chance is None else float(chance.chance)



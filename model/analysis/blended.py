"""Headline drivers as one value each: over all channels and months, weighted by what the driver acts on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import kpi
from model.plan.scenario import Scenario
from model.plan.schema import TABLES
from model.units import odds

#: evaluations at most, and the change of the factor at which the search is done, relative
_STEPS, _CLOSE = 20, 1e-10


def blended(result: Result, key: str) -> float:
    """The value of a headline driver over all channels and months, weighted as fits it; nan where nothing is there."""
    v, by = result.values, result.by_channel
    paid, bought = slice(0, v.paid), slice(0, v.paid + v.has_owned)
    if key == "traffic_price":
        return _over(1000 * by["spend"][paid].sum(), by["impressions"][paid].sum())
    if key == "ctr":
        return _over(by["clicks"][bought].sum(), by["impressions"][bought].sum())
    if key == "goods_margin_rate":
        return weighted(v.channel[key], by["gmv"])
    if key == "repurchase_rate":
        return _repurchase(result)
    return float(v.business["budget"][0, 0]) if key == "budget" else float(kpi(result, key)[0])


def weighted(values: np.ndarray, weights: np.ndarray) -> float:
    """The mean of a driver that may change by month, weighted by what it acts on; nan where there is none of that."""
    return _over((values * weights).sum(), weights.sum())


def once_rate(result: Result, group: str) -> float:
    """The share of the plan's new customers of a group who order again within a year, each month's by its own rate."""
    joiners, new = (result.lines[k] for k in ("joiners", "new_customers"))
    return weighted(result.values.business[f"repurchase_{group}_once"], joiners if group == "member" else new - joiners)


def _repurchase(result: Result) -> float:
    join = _over(result.lines["joiners"].sum(), result.lines["new_customers"].sum())
    member, other = (once_rate(result, group) for group in ("member", "other"))
    if np.isnan(join):
        return float(result.values.business["repurchase_other_once"].mean())
    return float(np.nansum([join * member, (1 - join) * other]))


def _over(top, bottom) -> float:
    return float(top / bottom) if bottom else np.nan


def at_factor(key: str, base: float, factor: float) -> float:
    """The blended value that a factor leads to from the value at factor 1 (for repurchase rates: on the odds)."""
    return float(odds(base, factor)) if key == "repurchase_rate" else base * factor


def factor_for(scenario: Scenario, key: str, value: float, blend: Callable[[Scenario], float]) -> float:
    """The factor of a headline driver at which `blend` (scenario -> its blended value) is this value, within the driver's bounds.

    Found by proportion (of the odds, for repurchase rates), a few evaluations: other drivers' weights follow the factor.
    """
    driver, factor = TABLES["headline"][key], scenario.get(f"headline.{key}")
    for _ in range(_STEPS):
        now = blend(scenario.with_values({f"headline.{key}": factor}))
        step = value / now if key != "repurchase_rate" else value * (1 - now) / (now * (1 - value))
        factor = round(min(max(factor * step, driver.low), driver.high), 12)
        if abs(step - 1) < _CLOSE:
            break
    return factor

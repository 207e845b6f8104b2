"""What decides the result: each driver moved by itself, all of them in one evaluation (the draws axis carries them)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.response import one_step_more, spelled_out
from model.engine.customer_value import customer_book
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import ALL, WHOLE, find_period, kpi
from model.engine.values import drawable
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import rules
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, driver_of, join, split

SWING = 0.1
#: channel drivers and rates -> the headline factor that moves them on all channels at once
_BY_HEADLINE = {"cpm": "traffic_price", **{key: key for key in ("ctr", "cvr", "aov", "refund_rate", "goods_margin_rate")},
                **{f"repurchase_{g}_{times}": "repurchase_rate" for g in ("member", "other") for times in ("once", "again")}}
#: shares that add up to one over the rows of their table
_SHARES = {d.CHANNEL: ("share", *(d.of_year("share", y) for y in d.LATER_YEARS)), li.TIER: ("share",)}


@dataclass(frozen=True, slots=True)
class Swing:
    """One driver, lowered and raised: KPI minus the plan's. table and key name its row."""

    table: str
    key: str
    low: float
    high: float

    @property
    def size(self) -> float:
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, slots=True)
class WhatDecides:
    """swings: the largest first. marginal: KPI per further yuan of each channel's spend, by channel key: of the net profit the
    same as the channel's `Response.marginal`. coming: net profit of all months and what the people on the ladder at their end
    bring in the 12 months after, per further yuan spent in all months."""

    swings: tuple[Swing, ...]
    marginal: Mapping[str, float]
    coming: Mapping[str, float]


def swing_of(address: str) -> tuple[str, str]:
    """(table, driver key) of the swing that moves a number of the plan: the headline factor over it, else its own driver."""
    a = split(address)
    over = a.table in (d.CHANNEL, d.BUSINESS) and a.field in _BY_HEADLINE
    return (d.HEADLINE, _BY_HEADLINE[a.field]) if over else (a.table, a.field)


def as_draws(scenario: Scenario, points: Sequence[Mapping[str, float]]) -> dict[str, np.ndarray]:
    """Points, each a few addresses with other values, as draws (P,) of every address that any of them names."""
    out: dict[str, np.ndarray] = {}
    for i, point in enumerate(points):
        for address, value in point.items():
            if address not in out:
                base = scenario.get(address)
                out[address] = np.full(len(points), np.nan if base is None else base, float)
            out[address][i] = value
    return out


def uncertain_drivers(scenario: Scenario) -> list[tuple[str, str, tuple[str, ...]]]:
    """(table, driver key, addresses) of the drivers worth moving: headline factors, and all with a spread that move lines."""
    out: list[tuple[str, str, tuple[str, ...]]] = [
        (d.HEADLINE, key, (join(d.HEADLINE, "", key),)) for key in TABLES[d.HEADLINE]]
    rows = scenario.rows[d.CHANNEL]
    for table in (d.CHANNEL, d.BUSINESS):
        for key, driver in TABLES[table].items():
            if driver.spread is None or driver.feeds or key in _BY_HEADLINE:
                continue
            every = [join(table, c, key) for c, row in rows.items() if rules.applies(driver, row)] \
                if table == d.CHANNEL else [key]
            places = tuple(a for a in every if scenario.get(a) is not None)
            if places:
                out.append((table, key, places))
    return out


def moved(scenario: Scenario, addresses: Sequence[str], factor: float) -> dict[str, float]:
    """Addresses × factor, within their bounds."""
    return {a: min(max(scenario.get(a) * factor, driver_of(a).low), driver_of(a).high) for a in addresses}


def what_decides(scenario: Scenario, kpi_key: str = "net_profit", swing: float = SWING, period: str = ALL) -> WhatDecides:
    """± `swing` of each driver by itself, and one more yuan in each channel, on a KPI: one evaluation for all.

    period: the year in which the KPI is looked at, and the yuan spent; all months where the plan does not reach it.
    A value at a bound moves up to the bound only. Differences are against the plan, computed beside them.
    """
    scenario = spelled_out(scenario)
    drivers = uncertain_drivers(scenario)
    more = {c: one_step_more(scenario, c) for c in scenario.spending_channels}
    points: list[Mapping[str, float]] = [{}]
    for _, _, addresses in drivers:
        points += [moved(scenario, addresses, 1 - swing), moved(scenario, addresses, 1 + swing)]
    points += more.values()
    result: Result = evaluate(scenario, as_draws(scenario, points))
    span = find_period(period, result.months) or WHOLE
    value = kpi(result, kpi_key, span)
    change = np.broadcast_to(value, (len(points),)) - value[0]
    swings = [Swing(t, k, float(change[1 + 2 * i]), float(change[2 + 2 * i])) for i, (t, k, _) in enumerate(drivers)]
    at = {c: len(points) - len(more) + i for i, c in enumerate(more)}
    whole = kpi(result, "net_profit") + customer_book(result)
    return WhatDecides(tuple(sorted(swings, key=lambda s: -s.size)), _per_yuan(result, change, span, at),
                       _per_yuan(result, whole - whole[0], WHOLE, at))


def each_alone(scenario: Scenario, addresses: Iterable[str], kpi_key: str = "net_profit",
               swing: float = SWING) -> dict[str, Swing]:
    """± `swing` of each of these numbers by itself on a KPI over all months, in one evaluation; by address.

    Numbers that draws cannot move, zeros, and those that the KPI does not follow from are left out. Of shares that add up to
    one the others give way.
    """
    places = [a for a in addresses if drawable(scenario, a) and scenario.get(a) and not driver_of(a).feeds]
    points: list[Mapping[str, float]] = [{}]
    for a in places:
        points += [_alone(scenario, a, 1 - swing), _alone(scenario, a, 1 + swing)]
    value = kpi(evaluate(scenario, as_draws(scenario, points)), kpi_key)
    change = np.broadcast_to(value, (len(points),)) - value[0]
    return {a: Swing(split(a).table, split(a).field, float(change[1 + 2 * i]), float(change[2 + 2 * i]))
            for i, a in enumerate(places)}


def _alone(scenario: Scenario, address: str, factor: float) -> dict[str, float]:
    """A number × factor, within its bounds; where it is a share, with the others in the room that it leaves."""
    point, a = moved(scenario, (address,), factor), split(address)
    if a.field not in _SHARES.get(a.table, ()):
        return point
    own = scenario.get(address)
    others = {b: scenario.get(b) or 0.0 for row in scenario.rows[a.table] if (b := join(a.table, row, a.field)) != address}
    room = (1 - point[address]) / (1 - own) if own < 1 else 1.0
    return {b: v * room for b, v in others.items() if v} | point


def _per_yuan(result: Result, change: np.ndarray, span: slice, at: Mapping[str, int]) -> dict[str, float]:
    """A change of each channel's point (its place in `at`) per further yuan spent in these months; nan where none was."""
    spend = np.broadcast_to(result.by_channel["spend"][:, span].sum(axis=(0, 1)), (result.draws,))
    return {c: float(change[i] / (spend[i] - spend[0])) if spend[i] > spend[0] else np.nan for c, i in at.items()}

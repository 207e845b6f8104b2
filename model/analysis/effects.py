"""What each promotion and each initiative brings: the plan with it minus the plan without it, all in one evaluation.

A switch is no number, so it cannot be drawn. Each promotion therefore gets a twin on the same days with the switch the
other way and every number at 0, which changes nothing; the draw that turns the promotion over moves its numbers to the
twin. An initiative without effects and costs is one that is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.analysis.sensitivity import as_draws
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import ALL, over
from model.plan import lists as li
from model.plan.rules import SHARE_TOLERANCE
from model.plan.scenario import Scenario
from model.plan.schema import MAX_ROWS, TABLES, Value

MEASURED = ("gmv", "net_profit")
#: what a promotion does while it is on, and while it is off
_WHEN_ON = tuple(f for f, driver in TABLES[li.PROMOTION].items() if driver.unit.is_number and f != "absence")
_WHEN_OFF = ("absence",)
_COSTS = ("cost_once", "cost_monthly")

Point = dict[str, float]


@dataclass(frozen=True, slots=True)
class SwitchEffect:
    """What a row brings: KPIs with it minus without it, whichever of the two the plan is. nan: both cannot be had."""

    table: str
    key: str
    on: bool
    gmv: float
    net_profit: float


def switch_effects(scenario: Scenario, period: str = ALL) -> tuple[SwitchEffect, ...]:
    """The effect of every promotion and initiative over a period that the plan reaches, in the order of the plan; each by itself,
    all others as they are.
    """
    rows = [(table, key) for table in (li.PROMOTION, li.INITIATIVE) for key in scenario.rows[table]]
    room = MAX_ROWS[li.PROMOTION] - len(scenario.rows[li.PROMOTION])
    twinned = [key for table, key in rows if table == li.PROMOTION and _possible(scenario, key)]
    alone = twinned if len(twinned) > room else []  # a plan may not have that many promotions: one evaluation for each
    changes = _together(scenario, [] if alone else twinned, period) | _one_by_one(scenario, alone, period)
    return tuple(_effect(scenario, table, key, changes.get((table, key))) for table, key in rows)


def _effect(scenario: Scenario, table: str, key: str, change: Mapping[str, float] | None) -> SwitchEffect:
    """change: the KPIs turned over minus the plan's."""
    on = _is_on(scenario, table, key)
    sign = -1 if on else 1
    return SwitchEffect(table, key, on, *(np.nan if change is None else sign * change[k] for k in MEASURED))


def _is_on(scenario: Scenario, table: str, key: str) -> bool:
    return bool(scenario.rows[table][key].get("on", True))


def _possible(scenario: Scenario, key: str) -> bool:
    """Whether the promotion can be turned over: those that are on may not take more than the whole budget."""
    promotions = scenario.rows[li.PROMOTION]
    if _is_on(scenario, li.PROMOTION, key):
        return True
    taken = sum(p.get("budget_share") or 0.0 for k, p in promotions.items() if p.get("on", True) or k == key)
    return taken <= 1 + SHARE_TOLERANCE


def _together(scenario: Scenario, promotions: list[str], period: str) -> dict[tuple[str, str], Mapping[str, float]]:
    """KPIs of each row turned over minus the plan's, in one evaluation."""
    prepared, as_it_is, points = _prepared(scenario, promotions)
    if not points:
        return {}
    result = evaluate(prepared, as_draws(prepared, [as_it_is, *(as_it_is | point for point in points.values())]))
    values = {k: np.broadcast_to(over(result, k, period), (len(points) + 1,)) for k in MEASURED}
    return {row: {k: float(v[i + 1] - v[0]) for k, v in values.items()} for i, row in enumerate(points)}


def _prepared(scenario: Scenario, promotions: list[str]) -> tuple[Scenario, Point, dict[tuple[str, str], Point]]:
    """A scenario with twins and all initiatives on; the point at which it is the plan; the points that turn rows over."""
    changes: dict[str, Value] = {}
    as_it_is: Point = {}
    points: dict[tuple[str, str], Point] = {}
    for key, twin in zip(promotions, _free_keys(scenario, len(promotions)), strict=True):
        changes |= _twin(scenario, key, twin)
        points[li.PROMOTION, key] = _turned_promotion(scenario, key, twin)
    for key in scenario.rows[li.INITIATIVE]:
        running, idle = _initiative(scenario, key)
        on = _is_on(scenario, li.INITIATIVE, key)
        changes[f"initiative.{key}.on"] = True
        as_it_is |= running if on else idle
        points[li.INITIATIVE, key] = idle if on else running
    return scenario.with_values(changes), as_it_is, points


def _free_keys(scenario: Scenario, count: int) -> list[str]:
    taken = scenario.taken_keys(li.PROMOTION)
    names = (f"twin-{i}" for i in range(count + len(taken)))
    return [name for name in names if name not in taken][:count]


def _twin(scenario: Scenario, key: str, twin: str) -> dict[str, Value]:
    row = scenario.rows[li.PROMOTION][key]
    same = {f: row[f] for f in ("first", "last", "channels") if row.get(f)}
    fields = same | dict.fromkeys((*_WHEN_ON, *_WHEN_OFF), 0.0) | {"on": not row.get("on", True)}
    return {f"promotion.{twin}.{f}": v for f, v in fields.items()}


def _turned_promotion(scenario: Scenario, key: str, twin: str) -> Point:
    """The numbers that count with the switch the other way go to the twin, those that count now are 0."""
    on = _is_on(scenario, li.PROMOTION, key)
    now, other = (_WHEN_ON, _WHEN_OFF) if on else (_WHEN_OFF, _WHEN_ON)
    return {f"promotion.{key}.{f}": 0.0 for f in now} | {
        f"promotion.{twin}.{f}": scenario.get(f"promotion.{key}.{f}") for f in other}


def _initiative(scenario: Scenario, key: str) -> tuple[Point, Point]:
    """What an initiative says, and the same with nothing in it."""
    addresses = [f"initiative.{key}.{f}" for f in _COSTS]
    addresses += [f"effect.{e}.effect" for e, row in scenario.rows[li.EFFECT].items() if row["initiative"] == key]
    return {a: scenario.get(a) for a in addresses}, dict.fromkeys(addresses, 0.0)


def _one_by_one(scenario: Scenario, promotions: list[str], period: str) -> dict[tuple[str, str], Mapping[str, float]]:
    if not promotions:
        return {}
    before = _measured(evaluate(scenario), period)
    out: dict[tuple[str, str], Mapping[str, float]] = {}
    for key in promotions:
        on = _is_on(scenario, li.PROMOTION, key)
        after = _measured(evaluate(scenario.with_values({f"promotion.{key}.on": not on})), period)
        out[li.PROMOTION, key] = {k: after[k] - before[k] for k in MEASURED}
    return out


def _measured(result: Result, period: str) -> dict[str, float]:
    return {k: float(over(result, k, period)[0]) for k in MEASURED}

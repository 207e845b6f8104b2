"""Numbers of a plan that a question may move: their ranges, and many settings of them as columns for the simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from model.analysis.optimize.asks import Impossible, impossible
from model.analysis.optimize.objective import Objective
from model.analysis.optimize.simulate import plan_value
from model.engine.batch import BLOCK, evaluate_blocks
from model.engine.evaluate import Result, evaluate
from model.errors import UnknownName
from model.plan import drivers as d
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, Driver, driver_of, join, split

#: tables with numbers that a question may move, in the order they are offered
MOVABLE = ("headline", d.CHANNEL, "business", "promotion", "season", "initiative", "effect", "tier", "team")
#: KPIs that the engine knows of the plan itself only, not of many columns at once
ONE_BY_ONE = ("repurchase_rate_year",)
#: range of a driver without a soft range or a spread, as factors of the plan's value
_WIDE = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class Lever:
    """An address, the plan's value and the range it may take (both ends within the driver's bounds)."""

    address: str
    today: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def lever(scenario: Scenario, address: str, limits: tuple[float, float] | None = None) -> Lever:
    """A lever with the given range, or the plausible one of its row: spread, else soft range, else half to one and a half.

    Raises Impossible (`not_a_lever`) for what is no number, is counted in whole numbers or is not in the plan.
    """
    driver, a = driver_of(address), split(address)
    if driver is None or not driver.unit.is_number or driver.unit.whole:
        raise impossible("not_a_lever", address, got=address)
    try:
        evaluate(scenario, {address: np.array([plan_value(scenario, address)])})
    except UnknownName:
        raise impossible("not_a_lever", address, got=address) from None
    today = plan_value(scenario, address)
    if not np.isfinite(today):
        raise impossible("not_a_lever", address, got=address)
    limits = limits or _plausible(driver, today)
    low, high = max(limits[0], driver.low), min(limits[1], driver.high)
    if a.field == "share" and a.table == d.CHANNEL:
        high = min(high, 1.0)
    if not low < high:
        raise impossible("not_a_lever", address, got=f"{low:g} … {high:g}")
    return Lever(address, today, float(low), float(high))


def levers_of(scenario: Scenario) -> tuple[Lever, ...]:
    """Every number of the plan that `lever` takes: the headline factors, then channels, the business, and the other rows."""
    addresses = [join(table, row, field) for table in MOVABLE for row in scenario.rows[table] for field in TABLES[table]]
    out = []
    for address in addresses:
        with suppress(Impossible):
            out.append(lever(scenario, address))
    return tuple(out)


def _plausible(driver: Driver, today: float) -> tuple[float, float]:
    """A range around the plan's value; for a value of 0 the usual one, or all that is allowed up to 1."""
    if today and driver.spread:
        ends = today * driver.spread[0], today * driver.spread[1]
    elif driver.soft:
        ends = driver.soft
    else:
        ends = (today * _WIDE[0], today * _WIDE[1]) if today else (driver.low, min(driver.high, 1.0))
    return min(*ends, today), max(*ends, today)


def settings(scenario: Scenario, levers: Sequence[Lever], points: np.ndarray) -> dict[str, np.ndarray]:
    """Address -> (P,) of points (P, levers); where shares are moved, the other channels share the rest in proportion."""
    out = {lv.address: points[:, i] for i, lv in enumerate(levers)}
    moved = [lv.address for lv in levers if lv.address.startswith("channel.") and lv.address.endswith(".share")]
    if not moved:
        return out
    rows = scenario.rows[d.CHANNEL]
    others = [a for c, row in rows.items() if row["kind"] != d.ORGANIC and (a := f"channel.{c}.share") not in moved]
    today = np.array([plan_value(scenario, a) for a in others])
    part = today / today.sum() if today.sum() > 0 else np.full(len(others), 1 / max(1, len(others)))
    taken = sum(out[a] for a in moved)
    total = np.maximum(taken, 1.0) if others else taken  # shares beyond one are scaled back to one
    out |= {a: out[a] / total for a in moved}
    rest = np.maximum(0, 1 - np.minimum(taken, 1.0))
    return out | {a: rest * p for a, p in zip(others, part, strict=True)}


@dataclass(frozen=True, eq=False)
class Asker:
    """Outcomes of points over levers, for the plan or over draws. draws: address -> (D,) or (months, D)."""

    scenario: Scenario
    levers: tuple[Lever, ...]
    objective: Objective
    draws: Mapping[str, np.ndarray] = field(default_factory=dict)

    def outcomes(self, points: np.ndarray) -> np.ndarray:
        """(P, draws) of points (P, levers); (P, 1) for the plan itself."""
        columns, each = settings(self.scenario, self.levers, points), 1
        if self.objective.key in ONE_BY_ONE:
            return self._one_by_one(columns, len(points))
        if self.objective.uses_draws:
            drawn = {k: np.atleast_2d(np.asarray(a, float)) for k, a in self.draws.items()}
            each = max(a.shape[1] for a in drawn.values())
            columns = {a: np.repeat(v, each) for a, v in columns.items()}
            tiled = {a: np.tile(np.broadcast_to(v, (len(v), each)), len(points)) for a, v in drawn.items()}
            columns = {**tiled, **{a: self._shifted(a, v, tiled) for a, v in columns.items()}}

        def pick(result: Result):
            return {"y": np.broadcast_to(self.objective.outcome(result), (result.draws,))}
        size = len(points) * each
        found = pick(evaluate(self.scenario, columns)) if size <= BLOCK else evaluate_blocks(self.scenario, columns, pick)
        return np.broadcast_to(found["y"], (size,)).reshape(len(points), each)

    def _one_by_one(self, columns: Mapping[str, np.ndarray], count: int) -> np.ndarray:
        if self.objective.uses_draws:
            raise impossible("unknown_objective", "objective", got=f"{self.objective.key}, {self.objective.measure}",
                             allowed="plan")
        each = ({a: v[i:i + 1] for a, v in columns.items()} for i in range(count))
        return np.array([self.objective.outcome(evaluate(self.scenario, one)) for one in each])

    def _shifted(self, address: str, values: np.ndarray, drawn: Mapping[str, np.ndarray]) -> np.ndarray:
        """A lever that is uncertain too: its draws move with it, in proportion, within the driver's bounds."""
        if address not in drawn:
            return values
        today, driver = plan_value(self.scenario, address), driver_of(address)
        moved = drawn[address] * (values / today) if today else drawn[address] + values
        return np.clip(moved, driver.low, driver.high)

    def of_first(self, count: int) -> Asker:
        """With the first `count` draws only."""
        return Asker(self.scenario, self.levers, self.objective, {k: a[..., :count] for k, a in self.draws.items()})

    def measured(self, points: np.ndarray) -> np.ndarray:
        """The KPI as measured (P,)."""
        return self.objective.measured(self.outcomes(points))

    def scenario_of(self, point: np.ndarray) -> Scenario:
        """The scenario with the levers there."""
        found = {a: float(v[0]) for a, v in settings(self.scenario, self.levers, point[None]).items()}
        shares = {a: v for a, v in found.items() if a.startswith("channel.") and a.endswith(".share")}
        if shares:
            largest = max(shares, key=shares.get)
            found[largest] += 1 - sum(shares.values())
        return self.scenario.with_values(found)

"""Numbers of a plan that a question may move: their ranges, and many settings of them as columns for the simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.drawn import Drawn
from model.analysis.optimize.search.objective import Objective
from model.analysis.optimize.search.simulate import plan_value
from model.engine.batch import BLOCK, evaluate_blocks
from model.engine.customer_value import customer_book
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import KPIS, kpi
from model.engine.values import drawable
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, Driver, applies, driver_of, join, split

#: tables with numbers that a question may move, in the order they are offered
MOVABLE = ("headline", d.CHANNEL, "business", "promotion", "season", "initiative", "effect", "tier", "team")
#: KPIs that the engine knows of the plan itself only, not of many columns at once
ONE_BY_ONE = ("repurchase_rate_year",)
#: what a figure over draws may exceed its target by, relative
_EXCEEDS = 1e-7
#: range of a driver without a soft range or a spread, as factors of the plan's value; of a value of 0, in steps
_WIDE, _STEPS = (0.5, 1.5), 100
#: columns at once where every lever is tried, and a change of a figure that is none, as a part of its size
_BLOCK, _ROUNDING = 250, 1e-12
#: stands for a figure that is undefined, when two are compared
_UNDEFINED = -1e300


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

    Raises Impossible: not_a_lever for what is no number, is counted in whole numbers, is not in the plan or has no range;
    not_of_this_channel, set_by_tiers and moves_nothing for a number of the plan that decides nothing in it.
    """
    why = _refusal(scenario, address)
    if why:
        raise impossible(why, address, got=address)
    found = _ranged(scenario, address, limits)
    if not found.low < found.high:
        raise impossible("not_a_lever", address, got=f"{found.low:g} … {found.high:g}")
    if not _acting(scenario, (found,)):
        raise impossible("moves_nothing", address, got=address)
    return found


def levers_of(scenario: Scenario, tables: Sequence[str] = MOVABLE) -> tuple[Lever, ...]:
    """Every number of these tables that `lever` takes: the headline factors, then channels, the business, and the other rows."""
    addresses = [join(table, row, field) for table in tables for row in scenario.rows[table] for field in TABLES[table]]
    found = [_ranged(scenario, a) for a in addresses if not _refusal(scenario, a)]
    return _acting(scenario, tuple(lv for lv in found if lv.low < lv.high))


def widened(scenario: Scenario, lv: Lever) -> Lever:
    """The lever with its range stretched by its own width to both sides, as far as its number may be at all."""
    driver = driver_of(lv.address)
    return replace(lv, low=max(lv.low - lv.width, driver.low), high=min(lv.high + lv.width, _most(scenario, lv.address, driver)))


def _refusal(scenario: Scenario, address: str) -> str:
    """Why an address is no number that can be moved, or not the one that counts; "" where it may be."""
    if not drawable(scenario, address) or driver_of(address).unit.whole:
        return "not_a_lever"
    a, driver = split(address), driver_of(address)
    if not applies(driver, scenario.rows[a.table].get(a.row, {})):
        return "not_of_this_channel"
    if a.table == d.BUSINESS and a.field in li.BY_TIER and scenario.rows[li.TIER]:
        return "set_by_tiers"
    return "" if np.isfinite(plan_value(scenario, address)) else "not_a_lever"


def _ranged(scenario: Scenario, address: str, limits: tuple[float, float] | None = None) -> Lever:
    driver, today = driver_of(address), plan_value(scenario, address)
    limits = limits or _plausible(driver, today)
    return Lever(address, today, float(max(limits[0], driver.low)), float(min(limits[1], _most(scenario, address, driver))))


def _most(scenario: Scenario, address: str, driver: Driver) -> float:
    """The driver's upper bound; of a promotion's part of the budget, what the others leave."""
    a = split(address)
    if a.table != li.PROMOTION or a.field != "budget_share":
        return driver.high
    others = (row for key, row in scenario.rows[li.PROMOTION].items() if key != a.row and row.get("on", True))
    return min(driver.high, max(0.0, 1 - sum(row.get("budget_share") or 0.0 for row in others)))


def _acting(scenario: Scenario, levers: Sequence[Lever]) -> tuple[Lever, ...]:
    """Those of which any figure of the plan follows: each at both ends of its range, all in one evaluation."""
    if not levers:
        return ()
    columns: dict[str, np.ndarray] = {}
    for i, lv in enumerate(levers):
        for place, end in enumerate((lv.low, lv.high)):
            one = settings(scenario, (lv,), np.array([[end]]))
            for address, value in one.items():
                if address not in columns:
                    columns[address] = np.full(1 + 2 * len(levers), plan_value(scenario, address))
                columns[address][1 + 2 * i + place] = value[0]
    found = evaluate_blocks(scenario, columns, _figures, _BLOCK)["figures"]
    plan, moved = np.nan_to_num(found[:, :1], nan=_UNDEFINED), np.nan_to_num(found[:, 1:], nan=_UNDEFINED)
    differs = np.abs(moved - plan) > _ROUNDING * np.abs(plan)
    acts = differs.any(axis=0).reshape(-1, 2).any(axis=1)
    return tuple(lv for lv, yes in zip(levers, acts, strict=True) if yes)


def _figures(result: Result) -> dict[str, np.ndarray]:
    """Every KPI that can be known of many columns at once, and what the customers are worth later: (figures, draws)."""
    rows = [kpi(result, k) for k in KPIS if k not in ONE_BY_ONE] + [customer_book(result)]
    return {"figures": np.stack([np.broadcast_to(row, (result.draws,)) for row in rows])}


def _plausible(driver: Driver, today: float) -> tuple[float, float]:
    """A range around the plan's value; for a value of 0 the usual one, or a hundred steps of the driver."""
    if today and driver.spread:
        ends = today * driver.spread[0], today * driver.spread[1]
    elif driver.soft:
        ends = driver.soft
    else:
        ends = (today * _WIDE[0], today * _WIDE[1]) if today else (driver.low, _STEPS * driver.step)
    return min(*ends, today), max(*ends, today)


def settings(scenario: Scenario, levers: Sequence[Lever], points: np.ndarray) -> dict[str, np.ndarray]:
    """Address -> (P,) of points (P, levers). Where shares of channels or tiers are moved, the others share the rest in
    proportion; what promotions take of the budget is scaled back to all of it."""
    out = {lv.address: points[:, i] for i, lv in enumerate(levers)}
    channels = scenario.spending_channels
    for table, rows in ((d.CHANNEL, channels), (li.TIER, list(scenario.rows[li.TIER]))):
        out |= _shared(scenario, [join(table, row, "share") for row in rows], out)
    return out | _within_one(scenario, out)


def _shared(scenario: Scenario, addresses: Sequence[str], out: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Shares that add up to one: those moved, and the rest of it for the others."""
    moved = [a for a in addresses if a in out]
    if not moved:
        return {}
    others = [a for a in addresses if a not in out]
    today = np.array([plan_value(scenario, a) for a in others])
    part = today / today.sum() if today.sum() > 0 else np.full(len(others), 1 / max(1, len(others)))
    taken = sum(out[a] for a in moved)
    total = np.maximum(taken, 1.0) if others else taken  # shares beyond one are scaled back to one
    rest = np.maximum(0, 1 - np.minimum(taken, 1.0))
    return {a: out[a] / total for a in moved} | {a: rest * p for a, p in zip(others, part, strict=True)}


def _within_one(scenario: Scenario, out: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Promotions' parts of the budget that are moved, scaled back where with the others they take more than there is."""
    on = [join(li.PROMOTION, key, "budget_share") for key, row in scenario.rows[li.PROMOTION].items() if row.get("on", True)]
    moved = [a for a in on if a in out]
    if len(moved) < 2:
        return {}
    room = max(0.0, 1 - sum(plan_value(scenario, a) for a in on if a not in out))
    taken = sum(out[a] for a in moved)
    return {a: out[a] * np.minimum(1.0, room / np.maximum(taken, np.finfo(float).tiny)) for a in moved}


@dataclass(frozen=True, eq=False)
class Asker:
    """Outcomes of points over levers, for the plan or over draws."""

    scenario: Scenario
    levers: tuple[Lever, ...]
    objective: Objective
    drawn: Drawn = field(default_factory=Drawn)

    def enough(self, target: float) -> float:
        """By how much a target over draws may be exceeded and no one can tell: a chance by one draw."""
        return 1 / self.drawn.size if self.objective.measure == "chance" else _EXCEEDS * abs(target)

    def outcomes(self, points: np.ndarray) -> np.ndarray:
        """(P, draws) of points (P, levers), on the columns of the draws; (P, 1) for the plan itself."""
        columns, each = settings(self.scenario, self.levers, points), 1
        if self.objective.key in ONE_BY_ONE:
            return self._one_by_one(columns, len(points))
        if self.objective.uses_draws:
            drawn = {k: np.atleast_2d(np.asarray(a, float)) for k, a in self.drawn.columns.items()}
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
        """With the first `count` columns of the draws only."""
        return replace(self, drawn=self.drawn.of_first(count))

    def measured(self, points: np.ndarray) -> np.ndarray:
        """The KPI as measured (P,): over the plan's own draws what the cards of that scenario say."""
        if self.drawn.own and self.objective.uses_draws:
            return np.array([self.drawn.measured(self.at(point), self.objective) for point in points])
        return self.objective.measured(self.outcomes(points))

    def at(self, point: np.ndarray) -> Scenario:
        """The scenario with the levers there; the plan itself where they are where they were."""
        unmoved = np.array_equal(point, [lv.today for lv in self.levers])
        return self.scenario if unmoved else self.scenario_of(point)

    def scenario_of(self, point: np.ndarray) -> Scenario:
        """The scenario with the levers there."""
        found = {a: float(v[0]) for a, v in settings(self.scenario, self.levers, point[None]).items()}
        for table in (d.CHANNEL, li.TIER):
            shares = {a: v for a, v in found.items() if a.startswith(f"{table}.") and a.endswith(".share")}
            if shares:
                largest = max(shares, key=lambda a: shares[a])
                found[largest] += 1 - sum(shares.values())
        return self.scenario.with_values(found)

"""The months left as the months so far point to: what one number would have to be in them, and their best split.

Months that are over stay as they were; what is asked moves those to come alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.analysis.goalseek import closed_in
from model.analysis.month_budget import covered, spent, typed
from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.climb import Lane, climb
from model.analysis.optimize.search.levers import Lever, levers_of, widened
from model.analysis.optimize.search.limits import Limits, Rows, linear_rows
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import kpi, period_of
from model.plan.scenario import Scenario
from model.plan.schema import Value
from model.review.actuals import Actuals
from model.review.forecast import conditioned
from model.review.happened import booked
from model.review.kept import plan_of_record, with_split
from model.review.spending import planned_shares, shares_that_spend, spend_of

BUDGET = "headline.budget"
#: values of a number in the first look; rounds of the search for a split, and the gain that ends it
_POINTS, _ROUNDS, _CLOSE = 25, 40, 1e-9


@dataclass(frozen=True, eq=False)
class Ahead:
    """plan: of record. likely: values by address where the months so far point to, those of months that are over as they were."""

    scenario: Scenario
    actuals: Actuals
    plan: Result
    likely: Mapping[str, np.ndarray]

    @property
    def coming(self) -> np.ndarray:
        """Which months of the plan are left (months, 1)."""
        return np.arange(len(self.actuals.months))[:, None] >= self.actuals.closed

    def result(self, moved: Mapping[str, np.ndarray]) -> Result:
        """The year with these values by address (months, D) instead."""
        return booked(evaluate(self.plan.scenario, {**self.likely, **moved}), self.actuals)

    def times(self, address: str, factor: np.ndarray) -> dict[str, np.ndarray]:
        """A number of the months left times factors (D,). A budget moves by what its channels spend."""
        addresses = [f"channel.{c}.share" for c in self.scenario.spending_channels] if address == BUDGET else [address]
        return {a: self.now(a) * np.where(self.coming, factor, 1.0) for a in addresses}

    def now(self, address: str) -> np.ndarray:
        """A number by month where the months point to, (months, 1) or (1,)."""
        found = {**planned_shares(self.plan), **self.likely}.get(address)
        return found if found is not None else np.array([float(self.scenario.get(address))])


def ahead_of(scenario: Scenario, actuals: Actuals) -> Ahead | None:
    """None where the months show nothing, or none is left."""
    model = conditioned(scenario, actuals) if actuals.closed < len(actuals.months) else None
    return None if model is None else Ahead(scenario, actuals, evaluate(plan_of_record(scenario)), model.likely())


# --- each number alone ------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Needed:
    """What a headline factor would have to be in the months left by itself. value: nearest to today's; None where none within
    the plausible range, or as far again beyond it, does."""

    lever: Lever
    value: float | None

    @property
    def plausible(self) -> bool:
        return self.value is not None and self.lever.low <= self.value <= self.lever.high


def needed(ahead: Ahead, key: str, period: str, more: float) -> tuple[Needed, ...]:
    """For each headline factor, what adds so much to a KPI of a period by itself; those that are plausible first."""
    levers, span = levers_of(ahead.scenario, ("headline",)), period_of(period, ahead.plan.months)
    wide = [widened(ahead.scenario, lv) for lv in levers]
    base = float(kpi(ahead.result({}), key, span)[0])

    def missed(numbers: np.ndarray, values: np.ndarray) -> np.ndarray:
        """KPI less what is wanted with lever `numbers` (B,) at `values` (B, n)."""
        columns: dict[str, np.ndarray] = {}
        for b, i in enumerate(numbers):
            factor = np.ones(values.shape)
            factor[b] = values[b] / levers[i].today
            for a, x in ahead.times(levers[i].address, factor.ravel()).items():
                columns[a] = columns[a] * x / ahead.now(a) if a in columns else x
        return np.broadcast_to(kpi(ahead.result(columns), key, span), values.size).reshape(values.shape) - base - more
    every = np.arange(len(levers))
    x = np.stack([np.sort([*np.linspace(w.low, w.high, _POINTS), lv.today]) for w, lv in zip(wide, levers, strict=True)])
    miss = missed(every, x)
    which, at = np.nonzero(miss[:, :-1] * miss[:, 1:] < 0)
    ends = closed_in(lambda inner: missed(which, inner), x[which, at], x[which, at + 1], miss[which, at + 1] > 0)
    found = [Needed(lv, min(ends[which == i], key=lambda v: abs(v - lv.today), default=None)) for i, lv in enumerate(levers)]
    return tuple(sorted(found, key=_rank))


def _rank(found: Needed) -> tuple[bool, bool, float]:
    change = np.inf if found.value is None else abs(found.value - found.lever.today) / found.lever.width
    return found.value is None, not found.plausible, change


# --- the best split ---------------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class Moves:
    """The best split of what the months left spend. before, after: yuan by channel; gain: of the line where the months point
    to; scenario: the plan with it, its plan of record the one before."""

    channels: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray
    gain: float
    scenario: Scenario


def best_moves(ahead: Ahead, line: str = "net_profit", limits: Limits | None = None,
               stop: Callable[[], bool] | None = None) -> Moves:
    """The split of the months left that brings most of a line, within limits of the shares that the plan of record has there:
    taken, it allows no further one. Each channel keeps its months' pattern, all together spend what is planned. Never worse than
    today's. Raises Impossible: nothing_to_move, and for limits that conflict.
    """
    limits, channels = limits or Limits(), ahead.scenario.spending_channels
    limits.check(channels)
    planned, of_record = (spend_of(x) * ahead.coming[:, 0] for x in (evaluate(ahead.scenario), ahead.plan))
    total = float(planned.sum())
    if total <= 0:
        raise impossible("nothing_to_move", "budget", got="0")
    today, pattern = planned.sum(axis=1) / total, _pattern(planned) * total
    first = _counted_from(of_record.sum(axis=1), today, np.isin(channels, list(limits.locked)))

    def summed(points: np.ndarray) -> np.ndarray:
        """The line's sum (P,) with these parts (P, n) of what is left."""
        return ahead.result(_moved(ahead, pattern[:, :, None] * points.T[:, None, :])).lines[line].sum(axis=0)
    best, gain = _climbed(summed, linear_rows(limits, channels, first, total), today, stop)
    return Moves(channels, today * total, best * total, gain, _with_spend(ahead, pattern * best[:, None]))


def _counted_from(of_record: np.ndarray, today: np.ndarray, locked: np.ndarray) -> np.ndarray:
    """The split (n,) that limits count from: that of record, locked channels as they are today."""
    free = np.where(locked, 0.0, of_record)
    return np.where(locked, today, free / free.sum() * today[~locked].sum()) if free.any() else today


def _pattern(planned: np.ndarray) -> np.ndarray:
    """When each channel spends (C, months), sum 1; one without a budget as all of them do."""
    own = planned.sum(axis=1, keepdims=True)
    return np.where(own > 0, planned / np.where(own > 0, own, 1.0), planned.sum(axis=0) / planned.sum())


def _moved(ahead: Ahead, spend: np.ndarray) -> dict[str, np.ndarray]:
    """Shares by month with which the months left spend these yuan (C, months, D), whatever the plan's own are."""
    return {a: np.where(ahead.coming, x, ahead.now(a)) for a, x in shares_that_spend(ahead.plan, spend).items()}


def _climbed(summed: Callable[[np.ndarray], np.ndarray], rows: Rows, today: np.ndarray,
             stop: Callable[[], bool] | None) -> tuple[np.ndarray, float]:
    """The best point of the lanes from today's split, the even one and towards each channel; what it adds to today's."""
    n = len(today)
    starts = [rows.project(today), *(x for x in map(rows.nearest, [np.full(n, 1 / n), *np.eye(n)]) if x is not None)]
    lanes = [Lane(np.maximum(x, 0.0), rows, i) for i, x in enumerate(starts)]
    now = float(summed(today[None])[0])

    def look(points: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        lanes_, count, _ = points.shape
        return summed(points.reshape(-1, n)).reshape(lanes_, count), np.empty((lanes_, count, 0))
    climb(lanes, look, max(abs(now), 1.0), _ROUNDS, _CLOSE, stop)
    best = max(lanes, key=lambda lane: lane.value)
    return (best.x, best.value - now) if best.value > now else (today, 0.0)


def _with_spend(ahead: Ahead, coming: np.ndarray) -> Scenario:
    """The plan that spends these yuan (C, months) in the months left."""
    scenario, values = ahead.scenario, dict[str, Value]()
    for year in (1, 2, 3):
        months = slice(12 * (year - 1), 12 * (year - 1) + covered(scenario, year))
        left = ahead.coming[months, 0]
        if left.any():
            values |= typed(scenario, year, np.where(left, coming[:, months], spent(scenario, year)[:, :len(left)]))
    return with_split(scenario, values)

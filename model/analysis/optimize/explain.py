"""Why a split came out as it did: what the next yuan brings where, what holds each channel, how sure the gain is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.analysis.optimize.search.climb import KEPT, Lane, climb, differences, step_of
from model.analysis.optimize.search.limits import Row, Rows
from model.analysis.optimize.search.problem import Problem
from model.engine.kpis import KPIS

#: amounts of further budget that are priced (yuan a year)
NEXT = (10_000.0, 100_000.0)
#: draws for each of which the best split is found, and rounds of that; draws and rounds for pricing a larger total
#: and relaxed limits
_DRAWS, _ROUNDS, _PRICED, _TOTAL_ROUNDS, _RELAXED_ROUNDS = 32, 8, 128, 6, 4
#: multipliers below this part of the steepest slope hold nothing
_HOLDS = 1e-6
_LOW_HIGH = (0.1, 0.5, 0.9)
#: kinds of limits that are no single channel's
_GENERAL = ("group", "group_spend", "kpi", "budget")
#: price of a missed limit on a KPI where simple ways are ranked; what bounds an amount on top, which has no limit's name
_NOT_KEPT, _ON_TOP = 100.0, (Row("nothing", "low", ""),)


@dataclass(frozen=True, slots=True)
class Holding:
    """A limit that holds the split. kind, side, name: as `Row`, or kind "kpi". worth: gain if it gave way by one point.

    step: that point: 0.01 of a share, of today's share (move) or of a month's weight; yuan; or of a KPI, in its unit.
    worth is in the objective's unit, good side up: found by splitting anew, for months by the multiplier.
    """

    kind: str
    side: str
    name: str
    step: float
    worth: float


@dataclass(frozen=True, slots=True)
class ChannelMove:
    """One channel: yuan a year and objective per further yuan, before and after; what holds it; the next yuan there.

    marginal_*: of the objective's good direction, all other channels' spends as they are. next: amount -> gain if the
    whole amount came on top and went there. shares: 10, 50, 90 % points of its best share over the draws, None without.
    """

    channel: str
    before: float
    after: float
    marginal_before: float
    marginal_after: float
    holding: tuple[Holding, ...]
    next: Mapping[float, float]
    shares: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Gain:
    """Outcome after less before on the same draws, good side up: mean, 10, 50, 90 % points, chance of any gain."""

    mean: float
    low: float
    middle: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """channels: in the order of the result. next_total: amount -> gain if the total rose by it, all of it split anew
    within the limits; never worse than in today's proportions or, where the limits let it, all in one channel.
    next_best: amount -> gain if it came on top where it does most, the rest as it is and the limits left aside, as in the
    channels' own `next`, of which it is never worse than the best.

    limits: holding limits that are no single channel's (groups, the total, KPIs). gain: None without draws.
    price: objective per further yuan of the total, the first-order price of the budget.
    """

    channels: tuple[ChannelMove, ...]
    next_total: Mapping[float, float]
    next_best: Mapping[float, float]
    limits: tuple[Holding, ...]
    price: float
    gain: Gain | None


def explain(problem: Problem, before: np.ndarray, x: np.ndarray, stop=None) -> Explanation:
    """The explanation of a point x, a few calls of the simulator; `stop` ends the search for totals and draws only."""
    search = problem.with_draws(_PRICED)
    unit, n = problem.simulator.unit, len(problem.simulator.channels)
    lanes = [Lane(problem.today, problem.rows, 0), Lane(x, problem.rows, 1)]
    slopes, holding = _slopes(search, lanes, stop)
    marginal = [_by_channel(s, lane.x, n) / unit for s, lane in zip(slopes, lanes, strict=True)]
    more = [_more_by_channel(x, n, amount / unit) for amount in NEXT]
    by_channel, _ = search.look(np.stack(more), np.zeros(len(NEXT), int))
    by_channel = by_channel - lanes[1].value
    total = _next_total(search, x, lanes[1].value, more, stop)
    best = _next_best(search, x, lanes[1].value, more, by_channel, stop)
    shares = _stability(problem, x, stop) if problem.simulator.size else None
    spends = x.reshape(n, -1).sum(axis=1) * unit
    channels = tuple(
        ChannelMove(c, float(before[i]), float(spends[i]), float(marginal[0][i]), float(marginal[1][i]),
                    tuple(h for h in holding if h.name.split(".")[0] == c and h.kind not in _GENERAL),
                    {a: float(by_channel[j, i]) for j, a in enumerate(NEXT)},
                    None if shares is None else (float(shares[0, i]), float(shares[1, i]), float(shares[2, i])))
        for i, c in enumerate(problem.simulator.channels))
    general = tuple(h for h in holding if h.kind in _GENERAL)
    return Explanation(channels, total, best, general, total[NEXT[0]] / NEXT[0],
                       _gain(problem, x) if problem.simulator.size else None)


def _by_channel(slope: np.ndarray, x: np.ndarray, n: int) -> np.ndarray:
    """Slope per yuan of a channel's year: over months, spread as its spend is."""
    slope, weight = slope.reshape(n, -1), x.reshape(n, -1)
    total = weight.sum(axis=1, keepdims=True)
    even = np.full(weight.shape, 1 / weight.shape[1])
    return (slope * np.divide(weight, total, out=even, where=total > 0)).sum(axis=1)


def _slopes(problem: Problem, lanes: list[Lane], stop) -> tuple[np.ndarray, tuple[Holding, ...]]:
    """Slopes at both lanes, and what holds the second."""
    values, margins = problem.look(np.stack([lane.x for lane in lanes])[:, None], np.arange(2))
    for lane, value, margin in zip(lanes, values[:, 0], margins[:, 0], strict=True):
        lane.value, lane.margin = float(value), margin
    slopes, bends, tilts = differences(lanes, problem.look)
    step_of(lanes[1], slopes[1], bends[1], tilts[1], problem.scale)
    return slopes, _holding(problem, lanes[1], stop)


def _holding(problem: Problem, lane: Lane, stop=None) -> tuple[Holding, ...]:
    """Limits with a price, and what each is worth: its multiplier where it is a month's, else a new search with it relaxed."""
    count, steep = len(problem.rows.labels), max(float(np.max(np.abs(lane.slope))), 1e-300)
    n = len(problem.simulator.channels)
    spends = dict(zip(problem.simulator.channels, lane.x.reshape(n, -1).sum(axis=1), strict=True))
    held: list[tuple[int, float, Holding]] = []
    for j, (row, weight) in enumerate(zip(problem.rows.labels, lane.multiplier, strict=False)):
        if weight > _HOLDS * steep and row.kind != "nothing" and not (row.kind == "budget" and not problem.limits.budget):
            gives = row.point * _size(row, lane, spends)
            held.append((j, gives, Holding(row.kind, row.side, row.name, row.step, float(weight * gives))))
    for j, ((key, _, side, size), weight) in enumerate(zip(problem.kpis, lane.multiplier[count:], strict=False)):
        if weight > _HOLDS * problem.scale:
            step = 0.01 * (1.0 if KPIS[key].bottom else size)
            held.append((count + j, step / size, Holding("kpi", "low" if side > 0 else "high", key, step, weight * step / size)))
    again = [h for h in held if h[2].kind != "month"]
    worth = _relaxed(problem, lane, [(j, gives) for j, gives, _ in again], stop)
    found = {id(h): replace(h, worth=float(w)) for (_, _, h), w in zip(again, worth, strict=True)}
    return tuple(found.get(id(h), h) for _, _, h in held)


def _relaxed(problem: Problem, best: Lane, relaxed: list[tuple[int, float]], stop) -> list[float]:
    """Gain when one limit (its position among the rows, then the KPIs) gives way by so much, each by itself."""
    rows, count = problem.rows, len(problem.rows.labels)
    lanes, shift = [], np.zeros((len(relaxed), len(problem.kpis)))
    for i, (j, gives) in enumerate(relaxed):
        least = rows.least.copy()
        if j < count:
            least[j] -= gives
        else:
            shift[i, j - count] = gives
        lanes.append(Lane(best.x.copy(), Rows(rows.a, least, rows.labels), i))

    def look(points: np.ndarray, numbers: np.ndarray):
        values, margins = problem.look(points, numbers)
        return values, margins + shift[numbers][:, None]
    if lanes:
        climb(lanes, look, problem.scale, _RELAXED_ROUNDS, 1e-7, stop)
    return [lane.value - best.value for lane in lanes]


def _size(row: Row, lane: Lane, spends: Mapping[str, float]) -> float:
    """What a point of a share is a share of."""
    if row.kind == "month":
        return spends[row.name.split(".")[0]]
    return float(lane.x.sum()) if row.kind in ("move", "lock", "share", "group") else 1.0


def _more_by_channel(x: np.ndarray, n: int, amount: float) -> np.ndarray:
    """x with an amount on top in each channel, spread over months as its spend is (n, spends)."""
    cells = x.reshape(n, -1)
    level = np.divide(cells, cells.sum(axis=1, keepdims=True), where=cells.sum(axis=1, keepdims=True) > 0,
                      out=np.full(cells.shape, 1 / cells.shape[1]))
    return (cells + amount * np.eye(n)[:, :, None] * level).reshape(n, -1)


def _next_total(problem: Problem, x: np.ndarray, value: float, more: list[np.ndarray], stop) -> dict[float, float]:
    """Gain of each amount on top of the total, split anew within the limits; nan where they leave it no room.

    The search begins with the best of the simple ways that the limits allow: in proportion, or all to one channel.
    """
    lanes, out = [], dict.fromkeys(NEXT, float("nan"))
    for i, amount in enumerate(NEXT):
        total = x.sum() + amount / problem.simulator.unit
        rows = problem.rows.with_total(total, total)
        even = x * total / x.sum() if x.sum() > 0 else np.full(x.size, total / x.size)
        points = [p for p in [rows.nearest(even), *(p for p in more[i] if rows.violation(p) <= KEPT)] if p is not None]
        if points:
            values, margins = problem.look(np.stack(points)[None], np.zeros(1, int))
            merit = values[0] - _NOT_KEPT * problem.scale * np.maximum(0, -margins[0]).sum(axis=-1)
            lanes.append(Lane(points[int(np.argmax(merit))], rows, i))
    if lanes:
        climb(lanes, problem.look, problem.scale, _TOTAL_ROUNDS, 1e-7, stop)
    return out | {NEXT[lane.number]: lane.value - value for lane in lanes}


def _next_best(problem: Problem, x: np.ndarray, value: float, more: list[np.ndarray], gains: np.ndarray,
               stop) -> dict[float, float]:
    """Gain of each amount on top where it does most, over several channels if that is better than all in one."""
    lanes, free = [], replace(problem, kpis=())
    for i, amount in enumerate(NEXT):
        # what is added takes nothing from what is there, and is the amount in all
        total = x.sum() + amount / problem.simulator.unit
        rows = Rows(np.vstack([np.eye(x.size), np.ones(x.size), -np.ones(x.size)]), np.array([*x, total, -total]),
                    _ON_TOP * (x.size + 2))
        lanes.append(Lane(more[i][int(np.argmax(gains[i]))], rows, i))
    climb(lanes, free.look, problem.scale, _TOTAL_ROUNDS, 1e-9, stop)
    return {NEXT[lane.number]: lane.value - value for lane in lanes}


def _stability(problem: Problem, x: np.ndarray, stop) -> np.ndarray:
    """10, 50, 90 % points of each channel's best share, each draw's best split found as if it were known (3, n)."""
    count, n = min(_DRAWS, problem.simulator.size), len(problem.simulator.channels)
    lanes = [Lane(x.copy(), problem.rows, i) for i in range(count)]
    climb(lanes, problem.look_by_draw, problem.scale, _ROUNDS, 1e-5, stop)
    spends = np.stack([lane.x.reshape(n, -1).sum(axis=1) for lane in lanes])
    return np.quantile(spends / np.maximum(spends.sum(axis=1, keepdims=True), 1e-300), _LOW_HIGH, axis=0)


def _gain(problem: Problem, x: np.ndarray) -> Gain:
    plain = problem.objective.plain
    before, after = _own_outcomes(problem, x) if problem.drawn.own else _given_outcomes(problem, x)
    change = (after - before) * plain.sign
    low, middle, high = np.quantile(change, _LOW_HIGH)
    return Gain(float(change.mean()), float(low), float(middle), float(high), float((change > 0).mean()))


def _own_outcomes(problem: Problem, x: np.ndarray) -> list[np.ndarray]:
    return [problem.drawn.outcomes(s, problem.objective).astype(float) for s in (problem.start, problem.scenario_of(x))]


def _given_outcomes(problem: Problem, x: np.ndarray) -> np.ndarray:
    size, simulator = problem.simulator.size, problem.simulator
    points = np.repeat(np.stack([problem.today, x]), size, axis=0)
    return simulator.outcomes(points, np.tile(np.arange(size), 2), problem.objective)[0].reshape(2, size)

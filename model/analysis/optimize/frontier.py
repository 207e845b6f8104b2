"""Frontiers: the best split at every total budget, and the most of one KPI at every level of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.climb import AIM, Lane, climb
from model.analysis.optimize.search.limits import Limits
from model.analysis.optimize.search.objective import Objective
from model.analysis.optimize.search.problem import Problem, problem_of
from model.analysis.optimize.search.simulate import PLAN
from model.analysis.optimize.search.starts import starts
from model.analysis.optimize.split import SHOWN
from model.engine.kpis import KPIS
from model.plan.scenario import Scenario

#: points of a frontier, the totals it spans as factors of today's, starts of every point, rounds of its two passes
POINTS, SPAN = 13, (0.4, 1.8)
_STARTS, _ROUNDS, _CLOSE = 3, 25, 1e-7


@dataclass(frozen=True, eq=False)
class FrontierPoint:
    """at: the total (yuan a year) or the level of the KPI asked for. value: the objective as measured.

    total: yuan a year. shares: by channel. plan: KPIs of the plan itself. scenario: to take over.
    """

    at: float
    value: float
    total: float
    shares: Mapping[str, float]
    plan: Mapping[str, float]
    scenario: Scenario


@dataclass(frozen=True, eq=False)
class Frontier:
    """Points in ascending order of `at`; levels that no split within the limits reaches are left out. stopped: ended early.

    today: the plan as it is, in the same terms. sign: +1 where more of the objective is better, −1 where less is.
    """

    points: tuple[FrontierPoint, ...]
    today: FrontierPoint
    stopped: bool
    sign: int = 1

    @property
    def best(self) -> FrontierPoint:
        """The point with the best value."""
        return max(self.points, key=lambda p: self.sign * p.value)


def frontier(scenario: Scenario, objective: Objective | None = None, limits: Limits | None = None,
             totals: Sequence[float] | None = None, *, draws: int | Mapping[str, np.ndarray] | None = None,
             progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None) -> Frontier:
    """The best split at each total budget (yuan a year; default 13 from 40 to 180 % of today's), all in one search.

    limits.budget is left aside. Raises Impossible as `best_split` does, limits_conflict where no total has a split.
    """
    limits = replace(limits or Limits(), budget=None)
    objective = objective or Objective("net_profit")
    start = problem_of(scenario, objective, replace(limits, budget=_range(scenario, totals)), draws)
    unit = start.simulator.unit
    levels = np.sort(np.asarray(totals, float)) / unit if totals is not None else np.linspace(*SPAN, POINTS)
    seeds = [x / x.sum() for x in starts(start, _STARTS) if x.sum() > 0]
    lanes = []
    for i, total in enumerate(levels):
        rows = start.rows.with_total(total, total)
        points = [rows.nearest(x * total) for x in seeds]
        lanes += [Lane(x, rows, i) for x in points if x is not None]
    return _walk(start, lanes, levels * unit, start.look, progress, stop)


def _range(scenario: Scenario, totals) -> tuple[float, float]:
    today = scenario.get("budget") * scenario.get("headline.budget")
    return (SPAN[0] * today, SPAN[1] * today) if totals is None else (float(min(totals)), float(max(totals)))


def trade_off(scenario: Scenario, across: str = "gmv", objective: Objective | None = None, limits: Limits | None = None,
              points: int = POINTS, *, draws: int | Mapping[str, np.ndarray] | None = None,
              progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None) -> Frontier:
    """The best objective (default net margin) at each level of a KPI `across`, from what the best split for the
    objective has of it to the most that can be reached.

    Raises Impossible as `best_split` does, unknown_reference for a KPI that does not exist.
    """
    if across not in KPIS:
        raise impossible("unknown_reference", "across", got=across, allowed=", ".join(KPIS))
    problem = problem_of(scenario, objective or Objective("net_margin_rate"), limits, draws)
    ends = [_end(p, stop) for p in (problem, problem.asking(Objective(across)))]
    if problem.kpis:
        ends = [x if problem.kept(x) else problem.rows.project(problem.today) for x in ends]
    _, reached = problem.simulator.outcomes(np.stack(ends), np.full(2, PLAN), problem.objective, (across,))
    levels = np.sort(np.linspace(reached[0, 0], reached[0, 1], points))
    side = 1 if reached[0, 1] >= reached[0, 0] else -1
    size = float(np.max(np.abs(reached[0]))) or 1.0
    bounded = replace(problem, kpis=(*problem.kpis, (across, 0.0, side, size)))

    def look(at: np.ndarray, numbers: np.ndarray):
        values, margins = bounded.look(at, numbers)
        margins[..., -1] -= side * levels[numbers][:, None] / size
        return values, margins
    mix = (levels - reached[0, 0]) / (reached[0, 1] - reached[0, 0] or 1.0)
    lanes = [Lane((1 - m) * ends[0] + m * ends[1], problem.rows, i) for i, m in enumerate(mix)]
    lanes += [Lane(ends[1].copy(), problem.rows, i) for i in range(points)]
    return _walk(bounded, lanes, levels, look, progress, stop)


def _end(problem: Problem, stop) -> np.ndarray:
    lanes = [Lane(x, problem.rows, i) for i, x in enumerate(starts(problem, _STARTS))]
    climb(lanes, problem.look, problem.scale, _ROUNDS, _CLOSE, stop)
    return min(lanes, key=_rank).x


def _rank(lane: Lane) -> tuple:
    return lane.short > 2 * AIM, -lane.value


def _walk(problem: Problem, lanes: list[Lane], levels: np.ndarray, look, progress, stop) -> Frontier:
    """Climb all lanes, then once more from what the neighbours found."""
    halves = [None if progress is None else lambda p, k=k: progress((p + k) / 2) for k in (0, 1)]
    going = climb(lanes, look, problem.scale, _ROUNDS, _CLOSE, stop, halves[0])
    best = _best_of(lanes)
    if going:
        again = [Lane(x, lane.rows, lane.number) for lane in best.values() for x in _neighbours(best, lane)]
        again += [Lane(lane.x.copy(), lane.rows, lane.number) for lane in best.values()]
        going = climb(again, look, problem.scale, _ROUNDS, _CLOSE, stop, halves[1])
        best = _best_of([*lanes, *again])
    kept = [lane for _, lane in sorted(best.items()) if lane.short <= 2 * AIM]
    points = _points(problem, [lane.x for lane in kept] + [problem.today], [float(levels[la.number]) for la in kept] + [np.nan])
    return Frontier(points[:-1], points[-1], not going, problem.objective.side)


def _best_of(lanes: list[Lane]) -> dict[int, Lane]:
    best: dict[int, Lane] = {}
    for lane in lanes:
        if lane.number not in best or _rank(lane) < _rank(best[lane.number]):
            best[lane.number] = lane
    return best


def _neighbours(best: dict[int, Lane], lane: Lane) -> list[np.ndarray]:
    """The splits of the levels beside this one, brought within this one's limits."""
    beside = [best[k] for k in (lane.number - 1, lane.number + 1) if k in best]
    points = [lane.rows.nearest(b.x * lane.x.sum() / b.x.sum()) for b in beside if b.x.sum() > 0]
    return [p for p in points if p is not None]


def _points(problem: Problem, xs: list[np.ndarray], at: list[float]) -> tuple[FrontierPoint, ...]:
    simulator = problem.simulator
    measured = problem.measured(np.stack(xs))
    _, kpis = simulator.outcomes(np.stack(xs), np.full(len(xs), PLAN), problem.objective, SHOWN)
    return tuple(FrontierPoint(
        a, float(v), float(x.sum() * simulator.unit),
        dict(zip(simulator.channels, map(float, x / x.sum()), strict=True)),
        dict(zip(SHOWN, map(float, row), strict=True)), problem.scenario_of(x))
        for x, a, v, row in zip(xs, at, measured, kpis.T, strict=True))

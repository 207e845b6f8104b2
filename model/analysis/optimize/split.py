"""The best split of the budget in the whole model: the simulator climbed from many starts, and the answer explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.explain import Explanation, explain
from model.analysis.optimize.search.climb import AIM, Lane, climb
from model.analysis.optimize.search.limits import Limits, Row
from model.analysis.optimize.search.objective import Objective
from model.analysis.optimize.search.problem import Problem, problem_of
from model.analysis.optimize.search.starts import nearest_to_today, simple, starts
from model.engine.evaluate import evaluate
from model.engine.kpis import KPIS, kpi
from model.plan.scenario import Scenario

STARTS = 8
#: rounds of the search from all starts, of its end on all draws, and with months
_ROUNDS, _MONTH_ROUNDS = 40, 60
#: the end of a search over draws: (draws, rounds), the last on all of them
_ENDS = ((256, 8), (None, 2))
#: change that ends a search, relative: of the plan itself, and over draws, whose own error is larger
_CLOSE, _DRAWS_CLOSE = 1e-9, 1e-5
#: gain below which the search over months ends, relative; the rest is no news to anyone
_MONTH_CLOSE = 1e-7
#: KPIs shown before and after
SHOWN = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "marketing_rate")
#: simple splits, the best on few draws, that the answer is held against on all
_BY_HAND = 4
#: two starts that end within this part of the value reached the same
_SAME_VALUE = 1e-6
#: spends below this share of the budget are rounding, and a limit is come up to within this part of it, or of a KPI
_DUST, _AT = 1e-12, 1e-6


@dataclass(frozen=True, slots=True)
class Starts:
    """What the starts reached: values, best first, in the objective's unit; how many came to the best one."""

    values: tuple[float, ...]
    at_best: int

    @property
    def count(self) -> int:
        return len(self.values)

    @property
    def spread(self) -> float:
        """Best less worst."""
        return max(self.values) - min(self.values)


@dataclass(frozen=True, eq=False)
class SplitResult:
    """The best split found.

    scenario: the start with the split in it. channels: keys. before, after (n,): yuan a year. months_before, months_after
    (n, 12): weights by calendar month, None without phasing. value_before, value_after: the objective as measured, on
    all draws. plan_before, plan_after: KPIs of the plan itself. proven: True only where limits leave one split; else it
    is the best of `starts`. start_kept: whether today's split is within the limits (then value_after ≥ value_before).
    stopped: the search was ended early. at_limits: those that the split has come up to (months aside), whatever they cost.
    explanation: None where it was not asked for (`explained`).
    """

    scenario: Scenario
    start: Scenario
    objective: Objective
    limits: Limits
    channels: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray
    months_before: np.ndarray | None
    months_after: np.ndarray | None
    value_before: float
    value_after: float
    plan_before: Mapping[str, float]
    plan_after: Mapping[str, float]
    starts: Starts
    proven: bool
    start_kept: bool
    stopped: bool
    at_limits: tuple[Row, ...]
    explanation: Explanation | None

    @property
    def gain(self) -> float:
        """In the objective's good direction."""
        return (self.value_after - self.value_before) * self.objective.side

    @property
    def shares(self) -> dict[str, float]:
        return dict(zip(self.channels, map(float, self.after / (self.after.sum() or 1.0)), strict=True))


def best_split(scenario: Scenario, objective: Objective | None = None, limits: Limits | None = None, *,
               phasing: bool = False, draws: int | Mapping[str, np.ndarray] | None = None, starts_wanted: int = STARTS,
               explained: bool = True, progress: Callable[[float], None] | None = None,
               stop: Callable[[], bool] | None = None) -> SplitResult:
    """The split of the yearly budget over the channels that serves an objective best within limits.

    objective: net profit, or with a free total net profit plus the change of the customer book. phasing: also when
    each channel spends. draws, for objectives over draws: how many of the plan's own, on which the answer says what the
    cards will, or address -> (D,) or (months, D), as `evaluate` takes them; the change's range and the split's stability
    are told where they are given. progress: called with 0…1. stop: asked every
    round; True ends the search, the best so far is the answer. From a split within the limits never to a worse one.
    Raises Impossible: floors_above_budget, ceilings_below_budget, bounds_crossed, limits_conflict, target_out_of_reach,
    targets_conflict, unknown_reference, unknown_objective, draws_missing, draws_move_split, nothing_to_move.
    """
    problem = problem_of(scenario, objective, limits, draws)
    lanes, going = _searched(problem, starts_wanted, stop, _part(progress, 0, 0.3 if phasing else 0.6))
    lanes += _reached(problem, lanes)
    lanes.sort(key=_rank)
    reached = _starts(problem, lanes)
    x, last = lanes[0].x, problem
    if going and problem.objective.uses_draws and problem.simulator.size > problem.used:
        x, going = _on_all_draws(problem, x, stop)
    if phasing:
        last, x, going = _with_months(problem, x, going, stop, _part(progress, 0.3, 0.9))
    x, kept = _not_worse(last, _without_dust(x), _by_hand(problem, last) if starts_wanted > 1 else ())
    result = _result(scenario, last, x, reached, kept, not going)
    if explained:
        result = replace(result, explanation=explain(last, result.before, x, stop))
    if progress:
        progress(1.0)
    return result


def explained(found: SplitResult, draws: int | Mapping[str, np.ndarray] | None = None,
              stop: Callable[[], bool] | None = None) -> SplitResult:
    """A split found without its explanation, with it; not one whose months were chosen. draws, stop: as in `best_split`."""
    problem = problem_of(found.start, found.objective, found.limits, draws)
    x = problem.today if found.scenario == found.start else found.after / problem.simulator.unit
    return replace(found, explanation=explain(problem, found.before, x, stop))


def _part(progress, low: float, high: float):
    return None if progress is None else lambda done: progress(low + (high - low) * done)


def _rank(lane: Lane) -> tuple:
    return lane.short > AIM, -lane.value


def _searched(problem: Problem, count: int, stop, progress) -> tuple[list[Lane], bool]:
    lanes = [Lane(x, problem.rows, i) for i, x in enumerate(starts(problem, count))]
    close = _DRAWS_CLOSE if problem.objective.uses_draws else _CLOSE
    return lanes, climb(lanes, problem.look, problem.scale, _ROUNDS, close, stop, progress)


def _starts(problem: Problem, lanes: list[Lane]) -> Starts:
    kept = [lane.value for lane in lanes if lane.short <= AIM]
    near = sum(v >= kept[0] - _SAME_VALUE * problem.scale for v in kept)
    return Starts(tuple(v * problem.objective.side for v in kept), near)


def _on_all_draws(problem: Problem, x: np.ndarray, stop) -> tuple[np.ndarray, bool]:
    """The end of the search: from the best of few draws on more, then on all."""
    going = True
    for count, rounds in _ENDS:
        more = problem.with_draws(count or problem.simulator.size)
        if going and more.used > problem.used:
            lane = Lane(x, problem.rows)
            going = climb([lane], more.look, more.scale, rounds, _DRAWS_CLOSE, stop)
            x = lane.x
    return x, going


def _with_months(problem: Problem, x: np.ndarray, going: bool, stop, progress):
    """The best months from the best split, and from today's."""
    monthly, point = problem.by_month(x)
    if not going:
        return monthly, point, going
    lanes = [Lane(monthly.rows.project(point), monthly.rows, 0),
             Lane(monthly.rows.project(monthly.today), monthly.rows, 1)]
    going = climb(lanes, monthly.look, monthly.scale, _MONTH_ROUNDS, _MONTH_CLOSE, stop, progress)
    return monthly, min(lanes, key=_rank).x, going


def _without_dust(x: np.ndarray) -> np.ndarray:
    return np.where(x < _DUST, 0.0, x)


def _by_hand(problem: Problem, last: Problem) -> np.ndarray:
    """The best of the simple splits, as points of the last question, which may be by month (S, n)."""
    found = simple(problem, nearest_to_today(problem))
    values, _ = problem.look(found[:, None], np.arange(len(found)))
    best = _without_dust(found[np.argsort(-values[:, 0], kind="stable")[:_BY_HAND]])
    return best if last is problem else np.stack([problem.by_month(x)[1] for x in best])


def _not_worse(problem: Problem, x: np.ndarray, others: Iterable[np.ndarray]) -> tuple[np.ndarray, bool]:
    """x, or today's or another simple split where that is within the limits and better; and whether today's is within them."""
    kept = problem.kept(problem.today)
    points = np.stack([x, *([problem.today] if kept else []), *(y for y in others if problem.kept(y))])
    values = problem.measured(points) * problem.objective.side
    best = int(np.argmax(values))
    return (problem.today if kept and values[1] >= values[best] else points[best]), kept


def _reached(problem: Problem, lanes: list[Lane]) -> list[Lane]:
    """More lanes where no start could keep the limits on KPIs, from the best that each limit can reach by itself.

    Raises Impossible where one is out of reach even by itself (`target_out_of_reach`) or all together are.
    """
    if not problem.kpis or any(lane.short <= AIM for lane in lanes):
        return []
    more = [Lane(_alone(problem, i), problem.rows, i) for i in range(len(problem.kpis))]
    climb(more, problem.look, problem.scale, _ROUNDS)
    if any(lane.short <= AIM for lane in more):
        return more
    least = min(lanes + more, key=lambda lane: lane.short)
    values = {k: bound + side * size * (float(m) + AIM)
              for (k, bound, side, size), m in zip(problem.kpis, least.margin, strict=True)}
    raise impossible("targets_conflict", "limits", got=", ".join(k for k, *_ in problem.kpis), values=values,
                     split=_shares(problem, least.x), scenario=problem.simulator.scenario_of(least.x))


def _alone(problem: Problem, i: int) -> np.ndarray:
    """The split that serves the KPI of one limit best. Raises Impossible where that is not enough."""
    key, bound, side, size = problem.kpis[i]
    objective = Objective(key, turned=KPIS[key].good != side)
    found, _ = _searched(problem.asking(objective), STARTS, None, None)
    best = max(found, key=lambda lane: lane.value)
    reached = best.value * objective.sign
    if side * (reached - bound) < 0:
        raise impossible("target_out_of_reach", key, got=float(reached), allowed=float(bound), kpi=key, target=bound,
                         highest=reached, split=_shares(problem, best.x), scenario=problem.simulator.scenario_of(best.x))
    return best.x


def _shares(problem: Problem, x: np.ndarray) -> dict[str, float]:
    return dict(zip(problem.simulator.channels, map(float, x / (x.sum() or 1.0)), strict=True))


def shown(scenario: Scenario) -> dict[str, float]:
    """KPIs of a plan itself, those that stand beside a split."""
    result = evaluate(scenario)
    return {k: float(kpi(result, k)[0]) for k in SHOWN if k in KPIS}


def _result(scenario: Scenario, problem: Problem, x: np.ndarray, reached: Starts, kept: bool, stopped: bool) -> SplitResult:
    simulator, n = problem.simulator, len(problem.simulator.channels)
    after = problem.scenario_of(x)
    cells = [p.reshape(n, -1) for p in (problem.today, x)]
    months: list[np.ndarray | None] = [None, None]
    if simulator.phased:
        months = [c / np.maximum(c.sum(axis=1, keepdims=True), 1e-300) for c in cells]
    values = problem.measured(np.stack([problem.today, x]))
    before, spends = (c.sum(axis=1) * simulator.unit for c in cells)
    return SplitResult(
        after, scenario, problem.objective, problem.limits, simulator.channels, before, spends, months[0], months[1],
        float(values[0]), float(values[1]), shown(scenario), shown(after), reached, _single(problem), kept, stopped,
        _at_limits(problem, x, after), None)


def _at_limits(problem: Problem, x: np.ndarray, after: Scenario) -> tuple[Row, ...]:
    """The limits that leave no more room: rows over spends, each once, then those on KPIs."""
    slack = problem.rows.a @ x - problem.rows.least
    held = {(row.kind, "low" if row.kind == "lock" else row.side, row.name): row
            for row, left in zip(problem.rows.labels, slack, strict=True)
            if left <= _AT and row.kind not in ("nothing", "month") and (row.kind != "budget" or problem.limits.budget)}
    result = evaluate(after) if problem.kpis else None
    kpis = [Row("kpi", "low" if side > 0 else "high", key) for key, bound, side, size in problem.kpis
            if result is not None and abs(float(kpi(result, key)[0]) - bound) <= 100 * _AT * size]
    return (*held.values(), *kpis)


def _single(problem: Problem) -> bool:
    """Whether the limits leave one split only: every channel's share locked or alone, and the total fixed."""
    if problem.simulator.phased or problem.limits.budget and problem.limits.budget[0] != problem.limits.budget[1]:
        return False
    total = problem.today.sum() or 1.0
    free = [c for c, x in zip(problem.simulator.channels, problem.today, strict=True) if problem.limits.reach(c, x / total) > 0]
    return len(free) <= 1

"""A question in the form that the search takes: simulator, limits as rows, and outcomes as values and margins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.climb import AIM, KEPT
from model.analysis.optimize.search.drawn import Drawn, drawn
from model.analysis.optimize.search.limits import Limits, Rows, linear_rows, month_rows
from model.analysis.optimize.search.objective import PROFIT_AND_BOOK, Objective
from model.analysis.optimize.search.simulate import PLAN, Simulator, channels_to_move, yearly_budget
from model.plan.scenario import Scenario

#: draws that the search from many starts uses; its end uses all
SEARCH_DRAWS = 32


@dataclass(frozen=True, eq=False)
class Problem:
    """start: the plan as it is. drawn: what objectives over draws stand on. simulator, objective, limits; rows over spends;
    today (n,) in units of the simulator; scale: size of a value.

    kpis: (key, bound, side, size) of the limits on KPIs. used: how many draws `look` takes. deviation: of the outcome
    over the draws today, for the smoothing of a chance.
    """

    start: Scenario
    drawn: Drawn
    simulator: Simulator
    objective: Objective
    limits: Limits
    rows: Rows
    today: np.ndarray
    kpis: tuple[tuple[str, float, int, float], ...] = ()
    used: int = 0
    scale: float = 1.0
    deviation: float = 1.0

    @property
    def n(self) -> int:
        return self.today.size

    def look(self, points: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values (L, P) and margins (L, P, KPI limits) of points (L, P, n): the draws' columns in one call."""
        lanes, count, n = points.shape
        flat = points.reshape(-1, n)
        outcome, kpis = self._columns(flat)
        values = self.objective.smooth(outcome, self.deviation).reshape(lanes, count)
        margins = [side * (row - bound) / size - AIM for row, (_, bound, side, size) in zip(kpis, self.kpis, strict=True)]
        shape = (lanes, count, len(self.kpis))
        return values, np.moveaxis(np.array(margins), 0, -1).reshape(shape) if margins else np.empty(shape)

    def _columns(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes (P, draws) and the plan's KPIs (limits, P) of points (P, n)."""
        keys = tuple(k for k, _, _, _ in self.kpis)
        plan = bool(keys) or not self.objective.uses_draws
        draws = np.arange(self.used) if self.objective.uses_draws else np.arange(0)
        each = np.concatenate([[PLAN], draws]) if plan else draws
        outcome, kpis = self.simulator.outcomes(
            np.repeat(points, each.size, axis=0), np.tile(each, len(points)), self.objective, keys)
        outcome = outcome.reshape(len(points), each.size)
        kpis = np.nan_to_num(kpis.reshape(len(keys), len(points), each.size)[:, :, 0])
        return outcome[:, 1:] if plan and self.objective.uses_draws else outcome, kpis

    def look_by_draw(self, points: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `look`, each lane knowing its own draw and no limit on KPIs: what would be best if that draw came true."""
        lanes, count, n = points.shape
        outcome, _ = self.simulator.outcomes(points.reshape(-1, n), np.repeat(numbers, count), self.objective)
        plain = Objective(self.objective.key)
        return plain.smooth(outcome[:, None], 1.0).reshape(lanes, count), np.empty((lanes, count, 0))

    def measured(self, points: np.ndarray) -> np.ndarray:
        """The objective as a person reads it (P,), of points (P, n): on all draws, the plan's own where they are."""
        if self.drawn.own and self.objective.uses_draws:
            return np.array([self.drawn.measured(self.scenario_of(x), self.objective) for x in points])
        return self.objective.measured(replace(self, used=self.simulator.size)._columns(points)[0])

    def scenario_of(self, x: np.ndarray) -> Scenario:
        """The plan with these spends; the plan itself where they are today's."""
        return self.start if np.array_equal(x, self.today) else self.simulator.scenario_of(x)

    def kept(self, x: np.ndarray) -> bool:
        """Whether a point satisfies every limit."""
        if self.rows.violation(x) > KEPT:
            return False
        _, margins = self.look(x[None, None], np.zeros(1, int))
        return bool(np.all(margins + AIM >= -KEPT ** 2))

    def with_draws(self, used: int) -> Problem:
        """The same question on its first `used` draws."""
        return replace(self, used=min(used, self.simulator.size))

    def asking(self, objective: Objective) -> Problem:
        """The same splits, another objective, no limits on KPIs."""
        return replace(self, objective=objective, kpis=()).sized()

    def sized(self) -> Problem:
        """With `scale` and `deviation` taken from today's split."""
        outcome, _ = self._columns(self.today[None])
        value = float(np.abs(self.objective.measured(outcome)[0]))
        deviation = float(np.std(outcome)) if outcome.size > 1 else 1.0
        size = 1.0 if self.objective.measure == "chance" else max(value, deviation if outcome.size > 1 else 0.0)
        return replace(self, scale=size or 1.0, deviation=deviation or 1.0)

    def by_month(self, x: np.ndarray) -> tuple[Problem, np.ndarray]:
        """The same question over spends by month, and the point x (n,) in today's phasing."""
        weights, fixed = self.simulator.month_weights()
        rows = month_rows(self.rows, self.limits, weights, self.simulator.channels, fixed)
        today = (self.today[:, None] * weights).ravel()
        problem = replace(self, simulator=self.simulator.by_month(), rows=rows, today=today)
        return problem, (x[:, None] * weights).ravel()


def problem_of(scenario: Scenario, objective: Objective | None, limits: Limits | None,
               draws: int | Mapping[str, np.ndarray] | None) -> Problem:
    """The question of a scenario. Raises Impossible for names, draws and limits that cannot be."""
    limits = limits or Limits()
    objective = objective or Objective(PROFIT_AND_BOOK if limits.budget else "net_profit")
    if objective.uses_draws and not draws:
        raise impossible("draws_missing", "objective", got=objective.measure)
    channels = channels_to_move(scenario)
    limits.check(channels)
    unit = yearly_budget(scenario) or (limits.budget[1] if limits.budget else 0.0)
    if unit <= 0:
        raise impossible("nothing_to_move", "budget", got="0")
    found = drawn(scenario, draws)
    simulator = Simulator.of(scenario, unit, found.columns)
    today = np.array([scenario.get(f"channel.{c}.share") for c in channels])
    today = today / (today.sum() or 1.0) * yearly_budget(scenario) / unit
    rows = linear_rows(limits, channels, today, unit)
    problem = Problem(scenario, found, simulator, objective, limits, rows, today, used=min(SEARCH_DRAWS, simulator.size))
    return _with_kpis(problem).sized()


def _with_kpis(problem: Problem) -> Problem:
    wanted = problem.limits.kpis()
    if not wanted:
        return problem
    keys = tuple(k for k, _, _ in wanted)
    _, today = problem.simulator.outcomes(problem.today[None], np.array([PLAN]), problem.objective, keys)
    sized = tuple((k, bound, side, max(abs(bound), abs(float(np.nan_to_num(now[0]))), 1e-9))
                  for (k, bound, side), now in zip(wanted, today, strict=True))
    return replace(problem, kpis=sized)

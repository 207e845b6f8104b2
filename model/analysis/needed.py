"""What would have to be true: of a target, the value of each number alone that brings the plan to it.

All numbers are looked at in the same evaluations: a column moves one of them and leaves the others where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.goalseek import closed_in
from model.analysis.optimize.search.levers import Asker, Lever, widened
from model.analysis.optimize.search.objective import Objective
from model.analysis.risk.simulate import outcomes
from model.engine.evaluate import evaluate
from model.plan.scenario import Scenario

#: points over a number's stretched range in the first look; a KPI that moves by less than this part is not moved
_POINTS, _STILL = 33, 1e-9


@dataclass(frozen=True, eq=False)
class Alone:
    """One number by itself. lever: with its plausible range. value: nearest to today's of those that bring the KPI to the target,
    within the plausible range or as far again beyond it; None where none does. best: the KPI nearest to the target within the
    plausible range. moves: whether the KPI follows it at all. scenario: with the value, None without one.
    """

    lever: Lever
    value: float | None
    best: float
    moves: bool
    scenario: Scenario | None

    @property
    def plausible(self) -> bool:
        """Whether the value lies in the plausible range."""
        return self.value is not None and self.lever.low <= self.value <= self.lever.high

    @property
    def change(self) -> float:
        """Size of the change as a part of the plausible range; infinite without a value."""
        return np.inf if self.value is None else abs(self.value - self.lever.today) / self.lever.width


def alone(scenario: Scenario, objective: Objective, target: float, levers: Sequence[Lever]) -> tuple[Alone, ...]:
    """For each lever (of `levers_of`), what it would have to be by itself for the plan's own KPI to come to the target."""
    wide = tuple(widened(scenario, lv) for lv in levers)
    if not wide:
        return ()
    asker, today = Asker(scenario, wide, objective), np.array([lv.today for lv in wide])

    def missed(numbers: np.ndarray, values: np.ndarray) -> np.ndarray:
        """KPI less target with lever `numbers` (B,) at `values` (B, n)."""
        points = np.tile(today, (values.size, 1))
        points[np.arange(values.size), np.repeat(numbers, values.shape[1])] = values.ravel()
        return asker.measured(points).reshape(values.shape) - target
    every = list(range(len(wide)))
    x = np.sort([[*np.linspace(lv.low, lv.high, _POINTS - 3), near.low, near.high, near.today]
                 for lv, near in zip(wide, levers, strict=True)], axis=1)
    miss = missed(np.array(every), x)
    which, at = np.nonzero(miss[:, :-1] * miss[:, 1:] < 0)
    ends = closed_in(lambda inner: missed(which, inner), x[which, at], x[which, at + 1], miss[which, at + 1] > 0)
    return tuple(_one(asker, i, levers[i], np.append(ends[which == i], x[i][miss[i] == 0]), x[i], miss[i] + target, target)
                 for i in every)


def even_aim(scenario: Scenario, objective: Objective, target: float, draws: int) -> float:
    """What the plan's own KPI has to be for a target to be as likely as not: as far beyond it as the middle of so many of the
    plan's draws falls short of the plan."""
    drawn, plan = outcomes(scenario, objective.outcome, draws), objective.outcome(evaluate(scenario))
    return target + float(plan[0]) - float(np.median(drawn))


def _one(asker: Asker, number: int, lever: Lever, found: np.ndarray, x: np.ndarray, seen: np.ndarray, target: float) -> Alone:
    """The answer of one lever from the values found and what was seen over its range."""
    inside = seen[(lever.low <= x) & (x <= lever.high)]
    best = float(inside[np.nanargmin(np.abs(inside - target))]) if np.isfinite(inside).any() else np.nan
    moves = bool(np.nanmax(seen) - np.nanmin(seen) > _STILL * np.nanmax(np.abs(seen))) if np.isfinite(seen).any() else False
    if not found.size:
        return Alone(lever, None, best, moves, None)
    value = float(found[np.argmin(np.abs(found - lever.today))])
    point = np.array([lv.today for lv in asker.levers])
    point[number] = value
    return Alone(lever, value, best, moves, asker.scenario.with_values({lever.address: value}))

"""Two-way what-if: a KPI over any two numbers of the plan, all points in one evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.optimize.search.levers import Asker, Lever, lever
from model.analysis.optimize.search.objective import Objective
from model.engine.kpis import ALL
from model.plan.scenario import Scenario

POINTS = 21


@dataclass(frozen=True, eq=False)
class TwoWay:
    """kpi over x and y: values (len(y), len(x)), nan where undefined. today: (x, y, KPI) of the plan.

    x, y: stored units, ascending; x_lever, y_lever: addresses and ranges.
    """

    kpi: str
    x_lever: Lever
    y_lever: Lever
    x: np.ndarray
    y: np.ndarray
    values: np.ndarray
    today: tuple[float, float, float]


def two_way(scenario: Scenario, kpi: str, x: str, y: str, x_values: Sequence[float] | None = None,
            y_values: Sequence[float] | None = None, period: str = ALL) -> TwoWay:
    """The grid of a KPI over two addresses; without values 21 even steps over each driver's plausible range.

    kpi: a KPI's key, over a period of the plan, or profit_and_book. Where a channel's share moves, the others share the
    rest in proportion. Raises Impossible: not_a_lever (also for twice the same address), unknown_objective.
    """
    levers = tuple(_lever(scenario, a, v, other) for a, v, other in ((x, x_values, None), (y, y_values, x)))
    xs, ys = (np.linspace(lv.low, lv.high, POINTS) if v is None else np.sort(np.asarray(v, float))
              for lv, v in zip(levers, (x_values, y_values), strict=True))
    today = np.array([[lv.today for lv in levers]])
    grid = np.stack([np.tile(xs, ys.size), np.repeat(ys, xs.size)], axis=1)
    values = Asker(scenario, levers, Objective(kpi, period=period)).outcomes(np.concatenate([today, grid]))[:, 0]
    return TwoWay(kpi, levers[0], levers[1], xs, ys, values[1:].reshape(ys.size, xs.size),
                  (float(today[0, 0]), float(today[0, 1]), float(values[0])))


def _lever(scenario: Scenario, address: str, values: Sequence[float] | None, other: str | None) -> Lever:
    if address == other:
        return lever(scenario, "")  # twice the same is no second lever
    return lever(scenario, address, None if values is None else (float(min(values)), float(max(values))))

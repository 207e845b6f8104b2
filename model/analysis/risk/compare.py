"""Two scenarios on the same draws: how often one beats the other, by how much, and how sure that is.

    difference = compare_risks(simulate(a), simulate(b))["net_profit"]
    difference.better, difference.better_error, difference.summary.point(5)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.risk.simulate import WHOLE, YEARLY, RiskResult
from model.analysis.risk.summary import Summary, Tally, mean_and_error
from model.engine.kpis import KPIS


@dataclass(frozen=True, slots=True)
class Difference:
    """summary: of the first minus the second, draw by draw. better: chance that the first is the better one, in the
    KPI's good direction (a tie counts half), and its standard error.
    """

    key: str
    summary: Summary
    better: float
    better_error: float


def common_draws(a: RiskResult, b: RiskResult) -> bool:
    """Whether both stand on the same points: same seed, number of draws and base."""
    return (a.run.layout, a.run.axes, a.run.kept_scrambles) == (b.run.layout, b.run.axes, b.run.kept_scrambles)


def compare_risks(a: RiskResult, b: RiskResult, keys: Sequence[str] = YEARLY, period: str = WHOLE) -> dict[str, Difference]:
    """By KPI, over a period. Raises ValueError where the two do not stand on common draws."""
    if not common_draws(a, b):
        raise ValueError("simulate both with the same seed, draws and base: base=plan sets the last for both")
    return {key: _difference(key, a, b, period) for key in keys}


def _difference(key: str, a: RiskResult, b: RiskResult, period: str) -> Difference:
    change, scrambles = a.draws(key, period) - b.draws(key, period), a.run.kept_scrambles
    tally = Tally()
    tally.add(change, scrambles)
    wins = np.where(change == 0, 0.5, change * KPIS[key].good > 0)
    better, error = mean_and_error(wins, scrambles)
    return Difference(key, tally.summary(), float(better), float(error))

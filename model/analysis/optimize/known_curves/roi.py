"""The largest budget whose best split still returns a target: value ÷ spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.known_curves.allocate import TOLERANCE, Allocation, allocate, check_bounds

#: budgets looked at between the floors and the ceilings, and how often the last interval is halved
_LOOK, _HALVE = 33, 40


@dataclass(frozen=True, eq=False)
class LargestBudget:
    """allocation: the split of the largest budget that returns the target."""

    allocation: Allocation
    target: float

    @property
    def budget(self) -> float:
        return float(self.allocation.spend.sum())

    @property
    def roi(self) -> float:
        return self.allocation.value / self.budget


def largest_budget(curves: Sequence, target: float, lower, upper, tolerance: float = TOLERANCE) -> LargestBudget:
    """The largest budget between the floors' and the ceilings' sum with value ÷ spend ≥ target.

    value is that of the proven best split. Looks from above: on S-shaped curves the return may cross the target more
    than once. Raises Impossible (`return_out_of_reach`) with the highest return found and its split.
    """
    low, high = (np.array(np.broadcast_to(np.asarray(b, float), len(curves))) for b in (lower, upper))
    check_bounds(low, high, float(high.sum()))

    def best(budget: float) -> Allocation:
        return allocate(curves, budget, low, high, tolerance)
    most = best(float(high.sum()))
    if most.value >= target * most.spend.sum():
        return LargestBudget(most, target)
    least = max(float(low.sum()), float(high.sum()) * 1e-6)
    found, above = _from_above(best, target, np.geomspace(least, high.sum(), _LOOK)[::-1])
    below = float(found.spend.sum())
    for _ in range(_HALVE):
        if above - below <= 1e-9 * above:
            break
        middle = best((above + below) / 2)
        if middle.value >= target * middle.spend.sum():
            found, below = middle, float(middle.spend.sum())
        else:
            above = (above + below) / 2
    return LargestBudget(found, target)


def _from_above(best, target: float, budgets: np.ndarray) -> tuple[Allocation, float]:
    """The first budget, coming down, that returns the target, and the one before it."""
    highest: Allocation | None = None
    for before, budget in zip(budgets, budgets[1:], strict=False):
        found = best(float(budget))
        if found.value >= target * budget:
            return found, float(before)
        if highest is None or found.value / budget > highest.value / highest.spend.sum():
            highest = found
    if highest is None:
        raise ValueError("no two budgets to come down from")
    roi = highest.value / highest.spend.sum()
    raise impossible("return_out_of_reach", "target", got=float(roi), allowed=float(target), highest=float(roi),
                     spend=highest.spend, budget=float(highest.spend.sum()))

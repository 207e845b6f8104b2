"""The proven best split of a budget over channels with known response curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.known_curves.branch import Pieces, Search
from model.analysis.optimize.known_curves.curves import Bundle

TOLERANCE = 1e-7
MOST_NODES = 20_000
#: bounds that miss the budget by no more than this share of it are rounding, not a contradiction
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Allocation:
    """The best split found and the proof of how good it is.

    spend (channels,), sums to the budget. value: Σ value of the curves at it. bound: no split within the limits has a
    higher value. gap: (bound − value) ÷ |value|, at most the tolerance unless the nodes ran out. nodes: looked at.
    """

    spend: np.ndarray
    value: float
    bound: float
    gap: float
    nodes: int = 0

    @property
    def proven(self) -> bool:
        """Whether the split is the best to within a millionth."""
        return self.gap <= 1e-6


def allocate(curves: Sequence, budget: float, lower, upper, tolerance: float = TOLERANCE,
             most_nodes: int = MOST_NODES) -> Allocation:
    """maximise Σ curve_i(x_i) subject to Σ x_i = budget, lower_i ≤ x_i ≤ upper_i.

    curves: `Hill`, `MichaelisMenten`, `Logistic`, `Curve`, or pairs (function, derivative), each concave, convex or
    S-shaped on its bounds. budget, lower, upper: money, in any one unit; lower and upper one number or (channels,).
    Branch and bound (`branch.py`): a global optimum with a certificate. The split does not depend on the units. For
    functions the certificate rests on what `sampled_curve.py` says: S-shaped with the given derivative, which is held against the
    function at every point asked and refused where they contradict each other.
    Raises Impossible: floors_above_budget, ceilings_below_budget, bounds_crossed, not_s_shaped, not_finite, too_low, with
    the numbers.
    """
    low, high = (np.array(np.broadcast_to(np.asarray(b, float), len(curves))) for b in (lower, upper))
    check_bounds(low, high, budget)
    high = np.minimum(high, low + (budget - low.sum()))  # no channel can have more than all that is free
    high = np.maximum(high, low)
    bundle = Bundle(curves)
    if not np.any(high > low) or high.sum() <= budget:
        spend = low if not np.any(high > low) else high
        value = float(bundle.value(spend).sum())
        return Allocation(spend, value, value, 0.0)
    found = Search(Pieces.of(bundle, low, high, budget), tolerance, most_nodes).run()
    bound = max(found.bound, found.value)
    return Allocation(found.spend, found.value, bound, _gap(found.value, bound), found.nodes)


def _gap(value: float, bound: float) -> float:
    scale = max(abs(value), abs(bound))
    return (bound - value) / scale if scale > 0 else 0.0


def check_bounds(low: np.ndarray, high: np.ndarray, budget: float) -> None:
    """Raises Impossible where no split fits the bounds; data: channels by position, sums and the budget."""
    if not np.isfinite(budget) or budget < 0 or not np.all(np.isfinite(low)) or np.any(np.isnan(high)):
        raise impossible("not_finite", "budget, lower, upper", got=str(budget))
    if np.any(low < 0):
        raise impossible("too_low", "lower", got=float(low.min()), allowed="≥ 0",
                         channels=tuple(map(int, np.flatnonzero(low < 0))))
    crossed = np.flatnonzero(low > high)
    if crossed.size:
        raise impossible("bounds_crossed", "lower, upper", got=_listed(crossed, low), allowed=_listed(crossed, high),
                         channels=tuple(map(int, crossed)))
    if low.sum() > budget * (1 + _ROUNDING):
        holding = np.flatnonzero(low > 0)
        raise impossible("floors_above_budget", "lower", got=float(low.sum()), allowed=float(budget),
                         floors=float(low.sum()), budget=float(budget), channels=tuple(map(int, holding)))
    if high.sum() < budget * (1 - _ROUNDING):
        raise impossible("ceilings_below_budget", "upper", got=float(high.sum()), allowed=float(budget),
                         ceilings=float(high.sum()), budget=float(budget), channels=tuple(range(high.size)))


def _listed(which: np.ndarray, values: np.ndarray) -> str:
    return ", ".join(f"{i}: {values[i]:g}" for i in which[:3])

"""Where the search begins: today's split, the simple ones, the best of a separable picture, and the best of many at random.

The simple ones are what a planner would try by hand, and no answer may be worse than they are.
"""

from __future__ import annotations

import numpy as np

from model.analysis.optimize.search.climb import KEPT
from model.analysis.optimize.search.limits import Rows, bounds
from model.analysis.optimize.search.problem import Problem

#: random splits looked at, from a fixed seed; steps of a channel's spend in the separable picture
_RANDOM, _SEED, _STEPS = 160, 20270101, 100
#: draws that these looks take: to rank starts a few will do
_DRAWS = 8
#: two starts are one where no spend differs by more
_SAME = 0.02
_PENALTY = 100.0
#: a limit that a direction leaves alone changes by no more than this
_FLAT = 1e-12


def starts(problem: Problem, count: int) -> np.ndarray:
    """`count` points within the linear limits or fewer (S, n); the first is today's split, or the nearest to it.

    Raises Impossible (`limits_conflict`) where there is none.
    """
    rows, n, first = problem.rows, problem.n, nearest_to_today(problem)
    if n == 1 and not problem.limits.budget or count <= 1:
        return first[None]
    problem = problem.with_draws(_DRAWS)
    # of a point that rounding leaves without a nearest one there are others: `first` shows that the limits can be kept
    near = (rows.nearest(x) for x in [*_separable(problem, first), *_random(problem, first)])
    pool = np.array([*simple(problem, first), *(x for x in near if x is not None)])
    values, margins = problem.look(pool[:, None], np.arange(len(pool)))
    merit = values[:, 0] - _PENALTY * problem.scale * np.maximum(0, -margins[:, 0]).sum(axis=-1)
    return _distinct(first, pool[np.argsort(-merit, kind="stable")], count)


def nearest_to_today(problem: Problem) -> np.ndarray:
    """Today's split where it keeps the linear limits, to rounding, else the nearest that does."""
    return problem.today if problem.rows.violation(problem.today) <= KEPT else problem.rows.project(problem.today)


def simple(problem: Problem, centre: np.ndarray) -> np.ndarray:
    """Splits that a planner would try by hand, each within the linear limits (S, n).

    The totals' ends in today's proportions, an even split, and to and from every channel: half of what the limits allow
    at the others' expense in proportion, all of it, and the nearest to everything there.
    """
    rows, n, total = problem.rows, problem.n, max(centre.sum(), KEPT)
    low, high = _totals(problem, centre)
    wanted = [centre * (t / total) for t in (low, high)] + [np.full(n, total / n), *(np.eye(n) * total)]
    found = [x for x in map(rows.nearest, wanted) if x is not None]
    for one in np.eye(n):
        others = centre * (1 - one)
        rest = others / others.sum() if others.sum() > 0 else (1 - one) / max(1, n - 1)
        for direction in (one - rest, rest - one):
            length = _room(rows, centre, direction * total)
            found += [centre + part * length * direction * total for part in (0.5, 1.0)]
    return np.array([np.maximum(x, 0.0) for x in found])


def _room(rows: Rows, x: np.ndarray, direction: np.ndarray) -> float:
    """How far from a point within the limits one may go in a direction before the first limit."""
    along, slack = rows.a @ direction, np.maximum(0.0, rows.a @ x - rows.least)
    ends = np.divide(slack, -along, out=np.full(along.shape, np.inf), where=along < -_FLAT)
    return float(min(ends.min(), 1.0))


def _distinct(first: np.ndarray, ranked: np.ndarray, count: int) -> np.ndarray:
    """The first and the best ones that differ from each other."""
    kept = [first]
    for x in ranked:
        if len(kept) < count and min(float(np.max(np.abs(x - k))) for k in kept) > _SAME:
            kept.append(x)
    return np.stack(kept)


def _random(problem: Problem, centre: np.ndarray) -> np.ndarray:
    """Points spread over all splits of the totals allowed, near and far, before they are drawn within the limits."""
    chance = np.random.default_rng(_SEED)
    low, high = _totals(problem, centre)
    shares = chance.dirichlet(np.full(problem.n, 0.7), _RANDOM)
    spread = chance.uniform(0, 1, (_RANDOM, 1)) ** 2
    mixed = centre / max(centre.sum(), KEPT) * (1 - spread) + shares * spread
    far = shares + (shares - 1 / problem.n) * chance.uniform(0, 3, (_RANDOM, 1))
    points = np.where(chance.uniform(0, 1, (_RANDOM, 1)) < 0.5, mixed, far)
    return points * chance.uniform(low, max(high, low), (_RANDOM, 1))


def _totals(problem: Problem, centre: np.ndarray) -> tuple[float, float]:
    limits, unit = problem.limits, problem.simulator.unit
    return (limits.budget[0] / unit, limits.budget[1] / unit) if limits.budget else (centre.sum(), centre.sum())


def _separable(problem: Problem, centre: np.ndarray) -> np.ndarray:
    """The best split if each channel's curve, the others where they are, were all there is: dynamic programming."""
    low_total, high_total = _totals(problem, centre)
    unit, channels = problem.simulator.unit, problem.simulator.channels
    share = problem.today / problem.today.sum() if problem.today.sum() > 0 else np.full(problem.n, 1 / problem.n)
    floors, ceilings = (np.array([b[c] for c in channels]) / unit
                        for b in bounds(problem.limits, channels, share, high_total * unit))
    rest = high_total - floors.sum()
    if rest <= 0:
        return np.empty((0, problem.n))
    step = rest / _STEPS
    most = np.floor((ceilings - floors) / step + KEPT).astype(int).clip(0, _STEPS)
    points = np.concatenate([_along(centre, i, floors[i] + step * np.arange(k + 1)) for i, k in enumerate(most)])
    values = problem.look(points[None], np.zeros(1, int))[0][0]
    curves = np.split(values, np.cumsum(most + 1)[:-1])
    least = int(np.ceil((low_total - floors.sum()) / step - KEPT))
    return floors + step * _best_steps(curves, max(least, 0))[None]


def _along(centre: np.ndarray, i: int, spends: np.ndarray) -> np.ndarray:
    points = np.tile(centre, (spends.size, 1))
    points[:, i] = spends
    return points


def _best_steps(curves: list[np.ndarray], least: int) -> np.ndarray:
    """Whole steps by channel with the largest sum of values, at least `least` and at most _STEPS in all."""
    best, choices = np.where(np.arange(_STEPS + 1) == 0, 0.0, -np.inf), []
    for curve in curves:
        table = np.full((curve.size, _STEPS + 1), -np.inf)
        for j, value in enumerate(curve):
            table[j, j:] = best[:_STEPS + 1 - j] + value
        choices.append(np.argmax(table, axis=0))
        best = table.max(axis=0)
    reach = np.where(np.arange(_STEPS + 1) >= least, best, -np.inf)
    total = int(np.argmax(reach)) if np.isfinite(reach).any() else int(np.flatnonzero(np.isfinite(best))[-1])
    steps = np.zeros(len(curves), int)
    for i in reversed(range(len(curves))):
        steps[i] = choices[i][total]
        total -= steps[i]
    return steps

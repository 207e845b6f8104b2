"""Shapley values: what each player adds, on average over all orders (Shapley 1953), within unions too (Owen 1977).

A design lists the coalitions to measure and makes values of what they are worth: all of them, or random orders.
Coalitions are rows (N, P) bool over all P players of a game.
"""

from __future__ import annotations

from math import factorial

import numpy as np

#: sums of contributions closer than this, relatively, are equal but for rounding
_EQUAL = 1e-9

Estimate = tuple[np.ndarray, np.ndarray]


def shapley(worth: np.ndarray) -> np.ndarray:
    """Shapley value (n,) of a game: worth (2^n,), bit i of the index says whether player i takes part (Shapley 1953).

    One left glove and two right ones: worth 1 for a pair, and the left one is due 2/3, the others 1/6 each.

    >>> shapley(np.array([0, 0, 0, 1, 0, 1, 0, 1.0])).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    n = len(worth).bit_length() - 1
    weight = _weights(n)[_subsets(n).sum(axis=1)]
    indices = np.arange(len(worth))
    out = np.empty(n)
    for i in range(n):
        without = indices[indices >> i & 1 == 0]
        out[i] = (weight[without] * (worth[without | 1 << i] - worth[without])).sum()
    return out


def _weights(n: int) -> np.ndarray:
    """Chance that just a certain set of s of the n − 1 others comes before a player in a random order (s = 0 … n)."""
    return np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)] + [0.0])


def _subsets(n: int) -> np.ndarray:
    """All subsets of n (2^n, n) bool, bit i of the index in column i."""
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)


class Exact:
    """Every coalition of units (n, P) with every coalition of others (m, P), as one game among the units (Owen 1977)."""

    def __init__(self, units: np.ndarray, others: np.ndarray):
        before, inside = _subsets(len(others)) @ others, _subsets(len(units)) @ units
        self.weight = _weights(len(others) + 1)[_subsets(len(others)).sum(axis=1)]
        self.rows = (before[:, None] | inside).reshape(-1, units.shape[1])

    def closed(self, worth: np.ndarray, total: float) -> Estimate:
        """Values and no errors; what rounding leaves of `total` goes to the largest."""
        value = shapley(self.weight @ worth.reshape(len(self.weight), -1))
        value[np.argmax(abs(value))] += total - value.sum()
        return value, np.zeros(len(value))


class Sampled:
    """Random orders of units (n, P), each also backwards, after a random part of the others (m, P) or its complement."""

    def __init__(self, units: np.ndarray, others: np.ndarray, pairs: int, rng: np.random.Generator):
        n, m = len(units), len(others)
        self.orders = np.array([rng.permutation(n) for _ in range(pairs)])
        place = np.array([rng.permutation(m + 1) for _ in range(pairs)])
        first = place[:, :m] < place[:, m:]  # of the others, those before the units in a random order
        both = np.stack([self.orders, self.orders[:, ::-1]], axis=1)
        steps = np.concatenate([np.zeros_like(units[both][:, :, :1]), np.logical_or.accumulate(units[both], axis=2)], axis=2)
        self.rows = ((np.stack([first, ~first], axis=1) @ others)[:, :, None] | steps).reshape(-1, units.shape[1])

    def contributions(self, worth: np.ndarray) -> np.ndarray:
        """What each unit adds, mean of an order and its reverse (pairs, n)."""
        pairs, n = self.orders.shape
        added = np.diff(worth.reshape(pairs, 2, n + 1), axis=2)
        out = np.empty((pairs, 2, n))
        np.put_along_axis(out[:, 0], self.orders, added[:, 0], axis=1)
        np.put_along_axis(out[:, 1], self.orders[:, ::-1], added[:, 1], axis=1)
        return out.mean(axis=1)

    def closed(self, worth: np.ndarray, total: float) -> Estimate:
        """Means and standard errors, given that they sum to `total`: what is missing goes where it is likeliest."""
        each = self.contributions(worth)
        sums = each.sum(axis=1)
        spread = sums - sums.mean()
        share, known = np.eye(each.shape[1])[np.argmax(abs(each.mean(axis=0)))], 1
        if abs(spread).max() > _EQUAL * abs(sums).max():
            share, known = (each * spread[:, None]).sum(axis=0) / (spread**2).sum(), 2
        each = each + (total - sums)[:, None] * share
        return each.mean(axis=0), each.std(axis=0, ddof=known) / np.sqrt(len(each))

"""Rank correlations as a Gaussian copula, repaired to the nearest valid matrix where they contradict one another.

    >>> pairs = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
    >>> [r.pair for r in correlate(pairs, "abc").repairs]
    [('a', 'b'), ('a', 'c'), ('b', 'c')]

Spearman's ρ of two inputs belongs to the normal scores' correlation 2 sin(π ρ ÷ 6). Nearest correlation matrix: Higham
(2002), IMA Journal of Numerical Analysis 22(3), alternating projections with Dykstra's correction.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.errors import InvalidInput, UnknownName, Violation

Pairs = Mapping[tuple[str, str], float]
_STEPS, _CLOSE = 500, 1e-10
#: smaller eigenvalues are rounding, and smaller changes of a correlation are not told
_ROUNDING, _TOLD = 1e-9, 5e-4


@dataclass(frozen=True, slots=True)
class Repair:
    """A pair whose rank correlation could not be had as asked for."""

    pair: tuple[str, str]
    asked: float
    used: float


@dataclass(frozen=True, eq=False)
class Correlation:
    """names: of the inputs that are correlated, sorted. matrix: of their normal scores (K, K), valid. root: its
    symmetric square root; independent scores times root are correlated ones. repairs: the largest change first.
    """

    names: tuple[str, ...]
    matrix: np.ndarray
    root: np.ndarray
    repairs: tuple[Repair, ...]


def of_scores(rank: float) -> float:
    """Correlation of the normal scores that gives this Spearman correlation."""
    return 2 * math.sin(math.pi * rank / 6)


def of_ranks(score: float) -> float:
    """Spearman correlation of two inputs whose normal scores have this correlation."""
    return 6 / math.pi * math.asin(min(1.0, max(-1.0, score / 2)))


def correlate(pairs: Pairs | None, names: Collection[str]) -> Correlation:
    """The copula of rank correlations `pairs` among `names`. Raises UnknownName, or InvalidInput beyond −1 … 1."""
    pairs = pairs or {}
    bad = [Violation("too_high" if rho > 0 else "too_low", f"correlation {a} – {b}", f"{rho:g}", "-1 … 1")
           for (a, b), rho in pairs.items() if not -1 <= rho <= 1]
    bad += [Violation("with_itself", f"correlation {a} – {b}", a) for a, b in pairs if a == b]
    if bad:
        raise InvalidInput(bad)
    known = set(names)
    for name in (n for pair in pairs for n in pair):
        if name not in known:
            raise UnknownName(name)
    return _correlate(tuple(sorted((min(p), max(p), float(rho)) for p, rho in pairs.items())))


@lru_cache(maxsize=64)
def _correlate(pairs: tuple[tuple[str, str, float], ...]) -> Correlation:
    names = tuple(sorted({n for a, b, _ in pairs for n in (a, b)}))
    at = {n: i for i, n in enumerate(names)}
    asked = np.eye(len(names))
    for a, b, rho in pairs:
        asked[at[a], at[b]] = asked[at[b], at[a]] = of_scores(rho)
    used = nearest(asked)
    changes = [Repair((names[i], names[j]), of_ranks(asked[i, j]), of_ranks(used[i, j]))
               for i in range(len(names)) for j in range(i + 1, len(names)) if abs(used[i, j] - asked[i, j]) > _TOLD]
    changes.sort(key=lambda r: (-abs(r.used - r.asked), r.pair))
    return Correlation(names, used, _root(used), tuple(changes))


def _positive(matrix: np.ndarray) -> np.ndarray:
    """The nearest positive semi-definite matrix."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * np.maximum(values, 0)) @ vectors.T


def _root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def nearest(matrix: np.ndarray) -> np.ndarray:
    """The correlation matrix nearest to a symmetric one with unit diagonal (K, K); the same where it is valid."""
    if not matrix.size or np.linalg.eigvalsh(matrix)[0] >= -_ROUNDING:
        return matrix
    current, dykstra = matrix, np.zeros_like(matrix)
    for _ in range(_STEPS):
        start = current - dykstra
        inside = _positive(start)
        dykstra = inside - start
        current = inside.copy()
        np.fill_diagonal(current, 1)
        if np.max(np.abs(current - inside)) < _CLOSE:
            break
    inside = _positive(current)
    size = np.sqrt(np.diag(inside))
    return inside / np.outer(size, size)

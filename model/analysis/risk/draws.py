"""Normal scores for named inputs: common to all scenarios, first axes turned onto a gradient, correlated by the copula.

Axes: with w the inputs' own scores and v those of the first Sobol dimensions, z = w + G (v − Gᵀ w), G orthonormal. z is
standard normal again, and all that happens along G comes from the first, best spread dimensions. An input that G does
not name keeps its own scores: scenarios with different inputs share the others' draws exactly. (Imai and Tan 2006, SIAM
J. Sci. Comput. 28(1), linear transformation, for one or two axes.)
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from model.analysis.risk import sobol
from model.analysis.risk.correlation import Correlation
from model.analysis.risk.distributions import Marginal, standard_at

#: names of the first dimensions; the events that are stratified come after them
AXES = ("axis 1", "axis 2")
#: sets of scores kept for the next move of a slider, and draws of a set that is worth keeping
_KEPT_SETS, KEEP_UP_TO = 4, 20_000
_KEPT_VALUES = 1024
#: numbers that one thread is done with before several have begun
_ALONE = 2 ** 19
#: multiplications up to which BLAS keeps to one thread
_BLAS_ALONE = 2 ** 17


@dataclass(frozen=True)
class Axes:
    """Directions onto which the first Sobol dimensions are turned.

    names: of the inputs they are made of, sorted. weights: rows (axes × inputs) of an orthonormal G, as tuples, so
    that equal axes are equal.
    """

    names: tuple[str, ...] = ()
    weights: tuple[tuple[float, ...], ...] = ()


def axes_of(names: Sequence[str], gradients: Sequence[np.ndarray]) -> Axes:
    """Axes along gradients with respect to independent scores of `names`, each made orthogonal to those before it."""
    order: list[int] = np.argsort(np.array(names)).tolist() if len(names) else []
    kept: list[np.ndarray] = []
    for gradient in gradients[:len(AXES)]:
        rest = np.asarray(gradient, float)[order]
        size = np.linalg.norm(rest)
        for axis in kept:
            rest = rest - axis * (axis @ rest)
        if np.linalg.norm(rest) > 1e-6 * size > 0:
            kept.append(rest / np.linalg.norm(rest))
    return Axes(tuple(names[i] for i in order), tuple(tuple(axis.tolist()) for axis in kept))


@dataclass(frozen=True)
class Layout:
    """Which points: seed, points per scramble 2^bits, and names in the reserved dimensions after the axes'."""

    seed: int
    bits: int
    stratified: tuple[str, ...] = ()


#: processors of this machine
CORES = os.cpu_count() or 1


@cache
def workers(threads: int) -> ThreadPoolExecutor:
    """Threads that stay for the next run: starting them took as long as a small run."""
    return ThreadPoolExecutor(threads)


def _where(layout: Layout, names: tuple[str, ...]) -> dict[str, int]:
    """The Sobol dimension of each name."""
    where = sobol.dimensions([*names, *AXES], AXES + layout.stratified)
    return {n: where[n] for n in names}


def _points(layout: Layout, names: tuple[str, ...], scrambles: range) -> np.ndarray:
    return sobol.points(_where(layout, names), layout.seed, scrambles, layout.bits)


_kept_points = lru_cache(maxsize=_KEPT_SETS)(_points)


def _small(layout: Layout, scrambles: range) -> bool:
    """Worth remembering: a slider moves on the first few draws; the later batches of many draws come once."""
    return scrambles.start == 0 and len(scrambles) << layout.bits <= KEEP_UP_TO


def uniforms(layout: Layout, names: tuple[str, ...], scrambles: range) -> np.ndarray:
    """Points of `names` (names, draws), scramble after scramble."""
    return (_kept_points if _small(layout, scrambles) else _points)(layout, names, scrambles)


@dataclass(frozen=True)
class _Turn:
    """From points to correlated normal scores of `names`; what of it does not depend on the draws."""

    layout: Layout
    names: tuple[str, ...]
    axes: Axes
    correlation: Correlation
    precision: type

    def scores(self, scrambles: range) -> np.ndarray:
        """Scores of these scrambles (names, draws)."""
        asked = self.names + tuple(n for n in self.axes.names if n not in self.names)
        asked += AXES[:len(self.axes.weights)]
        z = sobol.normals(_where(self.layout, asked), self.layout.seed, scrambles, self.layout.bits, self.precision)
        at = {n: i for i, n in enumerate(asked)}
        rows = _rows([at[n] for n in self.axes.names])
        for axis, weights in zip(AXES, self.axes.weights, strict=False):
            weight: np.ndarray = np.array(weights, self.precision)
            own = z[rows]
            along = z[at[axis]] - np.einsum("k,kd->d", weight, own)
            for i, w in enumerate(weights):
                own[i] += w * along
            if own.base is not z:
                z[rows] = own
        if self.correlation.names:
            together = _rows([at[n] for n in self.correlation.names])
            z[together] = _times(self.correlation.root.astype(self.precision, copy=False), z[together], 1 << self.layout.bits)
        return z[:len(self.names)]


def _rows(at: list[int]) -> list[int] | slice:
    """The same rows, without a copy where they lie side by side."""
    return slice(at[0], at[-1] + 1) if at and at == list(range(at[0], at[-1] + 1)) else at


def _times(root: np.ndarray, z: np.ndarray, scramble: int) -> np.ndarray:
    """root @ z in pieces so small that BLAS starts no threads of its own: they would wait for ours.

    No piece reaches over a scramble's end, so that they are the same however the scrambles are shared out.
    """
    width = min(scramble, max(16, 1 << int(np.log2(_BLAS_ALONE / root.size))))
    out = np.empty_like(z)
    for start in range(0, z.shape[1], width):
        np.matmul(root, z[:, start:start + width], out=out[:, start:start + width])
    return out


class Scores:
    """Correlated normal scores and values of inputs for some scrambles; values are remembered by standard form."""

    def __init__(self, turn: _Turn, scrambles: range, pool: ThreadPoolExecutor):
        step = -(-len(scrambles) // CORES)
        parts = [scrambles[i:i + step] for i in range(0, len(scrambles), step)]
        if (len(turn.names) * len(scrambles)) << turn.layout.bits <= _ALONE:
            z = turn.scores(scrambles)
        else:
            z = np.concatenate(list(pool.map(turn.scores, parts)), axis=1)
        self._of = dict(zip(turn.names, z, strict=True))
        self._values: dict[tuple, np.ndarray] = {}

    def normal(self, name: str) -> np.ndarray:
        """Correlated normal scores (draws,)."""
        return self._of[name]

    def value(self, name: str, marginal: Marginal) -> np.ndarray:
        """Values of an input (draws,)."""
        key = (name, marginal.standard)
        known = self._values.get(key)
        if known is None:
            if len(self._values) > _KEPT_VALUES:
                self._values = {}
            known = self._values[key] = standard_at(marginal.standard, self._of[name])
        return marginal.placed(known)

    def values(self, marginals: Mapping[str, Marginal], pool: ThreadPoolExecutor) -> dict[str, np.ndarray]:
        """Values of all inputs; those that are not remembered are worked out on all threads where they are many."""
        new = [(n, m) for n, m in marginals.items() if (n, m.standard) not in self._values]
        if sum(self._of[n].size for n, _ in new) > _ALONE:
            list(pool.map(lambda pair: self.value(*pair), new))
        return {name: self.value(name, m) for name, m in marginals.items()}


@lru_cache(maxsize=_KEPT_SETS)
def _kept_scores(turn: _Turn, scrambles: range) -> Scores:
    return Scores(turn, scrambles, workers(CORES))


def scores(layout: Layout, names: Sequence[str], axes: Axes, correlation: Correlation, scrambles: range,
           precision: type = np.float64) -> Scores:
    """Scores of `names`, from memory where the same were asked for before and are few."""
    turn = _Turn(layout, tuple(sorted(names)), axes, correlation, precision)
    return _kept_scores(turn, scrambles) if _small(layout, scrambles) else Scores(turn, scrambles, workers(CORES))

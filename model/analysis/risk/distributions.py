"""Marginal distributions, each a fast inverse from standard normal scores, truncated to bounds and never clipped.

    >>> pert(10, 12, 30).at(0.0)      # its median
    14.0532970

Every family is kept as offset + scale · (a standard form), so that a slider which only moves or stretches it finds the
standard draws ready. Beta inverses come from a table over normal scores: exact at 513 nodes, polynomials through six of
them between, read linearly at 8,193; the error is below 5e-7 of the range (2e-6 in single precision). Sources: PERT with
weight 4: Malcolm et al. (1959); three-point metalog: Keelin (2016), The Metalog Distributions, Decision Analysis 13(4).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betainc, betaincinv, ndtr, ndtri

from model.errors import InvalidInput, Violation
from model.late import Late
from model.plan import risks as ri

optimize = Late("scipy.optimize")
#: normal score of the 90 % point
Z90 = float(ndtri(0.9))
PERT_WEIGHT = 4.0
#: of the table of an inverse, in normal scores; beyond them lies one draw in 5e10
_REACH, _NODES, _CELLS = 6.6, 513, 8192
#: nodes that a cell between two of them is worked out from
_WINDOW = 6
#: digits of a standard form's shape: sliders that leave it as it is must find the same table
_DIGITS = 12
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Marginal:
    """x = offset + scale · q(z), z standard normal, q the inverse of the standard form; scale > 0.

    shape: of the standard form. low, high: bounds in standard units; the mass outside is spread over the inside.
    """

    family: str
    offset: float
    scale: float
    shape: tuple[float, ...] = ()
    low: float = -math.inf
    high: float = math.inf

    @property
    def standard(self) -> tuple:
        """What the standard form depends on: equal for marginals that are moved or stretched copies."""
        return self.family, self.shape, self.low, self.high

    def at(self, z) -> np.ndarray:
        """Values at normal scores z, of any shape, in their precision."""
        z = np.asarray(z)
        z = z if z.dtype == np.float32 else z.astype(float, copy=False)
        return self.placed(standard_at(self.standard, z))

    def placed(self, values: np.ndarray) -> np.ndarray:
        """The standard form's values moved and stretched, in their precision whatever offset and scale are kept in."""
        return float(self.offset) + float(self.scale) * values

    def within(self, low: float, high: float) -> Marginal:
        """The same, truncated to [low, high]. Raises InvalidInput where it has nothing in there."""
        bottom, top = SUPPORT[self.family]
        inner = [round((bound - self.offset) / self.scale, _DIGITS) for bound in (low, high)]
        inner = [-math.inf if inner[0] <= bottom else inner[0], math.inf if inner[1] >= top else inner[1]]
        kept = Marginal(self.family, self.offset, self.scale, self.shape, *inner)
        first, last = _mass(kept.standard)
        if not last - first > 0:
            raise InvalidInput([Violation("outside_bounds", self.family, "", f"{low:g} … {high:g}")])
        return kept


# --- standard forms ---------------------------------------------------------------------------------------------------

def _triangular(u, mode):
    low = np.sqrt(u * mode)
    return np.where(u < mode, low, 1 - np.sqrt((1 - u) * (1 - mode)))


def _triangular_cdf(x, mode):
    return x * x / mode if x < mode else 1 - (1 - x) ** 2 / (1 - mode) if mode < 1 else 1.0


def _metalog(u, skew):
    return np.log(np.maximum(u, _TINY) / np.maximum(1 - u, _TINY)) * (1 + skew * (u - 0.5))


def _metalog_cdf(x, skew):
    edge = 1e-15
    return optimize.brentq(lambda u: float(_metalog(u, skew)) - x, edge, 1 - edge, xtol=1e-16) \
        if _metalog(edge, skew) < x < _metalog(1 - edge, skew) else float(x > 0)


#: quantile of u, distribution function of x, and range of each standard form
_INVERSE: dict[str, Callable] = {
    ri.UNIFORM: lambda u: u, ri.NORMAL: ndtri, ri.LOGNORMAL: lambda u, sigma: np.exp(sigma * ndtri(u)),
    ri.TRIANGULAR: _triangular, ri.BETA: lambda u, a, b: betaincinv(a, b, u), ri.METALOG: _metalog,
}
_CDF: dict[str, Callable] = {
    ri.UNIFORM: lambda x: min(max(x, 0.0), 1.0), ri.NORMAL: ndtr, ri.TRIANGULAR: _triangular_cdf,
    ri.LOGNORMAL: lambda x, sigma: ndtr(math.log(x) / sigma) if x > 0 else 0.0,
    ri.BETA: lambda x, a, b: betainc(a, b, min(max(x, 0.0), 1.0)), ri.METALOG: _metalog_cdf,
}
SUPPORT = {ri.UNIFORM: (0, 1), ri.NORMAL: (-math.inf, math.inf), ri.LOGNORMAL: (0, math.inf), ri.TRIANGULAR: (0, 1),
           ri.BETA: (0, 1), ri.METALOG: (-math.inf, math.inf)}


@lru_cache(maxsize=4096)
def _mass(standard) -> tuple[float, float]:
    """Distribution function at the two bounds."""
    family, shape, low, high = standard
    cdf = _CDF[family]
    return (0.0 if low == -math.inf else float(cdf(low, *shape)), 1.0 if high == math.inf else float(cdf(high, *shape)))


def cut_away(marginal: Marginal) -> tuple[float, float]:
    """Shares of the untruncated distribution below and above the bounds: what is spread over the inside."""
    below, upto = _mass(marginal.standard)
    return below, 1 - upto


def standard_at(standard, z: np.ndarray) -> np.ndarray:
    """The standard form's values at normal scores, in their precision."""
    family, shape, low, high = standard
    if family == ri.BETA:
        return _from_table(_table(standard, z.dtype), z)
    if low == -math.inf and high == math.inf and family in (ri.NORMAL, ri.LOGNORMAL):
        return z if family == ri.NORMAL else np.exp(shape[0] * z)
    first, last = _mass(standard)
    chance = first + ndtr(z.astype(float, copy=False)) * (last - first)  # single precision knows no chance near 1
    values = np.clip(_INVERSE[family](chance, *shape), low, high)        # truncated already: this takes off rounding at a bound
    return values.astype(z.dtype, copy=False)


@lru_cache(maxsize=1)
def _between() -> tuple[np.ndarray, np.ndarray]:
    """Lagrange's weights of the nodes around each interval, for the cells in it: first node (N,), (N, cells, nodes)."""
    intervals, cells = _NODES - 1, _CELLS // (_NODES - 1)
    starts = np.clip(np.arange(intervals) - (_WINDOW // 2 - 1), 0, _NODES - _WINDOW)
    place = (np.arange(intervals) - starts)[:, None] + np.arange(cells) / cells
    weights = np.ones((intervals, cells, _WINDOW))
    for node in range(_WINDOW):
        for other in range(_WINDOW):
            if other != node:
                weights[:, :, node] *= (place - other) / (node - other)
    return starts, weights


@lru_cache(maxsize=512)
def _table(standard, precision: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Of cells evenly spaced in normal scores: value = first[cell] + second[cell] · place, place in cells from the first one.

    A flat cell stands before and one after the others (8,194,), for scores beyond the table.
    """
    family, shape, low, high = standard
    first, last = _mass(standard)
    nodes = np.linspace(-_REACH, _REACH, _NODES)
    exact = _INVERSE[family](first + ndtr(nodes) * (last - first), *shape)
    starts, weights = _between()
    fine = np.einsum("ikw,iw->ik", weights, exact[starts[:, None] + np.arange(_WINDOW)]).reshape(-1)
    values = np.clip(np.append(fine, exact[-1]), max(low, 0.0), min(high, 1.0))
    steps = np.concatenate([[0.0], np.diff(values), [0.0]])
    return (np.append(values[0], values) - steps * np.arange(_CELLS + 2)).astype(precision), steps.astype(precision)


def _from_table(table: tuple[np.ndarray, np.ndarray], z: np.ndarray) -> np.ndarray:
    """In place: most of a small run's time is spent in here."""
    values, steps = table
    place = z * (_CELLS / (2 * _REACH))
    place += _CELLS / 2 + 1
    cell = place.astype(np.intp)
    place *= steps.take(cell, mode="clip")
    place += values.take(cell, mode="clip")
    return place


# --- families by what is known of them --------------------------------------------------------------------------------

def _refuse(code: str, place: str, got: object, allowed: str) -> InvalidInput:
    return InvalidInput([Violation(code, place, f"{got}", allowed)])


def _in_order(low: float, likely: float, high: float) -> None:
    if not low < high:
        raise _refuse("low_above_high", "low", low, f"< {high:g}")
    if not low <= likely <= high:
        raise _refuse("likely_outside", "likely", likely, f"{low:g} … {high:g}")


def pert(low: float, likely: float, high: float, weight: float = PERT_WEIGHT) -> Marginal:
    """PERT: mean (low + weight · likely + high) ÷ (weight + 2), a beta on [low, high]."""
    _in_order(low, likely, high)
    mode = (likely - low) / (high - low)
    shape = (round(1 + weight * mode, _DIGITS), round(1 + weight * (1 - mode), _DIGITS))
    return Marginal(ri.BETA, low, high - low, shape)


def triangular(low: float, likely: float, high: float) -> Marginal:
    """Triangular on [low, high], most likely `likely`. Raises InvalidInput where they are not in order."""
    _in_order(low, likely, high)
    return Marginal(ri.TRIANGULAR, low, high - low, (round((likely - low) / (high - low), _DIGITS),))


def uniform(low: float, high: float) -> Marginal:
    """Every value of [low, high] alike. Raises InvalidInput where they are not in order."""
    _in_order(low, low, high)
    return Marginal(ri.UNIFORM, low, high - low)


def normal(mean: float, deviation: float) -> Marginal:
    """Normal by mean and standard deviation. Raises InvalidInput where the deviation is not above 0."""
    if not deviation > 0:
        raise _refuse("no_width", "deviation", deviation, "> 0")
    return Marginal(ri.NORMAL, mean, deviation)


def lognormal(mean: float, deviation: float) -> Marginal:
    """Lognormal with this mean and standard deviation of its own (not of its logarithm)."""
    if not (mean > 0 and deviation > 0):
        raise _refuse("not_positive", "mean", mean, "> 0")
    sigma = math.sqrt(math.log1p((deviation / mean) ** 2))
    return of_logarithm(math.log(mean) - sigma ** 2 / 2, sigma)


def of_logarithm(mu: float, sigma: float) -> Marginal:
    """Lognormal by mean and deviation of its logarithm."""
    if not sigma > 0:
        raise _refuse("no_width", "sigma", sigma, "> 0")
    return Marginal(ri.LOGNORMAL, 0.0, math.exp(mu), (round(sigma, _DIGITS),))


def beta(mean: float, deviation: float, low: float = 0.0, high: float = 1.0) -> Marginal:
    """Beta on [low, high] by mean and standard deviation."""
    _in_order(low, mean, high)
    centre, spread = (mean - low) / (high - low), deviation / (high - low)
    size = centre * (1 - centre) / spread ** 2 - 1 if spread > 0 else 0.0
    if not size > 0:
        raise _refuse("deviation_too_large", "deviation", deviation, f"0 … {math.sqrt((mean - low) * (high - mean)):g}")
    return Marginal(ri.BETA, low, high - low, (round(centre * size, _DIGITS), round((1 - centre) * size, _DIGITS)))


def _points_in_order(p10: float, p90: float) -> None:
    if not p10 < p90:
        raise _refuse("low_above_high", "p10", p10, f"< {p90:g}")


def normal_points(p10: float, p90: float) -> Marginal:
    """Normal by its 10 % and 90 % points."""
    _points_in_order(p10, p90)
    return normal((p10 + p90) / 2, (p90 - p10) / (2 * Z90))


def lognormal_points(p10: float, p90: float) -> Marginal:
    """Lognormal by its 10 % and 90 % points."""
    _points_in_order(p10, p90)
    if not p10 > 0:
        raise _refuse("not_positive", "p10", p10, "> 0")
    return of_logarithm(math.log(p10 * p90) / 2, math.log(p90 / p10) / (2 * Z90))


def uniform_points(p10: float, p90: float) -> Marginal:
    """Uniform by its 10 % and 90 % points."""
    _points_in_order(p10, p90)
    edge = (p90 - p10) / 8
    return uniform(p10 - edge, p90 + edge)


def metalog(p10: float, p50: float, p90: float) -> Marginal:
    """Three-point metalog: unbounded, skewed as the points are."""
    _points_in_order(p10, p90)
    place = (p50 - p10) / (p90 - p10)
    if not 0.16658 < place < 1 - 0.16658:
        raise _refuse("points_too_skewed", "p50", p50, "16.7 % … 83.3 %")
    scale = (p90 - p10) / (2 * math.log(9))
    skew = (1 - 2 * place) * 2 / 0.8
    return Marginal(ri.METALOG, p50, scale, (round(skew, _DIGITS),))


_SQRT3, _SQRT6, _SQRT7 = math.sqrt(3), math.sqrt(6), math.sqrt(7)


def _around(family, half_width):
    """A symmetric family by mean and deviation: the mean ± half_width deviations."""
    return lambda mean, deviation: family(mean - half_width * deviation, mean, mean + half_width * deviation)


#: (family, form) -> constructor from the form's numbers
_MAKERS: dict[tuple[str, str], Callable[..., Marginal]] = {
    (ri.PERT, ri.RANGE): pert, (ri.BETA, ri.RANGE): pert, (ri.TRIANGULAR, ri.RANGE): triangular,
    (ri.UNIFORM, ri.RANGE): lambda low, likely, high: uniform(low, high),
    (ri.PERT, ri.MOMENTS): _around(pert, _SQRT7), (ri.TRIANGULAR, ri.MOMENTS): _around(triangular, _SQRT6),
    (ri.UNIFORM, ri.MOMENTS): _around(lambda low, likely, high: uniform(low, high), _SQRT3),
    (ri.NORMAL, ri.MOMENTS): normal, (ri.LOGNORMAL, ri.MOMENTS): lognormal,
    (ri.NORMAL, ri.POINTS): lambda p10, p50, p90: normal_points(p10, p90),
    (ri.LOGNORMAL, ri.POINTS): lambda p10, p50, p90: lognormal_points(p10, p90),
    (ri.UNIFORM, ri.POINTS): lambda p10, p50, p90: uniform_points(p10, p90), (ri.METALOG, ri.POINTS): metalog,
}


def make(family: str, form: str, numbers: dict[str, float], low: float, high: float) -> Marginal:
    """A plan row's distribution, truncated to the driver's bounds [low, high]."""
    if (family, form) == (ri.BETA, ri.MOMENTS):
        return beta(**numbers, low=low, high=high)
    return _MAKERS[family, form](**numbers).within(low, high)

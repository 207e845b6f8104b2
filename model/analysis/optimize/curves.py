"""Response curves of one channel: value and slope of a spend, and where the curve turns from convex to concave.

A curve is concave, convex, or S-shaped (first convex, then concave). The parameters of the three families may be
arrays: `Bundle` evaluates all channels of one family in one numpy pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from model.analysis.optimize.asks import impossible

#: steps of the methods that invert a slope; Newton's is monotone and quadratic, bisection halves
_NEWTON, _BISECT = 40, 60
_CLOSE, _STEEPEST = 1e-14, 1e-100
#: points at which the shape of a callable is looked at, and how far its slope may waver
_LOOK, _WAVER = 257, 1e-9


@dataclass(frozen=True, slots=True)
class Hill:
    """a · x^s ÷ (k^s + x^s): a the ceiling (value), k the spend of half of it (money), s ≥ 1 the shape; S-shaped above 1.

    s = 1 is the Michaelis–Menten curve. (A. V. Hill 1910; for media: Jin et al., Google 2017.)
    """

    a: float | np.ndarray
    k: float | np.ndarray
    s: float | np.ndarray

    def value(self, x):
        with np.errstate(divide="ignore", over="ignore"):
            return self.a / (1 + (self.k / x) ** self.s)

    def slope(self, x):
        ratio = np.maximum(x, np.finfo(float).tiny) / self.k
        with np.errstate(over="ignore"):
            return self.a * self.s / self.k * ratio ** (self.s - 1) / (1 + ratio ** self.s) ** 2

    def inflection(self, low, high):
        return np.clip(self.k * ((self.s - 1) / (self.s + 1)) ** (1 / self.s), low, high)

    def at_slope(self, slope, low, high):
        """The spend on the concave branch with this slope.

        With u = log (x ÷ k)^s the log slope is concave and falls to the right of the inflection; Newton from a point
        right of the root comes down to it without a turn.
        """
        wanted = np.log(np.maximum(slope, np.finfo(float).tiny) * self.k / (self.a * self.s))
        rise = (self.s - 1) / self.s
        at_turn = np.log(np.maximum((self.s - 1) / (self.s + 1), np.finfo(float).tiny))
        # a slope steeper than the curve ever is has no root: what falls left of the inflection stays there
        u = np.maximum(-wanted / (1 + 1 / self.s), at_turn)
        for _ in range(_NEWTON):
            shrunk = np.exp(-np.abs(u))
            filled = np.where(u > 0, 1, shrunk) / (1 + shrunk)
            miss = rise * u - 2 * (np.maximum(u, 0) + np.log1p(shrunk)) - wanted
            after = np.maximum(u - miss / np.minimum(rise - 2 * filled, -_STEEPEST), at_turn)
            # near the turn the root is double: a miss of nothing says more there than a small step
            done, u = np.all((np.abs(after - u) < _CLOSE) | (np.abs(miss) < _CLOSE)), after
            if done:
                break
        with np.errstate(over="ignore"):
            return np.clip(np.where(slope > 0, self.k * np.exp(u / self.s), high), low, high)


@dataclass(frozen=True, slots=True)
class Logistic:
    """a · (2 ÷ (1 + exp(−lam · x)) − 1): concave for x ≥ 0, a the ceiling, lam per unit of money."""

    a: float | np.ndarray
    lam: float | np.ndarray

    def value(self, x):
        return self.a * np.tanh(self.lam * x / 2)

    def slope(self, x):
        return self.a * self.lam / 2 * (1 - np.tanh(self.lam * x / 2) ** 2)

    def inflection(self, low, high):
        return np.clip(0.0 * self.a, low, high)

    def at_slope(self, slope, low, high):
        """The spend with this slope: artanh of what the slope has lost."""
        left = np.clip(1 - 2 * slope / (self.a * self.lam), 0, 1)
        with np.errstate(divide="ignore"):
            return np.clip(np.arctanh(np.sqrt(left)) * 2 / self.lam, low, high)


def MichaelisMenten(a, k) -> Hill:  # noqa: N802 - reads as the family it makes
    """a · x ÷ (k + x): the Hill curve of shape 1."""
    return Hill(a, k, 1.0 if np.ndim(a) == 0 else np.ones(np.shape(a)))


@dataclass(frozen=True, slots=True)
class Curve:
    """Any concave, convex or S-shaped function with its derivative, both taking arrays of spends.

    turn: the spend where it turns from convex to concave; found by looking where None.
    """

    function: Callable
    derivative: Callable
    turn: float | None = None

    def value(self, x):
        return _called(self.function, x)

    def slope(self, x):
        return _called(self.derivative, x)

    def inflection(self, low, high):
        """Where the slope is largest. Raises Impossible (`not_s_shaped`) for a slope that rises after it fell."""
        if self.turn is not None:
            return float(np.clip(self.turn, low, high))
        x = np.linspace(low, high, _LOOK)
        slopes = self.slope(x)
        top, waver = int(np.argmax(slopes)), _WAVER * np.max(np.abs(slopes))
        steps = np.diff(slopes)
        if np.any(steps[:top] < -waver) or np.any(steps[top:] > waver):
            raise impossible("not_s_shaped", "curve", got=f"{low:g} … {high:g}")
        if top in (0, _LOOK - 1):
            return float(x[top])
        return self._highest(x[top - 1], x[top + 1])

    def _highest(self, low: float, high: float) -> float:
        """The spend of the steepest slope between two, by ternary search."""
        for _ in range(_BISECT):
            inner = np.array([low + (high - low) / 3, high - (high - low) / 3])
            left, right = self.slope(inner)
            low, high = (inner[0], high) if left < right else (low, inner[1])
        return float((low + high) / 2)

    def at_slope(self, slope, low, high):
        """The spend with this slope between two on the concave branch: the Illinois rule, all of them at once."""
        slope = np.asarray(slope, float)
        left, right = np.full(slope.shape, low, float), np.full(slope.shape, high, float)
        above, below = self.slope(left) - slope, self.slope(right) - slope
        inside = (above > 0) & (below < 0)
        out, side = np.where(above <= 0, left, right), np.zeros(slope.shape)
        near = _CLOSE * np.maximum(np.abs(above), np.abs(below))
        for _ in range(_BISECT):
            if not np.any(inside):
                break
            with np.errstate(invalid="ignore", divide="ignore"):
                x = (left * below - right * above) / (below - above)
            x = np.where((x > left) & (x < right), x, (left + right) / 2)
            here = self.slope(x) - slope
            out = np.where(inside, x, out)
            steep = here > 0
            below = np.where(steep, np.where(side > 0, below / 2, below), here)
            above = np.where(steep, here, np.where(side < 0, above / 2, above))
            left, right, side = np.where(steep, x, left), np.where(steep, right, x), np.where(steep, 1, -1)
            inside = inside & (np.abs(here) > near)
        return out


def _called(function: Callable, x):
    """The function of an array, called number by number where it takes no arrays."""
    x = np.asarray(x, float)
    try:
        out = np.asarray(function(x), float)
    except (TypeError, ValueError):
        out = None
    if out is None or out.shape != x.shape:
        out = np.vectorize(function, otypes=[float])(x)
    return out


class Bundle:
    """Curves of several channels as one: every method takes and gives (channels,) or (channels, points)."""

    def __init__(self, curves: Sequence):
        """curves: Hill, Logistic, Curve, or pairs (function, derivative)."""
        made = [Curve(*c) if isinstance(c, tuple) else c for c in curves]
        self.size = len(made)
        self._parts = []
        for family in (Hill, Logistic):
            chosen = [i for i, c in enumerate(made) if type(c) is family]
            if chosen:
                columns = [np.array([getattr(made[i], f.name) for i in chosen], float) for f in fields(family)]
                self._parts.append((np.array(chosen), family, columns))
        self._others = [(i, c) for i, c in enumerate(made) if type(c) not in (Hill, Logistic)]

    def _each(self, method: str, *arrays) -> np.ndarray:
        first = np.asarray(arrays[0], float)
        out = np.empty(first.shape)
        for chosen, family, columns in self._parts:
            wide = [c.reshape(-1, *[1] * (first.ndim - 1)) for c in columns]
            out[chosen] = getattr(family(*wide), method)(*(a[chosen] for a in arrays))
        for i, curve in self._others:
            out[i] = getattr(curve, method)(*(a[i] for a in arrays))
        return out

    def value(self, x: np.ndarray) -> np.ndarray:
        return self._each("value", x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        return self._each("slope", x)

    def inflection(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return self._each("inflection", low, high)

    def at_slope(self, slope: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return self._each("at_slope", slope, low, high)

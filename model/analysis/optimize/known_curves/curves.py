"""Response curves of one channel: value and slope of a spend, and where the curve turns from convex to concave.

A curve is concave, convex, or S-shaped (first convex, then concave). The parameters of the three families may be
arrays: `Bundle` evaluates all channels of one family in one numpy pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.known_curves.sampled_curve import Curve, SampledCurves

#: steps of Newton's method that inverts a slope (monotone and quadratic), and what ends it
_NEWTON, _CLOSE, _STEEPEST = 40, 1e-14, 1e-100


@dataclass(frozen=True, slots=True)
class Hill:
    """a · x^s ÷ (k^s + x^s): a the ceiling (value), k the spend of half of it (money), s ≥ 1 the shape; S-shaped above 1.

    s = 1 is the Michaelis–Menten curve. (A. V. Hill 1910; for media: Jin et al., Google 2017.)
    """

    a: float | np.ndarray
    k: float | np.ndarray
    s: float | np.ndarray

    def value(self, x):
        """a · x^s ÷ (k^s + x^s), in the unit of a; x: spends of any shape that goes with the parameters'."""
        with np.errstate(divide="ignore", over="ignore"):
            return self.a / (1 + (self.k / x) ** self.s)

    def slope(self, x):
        """What one more of the spend's unit brings, at x."""
        ratio = np.maximum(x, np.finfo(float).tiny) / self.k
        with np.errstate(over="ignore"):
            return self.a * self.s / self.k * ratio ** (self.s - 1) / (1 + ratio ** self.s) ** 2

    def inflection(self, low, high):
        """The spend where it turns from convex to concave (0 for s = 1), between the bounds."""
        return np.clip(self.k * ((self.s - 1) / (self.s + 1)) ** (1 / self.s), low, high)

    def at_slope(self, slope, low, high):
        """The spend on the concave branch with this slope.

        With u = log (x ÷ k)^s the log slope is concave and falls to the right of the inflection; Newton from a point
        right of the root comes down to it without a turn.
        """
        wanted = np.log(np.maximum(slope, np.finfo(float).tiny)) + np.log(self.k / self.s / np.maximum(self.a, _STEEPEST))
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
        """a · tanh(lam · x ÷ 2), in the unit of a; x: spends of any shape that goes with the parameters'."""
        return self.a * np.tanh(self.lam * x / 2)

    def slope(self, x):
        """What one more of the spend's unit brings, at x."""
        return self.a * self.lam / 2 * (1 - np.tanh(self.lam * x / 2) ** 2)

    def inflection(self, low, high):
        """The lower bound, at least 0: it is concave all over."""
        return np.clip(0.0 * self.a, low, high)

    def at_slope(self, slope, low, high):
        """The spend with this slope: artanh of what the slope has lost."""
        left = np.clip(1 - 2 * slope / np.maximum(self.a * self.lam, _STEEPEST), 0, 1)
        with np.errstate(divide="ignore"):
            return np.clip(np.arctanh(np.sqrt(left)) * 2 / self.lam, low, high)


def MichaelisMenten(a, k) -> Hill:
    """a · x ÷ (k + x): the Hill curve of shape 1."""
    return Hill(a, k, 1.0 if np.ndim(a) == 0 else np.ones(np.shape(a)))


class Bundle:
    """Curves of several channels as one: every method takes and gives (channels,) or (channels, points)."""

    def __init__(self, curves: Sequence):
        """curves: Hill, Logistic, Curve, or pairs (function, derivative). Raises Impossible for parameters out of range."""
        made = [Curve(*c) if isinstance(c, tuple) else c for c in curves]
        self.size = len(made)
        self._parts = []
        for family in (Hill, Logistic):
            chosen = [i for i, c in enumerate(made) if type(c) is family]
            if chosen:
                columns = [np.array([getattr(made[i], f.name) for i in chosen], float) for f in fields(family)]
                _check(family, columns, chosen)
                self._parts.append((np.array(chosen), family, columns))
        others = [i for i, c in enumerate(made) if type(c) not in (Hill, Logistic)]
        #: the curves that are functions only, and their positions; None where there are none
        self.sampled = SampledCurves([made[i] for i in others]) if others else None
        self._others = np.array(others, int)

    def _each(self, method: str, *arrays) -> np.ndarray:
        first = np.asarray(arrays[0], float)
        out = np.empty(first.shape)
        for chosen, family, columns in self._parts:
            wide = [c.reshape(-1, *[1] * (first.ndim - 1)) for c in columns]
            out[chosen] = getattr(family(*wide), method)(*(a[chosen] for a in arrays))
        if self.sampled:
            out[self._others] = getattr(self.sampled, method)(*(a[self._others] for a in arrays))
        return out

    def value(self, x: np.ndarray) -> np.ndarray:
        """Value of every curve at its spends x: (channels,) or (channels, points), as x."""
        return self._each("value", x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        """Slope of every curve at its spends x: (channels,) or (channels, points), as x."""
        return self._each("slope", x)

    def inflection(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Where each curve turns from convex to concave (channels,). Raises Impossible: not_s_shaped, not_finite."""
        return self._each("inflection", low, high)

    def at_slope(self, slope: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The spend of each curve's concave piece with this slope, between its bounds: the shape of slope."""
        return self._each("at_slope", slope, low, high)

    def worth(self, prices: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Most of value less price · spend on the concave pieces (P, channels), or a bound above it. prices: ascending."""
        out = np.empty((prices.size, self.size))
        for chosen, family, columns in self._parts:
            wide = family(*(c[:, None] for c in columns))
            x = wide.at_slope(np.broadcast_to(prices, (chosen.size, prices.size)), low[chosen, None], high[chosen, None])
            out[:, chosen] = (wide.value(x) - prices * x).T
        if self.sampled:
            out[:, self._others] = self.sampled.worth(prices).T
        return out

    def near(self, prices: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
        """Have functions asked around the spends of these prices; whether there are any."""
        if self.sampled:
            self.sampled.near(prices, low[self._others], high[self._others])
        return bool(self.sampled)

    def learn(self, price: float, low: np.ndarray, high: np.ndarray, kinks: bool) -> float:
        """Have functions asked at the spends thought to have this slope; how far the worst missed it, 0 without functions."""
        return self.sampled.learn(price, low[self._others], high[self._others], kinks) if self.sampled else 0.0


#: the least each parameter may be, and whether it may be that
_LEAST = {"a": (0.0, True), "k": (0.0, False), "s": (1.0, True), "lam": (0.0, False)}


def _check(family: type, columns: Sequence[np.ndarray], channels: Sequence[int]) -> None:
    """Raises Impossible: too_low, with the channel's position and the parameter; not_finite."""
    for column, name in zip(columns, (f.name for f in fields(family)), strict=True):
        least, itself = _LEAST[name]
        for value, channel in zip(column, channels, strict=True):
            if not np.isfinite(value):
                raise impossible("not_finite", f"{channel}: {name}", got=str(value))
            if value < least or value == least and not itself:
                raise impossible("too_low", f"{channel}: {name}", got=float(value), allowed=f"{'≥' if itself else '>'} {least:g}")

"""Curves that are functions only: what they said where they were asked, and what follows from it everywhere else.

Each curve is asked for value and slope at a grid, closer where it turns and where the grid would miss something. On the
concave piece every tangent lies above the curve, so the tangents of all points asked so far make a true upper bound of
"value less price · spend" without asking again. The proof rests on two things a grid cannot prove: between two points
asked, the slope goes one way as it does from point to point, and the derivative is that of the function. Both are held
against each other: the rise from point to point must be one that slopes between the two could make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.optimize.asks import impossible

#: points of the first grid, and how far a slope may waver or a rise miss its slopes (as a part of the largest)
_LOOK, _WAVER, _MISSES = 257, 1e-9, 1e-7
#: a cell whose rise its slopes miss by this part of the value hides something: it is halved, so often at most
_HIDES, _HALVE = 1e-3, 60
#: points and rounds of a closer look at the turn, and the width (of its distance from the floor) that ends it
_CLOSER, _ROUNDS, _TURN = 33, 40, 1e-5
#: points at which an answer to an array is held against answers to numbers
_SAMPLE, _SAME = 3, 1e-9


@dataclass(frozen=True, slots=True)
class Curve:
    """Any concave, convex or S-shaped function with its derivative, of arrays of spends or of one number.

    turn: the spend where it turns from convex to concave, if known; found by looking where None.
    """

    function: Callable
    derivative: Callable
    turn: float | None = None


class Answers:
    """A function of arrays, or of numbers one by one: found out once, at the first array it is given."""

    def __init__(self, function: Callable):
        self._function = function
        self._takes_arrays: bool | None = None

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Raises Impossible (`not_finite`) where it has no answer to a number."""
        flat = np.ascontiguousarray(x, float).ravel()
        arrays = self._try(flat) if self._takes_arrays is None else self._takes_arrays
        if self._takes_arrays is None and flat.size > _SAMPLE:
            self._takes_arrays = arrays
        with np.errstate(all="ignore"):
            out = self._function(flat) if arrays else [self._of_number(v) for v in flat.tolist()]
        return np.asarray(out, float).reshape(np.shape(x))

    def _of_number(self, x: float) -> float:
        try:
            return self._function(x)
        except (ArithmeticError, ValueError) as error:
            raise impossible("not_finite", "curve", got=f"{x:g}: {error}") from error

    def _try(self, flat: np.ndarray) -> bool:
        """Whether it takes arrays, and says of them what it says of their numbers."""
        at = np.linspace(0, flat.size - 1, _SAMPLE + 2).astype(int)[1:-1]  # at an end a number may divide by zero
        try:
            with np.errstate(all="ignore"):
                out = np.asarray(self._function(flat.copy()), float)
                each = np.array([self._function(v) for v in flat[at]], float)
        except (TypeError, ValueError):
            return False
        return out.shape == flat.shape and bool(np.allclose(out[at], each, rtol=_SAME, atol=0, equal_nan=True))


class SampledCurves:
    """Several such curves as one: every method takes and gives (curves,) or (curves, points).

    `inflection` comes first: it looks at the curves between their bounds. x, value_at, slope_at (curves, asked): what is
    known of the concave pieces, in ascending order of x, padded with the last point.
    """

    def __init__(self, curves: Sequence[Curve]):
        self._function = [Answers(c.function) for c in curves]
        self._derivative = [Answers(c.derivative) for c in curves]
        self._told = [c.turn for c in curves]
        self.x = self.value_at = self.slope_at = np.empty((len(curves), 0))

    def value(self, x: np.ndarray) -> np.ndarray:
        """Values (curves, points) at spends x (curves, points). Raises Impossible: not_finite."""
        return np.stack([f(row) for f, row in zip(self._function, x, strict=True)])

    def slope(self, x: np.ndarray) -> np.ndarray:
        """Slopes (curves, points) at spends x (curves, points). Raises Impossible: not_finite."""
        return np.stack([f(row) for f, row in zip(self._derivative, x, strict=True)])

    def inflection(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Where each slope is largest. Raises Impossible: not_s_shaped, not_finite."""
        looks = [self._look(i, float(a), float(b)) for i, (a, b) in enumerate(zip(low, high, strict=True))]
        kept = [look[:, np.searchsorted(look[0], turn):] for turn, look in looks]
        size = max(k.shape[1] for k in kept)
        self.x, self.value_at, self.slope_at = np.moveaxis(
            np.stack([np.pad(k, ((0, 0), (0, size - k.shape[1])), mode="edge") for k in kept]), 1, 0).copy()
        self.slope_at = np.minimum.accumulate(self.slope_at, axis=1)
        return np.array([turn for turn, _ in looks])

    # --- the look -------------------------------------------------------------------------------------------------------

    def _look(self, i: int, low: float, high: float) -> tuple[float, np.ndarray]:
        """Turn of a curve, and (3, points) of spend, value and slope: a grid that misses nothing the slopes can tell."""
        if not low < high:
            return low, self._at(i, np.array([low]))
        said = self._told[i]
        told = [said] if said is not None and low < said < high else []
        seen = self._at(i, np.unique([*np.linspace(low, high, _LOOK), *told]))
        for _ in range(_HALVE):
            hides = np.flatnonzero(_missed(seen) > _HIDES * _size(seen))
            if not hides.size:
                break
            seen = self._more(i, seen, (seen[0, hides] + seen[0, hides + 1]) / 2)
        seen = self._near_turn(i, seen)
        top, waver = int(np.argmax(seen[2])), _WAVER * np.max(np.abs(seen[2, np.isfinite(seen[2])]), initial=0.0)
        steps = np.diff(seen[2])
        if np.any(steps[:top] < -waver) or np.any(steps[top:] > waver) or np.any(_missed(seen) > _MISSES * _size(seen)):
            raise impossible("not_s_shaped", "curve", got=f"{low:g} … {high:g}")
        return float(seen[0, top]), seen

    def _near_turn(self, i: int, seen: np.ndarray) -> np.ndarray:
        """Points closer and closer around the steepest one, unless it is an end that its neighbour confirms."""
        for _ in range(_ROUNDS):
            top, last = int(np.argmax(seen[2])), seen.shape[1] - 1
            left, right = max(top - 1, 0), min(top + 1, last)
            sure = top in (0, last) and _missed(seen[:, left:right + 1])[0] <= _MISSES * _size(seen)
            wide = seen[0, right] - seen[0, left] > _TURN * (seen[0, right] - seen[0, 0])
            if sure or not wide:
                break
            seen = self._more(i, seen, np.linspace(seen[0, left], seen[0, right], _CLOSER)[1:-1])
        return seen

    def _more(self, i: int, seen: np.ndarray, x: np.ndarray) -> np.ndarray:
        both = np.concatenate([seen, self._at(i, x)], axis=1)
        return both[:, np.unique(both[0], return_index=True)[1]]

    def _at(self, i: int, x: np.ndarray) -> np.ndarray:
        """(3, points). Raises Impossible (`not_finite`) for a value that is no number; a slope may be infinite."""
        out = np.stack([x, self._function[i](x), self._derivative[i](x)])
        wrong = ~np.isfinite(out[1]) | np.isnan(out[2]) | (out[2] == -np.inf)
        if np.any(wrong):
            raise impossible("not_finite", "curve", got=f"{out[1:, wrong][:, 0]} ({x[wrong][0]:g})")
        return out

    # --- what follows ---------------------------------------------------------------------------------------------------

    def at_slope(self, slope: np.ndarray, low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
        """About the spend with this slope on the concave piece: between two points asked the slope is taken as straight."""
        wanted = np.asarray(slope, float).reshape(len(self.x), -1)
        right = (self.slope_at[:, None] > wanted[:, :, None]).sum(axis=2)
        (xl, xr), _, (sl, sr) = self._ends(right)
        with np.errstate(all="ignore"):
            part = (sl - wanted) / (sl - sr)
        part = np.where(np.isfinite(part), part, 0.5)
        return np.clip((xl + (xr - xl) * part).reshape(np.shape(slope)), low, high)

    def _ends(self, right: np.ndarray):
        """x, values, slopes at both ends of the cells whose right ends are `right` (curves, points); at an end, twice it."""
        last = self.x.shape[1] - 1
        ends = [np.clip(np.where((right > 0) & (right <= last), right - 1, right), 0, last), np.clip(right, 0, last)]
        return [[np.take_along_axis(a, e, axis=1) for e in ends] for a in (self.x, self.value_at, self.slope_at)]

    def worth(self, prices: np.ndarray) -> np.ndarray:
        """Upper bound (curves, P) of value less price · spend on the concave pieces, by tangents. prices: ascending."""
        right = np.stack([np.searchsorted(-row, -prices, side="left") for row in self.slope_at])
        (xl, xr), (fl, fr), (sl, sr) = self._ends(right)
        met = _met(xl, xr, fl, fr, sl, sr)
        with np.errstate(all="ignore"):
            at_left = np.where(met > xl, fl + sl * (met - xl), fl)
        return np.fmin(at_left, np.where(met < xr, fr + sr * (met - xr), fr)) - prices * met

    def near(self, prices: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Ask around the spends that these prices lead to."""
        wide = np.broadcast_to(prices, (len(self.x), prices.size))
        self.ask(self.at_slope(wide, low[:, None], high[:, None]))

    def learn(self, price: float, low: np.ndarray, high: np.ndarray, kinks: bool) -> float:
        """Ask every curve at the spend thought to have this slope (of kinks also where tangents meet, and
        halfway); by how much the worst missed it of those between their bounds.

        All are asked: would the bounds above some be closer than above others, like curves would no longer look alike.
        """
        spend = self.at_slope(np.full(len(low), price), -np.inf, np.inf)
        missed = np.abs(self.ask(spend[:, None])[:, 0] - price)
        if kinks:
            (xl, xr), values, slopes = self._ends((self.slope_at > price).sum(axis=1)[:, None])
            self.ask(np.concatenate([_met(xl, xr, *values, *slopes), (xl + xr) / 2], axis=1))
        return float(np.max(missed, where=(spend > low) & (spend < high), initial=0.0))

    def ask(self, x: np.ndarray) -> np.ndarray:
        """Ask the curves at spends (curves, m), and remember; the slopes there."""
        new = np.stack([self._at(i, row) for i, row in enumerate(x)], axis=1)
        every = np.concatenate([np.stack([self.x, self.value_at, self.slope_at]), new], axis=2)
        order = np.argsort(every[0], axis=1, kind="stable")
        self.x, self.value_at, slopes = np.take_along_axis(every, order[None], axis=2)
        self.slope_at = np.minimum.accumulate(slopes, axis=1)
        return new[2]


def _met(xl, xr, fl, fr, sl, sr) -> np.ndarray:
    """Where the tangents at both ends of a cell meet."""
    with np.errstate(all="ignore"):
        step = (fr - fl - sr * (xr - xl)) / (sl - sr)
    return xl + np.clip(np.where(np.isfinite(step), step, 0.0), 0, xr - xl)


def _missed(seen: np.ndarray) -> np.ndarray:
    """By how much each cell's rise lies outside of what slopes between those of its ends could make."""
    width, rise = np.diff(seen[0]), np.diff(seen[1])
    ends = np.stack([seen[2, :-1], seen[2, 1:]])
    return np.maximum(0, np.maximum(rise - ends.max(axis=0) * width, ends.min(axis=0) * width - rise))


def _size(seen: np.ndarray) -> float:
    """Size of the values: what they rise and fall by between the bounds."""
    return float(np.max(seen[1]) - np.min(seen[1]))

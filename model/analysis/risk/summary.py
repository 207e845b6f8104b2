"""Points of a distribution from draws, each with its standard error from independent scrambles; any number of batches.

Quantiles come from one sort of all draws of a batch, at (rank − ½) ÷ draws; their errors from one sort of each scramble.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np

#: per cent points that are reported
POINTS = (5, 10, 25, 50, 75, 90, 95)
#: the worst share of draws whose mean is the expected shortfall
WORST = 0.05


@dataclass(frozen=True, slots=True)
class Summary:
    """One output's distribution. Arrays have the output's own axes (months, years, or none); points come first.

    mean, points (7, …) at POINTS, worst: mean of the lowest 5 %, best: mean of the highest 5 %; *_error: their standard
    errors. For a cost, "best" is what a planner fears.
    """

    mean: np.ndarray
    mean_error: np.ndarray
    points: np.ndarray
    points_error: np.ndarray
    worst: np.ndarray
    worst_error: np.ndarray
    best: np.ndarray
    best_error: np.ndarray

    def each(self) -> list[Summary]:
        """Of a summary of outputs along the first axis: one summary an output."""
        arrays = {f.name: np.moveaxis(getattr(self, f.name), 1 if f.name.startswith("points") else 0, 0) for f in fields(self)}
        return [Summary(**{name: array[i] for name, array in arrays.items()}) for i in range(len(self.mean))]

    def point(self, per_cent: int) -> np.ndarray:
        """The 5, 10, 25, 50, 75, 90 or 95 % point, in the shape of the mean."""
        return self.points[POINTS.index(per_cent)]

    def point_error(self, per_cent: int) -> np.ndarray:
        """Standard error of that point, in its unit."""
        return self.points_error[POINTS.index(per_cent)]


def quantile(ordered: np.ndarray, share: float | np.ndarray) -> np.ndarray:
    """Quantiles along the last, sorted axis: of one share (…), of several (P,) → (…, P)."""
    size = ordered.shape[-1]
    place = np.clip(np.asarray(share) * size - 0.5, 0.0, size - 1.0)
    left = np.minimum(place.astype(np.intp), max(size - 2, 0))
    low, high = ordered[..., left], ordered[..., np.minimum(left + 1, size - 1)]
    return low + (place - left) * (high - low)


def lowest(ordered: np.ndarray, share: float) -> np.ndarray:
    """Mean of the lowest `share` of the draws along the last, sorted axis; a part of a draw counts in part."""
    wanted = share * ordered.shape[-1]
    whole = int(wanted)
    if whole == ordered.shape[-1]:
        return ordered.mean(axis=-1, dtype=float)
    return (ordered[..., :whole].sum(axis=-1, dtype=float) + (wanted - whole) * ordered[..., whole]) / wanted


def _statistics(draws: np.ndarray) -> np.ndarray:
    """Mean, points, worst and best along the last axis: (10, …), summed in double precision."""
    ordered = np.sort(draws, axis=-1)
    points = quantile(ordered, np.array(POINTS) / 100)
    mean = ordered.mean(axis=-1, dtype=float)
    return np.stack([mean, *np.moveaxis(points, -1, 0), lowest(ordered, WORST), lowest(ordered[..., ::-1], WORST)])


def _mean_only(draws: np.ndarray) -> np.ndarray:
    """In the place of `_statistics` for outputs that are 0 or 1, whose points nobody asks for."""
    mean = draws.mean(axis=-1, dtype=float)[None]
    return np.concatenate([mean, np.full((len(POINTS) + 2, *mean.shape[1:]), np.nan)])


@dataclass(slots=True)
class Tally:
    """Collects the batches of an output, or of some of one shape; a batch is some whole scrambles. counted: 0 or 1 each."""

    counted: bool = False
    pooled: list[np.ndarray] = field(default_factory=list)
    single: list[np.ndarray] = field(default_factory=list)

    def add(self, draws: np.ndarray, scrambles: int) -> None:
        """draws: (…, scrambles · points of each)."""
        split = draws.reshape(*draws.shape[:-1], scrambles, -1)
        statistics = _mean_only if self.counted else _statistics
        self.single.append(statistics(split))
        self.pooled.append(statistics(draws) * scrambles)

    def summary(self) -> Summary:
        """Of all batches so far: their points averaged, errors from all scrambles."""
        single = np.concatenate(self.single, axis=-1)
        value = sum(self.pooled) / single.shape[-1]
        error = single.std(axis=-1, ddof=1) / np.sqrt(single.shape[-1])
        n = len(POINTS)
        return Summary(value[0], error[0], value[1:n + 1], error[1:n + 1], value[-2], error[-2], value[-1], error[-1])


def mean_and_error(draws: np.ndarray, scrambles: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the last axis and its standard error from its scrambles."""
    means = draws.reshape(*draws.shape[:-1], scrambles, -1).mean(axis=-1)
    return means.mean(axis=-1), means.std(axis=-1, ddof=1) / np.sqrt(scrambles)


def over_scrambles(statistic: Callable[..., np.ndarray], scrambles: int, *draws: np.ndarray) -> tuple[float, float]:
    """A statistic along the last axis of some draws (D,), of all of them, and its standard error from their scrambles."""
    each = statistic(*(d.reshape(scrambles, -1) for d in draws))
    return float(statistic(*draws)), float(np.std(each, ddof=1) / np.sqrt(scrambles))

"""Uphill within limits from many points at once: sequential quadratic programming in lockstep.

A lane is one search: a start, a point of a frontier, a draw. In every round all lanes ask for their central differences
in one call of the simulator, solve their own small programme, and ask for all trial steps in a second call. Bends are
taken channel by channel: the simulator is nearly separable, and what couples channels (halo, repeats) is weak.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.analysis.optimize.search.limits import Rows
from model.analysis.optimize.search.quadratic import best_step

#: step of the differences, as a share of the whole budget
DIFFERENCE = 1e-4
#: lengths tried along a step
LENGTHS = np.array([1.0, 0.5, 0.2, 0.05, 0.01])
#: the least bend, as slope per whole budget: no step is longer than the budget is large
_BEND = 0.5
#: limits on KPIs are aimed at from the good side by AIM of their size; missing the aim by KEPT still keeps the limit
KEPT, AIM = 1e-7, 3e-7
_PENALTY, _ABOVE, _MOST_CAUTION = 10.0, 3.0, 1e3

#: (lanes, points, n) -> values (lanes, points) and margins (lanes, points, KPI limits), both larger the better
Look = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def _not_yet() -> np.ndarray:
    """What a lane does not know before its first look."""
    return np.zeros(0)


@dataclass(eq=False)
class Lane:
    """One search. x: spends. rows: linear limits. number: which lane, for `Look`. multiplier: of the last programme."""

    x: np.ndarray
    rows: Rows
    number: int = 0
    value: float = -np.inf
    margin: np.ndarray = field(default_factory=_not_yet)
    slope: np.ndarray = field(default_factory=_not_yet)
    multiplier: np.ndarray = field(default_factory=_not_yet)
    #: the bends are multiplied by it after a step that did not rise
    caution: float = 1.0
    #: weight of missed KPI limits: above every multiplier seen, else missing one would pay
    penalty: float = 0.0
    open: bool = True

    @property
    def short(self) -> float:
        """How far the worst KPI limit is missed, 0 where all are kept."""
        return float(np.max(-self.margin, initial=0.0))


def climb(lanes: Sequence[Lane], look: Look, scale: float, rounds: int, close: float = 1e-9,
          stop: Callable[[], bool] | None = None, progress: Callable[[float], None] | None = None) -> bool:
    """Move every lane uphill in place; False where `stop` ended it (lanes keep their best so far).

    scale: size of a value, for what counts as no change (`close` of it).
    """
    _start(lanes, look)
    for i in range(rounds):
        live = [lane for lane in lanes if lane.open]
        if not live:
            break
        if stop and stop():
            return False
        slopes, bends, tilts = differences(live, look)
        steps = [step_of(*of_lane, scale) for of_lane in zip(live, slopes, bends, tilts, strict=True)]
        _advance(live, steps, look, scale, close)
        if progress:
            progress((i + 1) / rounds)
    return True


def _start(lanes: Sequence[Lane], look: Look) -> None:
    values, margins = look(np.stack([lane.x for lane in lanes])[:, None], np.array([lane.number for lane in lanes]))
    for lane, value, margin in zip(lanes, values[:, 0], margins[:, 0], strict=True):
        lane.value, lane.margin = float(value), margin


def differences(lanes: Sequence[Lane], look: Look) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slopes (L, n), bends (L, n) and slopes of the margins (L, KPI limits, n) by central differences in one call."""
    x = np.stack([lane.x for lane in lanes])
    n = x.shape[1]
    step = DIFFERENCE / np.sqrt(n / 12) if n > 60 else DIFFERENCE
    centre = np.maximum(x, step)  # at the bottom the difference is taken just above it
    moved = step * np.eye(n)
    points = np.concatenate([centre[:, None] - moved, centre[:, None] + moved], axis=1)
    diagonal = np.arange(n)
    points[:, :n] = np.where(np.eye(n, dtype=bool), points[:, :n], x[:, None])
    points[:, n:] = np.where(np.eye(n, dtype=bool), points[:, n:], x[:, None])
    values, margins = look(points, np.array([lane.number for lane in lanes]))
    here = np.array([lane.value for lane in lanes])[:, None]
    low, high = values[:, diagonal], values[:, n + diagonal]
    bend = np.where(x >= step, (low + high - 2 * here) / step ** 2, 0.0)
    tilt = np.moveaxis(margins[:, n:] - margins[:, :n], 1, 2) / (2 * step)
    return (high - low) / (2 * step), bend, tilt


def step_of(lane: Lane, slope: np.ndarray, bend: np.ndarray, tilt: np.ndarray, scale: float) -> np.ndarray | None:
    """The step of a lane's programme; towards keeping the KPI limits where no step keeps them all. Sets its multipliers."""
    steep = max(float(np.max(np.abs(slope))), 1e-12 * scale)
    bends = np.maximum(np.abs(bend) / steep, _BEND) * lane.caution
    least = lane.rows.least - lane.rows.a @ lane.x
    a = np.vstack([lane.rows.a, tilt])
    found = best_step(slope / steep, bends, a, np.concatenate([least, -lane.margin]))
    lane.slope, lane.multiplier = slope, found.multiplier * steep
    if found.step is not None and tilt.size:
        lane.penalty = max(lane.penalty, _ABOVE * float(lane.multiplier[len(lane.rows.labels):].max()))
    if found.step is None and tilt.size:
        worst = tilt[np.argmin(lane.margin)]
        size = max(float(np.max(np.abs(worst))), 1e-300)
        found = best_step(worst / size, np.full(slope.size, _BEND * lane.caution), lane.rows.a, least)
    return found.step


def _merit(value: np.ndarray, margin: np.ndarray, penalty: float) -> np.ndarray:
    """Value less the penalty for KPI limits not kept."""
    return value - penalty * np.maximum(0, -margin - KEPT).sum(axis=-1)


def _advance(lanes: Sequence[Lane], steps, look: Look, scale: float, close: float) -> None:
    """Try lengths of every lane's step in one call; take the best, or be more cautious."""
    moves = np.stack([np.zeros(lane.x.size) if s is None else s for lane, s in zip(lanes, steps, strict=True)])
    points = np.maximum(0, np.stack([lane.x for lane in lanes])[:, None] + LENGTHS[None, :, None] * moves[:, None])
    values, margins = look(points, np.array([lane.number for lane in lanes]))
    for i, lane in enumerate(lanes):
        penalty = max(lane.penalty, _PENALTY * scale)
        before = float(_merit(np.array(lane.value), lane.margin, penalty))
        merits = _merit(values[i], margins[i], penalty)
        best = int(np.argmax(merits))
        gained = float(merits[best]) - before
        if gained > 0 and steps[i] is not None:
            lane.x, lane.value, lane.margin = points[i, best], float(values[i, best]), margins[i, best]
        if gained > close * scale and steps[i] is not None:
            lane.caution = max(1.0, lane.caution / 4) if best == 0 else lane.caution
        else:
            promised = abs(float(lane.slope @ moves[i])) > close * scale or lane.short > KEPT
            lane.caution *= 8
            lane.open = lane.caution < _MOST_CAUTION and promised and steps[i] is not None

"""Figures that can be and are hardly meant: typed in ten thousands where units are read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from model.engine.evaluate import Result
from model.review.actuals import CHANNEL_COLUMNS, SHOP, UNITS, Actuals, Place

#: so much smaller than planned that ten thousands were meant
_LEAST, _MOST = 5_000.0, 20_000.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure and what the plan has there."""

    place: Place
    value: float
    planned: float


def unit_doubts(plan: Result, actuals: Actuals, places: Collection[Place]) -> tuple[Doubt, ...]:
    """Of these figures those that are about a ten-thousandth of the plan's."""
    found = (Doubt(p, actuals.said[p], _planned(plan, p, actuals.months.index(p[0]))) for p in places if p in actuals.said)
    return tuple(x for x in found if x.value and _LEAST <= x.planned / x.value <= _MOST)


def _planned(plan: Result, place: Place, month: int) -> float:
    _, channel, column = place
    if channel != SHOP and column in CHANNEL_COLUMNS:
        return float(plan.by_channel[column][plan.channels.index(channel), month, 0])
    return float(plan.lines[column][month, 0]) if column in UNITS and column in plan.lines else 0.0

"""A yearly target split over the months: by season, or by season and promotions. The months add up to the year."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import KPIS, period_of
from model.plan import lists as li

#: how to split; "promo" is season and promotions, "plan" the shape of the plan itself
WAYS = ("promo", "season", "plan")
#: a month's target is rounded to this many digits after the first of the year's
_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Split:
    """A yearly figure over the months of its year. share: sums to one. plan: what the plan reaches, bottom up."""

    kpi: str
    months: tuple[str, ...]
    share: np.ndarray
    target: np.ndarray
    plan: np.ndarray

    @property
    def gap(self) -> np.ndarray:
        return self.plan - self.target

    @property
    def targets(self) -> dict[str, float]:
        """By month."""
        return dict(zip(self.months, self.target.tolist(), strict=True))


def splittable() -> tuple[str, ...]:
    """KPIs with targets that add up over months and follow demand."""
    return tuple(k for k in li.TARGET_KPIS if KPIS[k].by_channel and not KPIS[k].bottom and not KPIS[k].special)


def weights(result: Result, way: str, kpi_key: str) -> np.ndarray:
    """What each month of the plan weighs (M,); for GMV and revenue discounts and larger baskets count, too."""
    if way == "plan":
        return np.maximum(0.0, result.lines[KPIS[kpi_key].top][:, 0])
    season = result.index["season"][:, 0]
    if way == "season":
        return season
    by_value = result.index["price"][:, 0] if KPIS[kpi_key].unit.key == "yuan" else 1.0
    return season * result.index["promo"][:, 0] * by_value


def split(total: float, weight: np.ndarray) -> np.ndarray:
    """`total` over months in proportion, in round steps; the largest month takes what rounding leaves."""
    exact = total * weight / weight.sum()
    step = max(1.0, 10.0 ** (math.floor(math.log10(abs(total))) - _DIGITS)) if total else 1.0
    out = np.round(exact / step) * step
    largest = int(np.argmax(np.abs(exact)))
    out[largest] += total - out.sum()
    return out


def split_year(result: Result, kpi_key: str, year: str, way: str, total: float) -> Split:
    """A year's `total` over its months; year: a target's period that the plan reaches."""
    span = period_of(year, result.months)
    weight = weights(result, way, kpi_key)[span]
    if not np.any(weight > 0):
        weight = np.ones_like(weight)
    return Split(kpi_key, result.months[span], weight / weight.sum(), split(total, weight),
                 result.lines[KPIS[kpi_key].top][span, 0])

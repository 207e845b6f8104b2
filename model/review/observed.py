"""What a month shows of the plan's assumptions: logarithms of measured quantities, each over the one before it in the funnel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result
from model.plan import drivers as d
from model.review.actuals import CHANNEL_COLUMNS, SHOP, Actuals, columns_of

#: what a column is held over: the first of these that was measured, or nothing
_OVER: Mapping[str, tuple[str, ...]] = {
    "impressions": ("spend",), "clicks": ("impressions", "spend"), "orders": ("clicks", "impressions", "spend"),
    "new_customers": ("orders", "clicks", "spend"), "gmv": ("orders", "clicks", "spend"), "refunds": ("gmv", "orders")}
#: of organic visits, whose orders hold repeats that came by themselves, first orders tell what visits convert
_OF_ORGANIC = {**_OVER, "new_customers": ("clicks",), "orders": ("new_customers", "clicks")}
_OF_SHOP = {"cost_of_goods": ("net_revenue", "gmv"), "take": ("net_revenue", "gmv"), "fulfilment": ("orders", "gmv"),
            "inventory": ("cost_of_goods",), "pool": ()}
#: whose number says how far chance alone moves a column
_COUNTED = {"impressions": "impressions", "clicks": "clicks", "orders": "orders", "new_customers": "new_customers",
            "gmv": "orders", "refunds": "orders"}
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Series:
    """A column over another one ("" over nothing) of a channel or the shop. months: those in which both were measured.

    values: logarithms (months,). chance: variance that counting gives them (months,).
    """

    column: str
    under: str
    channel: str
    months: np.ndarray
    values: np.ndarray
    chance: np.ndarray

    @property
    def kind(self) -> str:
        """Series that vary alike from month to month."""
        return self.column

    def of(self, result: Result) -> np.ndarray:
        """The same of a result (months, D)."""
        top = _line(result, self.column, self.channel)[self.months]
        under = _line(result, self.under, self.channel)[self.months] if self.under else 1.0
        return np.log(np.maximum(top, _TINY)) - np.log(np.maximum(under, _TINY))


def _line(result: Result, column: str, channel: str) -> np.ndarray:
    return result.lines[column] if channel == SHOP else result.by_channel[column][result.channels.index(channel)]


def observed(actuals: Actuals) -> tuple[Series, ...]:
    """Every series that the measured months give, by channel, then of the shop."""
    out = []
    for channel, kind in actuals.kinds:
        over = _OF_ORGANIC if kind == d.ORGANIC else _OVER
        out += [s for column in over if column in columns_of(kind) if (s := _series(actuals, column, over[column], channel))]
    told = {s.column for s in out}
    of_shop = _OF_SHOP | {column: under for column, under in _OVER.items() if column not in told}
    return tuple(out + [s for column, under in of_shop.items() if (s := _series(actuals, column, under, SHOP))])


def _measured(actuals: Actuals, column: str, channel: str) -> np.ndarray:
    return actuals.total(column) if channel == SHOP and column in CHANNEL_COLUMNS else actuals.of(column, channel)


def _series(actuals: Actuals, column: str, under: tuple[str, ...], channel: str) -> Series | None:
    """None where the column was never measured above nothing."""
    top = _measured(actuals, column, channel)
    bottom = next((x for x in under if np.isfinite(_measured(actuals, x, channel)).any()), "")
    below = _measured(actuals, bottom, channel) if bottom else np.ones_like(top)
    months = np.flatnonzero((np.nan_to_num(top) > 0) & (np.nan_to_num(below) > 0))
    if not len(months):
        return None
    count = _measured(actuals, _COUNTED[column], channel)[months] if column in _COUNTED else np.full(len(months), np.inf)
    chance = 1 / np.maximum(np.where(np.isfinite(count), count, np.inf), 1.0)
    return Series(column, bottom, channel, months, np.log(top[months] / below[months]), chance)

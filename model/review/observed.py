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
_OF_SHOP = {"cost_of_goods": ("net_revenue", "gmv"), "take": ("net_revenue", "gmv"), "fulfilment": ("orders", "gmv"), "pool": ()}
#: whose number says how far chance alone moves a column
_COUNTED = {"impressions": "impressions", "clicks": "clicks", "orders": "orders", "new_customers": "new_customers",
            "gmv": "orders", "refunds": "orders"}
_TINY = 1e-9
#: variance of the cost of stock over the plan's at the same sales so far: nobody knows those to come
_SEASONS = 0.05 ** 2


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


class Stock(Series):
    """The shop's cost of stock over the plan's, at the sales so far. The model's stock foresees the sales to come, a shop's does
    not: what is measured tells of days and rates, and nothing of sales."""

    def of(self, result: Result) -> np.ndarray:
        """What days and rates of a result cost (months, D), in logarithms."""
        return np.log(np.maximum(_stock_rate(result), _TINY))[self.months]


def _stock_rate(result: Result) -> np.ndarray:
    b, months = result.values.business, (len(result.months), 1)
    return (b["carrying_rate"] + b["write_off_rate"]) * b["turnover_days"] * np.ones(months, result.values.precision)


def _line(result: Result, column: str, channel: str) -> np.ndarray:
    return result.lines[column] if channel == SHOP else result.by_channel[column][result.channels.index(channel)]


def observed(actuals: Actuals, plan: Result) -> tuple[Series, ...]:
    """Every series that the measured months give, by channel, then of the shop."""
    out = []
    for channel, kind in actuals.kinds:
        over = _OF_ORGANIC if kind == d.ORGANIC else _OVER
        out += [s for column in over if column in columns_of(kind) if (s := _series(actuals, column, over[column], channel))]
    told = {s.column for s in out}
    of_shop = _OF_SHOP | {column: under for column, under in _OVER.items() if column not in told}
    out += [s for column, under in of_shop.items() if (s := _series(actuals, column, under, SHOP))]
    return (*out, *_stock(actuals, plan))


def _stock(actuals: Actuals, plan: Result) -> list[Series]:
    """What the months' stock cost, where it is known."""
    measured, goods = actuals.of("inventory"), actuals.of("cost_of_goods")
    planned = plan.lines["inventory"][:, 0]
    months = np.flatnonzero((np.nan_to_num(measured) > 0) & (planned > 0))
    if not len(months):
        return []
    known = np.isfinite(goods)
    level = goods[known].sum() / plan.lines["cost_of_goods"][known, 0].sum() if known.any() else 1.0
    values = np.log(measured / (planned * level) * _stock_rate(plan)[:, 0])[months]
    return [Stock("inventory", "", SHOP, months, values, np.full(len(months), _SEASONS))]


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

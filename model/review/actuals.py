"""Months as they were: what was measured of a plan's months, by channel and of the shop.

Every figure is a cell of its own: any subset is enough, what is not there is not said. A correction is a cell that is
said anew, so that two versions can be compared cell by cell.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from model import units as u
from model.errors import InvalidInput, UnknownName, Violation, shown
from model.plan import drivers as d
from model.plan.scenario import Scenario
from model.plan.schema import month_number
from model.units import Unit

#: stands for the whole shop, in the place of a channel and like no channel's key: their sum, not another one of them
SHOP = "(shop)"
#: how a file calls it; a plan may have a channel of one of these names, which then is the channel
SHOP_WORDS = ("shop", "whole shop", "total", "all", "店铺", "全店", "整店", "合计", "总计")
OPEN, PROVISIONAL, CLOSED = STATUSES = ("open", "provisional", "closed")
#: measured by channel, and of the shop as their sum
CHANNEL_COLUMNS: Mapping[str, Unit] = MappingProxyType({
    "spend": u.YUAN, "impressions": u.IMPRESSIONS, "clicks": u.CLICKS, "orders": u.ORDERS, "new_customers": u.PEOPLE,
    "gmv": u.YUAN, "refunds": u.YUAN})
#: measured of the shop alone
SHOP_COLUMNS: Mapping[str, Unit] = MappingProxyType({
    "net_revenue": u.YUAN, "cost_of_goods": u.YUAN, "take": u.YUAN, "fulfilment": u.YUAN, "contribution": u.YUAN,
    "marketing": u.YUAN, "inventory": u.YUAN, "overhead": u.YUAN, "taxes": u.YUAN, "net_profit": u.YUAN,
    "pool": u.PEOPLE, "active_members": u.PEOPLE, "cash": u.YUAN})
UNITS: Mapping[str, Unit] = MappingProxyType({**CHANNEL_COLUMNS, **SHOP_COLUMNS})
#: of the file and of the grid, in their order
COLUMNS = ("month", "channel", *UNITS, "status")
#: may be below zero
SIGNED = frozenset({"net_revenue", "contribution", "taxes", "net_profit", "cash"})
#: of money and traffic, which nobody buys for organic visits
_BOUGHT = ("spend", "impressions")
#: (month, channel or SHOP, column)
Place = tuple[str, str, str]


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns that a channel of this kind may have, or SHOP."""
    if kind == SHOP:
        return tuple(UNITS)
    return tuple(c for c in CHANNEL_COLUMNS if kind != d.ORGANIC or c not in _BOUGHT)


@dataclass(frozen=True)
class Actuals:
    """What was measured of some months of a plan.

    months: all of the plan's, "YYYY-MM". kinds: (channel, kind) in the planner's order. cells: ((month, channel or SHOP,
    column), value), sorted. provisional: months whose books are not closed yet. Equal where all of this is; hashable.
    Raises InvalidInput with every figure that cannot be.
    """

    months: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    cells: tuple[tuple[Place, float], ...] = ()
    provisional: frozenset[str] = frozenset()

    def __post_init__(self):
        object.__setattr__(self, "cells", tuple(sorted(self.cells)))
        if bad := problems(self, self.said):
            raise InvalidInput(bad)

    @classmethod
    def none(cls, scenario: Scenario) -> Actuals:
        """Of a plan of which nothing has been measured yet."""
        first = month_number(scenario.get("start"))
        numbers = range(first, first + int(scenario.get("months")))
        return cls(tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in numbers),
                   tuple((key, row["kind"]) for key, row in scenario.rows[d.CHANNEL].items()))

    @cached_property
    def said(self) -> Mapping[Place, float]:
        return MappingProxyType(dict(self.cells))

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(key for key, _ in self.kinds)

    @cached_property
    def measured(self) -> tuple[str, ...]:
        """The months of which anything is known, in their order."""
        known = {month for (month, _, _), _ in self.cells}
        return tuple(month for month in self.months if month in known)

    @property
    def closed(self) -> int:
        """How many months of the plan are over: up to the last one of which anything is known."""
        return self.months.index(self.measured[-1]) + 1 if self.measured else 0

    def status(self, month: str) -> str:
        """open, provisional or closed."""
        if month not in self.measured:
            return OPEN
        return PROVISIONAL if month in self.provisional else CLOSED

    def of(self, column: str, channel: str = SHOP) -> np.ndarray:
        """A column by month of the plan (months,); nan where it was not measured. Raises UnknownName."""
        if column not in UNITS or channel not in (SHOP, *self.channels):
            raise UnknownName(f"{channel} {column}")
        return np.array([self.said.get((month, channel, column), np.nan) for month in self.months])

    def total(self, column: str) -> np.ndarray:
        """Of the shop by month (months,): its own row, else the channels' sum where all that may have it do, else nan."""
        own = self.of(column)
        if column not in CHANNEL_COLUMNS:
            return own
        rows = [self.of(column, key) for key, kind in self.kinds if column in columns_of(kind)]
        return np.where(np.isnan(own), np.sum(rows, axis=0), own)

    def with_cells(self, cells: Mapping[Place, float | None]) -> Actuals:
        """With these figures said anew; None takes one back. Raises InvalidInput."""
        found = {k: v for k, v in {**self.said, **cells}.items() if v is not None}
        return replace(self, cells=tuple(found.items()))

    def with_status(self, month: str, status: str) -> Actuals:
        """With a month closed, or provisional again. Raises UnknownName for another status."""
        if status not in (PROVISIONAL, CLOSED):
            raise UnknownName(status)
        others = self.provisional - {month}
        return replace(self, provisional=others | {month} if status == PROVISIONAL else others)

    def merged(self, other: Actuals) -> Actuals:
        """With everything that another one says; its months have its status."""
        kept = self.provisional - set(other.measured)
        return replace(self, cells=tuple({**self.said, **other.said}.items()), provisional=kept | other.provisional)

    def up_to(self, months: int) -> Actuals:
        """As it was known when so many months of the plan were over."""
        gone = set(self.months[months:])
        return replace(self, cells=tuple(cell for cell in self.cells if cell[0][0] not in gone),
                       provisional=self.provisional - gone)


# --- what cannot be ---------------------------------------------------------------------------------------------------

#: part -> whole: no more of the part than of the whole
_WHOLE = {"refunds": "gmv", "clicks": "impressions", "new_customers": "orders"}
#: what rounding to cents and whole people may add to a sum, and relatively
_ROUNDED, _RELATIVE = 1.0, 1e-6
_MOST, _SHOWN = 1e15, 120


def place_of(place: Place) -> str:
    """A cell as a report names it."""
    month, channel, column = place
    return f"{month} {written_channel(channel)} {column}"


def written_channel(channel: str, channels: Container[str] = ()) -> str:
    """A channel's key, or a word for the whole shop that is no channel's."""
    return next(word for word in SHOP_WORDS if word not in channels) if channel == SHOP else channel


def problems(frame: Actuals, said: Mapping[Place, float]) -> list[Violation]:
    """Every figure that cannot be, of a plan's months and channels, by the cell it stands in."""
    kinds = {SHOP: SHOP, **dict(frame.kinds)}
    known = {p: v for p, v in said.items() if p[0] in frame.months and p[1] in kinds and p[2] in columns_of(kinds[p[1]])}
    bad = [_unknown(frame, kinds, p) for p in said if p not in known]
    return [*bad, *(v for p, value in known.items() for v in _number(p, value)), *_parts(known), *_sums(frame, known)]


def _unknown(frame: Actuals, kinds: Mapping[str, str], place: Place) -> Violation:
    month, channel, column = place
    if month not in frame.months:
        return Violation("month_outside", place_of(place), month, f"{frame.months[0]} … {frame.months[-1]}")
    if channel not in kinds:
        return Violation("unknown_channel", place_of(place), shown(channel),
                         shown(", ".join(map(written_channel, kinds)), _SHOWN))
    return Violation("no_such_cell" if column in UNITS else "unknown_field", place_of(place), shown(column))


def _number(place: Place, value: float) -> Iterator[Violation]:
    low = -_MOST if place[2] in SIGNED else 0.0
    if not np.isfinite(value):
        yield Violation("not_finite", place_of(place), f"{value}")
    elif not low <= value <= _MOST:
        yield Violation("too_low" if value < low else "too_high", place_of(place), f"{value:.12g}", f"{low:g} … {_MOST:g}")


def _parts(known: Mapping[Place, float]) -> Iterator[Violation]:
    """Refunds above GMV, clicks above impressions, new customers above orders; the shop's clicks hold organic visits."""
    for (month, channel, part), value in known.items():
        most = known.get((month, channel, _WHOLE.get(part, "")))
        if most is not None and value > most * (1 + _RELATIVE) and (channel, part) != (SHOP, "clicks"):
            yield Violation("above_whole", place_of((month, channel, part)), f"{value:.12g}", f"{_WHOLE[part]} ≤ {most:.12g}")


def _sums(frame: Actuals, known: Mapping[Place, float]) -> Iterator[Violation]:
    """Channels that have more together than the shop."""
    for (month, channel, column), most in known.items():
        if channel == SHOP and column in CHANNEL_COLUMNS:
            total = sum(known.get((month, c, column), 0.0) for c in frame.channels)
            if total > most * (1 + _RELATIVE) + _ROUNDED * len(frame.kinds):
                yield Violation("above_whole", place_of((month, SHOP, column)), f"Σ {total:.12g}", f"≤ {most:.12g}")

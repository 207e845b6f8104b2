"""What became of a plan's months, as it is kept with the plan: figures, notes on them, forecasts frozen when they were made, and
what the plan had where it was changed since.

Plain data; what it means, and whether a figure can be, is read by `model.review`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.errors import InvalidInput, Violation, shown
from model.plan.schema import Value

#: (month "YYYY-MM", channel or `review.SHOP`, column, value)
Cell = tuple[str, str, str, float]
#: rows that a book may have at most: 36 months of 61 rows of 20 columns, what a meeting can read, 36 months of 60 channels
MOST_CELLS, MOST_NOTES, MOST_FORECASTS, MOST_LAGS, MOST_PLANNED = 44_000, 500, 72, 4, 3_000
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Note:
    """Of a meeting. month: of which actual month; about: what of it (a bar of the bridge, a KPI); due: a day or ""."""

    month: str
    about: str
    text: str
    owner: str = ""
    due: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Frozen:
    """A forecast as it was made. after: the last month known; made: when; ranges: (kpi, 10 % point, median, 90 % point), of the
    calendar year of `after`; months: the same of "gmv" and "net_profit" by month to come: ("2027-07 gmv", ...)."""

    after: str
    made: str
    ranges: tuple[tuple[str, float, float, float], ...]
    months: tuple[tuple[str, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """provisional: months whose figures are not final yet. lag: share of a month's refunds booked by its end, a month later, …,
    () where none was said; mature: whether the months are read with the refunds to come. planned: (address, value) that the plan
    had where another split was taken for the months left: the months are held against the plan with these. Equal where all of it
    is; hashable."""

    cells: tuple[Cell, ...] = ()
    provisional: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    forecasts: tuple[Frozen, ...] = ()
    lag: tuple[float, ...] = ()
    mature: bool = False
    planned: tuple[tuple[str, Value], ...] = ()

    def __bool__(self) -> bool:
        return self != EMPTY


EMPTY = Book()


# --- two people, one book -----------------------------------------------------------------------------------------------

#: what of a book it is, and which one of them
Entry = tuple[str, ...]


def entries(book: Book) -> dict[Entry, Any]:
    """Every figure, note, forecast … of a book by what it is of: two books are compared and merged by these."""
    out: dict[Entry, Any] = {("cells", *place): value for *place, value in book.cells}
    out |= {("provisional", month): True for month in book.provisional}
    out |= {("notes", n.month, n.about, n.text, n.owner, n.due): n.done for n in book.notes}
    out |= {("forecasts", f.after, f.made): f for f in book.forecasts}
    out |= {("planned", address): value for address, value in book.planned}
    return out | {("lag",): book.lag, ("mature",): book.mature}


def changed(book: Book, since: Book) -> dict[Entry, Any]:
    """Entries that are not as they were; None for one that is gone."""
    now, then = entries(book), entries(since)
    return {key: now.get(key) for key in now | then if key not in now or key not in then or now[key] != then[key]}


def merged(mine: Book, theirs: Book, started: Book) -> Book:
    """Theirs with what I changed since the book that both started from."""
    own, now = changed(mine, started), entries(mine)
    kept = {key: value for key, value in entries(theirs).items() if key not in own or key in now}
    return _of_entries(kept | {key: value for key, value in own.items() if key in now})


def _of_entries(found: Mapping[Entry, Any]) -> Book:
    by_kind: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
    for (kind, *which), value in found.items():
        by_kind.setdefault(kind, []).append((tuple(which), value))
    cells, provisional, notes, forecasts, planned = (by_kind.get(k, []) for k in (
        "cells", "provisional", "notes", "forecasts", "planned"))
    return Book(tuple(sorted((*place, value) for place, value in cells)), tuple(sorted(month for (month,), _ in provisional)),
                tuple(Note(m, about, text, owner, due, done) for (m, about, text, owner, due), done in notes),
                tuple(f for _, f in forecasts), found["lag",], found["mature",],
                tuple(sorted((address, value) for (address,), value in planned)))


def to_plain(book: Book) -> dict[str, Any]:
    """For JSON. What came in later leaves no trace where nothing was said of it: old books keep their hash."""
    later: dict[str, Any] = {key: value for key, value in (("lag", list(book.lag)), ("mature", book.mature),
                                                           ("planned", [list(x) for x in book.planned])) if value}
    return later | {"cells": [list(cell) for cell in book.cells], "provisional": list(book.provisional),
            "notes": [[n.month, n.about, n.text, n.owner, n.due, n.done] for n in book.notes],
            "forecasts": [[f.after, f.made, [list(r) for r in f.ranges], [list(r) for r in f.months]] for f in book.forecasts]}


def from_plain(plain: Any) -> Book:
    """Of what JSON gave, which may be anything. Raises InvalidInput with every row that is none."""
    if not isinstance(plain, dict):
        raise InvalidInput([Violation("missing_value", "book", shown(plain), "{cells: [], ...}")])
    bad: list[Violation] = []
    parts = [_rows(plain, key, most, make, bad) for key, most, make in (
        ("cells", MOST_CELLS, _cell), ("provisional", MOST_CELLS, _word), ("notes", MOST_NOTES, _note),
        ("forecasts", MOST_FORECASTS, _frozen), ("lag", MOST_LAGS, _figure), ("planned", MOST_PLANNED, _value))]
    bad += lag_problems(parts[-2], "book.lag")
    if bad:
        raise InvalidInput(bad)
    cells, provisional, notes, forecasts, lag, planned = map(tuple, parts)
    return Book(cells, provisional, notes, forecasts, lag, plain.get("mature") is True, planned)


def lag_problems(lag: Sequence[float], place: str) -> list[Violation]:
    """Shares that fall, or leave 0 … 1, each by its place."""
    rising = [0.0, *lag, 1.0]
    return [Violation("too_low" if value <= before else "too_high", f"{place} {i}", f"{value:g}", f"{before:g} … 1")
            for i, (before, value) in enumerate(zip(rising, lag, strict=False)) if not (before <= value <= 1 and value > 0)]


def _rows(plain: dict, key: str, most: int, make: Callable[[Any], Any], bad: list[Violation]) -> list:
    rows, out = plain.get(key, []), []
    if not isinstance(rows, list) or len(rows) > most:
        code = "too_many_rows" if isinstance(rows, list) else "missing_value"
        bad.append(Violation(code, f"book.{key}", shown(rows, 40), f"≤ {most}"))
        return []
    for i, row in enumerate(rows, 1):
        try:
            out.append(make(row))
        except (TypeError, ValueError):
            bad.append(Violation("bad_text", f"book.{key} {i}", shown(row, 60)))
    return out


def _word(text: Any, longest: int = 60) -> str:
    if not isinstance(text, str) or len(text) > longest:
        raise TypeError("not a text")
    return text


def _figure(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError("not a number")
    return float(value)


def _value(row: Any) -> tuple[str, Value]:
    address, value = row
    if value is not None and not isinstance(value, bool):
        value = _word(value) if isinstance(value, str) else _figure(value)
    return _word(address, 200), value


def _cell(row: Any) -> Cell:
    month, channel, column, value = row
    return _word(month), _word(channel), _word(column), _figure(value)


def _note(row: Any) -> Note:
    month, about, text, owner, due, done = row
    return Note(_word(month), _word(about, 200), _word(text, _LONGEST), _word(owner), _word(due), bool(done))


def _range(row: Sequence[Any]) -> tuple[str, float, float, float]:
    name, low, middle, high = row
    return _word(name), _figure(low), _figure(middle), _figure(high)


def _frozen(row: Any) -> Frozen:
    after, made, ranges, months = row
    if len(ranges) > 40 or len(months) > 80:
        raise ValueError("too many")
    return Frozen(_word(after), _word(made), tuple(map(_range, ranges)), tuple(map(_range, months)))

"""Actual months as a plan keeps them, in and out of its book, and the plan that they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from model.errors import InvalidInput
from model.plan.book import Book, Cell
from model.plan.scenario import Scenario
from model.plan.schema import Value, find
from model.review.actuals import SHOP, Actuals, columns_of
from model.review.maturity import LAG, mature


def actuals_of(scenario: Scenario) -> Actuals:
    """What is known of the plan's months. Figures of a channel or month that it no longer has stay in the book and are left out
    here. Raises InvalidInput where the others cannot be.
    """
    frame, book = Actuals.none(scenario), scenario.book
    cells = tuple(((m, c, column), value) for m, c, column, value in book.cells if _fits(frame, m, c, column))
    return Actuals(frame.months, frame.kinds, cells, frozenset(book.provisional) & set(frame.months))


def read_of(scenario: Scenario) -> Actuals:
    """The months as they are read: as booked, or with the refunds to come where the plan's book says so. Raises InvalidInput."""
    booked, book = actuals_of(scenario), scenario.book
    return mature(booked, book.lag or LAG) if book.mature else booked


def _fits(frame: Actuals, month: str, channel: str, column: str) -> bool:
    kind = {SHOP: SHOP, **dict(frame.kinds)}.get(channel)
    return month in frame.months and kind is not None and column in columns_of(kind)


def left_out(scenario: Scenario) -> tuple[Cell, ...]:
    """Figures of the book that the plan as it is has no place for."""
    frame = Actuals.none(scenario)
    return tuple(cell for cell in scenario.book.cells if not _fits(frame, *cell[:3]))


def with_actuals(scenario: Scenario, actuals: Actuals) -> Scenario:
    """The scenario with these actual months instead of those that it had."""
    cells = tuple((*place, value) for place, value in actuals.cells)
    book = replace(scenario.book, cells=tuple(sorted((*cells, *left_out(scenario)))),
                   provisional=tuple(sorted(actuals.provisional)))
    return scenario.with_book(book)


# --- the plan of record -----------------------------------------------------------------------------------------------

def bare(scenario: Scenario) -> Scenario:
    """The plan without what its book says of its months: what follows from a plan and given months does not follow from that."""
    return scenario.with_book(Book(planned=scenario.book.planned))


@lru_cache(maxsize=16)
def plan_of_record(scenario: Scenario) -> Scenario:
    """The plan that months are held against: where another split was taken for the months left, the plan as it was before.

    What else has been changed in it counts. Where the plan no longer has a place for that split, it is the plan as it is.
    """
    if not scenario.book.planned:
        return scenario
    before = {a: v for a, v in scenario.book.planned if (place := find(a)) and place.row in scenario.rows[place.table]}
    scenario = scenario.with_book(replace(scenario.book, planned=()))
    try:
        return scenario.with_values(before) if before else scenario
    except InvalidInput:
        return scenario


def with_split(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """The plan with these values from now on, and its book with what it had before; what stands there already goes before."""
    before = {a: scenario.get(a) for a in values} | dict(scenario.book.planned)
    return scenario.with_values(values).with_book(replace(scenario.book, planned=tuple(sorted(before.items()))))

"""The tables of inputs, and addresses into them: every row is complete and agrees with itself."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest
from every import each, every

from model.engine.kpis import KPIS
from model.errors import UnknownName
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import schema
from model.plan.rules import adjustable_drivers, check_value, covers, month_number, parse_day
from model.plan.schema import DRIVERS, TABLES, Address, driver_of, find, is_month, join, split

NUMBERS = [row for row in DRIVERS if row.unit.is_number]


@every(row=NUMBERS)
def test_bounds_hold_the_default_the_usual_range_and_the_step(row):
    assert math.isfinite(row.low) and math.isfinite(row.high) and row.low < row.high
    assert 0 < row.step <= row.high - row.low
    if row.default is not None:
        assert row.low <= row.default <= row.high
        assert [v for v in check_value(row, "here", row.default) if v.level == "error"] == []
    if row.soft:
        assert row.low <= row.soft[0] < row.soft[1] <= row.high
    if row.spread:
        assert 0 <= row.spread[0] < row.spread[1] and row.spread[0] <= 1 <= row.spread[1]


@every(row=DRIVERS)
def test_every_input_has_a_source_with_a_grade(row):
    assert row.source[:1] in "ABCJ" and row.source.split(":")[0].split(";")[0] in "ABCJ"


@every(row=DRIVERS)
def test_an_input_is_of_one_kind(row):
    assert bool(row.options) == (row.unit.kind == "choice")
    assert set(row.kinds) <= set(d.ALL_KINDS)
    assert row.kinds == d.ALL_KINDS or row.per == d.CHANNEL
    assert not row.adjustable or row.unit.is_number
    assert not row.cost or row.unit.is_number


def test_keys_are_unique_in_their_table():
    assert len(DRIVERS) == len({(row.per, row.key) for row in DRIVERS}) == sum(map(len, TABLES.values()))


def test_an_adjustable_key_means_one_driver():
    """An effect names a driver by its key alone."""
    rows = [row for table in (d.BUSINESS, d.CHANNEL, li.MONTH) for row in TABLES[table].values() if row.adjustable]
    assert len({row.key for row in rows}) == len(rows) == len(adjustable_drivers())


@every(row=[row for row in DRIVERS if row.feeds])
def test_an_input_that_feeds_one_kpi_feeds_one_that_can_carry_a_target(row):
    assert row.feeds in KPIS and row.feeds in li.TARGET_KPIS
    assert row.per == d.BUSINESS and not row.cost


@every(kpi=li.TARGET_KPIS)
def test_a_target_is_set_on_a_kpi_and_in_its_good_direction(kpi):
    assert KPIS[kpi].good == li.TARGET_KPIS[kpi]


# --- addresses ----------------------------------------------------------------------------------------------------

@each("text, address", [
    ("vat", Address("business", "", "vat")),
    ("headline.cvr", Address("headline", "", "cvr")),
    ("channel.search.cpm", Address("channel", "search", "cpm")),
    ("promotion.618", Address("promotion", "618", "")),
    ("season.02.season", Address("season", "02", "season")),
    ("month.2027-02.fill", Address("month", "2027-02", "fill")),
])
def test_an_address_is_a_table_a_row_and_a_field_and_back(text, address):
    assert split(text) == address
    assert join(*address) == text


@each("text", [
    "", ".", "vat.", "business.vat", "headline", "headline.x.cvr", "channel", "channel.search.", "channel..cpm",
    "channel.search.cpm.x", "season.1.season", "season.00.season", "timing.13.share", "month.2027-00.fill",
    "month.1999-01.fill", "channel.SEARCH.cpm", "channel.-x.cpm", "channel.a b.cpm", "channel.é.cpm", "channel.x\n.cpm",
])
def test_no_address(text):
    assert find(text) is None
    for ask in (split, driver_of):
        with pytest.raises(UnknownName):
            ask(text)


def test_a_whole_row_has_no_driver():
    with pytest.raises(UnknownName):
        driver_of("promotion.618")
    assert driver_of("promotion.618.uplift") is TABLES["promotion"]["uplift"]


# --- small readers ------------------------------------------------------------------------------------------------

@each("text, day", [
    ("01-01", (1, 1)), ("12-31", (12, 31)), ("02-28", (2, 28)), ("02-29", None), ("04-31", None), ("1-1", None),
    ("", None), ("06-18 ", None), ("06/18", None), ("-6-18", None), ("²³-01", None),
])
def test_days(text, day):
    assert parse_day(text) == day


@each("text, fine", [
    ("2027-01", True), ("2000-01", True), ("2100-12", True), ("2101-01", False), ("1999-12", False), ("2027-13", False),
    ("2027-1", False), ("2027-01\n", False), (202701, False), (None, False),
])
def test_months(text, fine):
    assert is_month(text) is fine


def test_months_are_numbered_through():
    assert month_number("2028-01") - month_number("2027-12") == 1
    assert month_number("2000-01") == 24_000


@each("text, keys", [
    ("all", None), ("", None), (" ; ", None), ("search", ("search",)), ("a;b", ("a", "b")), (" a ；b ", ("a", "b")),
    ("all;a", ("all", "a")),
])
def test_channels_of_a_promotion(text, keys):
    assert covers(text) == keys


def test_a_default_said_again_in_code_is_that_of_its_row():
    """`row.get("on", True)` repeats a default of the tables: it may not say another one."""
    defaults = {}
    for fields in TABLES.values():
        for key, driver in fields.items():
            defaults.setdefault(key, set()).add(driver.default)
    wrong = []
    for path in (Path(schema.__file__).parents[1]).rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(ast.Attribute(attr="get"), [ast.Constant(key), ast.Constant(said)]) if key in defaults:
                    if said not in defaults[key] != {None}:
                        wrong.append(f"{path.name}:{call.lineno}: {key} is not {said!r} but {defaults[key]}")
    assert wrong == []

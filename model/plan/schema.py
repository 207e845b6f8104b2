"""All tables of a plan, and addresses: `vat`, `channel.platform.cpm`, `promotion.618` (a whole row)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeGuard

from model.errors import UnknownName
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan import work as wo

#: what a plan may say at an address. Which of them it is, the driver's unit tells and no type can: rows are read as Any,
#: and what they say is held against the unit by `rules.check_value` before anything counts with it
Value = float | int | str | bool | None
#: field -> value
Row = Mapping[str, Any]
#: table -> row key -> row
Rows = Mapping[str, Mapping[str, Row]]

#: table -> {field key -> Driver}; the order is that of files and editors
TABLES = MappingProxyType({
    table: MappingProxyType({row.key: row for row in rows})
    for table, rows in {
        d.BUSINESS: d.BUSINESS_DRIVERS, d.HEADLINE: d.HEADLINE_DRIVERS, d.CHANNEL: d.CHANNEL_DRIVERS,
        li.SEASON: li.SEASON_FIELDS, li.PROMOTION: li.PROMOTION_FIELDS, li.MONTH: li.MONTH_FIELDS,
        li.TIMING: li.TIMING_FIELDS, li.OPENING: li.OPENING_FIELDS, li.TIER: li.TIER_FIELDS, li.TEAM: li.TEAM_FIELDS,
        li.INITIATIVE: li.INITIATIVE_FIELDS, li.EFFECT: li.EFFECT_FIELDS, li.TARGET: li.TARGET_FIELDS,
        li.LAST_YEAR: li.LAST_YEAR_FIELDS, **ri.RISK_FIELDS, **wo.WORK_FIELDS,
    }.items()
})
#: every declared input
DRIVERS = tuple(driver for fields in TABLES.values() for driver in fields.values())

#: tables without row keys of their own: the address is the field alone, or table.field
SINGLE = (d.BUSINESS, d.HEADLINE)
#: the one row of such a table
ONLY = ""
#: rows a table may have at most
MAX_ROWS = MappingProxyType({
    d.CHANNEL: 60, li.SEASON: 12, li.PROMOTION: 60, li.MONTH: 36, li.TIMING: 13, li.OPENING: 16, li.TIER: 20,
    li.TEAM: 100, li.INITIATIVE: 100, li.EFFECT: 400, li.TARGET: 200, li.LAST_YEAR: 36, **ri.RISK_ROWS, **wo.WORK_ROWS,
})
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_MONTH = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])\Z")
_FIXED_KEYS = {
    li.SEASON: tuple(f"{m:02d}" for m in range(1, 13)),
    li.TIMING: tuple(f"{a:02d}" for a in range(13)),
}


class Address(NamedTuple):
    table: str
    row: str
    field: str  # "" for a whole row


@lru_cache(maxsize=20_000)
def split(address: str) -> Address:
    """`Address` of a text. Raises UnknownName where no table, row key or field fits."""
    found = find(address)
    if found is None:
        raise UnknownName(address)
    return found


@lru_cache(maxsize=20_000)
def find(address: str) -> Address | None:
    """`Address` of a text that may be anything; None where no table, row key or field fits."""
    parts = address.split(".")
    if len(parts) == 1:
        return Address(d.BUSINESS, ONLY, address) if address in TABLES[d.BUSINESS] else None
    table = parts[0]
    if table == d.HEADLINE and len(parts) == 2:
        return Address(table, ONLY, parts[1]) if parts[1] in TABLES[table] else None
    if table not in TABLES or table in SINGLE or not valid_key(table, parts[1]):
        return None
    if len(parts) == 2:
        return Address(table, parts[1], "")
    return Address(table, parts[1], parts[2]) if len(parts) == 3 and parts[2] in TABLES[table] else None


def is_work(address: str) -> bool:
    """Whether an address is of a table that no figure follows from: activities, offers, tasks."""
    return address.partition(".")[0] in wo.WORK_TABLES


def join(table: str, row: str, field: str) -> str:
    """The text of an address."""
    if table == d.BUSINESS:
        return field
    return f"{table}.{field}" if table in SINGLE else f"{table}.{row}.{field}" if field else f"{table}.{row}"


def driver_of(address: str) -> Driver:
    """The row that declares the input at this address. Raises UnknownName for a whole row or an unknown address."""
    a = split(address)
    if not a.field:
        raise UnknownName(address)
    return TABLES[a.table][a.field]


def is_month(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and bool(_MONTH.match(text))


def month_number(text: str) -> int:
    """Months since year 0 of "YYYY-MM"."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def applies(driver: d.Driver, row: Row) -> bool:
    """Whether a row has this input (a channel's kind decides for channels)."""
    kind = row.get("kind")
    return driver.per != d.CHANNEL or kind in driver.kinds or kind not in d.ALL_KINDS


def said(row: Row, driver: d.Driver) -> Any:
    """What a row says of an input, the driver's default where it says nothing."""
    value = row.get(driver.key)
    return driver.default if value is None else value


def value_at(rows: Rows, address: str) -> Any:
    """A plan's value at a known address; the driver's default where the plan is silent, a month without a row included."""
    a = split(address)
    return said(rows[a.table].get(a.row, {}), TABLES[a.table][a.field])


def spending_channels(rows: Rows) -> tuple[str, ...]:
    """Keys of a plan's channels that money is spent on, in the planner's order."""
    return tuple(key for key, row in rows.get(d.CHANNEL, {}).items() if row.get("kind") in d.SPENDING)


def adjustable_drivers() -> dict[str, d.Driver]:
    """Drivers that initiatives and events may change by month, by key; a channel's before the business's."""
    tables = (TABLES[d.BUSINESS], TABLES[li.MONTH], TABLES[d.CHANNEL])
    return {k: row for table in tables for k, row in table.items() if row.adjustable}


def feeds(address: str, effects: Mapping[str, Row]) -> str:
    """The one KPI that follows from the number at an address; "" where more does. effects: the plan's rows of them."""
    a = split(address)
    table, field = (d.BUSINESS, str(effects.get(a.row, {}).get("driver"))) if a.table == li.EFFECT else (a.table, a.field)
    driver = TABLES[table].get(field)
    return driver.feeds if driver else ""


def valid_key(table: str, key: str) -> bool:
    """Whether `key` may name a row of `table`."""
    if table in _FIXED_KEYS:
        return key in _FIXED_KEYS[table]
    if table in (li.MONTH, li.LAST_YEAR):
        return is_month(key)
    return bool(_KEY.match(key))


def keys_of(table: str) -> str:
    """What keys of a table's rows look like, for a report."""
    if table in _FIXED_KEYS:
        return f"{_FIXED_KEYS[table][0]} … {_FIXED_KEYS[table][-1]}"
    return "2027-01" if table in (li.MONTH, li.LAST_YEAR) else "a … z, 0 … 9, _, -; ≤ 40"


def close_to(address: str) -> str:
    """The nearest known spelling of an unknown address, or ""."""
    parts = address.split(".")
    if len(parts) == 1:
        names = list(TABLES[d.BUSINESS])
    elif parts[0] in TABLES:
        names = list(TABLES[parts[0]])
    else:
        names, parts = list(TABLES), parts[:1]
    near = difflib.get_close_matches(parts[-1][:80], names, 1)
    return ".".join([*parts[:-1], near[0]])[:120] if near else ""


Driver = d.Driver

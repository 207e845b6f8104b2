"""`Plan` (a whole set of assumptions) and `Scenario` (a sparse difference from a named plan). Both frozen and hashable.

Neither can exist with broken rules: building one checks everything and raises `InvalidInput` with all violations.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from model.errors import InvalidInput, Violation
from model.plan import rules
from model.plan.book import EMPTY, Book
from model.plan.questions import questions
from model.plan.schema import (
    ONLY,
    SINGLE,
    TABLES,
    Row,
    Rows,
    Value,
    driver_of,
    find,
    is_work,
    join,
    said,
    spending_channels,
    split,
)

#: the source of a value that somebody typed
OWN = "J: 自己填写 ‖ J: own figure"
#: as the value of a row's address: the row is removed
REMOVED = None


def nest(values: Iterable[tuple[str, Value]]) -> dict[str, dict[str, dict[str, Value]]]:
    """(address, value) pairs as table -> row -> field -> value; every address must be known.

    None says nothing, as if the address were not there: its row is, and the driver's default counts.
    """
    rows: dict[str, dict[str, dict[str, Value]]] = {t: {} for t in TABLES}
    for table in SINGLE:
        rows[table][ONLY] = {}
    for address, value in values:
        a = split(address)
        row = rows[a.table].setdefault(a.row, {})
        if value is not None:
            row[a.field] = value
    return rows


def _errors(violations: Iterable[Violation]) -> list[Violation]:
    return [v for v in violations if v.level == "error"]


@dataclass(frozen=True)
class Plan:
    """Every assumption of one business, each with its source.

    name: the key under which scenarios refer to it. values: (address, value) in the order of rows.
    sources: (address, text) with a grade in front ("A: …", "J"). Raises InvalidInput with every violation.
    """

    name: str
    values: tuple[tuple[str, Value], ...]
    sources: tuple[tuple[str, str], ...] = ()

    def __post_init__(self):
        bad = rules.check_addresses(a for a, _ in self.values)
        found = [(place, a, v) for a, v in self.values if (place := find(a))]
        bad += [Violation("not_text", a, repr(v)) for place, a, v in found if not place.field]
        known = [(a, v) for place, a, v in found if place.field]
        if bad := bad + _errors(rules.check_rows(nest(known))):
            raise InvalidInput(bad)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.values))

    @cached_property
    def rows(self) -> Rows:
        """table -> row -> field -> value; shared, never to be changed."""
        return nest(self.values)

    @cached_property
    def source_of(self) -> Mapping[str, str]:
        return MappingProxyType(dict(self.sources))

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change with any value that a figure may follow from: a link tells by it whether the base is the
        same."""
        text = json.dumps([x for x in self.values if not is_work(x[0])], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def warnings(self) -> list[Violation]:
        """What is allowed and likely not meant, each with its place: unusual values, units, contradictions."""
        return [*self.unusual, *questions(self.rows)]

    @cached_property
    def unusual(self) -> tuple[Violation, ...]:
        """Values outside of their usual range, and rows without effect."""
        return tuple(v for v in rules.check_rows(self.rows) if v.level == "warning")


@dataclass(frozen=True)
class Scenario:
    """A sparse difference from a base plan.

    changes: (address, value), sorted by address; a row's address with None removes the row, addresses of a new row
    key add it. Only what differs from the base is kept. book: what became of its months; no figure of the plan follows
    from it. Raises InvalidInput with every violation.
    """

    base: Plan
    name: str = ""
    note: str = ""
    changes: tuple[tuple[str, Value], ...] = field(default=())
    book: Book = EMPTY

    def __post_init__(self):
        changes = dict(self.changes)
        bad = rules.check_addresses(changes)
        object.__setattr__(self, "changes", self._sparse({a: v for a, v in changes.items() if find(a)}))
        bad += self._violations()
        if bad:
            raise InvalidInput(bad)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.base, self.changes))

    def _sparse(self, changes: dict[str, Value]) -> tuple[tuple[str, Value], ...]:
        base = self.base.rows
        keep = {}
        for address, value in changes.items():
            a = split(address)
            row = base[a.table].get(a.row)
            if not a.field:
                if row is not None or value is not REMOVED:
                    keep[address] = value
            else:
                driver = driver_of(address)
                value = driver.default if value is None else value
                if row is None or not same(said(row, driver), value):
                    keep[address] = value
        removed = {a for a, v in keep.items() if split(a).field == ""}
        return tuple(sorted((a, v) for a, v in keep.items()
                            if a in removed or join(split(a).table, split(a).row, "") not in removed))

    def _violations(self) -> list[Violation]:
        """Of what the changes touch; the base is known to be good."""
        if not self.changes:
            return []
        out = []
        touched = {}
        for address, value in self.changes:
            a = split(address)
            if not a.field:
                if value is not REMOVED:
                    out.append(Violation("not_text", address, repr(value)))
                continue
            row = self.rows[a.table].get(a.row, {})
            if a.row not in self.base.rows[a.table] or a.field == "kind":
                touched[(a.table, a.row)] = row
            else:
                out += rules.check_field(driver_of(address), address, value, row)
        for (table, key), row in touched.items():  # a new row, or a channel of another kind, must be complete
            out += rules.check_row(table, key, row)
        return _errors(out + rules.check_between(self.rows))

    @cached_property
    def rows(self) -> Rows:
        """table -> row -> field -> value with the changes in; shared, never to be changed."""
        tables: dict[str, dict[str, Row]] = {}
        fresh: dict[tuple[str, str], dict[str, Value]] = {}
        for address, value in self.changes:
            a = split(address)
            if a.table not in tables:
                tables[a.table] = dict(self.base.rows[a.table])
            table = tables[a.table]
            if not a.field:
                table.pop(a.row, None)
                continue
            row = fresh.get((a.table, a.row))
            if row is None:
                row = fresh[a.table, a.row] = dict(table.get(a.row, {}))
                table[a.row] = row
            if value is None:
                row.pop(a.field, None)
            else:
                row[a.field] = value
        return {**self.base.rows, **tables}

    def warnings(self) -> list[Violation]:
        """As of a plan; the base's are known, so that a move of a slider looks at what it changed."""
        changed = dict(self.changes)
        out = [v for v in self.base.unusual if v.place not in changed and self._has(v.place)]
        for address, value in self.changes:
            a = split(address)
            if a.field and self._has(address):
                out += rules.check_field(driver_of(address), address, value, self.rows[a.table][a.row])
        return [*out, *questions(self.rows)]

    def _has(self, address: str) -> bool:
        a = find(address)
        return a is not None and a.row in self.rows[a.table]

    def get(self, address: str) -> Any:
        """The `Value` at an address, the driver's default where the plan is silent; KeyError for an unknown row."""
        driver, a = driver_of(address), split(address)
        return said(self.rows[a.table][a.row], driver)

    @property
    def spending_channels(self) -> tuple[str, ...]:
        """Keys of the channels that money is spent on, in the planner's order."""
        return spending_channels(self.rows)

    def taken_keys(self, table: str) -> set[str]:
        """Keys that a new row cannot have: those in use, and those of the base's rows that were removed, which keep them."""
        return {*self.rows[table], *self.base.rows[table]}

    def with_values(self, values: Mapping[str, Value]) -> Scenario:
        """A scenario with these addresses set (a row's address with None removes it)."""
        changes = dict(self.changes)
        for address, value in values.items():
            a = find(address)
            if a is not None and not a.field and value is REMOVED:
                changes = {k: v for k, v in changes.items() if not k.startswith(address + ".")}
            changes[address] = value
        return replace(self, changes=tuple(changes.items()))

    def without(self, addresses: Iterable[str]) -> Scenario:
        """A scenario in which these addresses are as in the base again."""
        drop = set(addresses)
        return replace(self, changes=tuple((a, v) for a, v in self.changes if a not in drop))

    def named(self, name: str, note: str | None = None) -> Scenario:
        return replace(self, name=name, note=self.note if note is None else note)

    def with_book(self, book: Book) -> Scenario:
        return replace(self, book=book)

    def as_plan(self, name: str) -> Plan:
        """The whole set of values as a plan of its own: sources kept where the value is, what was changed is one's own figure."""
        values = tuple((join(t, r, f), v) for t, rows in self.rows.items() for r, row in rows.items()
                       for f, v in (row or {next(iter(TABLES[t])): None} if r else row).items())
        changed = dict(self.changes)
        known = {a for a, _ in values}
        kept = {a: s for a, s in self.base.sources if a in known and a not in changed}
        return Plan(name, values, tuple({**kept, **{a: OWN for a in changed if a in known}}.items()))


def as_changes(plan: Plan, base: Plan, name: str = "", note: str = "") -> Scenario:
    """A whole plan as a scenario on another base: what differs, row by row; what the plan leaves out is its default."""
    changes: dict[str, Value] = {}
    now = dict(plan.values)
    for table, rows in base.rows.items():
        for key in rows:
            if key not in plan.rows[table]:
                changes[join(table, key, "")] = REMOVED
    gone = set(changes)
    for address, _ in base.values:
        a = split(address)
        if address not in now and join(a.table, a.row, "") not in gone:
            changes[address] = driver_of(address).default
    return Scenario(base, name, note, tuple((changes | now).items()))


def counted(scenario: Scenario) -> Scenario:
    """What of it figures follow from: the same for scenarios that differ in name, note, work and months alone."""
    changes = tuple(x for x in scenario.changes if not is_work(x[0]))
    bare = len(changes) == len(scenario.changes) and not (scenario.name or scenario.note or scenario.book)
    return scenario if bare else Scenario(scenario.base, changes=changes)


def same(a: Value, b: Value) -> bool:
    """Equal as plan values: True is not 1, 1 is 1.0."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)

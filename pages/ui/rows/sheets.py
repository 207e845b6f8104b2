"""The grid of each table of a plan: its rows by its fields; of a table of single values a row a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice

from model import Scenario
from model.plan import lists as li
from model.plan import risks as ri
from model.plan.schema import MAX_ROWS, ONLY, SINGLE, TABLES, join
from pages.ui.kit.texts import own_name, t, unique
from pages.ui.rows import cell_words, row_rules
from pages.ui.rows.cells import Sheet
from pages.ui.words.driver_labels import driver_label, label_with_unit

#: months that a year before the plan has
_YEAR = 12
#: fields whose unit each row has of its own
_OWN_UNITS = {li.TARGET: frozenset({"value"}), ri.DISTRIBUTION: row_rules.IN_ITS_UNIT}
VALUE = "value"
#: empty rows at the end of a table that grows by typing: at least, and how many rows come at once
_SPARE, _MORE = 5, 10


def rows_of(scenario: Scenario, table: str) -> list[str]:
    """Keys of a table's rows; with those that may be filled in, where the plan says nothing of them yet."""
    there = scenario.rows[table]
    if table == li.MONTH:
        return list(dict.fromkeys([*row_rules.months_of(scenario), *there]))
    if table == li.TIMING:
        return [f"{age:02d}" for age in range(_YEAR + 1)]
    if table == li.LAST_YEAR and not there:
        return [f"{int(m[:4]) - 1}-{m[5:]}" for m in row_rules.months_of(scenario)[:_YEAR]]
    return list(there)


def with_spare(scenario: Scenario, table: str) -> list[str]:
    """Keys of a table's rows and of empty ones below them, which become rows where they are typed into; each keeps its place, so
    that the grid stays as it is under the hand that types."""
    there, base = scenario.rows[table], scenario.base.rows[table]
    kept, own = [k for k in there if k in base], [k for k in there if k not in base]
    room = min(-(-(len(own) + _SPARE) // _MORE) * _MORE, MAX_ROWS[table] - len(kept))
    taken = scenario.taken_keys(table)
    free = (key for key in (f"{table}-{i:03d}" for i in range(1, room + len(taken) + 1)) if key not in taken)
    return [*kept, *sorted([*own, *islice(free, max(room - len(own), 0))])]


def fields_of(scenario: Scenario, table: str, rows: Iterable[str]) -> list[str]:
    """Inputs that any of these rows has."""
    keys = list(rows)
    return [f for f in TABLES[table] if any(cell_words.there(scenario, join(table, k, f)) for k in keys)]


def of_table(name: str, scenario: Scenario, table: str, redraw: Callable[[], None], fields: Iterable[str] = (),
             rows: Iterable[str] = (), head: str = "", named: bool = False) -> Sheet:
    """A table's grid. fields, rows: those to show, else all that there are. named: its rows' names can be edited."""
    if table in SINGLE:
        return _of_single(name, scenario, table, redraw, list(fields) or list(TABLES[table]))
    keys = list(rows) or rows_of(scenario, table)
    shown = list(fields) or fields_of(scenario, table, keys)
    unnamed = table in cell_words.OPEN_TABLES
    names = {k: own_name(scenario.rows[table].get(k, {}), "" if unnamed else k) if named else
             row_rules.row_name(scenario, table, k) for k in keys}
    return Sheet(name, head or t(f"table.{table}.label"), names if named else unique(names),
                 {f: (_label(table, f), cell_words.help_of(scenario, join(table, next(iter(keys), "x"), f))) for f in shown},
                 partial(join, table), redraw, _units(scenario, table, keys, shown), table if named else "", named and unnamed)


def _label(table: str, field: str) -> str:
    own = field in _OWN_UNITS.get(table, ())
    return driver_label(table, field) if own else label_with_unit(table, field)


def _units(scenario: Scenario, table: str, keys: list[str], fields: list[str]) -> dict[str, list[str]]:
    """What each row's numbers count in, where rows differ in it."""
    own = [f for f in fields if f in _OWN_UNITS.get(table, ())]
    return {t("derive.unit"): [_unit(scenario, join(table, k, own[0])) for k in keys]} if own else {}


def _unit(scenario: Scenario, address: str) -> str:
    return t(f"unit.{row_rules.unit_at(scenario, address).key}.label")


def _of_single(name: str, scenario: Scenario, table: str, redraw: Callable[[], None], fields: list[str]) -> Sheet:
    """A row a value."""
    units = {t("derive.unit"): [_unit(scenario, join(table, ONLY, f)) for f in fields]}
    return Sheet(name, t(f"table.{table}.label"), unique({f: driver_label(table, f) for f in fields}),
                 {VALUE: (t("cells.value"), "")}, lambda row, _: join(table, ONLY, row), redraw, units)

"""CSV files: tables with one kind of row and heads with their units, no two alike; the assumptions of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count

from model import Plan, write_plan
from model.io.tables import csv_text
from model.units import Unit, filed
from pages.ui.kit.texts import t

#: of a column whose numbers have the unit that stands in their row
OF_ROW = Unit("of_row")
Cell = str | float | int | bool | Unit | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file. unit: of its numbers, named in its head; None: words. change: a difference, of rates in points."""

    title: str
    unit: Unit | None = None
    change: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: one kind of row, every column words or numbers of its unit."""

    fields: Sequence[Field]
    rows: Iterable[Sequence[Cell]]


def csv_bytes(table: Table) -> bytes:
    """Write a table as a file."""
    return _for_spreadsheets(csv_text([heads(table.fields), *(_row(table.fields, row) for row in table.rows)]))


def plan_csv(plan: Plan) -> bytes:
    """Write a plan's assumptions as the file that the app reads again."""
    return _for_spreadsheets(write_plan(plan))


def _for_spreadsheets(text: str) -> bytes:
    """As every spreadsheet opens it, Excel in Chinese as well."""
    return text.encode("utf-8-sig")


def heads(fields: Sequence[Field]) -> list[str]:
    """Names of columns, no two alike: a planner's name of a scenario or channel may be that of another column."""
    out: list[str] = []
    for head in map(_head, fields):
        names = chain([head], (f"{head} ({i})" for i in count(2)))
        out.append(next(name for name in names if name not in out))
    return out


def _head(field: Field) -> str:
    if field.unit in (None, OF_ROW):
        return field.title
    unit = t("format.pp") if field.change and field.unit.scale == 100 else unit_word(field.unit)
    return t("file.in_unit", label=field.title, unit=unit) if unit else field.title


def unit_word(unit: Unit) -> str:
    return t(f"unit.{unit.key}.label")


def _row(fields: Sequence[Field], row: Sequence[Cell]) -> list[str | float | int | None]:
    own = next((value for value in row if isinstance(value, Unit)), None)
    return [_cell(value, own if field.unit == OF_ROW else field.unit) for field, value in zip(fields, row, strict=True)]


def _cell(value: Cell, unit: Unit | None) -> str | float | int | None:
    if isinstance(value, Unit):
        return unit_word(value)
    if isinstance(value, bool):
        return t("file.yes" if value else "file.no")
    return value if unit is None or value is None or isinstance(value, str) else filed(value, unit)

"""Tables that are shown and downloaded: one cell carries what a person reads and what a spreadsheet counts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.units import Unit
from pages.ui.frame import downloads
from pages.ui.kit import tables
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import difference, number
from pages.ui.kit.texts import t

Raw = float | str | bool | Unit | None


@dataclass(frozen=True, slots=True)
class Cell:
    """text: as shown. raw: what stands in the file; of a column that becomes several there, one a field."""

    text: str
    raw: Raw | tuple[Raw, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the fields that it becomes in the file. note: what it means, shown on hover."""

    title: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. total: the last row is a sum: shown, but not in the file, where it would be counted twice."""

    key: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: bool = False


# --- columns -----------------------------------------------------------------------------------------------------------

def worded(title: str, note: str = "") -> Column:
    return Column(title, (Field(title),), note)


def figures(title: str, unit: Unit, note: str = "", change: bool = False, filed: str = "") -> Column:
    """Numbers of a unit. filed: their name in the file where the shown one is not enough there."""
    return Column(title, (Field(filed or title, unit, change),), note)


def measured(title: str, note: str = "") -> Column:
    """What the row's numbers are of, with their unit in the file."""
    return Column(title, (Field(title), Field(t("file.unit"))), note)


def estimates(title: str, unit: Unit, note: str = "") -> Column:
    """Numbers with the error of their computation: two columns in the file."""
    return Column(title, (Field(title, unit), Field(t("file.error", label=title), unit, change=True)), note)


def ranges(title: str, unit: Unit, note: str = "") -> Column:
    """From … to …: two columns in the file."""
    return Column(title, tuple(Field(t(f"file.{end}", label=title), unit) for end in ("low", "high")), note)


# --- cells -------------------------------------------------------------------------------------------------------------

def word(text: str) -> Cell:
    return Cell(text, text)


def amount(value: float | None, unit: Unit) -> Cell:
    """A number in its unit; a dash and an empty cell where it is undefined."""
    return Cell(number(value, unit), value)


def change(value: float, unit: Unit) -> Cell:
    return Cell(difference(value, unit), value)


def of_unit(name: str, unit: Unit) -> Cell:
    """What a row's numbers are of (`measured`)."""
    return Cell(name, (name, unit))


# --- files -------------------------------------------------------------------------------------------------------------

def table_of(grid: Grid) -> Table:
    """Give the grid as its file has it."""
    rows = grid.rows[:-1] if grid.total else grid.rows
    return Table([field for column in grid.columns for field in column.fields],
                 [[raw for column, cell in zip(grid.columns, row, strict=True) for raw in _raw(column, cell)] for row in rows])


def _raw(column: Column, cell: Cell) -> tuple[Raw, ...]:
    if isinstance(cell.raw, tuple):
        return cell.raw
    return (cell.raw, *[None] * (len(column.fields) - 1))[:len(column.fields)]


def _word_columns(grid: Grid) -> list[int]:
    """Columns of words, which stand to the left; numbers stand to the right."""
    return [j for j, column in enumerate(grid.columns) if column.fields and column.fields[0].unit is None]


def show(grid: Grid, most: int | None = None) -> None:
    """The table and its download. most: rows shown; the download has all."""
    table(grid, most)
    downloads.csv_button(grid.key, lambda: table_of(grid), t("grid.download"), type="tertiary")


def table(grid: Grid, most: int | None = None) -> None:
    """The table alone, where its download has more."""
    tables.plain(grid.key, [c.title for c in grid.columns], [[cell.text for cell in row] for row in grid.rows[:most]],
                 [c.note for c in grid.columns], grid.total, _word_columns(grid))

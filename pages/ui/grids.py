"""Tables that are shown and downloaded: one cell carries what a person reads and what a spreadsheet counts with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from model.units import Unit
from pages.ui import downloads, parts
from pages.ui.formats import number
from pages.ui.texts import t


@dataclass(frozen=True, slots=True)
class Cell:
    """text: as shown. raw: as downloaded, at full precision; None where there is no value."""

    text: str
    raw: float | str | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. notes: what each column means, shown on hover. total: the last row is a sum."""

    key: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    total: bool = False


def word(text: str) -> Cell:
    return Cell(text, text)


def amount(value: float | None, unit: Unit) -> Cell:
    """A number in its unit; a dash and an empty cell where it is undefined."""
    known = value is not None and math.isfinite(value)
    return Cell(number(value, unit), float(value) if known else None)


def csv_bytes(grid: Grid) -> bytes:
    """The table at full precision as CSV that Excel opens in Chinese."""
    return downloads.csv_bytes([list(grid.head), *([cell.raw for cell in row] for row in grid.rows)])


def _word_columns(grid: Grid) -> list[int]:
    """Columns of words, which stand to the left; numbers stand to the right."""
    return [j for j, column in enumerate(zip(*grid.rows, strict=True)) if all(isinstance(cell.raw, str) for cell in column)]


def show(grid: Grid, most: int | None = None) -> None:
    """The table and its download. most: rows shown; the download has all."""
    parts.table(key=grid.key, data={"head": list(grid.head), "help": list(grid.notes or [""] * len(grid.head)),
                                    "rows": [[cell.text for cell in row] for row in grid.rows[:most]], "sum": grid.total,
                                    "words": _word_columns(grid)})
    download(grid)


def download(grid: Grid) -> None:
    downloads.button(t("grid.download"), f"csv_{grid.key}", grid.key, lambda: csv_bytes(grid), type="tertiary")

"""Workbooks that are tables: figures as the model has them, sums and differences as formulas on their cells, charts beside."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from model.io.workbook.contents import Words
from model.io.workbook.excel import place, quoted, span
from model.io.workbook.looks import CHART, GRID, HEAD, LINK, MODEL, PLAIN, SEVERAL, TOTAL, Looks, heads, page, put
from model.units import Unit

#: rows that a chart above a table takes
_CHART_ROWS = 21
#: a line's height in points, and by how much bold text is wider
_LINE, _BOLD = 15, 1.2


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a cell. formula: of its own row and of its table's first row (from 0), where it follows from other cells."""

    value: float | None
    unit: Unit
    formula: Callable[[int, int], str] | None = None
    total: bool = False


Cell = str | Told


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row or column of a table in a chart: of cells from (row, column) to (row, column) of the table, from 0."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    line: bool = False
    colour: str = SEVERAL[0]


@dataclass(frozen=True, slots=True)
class Picture:
    """unit: of its axis. labels: the cells along the other one; hidden: the first series holds up the others and is not seen."""

    title: str
    unit: Unit
    labels: Drawn
    series: tuple[Drawn, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet with one table. key: of its words (`workbook.sheet.…`, `workbook.…_note`). right_from: first column of numbers."""

    key: str
    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    right_from: int = 1
    picture: Picture | None = None
    fixed: int = 1


def written(title: str, about: str, facts: Sequence[tuple[str, str]], tabs: Sequence[Tab], words: Words) -> bytes:
    """An .xlsx of these sheets behind one that says what the file is. facts: (name, text)."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        looks = Looks(book, words.money)
        _cover(book.add_worksheet(words.say("workbook.sheet.readme")), title, about, facts, tabs, words, looks)
        for tab in tabs:
            _tab(book, book.add_worksheet(words.say(f"workbook.sheet.{tab.key}")), tab, words, looks)
    return out.getvalue()


def _cover(sheet: Worksheet, title: str, about: str, facts, tabs: Sequence[Tab], words: Words, looks: Looks) -> None:
    page(sheet, title, about, looks, (26, 110))
    sheet.set_portrait()
    for row, (label, text) in enumerate(facts, HEAD):
        put(sheet, row, 0, "", label, looks.text(bold=True, valign="top"))
        put(sheet, row, 1, "", text, looks.text(text_wrap=True, align="left"))
    links(sheet, HEAD + len(facts) + 1, [tab.key for tab in tabs], words, looks)


def links(sheet: Worksheet, top: int, keys: Iterable[str], words: Words, looks: Looks) -> None:
    """Each sheet by its name, which leads to it, and what it is for."""
    for row, key in enumerate(keys, top):
        name = words.say(f"workbook.sheet.{key}")
        sheet.write_url(row, 0, f"internal:{quoted(name)}A1", looks.text(**LINK), name)
        put(sheet, row, 1, "", words.say(f"workbook.{key}_note"), looks.text(text_wrap=True))


def _tab(book: Workbook, sheet: Worksheet, tab: Tab, words: Words, looks: Looks) -> None:
    name = words.say(f"workbook.sheet.{tab.key}")
    page(sheet, name, words.say(f"workbook.{tab.key}_note"), looks, tab.widths)
    top = HEAD + (_CHART_ROWS if tab.picture else 0)
    heads(sheet, top, tab.heads, looks, tab.right_from)
    sheet.set_row(top, _LINE * max((_lines(h, w) for h, w in zip(tab.heads, tab.widths, strict=False)), default=1))
    if tab.picture is None:
        sheet.freeze_panes(top + 1, tab.fixed)
    else:
        sheet.insert_chart(HEAD - 1, 0, _chart(book, tab.picture, name, top + 1, looks))
    for row, cells in enumerate(tab.rows, top + 1):
        for column, cell in enumerate(cells):
            _put(sheet, row, column, top + 1, cell, looks)


def _lines(text: str, width: float) -> int:
    """How many lines a head takes, in characters of which those of Chinese are twice as wide."""
    return math.ceil(sum(1 + (c > "\u2e7f") for c in text) * _BOLD / width)


def _put(sheet: Worksheet, row: int, column: int, first: int, cell: Cell, looks: Looks) -> None:
    if isinstance(cell, str):
        put(sheet, row, column, "", cell, looks.of(None, PLAIN))
        return
    known = cell.value is not None and math.isfinite(cell.value)
    formula = cell.formula(row, first) if cell.formula and known else ""
    put(sheet, row, column, formula, cell.value if known else "",
        looks.of(cell.unit, TOTAL if cell.total else PLAIN if formula else MODEL))


def _chart(book: Workbook, picture: Picture, sheet: str, first: int, looks: Looks) -> Any:
    """Columns, upon each other where one holds up the others, and lines over them."""
    bars = [s for s in picture.series if not s.line]
    lines = [s for s in picture.series if s.line]
    made: list[Any] = []
    columns = {"type": "column", "subtype": "stacked"} if picture.hidden else {"type": "column"}
    for kind, series in ((columns, bars), ({"type": "line"}, lines)):
        if series:
            made.append(book.add_chart(kind))
            for s in series:
                made[-1].add_series(_series(picture, s, sheet, first))
    chart = made[0]
    if len(made) > 1:
        chart.combine(made[1])
    chart.set_title({"name": picture.title, "name_font": {"size": 12}})
    chart.set_y_axis({"num_format": looks.number(picture.unit), "major_gridlines": {"visible": True, "line": GRID}})
    chart.set_x_axis({"label_position": "low"})
    chart.set_legend({"none": True} if picture.hidden else {"position": "bottom"})
    chart.set_size(CHART)
    return chart


def _series(picture: Picture, s: Drawn, sheet: str, first: int) -> dict[str, Any]:
    def cells(of: Drawn) -> str:
        return f"={span(sheet, (first + of.first[0], of.first[1]), (first + of.last[0], of.last[1]))}"
    look: dict[str, Any] = {"line": {"color": s.colour, "width": 2.25}} if s.line else {"fill": {"color": s.colour}, "gap": 40}
    if picture.hidden and s is picture.series[0]:
        look = {"fill": {"none": True}, "gap": 40}
    return {"name": s.name, "categories": cells(picture.labels), "values": cells(s), **look}


# --- formulas of tables --------------------------------------------------------------------------------------------------

def less(left: int, right: int) -> Callable[[int, int], str]:
    """What stands in one column of the row less what stands in another."""
    return lambda row, _: f"{place(row, left)}-{place(row, right)}"


#: of a table that goes from one figure to another: name, amount, where it leads, and the parts of its column in the chart
WAY = ("figure", "amount", "so_far", "hidden", "adds", "adds_below", "takes", "takes_below")
_AMOUNT, _SO_FAR, _HIDDEN = 1, 2, 3
_ADDS, _TAKES = SEVERAL[2], SEVERAL[1]


def way(start: tuple[str, float], parts: Sequence[tuple[str, float]], all_of_them: str, end: str, unit: Unit,
        title: str) -> tuple[list[list[Cell]], Picture]:
    """Rows of a table from a figure to another by parts, which are summed up, and their waterfall. all_of_them, end: names."""
    rows: list[list[Cell]] = [[start[0], Told(start[1], unit)]]
    so_far, last = 0.0, len(parts)
    for i, (name, value) in enumerate(parts):
        rows.append([name, Told(value, unit), *_step(so_far, value, unit, i > 0)])
        so_far += value
    total = Told(so_far, unit, lambda row, first: f"SUM({place(first + 1, _AMOUNT)}:{place(row - 1, _AMOUNT)})", True)
    rows.append([all_of_them, total, *_step(0.0, so_far, unit, False)])
    both = Told(start[1] + so_far, unit, lambda row, first: f"{place(first, _AMOUNT)}+{place(row - 1, _AMOUNT)}", True)
    rows.append([end, both])

    def column(i: int, colour: str = "") -> Drawn:
        return Drawn("", (1, i), (last + 1, i), colour=colour or _ADDS)
    series = (column(_HIDDEN), *(column(_HIDDEN + i, c) for i, c in enumerate((_ADDS, _ADDS, _TAKES, _TAKES), 1)))
    return rows, Picture(title, unit, column(0), series, True)


def _step(before: float, value: float, unit: Unit, goes_on: bool) -> list[Cell]:
    """Where a part leads, and its column between two heights: unseen up to the lower, below zero apart, by what it does."""
    after = before + value
    high, low = abs(max(0.0, after) - max(0.0, before)), -abs(min(0.0, after) - min(0.0, before))

    def from_(row: int) -> str:
        return place(row - 1, _SO_FAR) if goes_on else "0"

    def height(of: str, sign: str, test: str) -> Callable[[int, int], str]:
        return lambda row, _: (f"IF({place(row, _AMOUNT)}{test}0,"
                               f"{sign}ABS({of}(0,{place(row, _SO_FAR)})-{of}(0,{from_(row)})),0)")
    told = [(after, lambda row, _: f"{from_(row)}+{place(row, _AMOUNT)}"),
            (max(0.0, min(after, before)) + min(0.0, max(after, before)), lambda row, _: (
                f"MAX(0,MIN({place(row, _SO_FAR)},{from_(row)}))+MIN(0,MAX({place(row, _SO_FAR)},{from_(row)}))"))]
    for test, on in ((">=", value >= 0), ("<", value < 0)):
        told += [(high if on else 0.0, height("MAX", "", test)), (low if on else 0.0, height("MIN", "-", test))]
    return [Told(x, unit, formula) for x, formula in told]

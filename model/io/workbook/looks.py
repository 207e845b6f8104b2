"""How cells look: number formats by unit, what may be typed in, what the model computed; and how a sheet prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model import units as u
from model.units import Unit

INPUT, MODEL, BOUND, PLAIN, TOTAL = "input", "model", "bound", "plain", "total"
_GREY = {"font_color": "#5F6670", "bg_color": "#F3F4F6"}
#: as finance is used to: blue is typed in, black is counted, grey comes from elsewhere
_LOOKS: dict[str, dict[str, Any]] = {
    INPUT: {"font_color": "#0000C0", "bg_color": "#FFF9DB", "border": 1, "border_color": "#D9CF9A", "locked": False},
    MODEL: _GREY, BOUND: _GREY, PLAIN: {}, TOTAL: {"bold": True, "top": 1},
}
GOOD, BAD = {"font_color": "#15803D"}, {"font_color": "#B91C1C", "bold": True}
TURNED, LINK, NOTE = {"font_color": "#B45309", "bold": True}, {"font_color": "#0000C0", "underline": 1}, {"font_color": "#5F6670"}
#: of charts: what stands, what is taken away, profit, lines of the grid; their size
BARS, FALL, PROFIT, GRID = {"color": "#3B6FB6"}, {"color": "#C2703D"}, {"color": "#15803D", "width": 2.25}, {"color": "#E5E7EB"}
#: lines and columns of several kinds in one picture
SEVERAL = ("#3B6FB6", "#C2703D", "#15803D", "#7C3AED", "#B45309", "#5F6670")
CHART = {"width": 980, "height": 400}
#: of a sheet that is one table: the rows of its head and of its first line
HEAD, FIRST = 3, 4
_HEAD = {"bold": True, "bottom": 1, "bg_color": "#E8EDF3", "text_wrap": True, "valign": "vcenter"}
_A4 = 9


class Looks:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook, money: str):
        self.book, self.money = book, money
        self._made: dict[tuple, Format] = {}

    def of(self, unit: Unit | None = None, look: str = PLAIN) -> Format:
        """Of a cell with a number of this unit, or with words."""
        gap = {"indent": 1} if unit is None else {}
        return self._format(("of", unit, look), {**_LOOKS[look], **gap, "num_format": self.number(unit, look)})

    def head(self, right: bool = False) -> Format:
        return self._format(("head", right), {**_HEAD, "align": "right"} if right else {**_HEAD, "align": "left", "indent": 1})

    def text(self, **look: Any) -> Format:
        return self._format(("text", *sorted(look.items())), look)

    def _format(self, key: tuple, look: dict[str, Any]) -> Format:
        if key not in self._made:
            self._made[key] = self.book.add_format({"font_name": "Arial", "font_size": 10, **look})
        return self._made[key]

    def number(self, unit: Unit | None, look: str = PLAIN) -> str:
        """The format of numbers of this unit."""
        if unit is None or not unit.is_number:
            return "@" if look == INPUT else "General"
        if unit.scale != 1:
            return f"0.{'0' * unit.decimals}%"
        if unit == u.YUAN and look not in (INPUT, BOUND):
            return self.money
        return f"#,##0.{'0' * unit.decimals}" if unit.decimals else "#,##0"


def page(sheet: Worksheet, title: str, note: str, looks: Looks, widths: Sequence[float]) -> None:
    """A sheet's title and what it is for, its columns' widths, and how it prints: A4 across, as wide as a page, with numbers."""
    sheet.write_string(0, 0, title, looks.text(bold=True, font_size=14))
    sheet.write_string(1, 0, note, looks.text(**NOTE))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def heads(sheet: Worksheet, row: int, words: Sequence[str], looks: Looks, right_from: int = 99) -> None:
    """A table's head, which stays in sight and stands on every printed page. right_from: the first column of numbers."""
    for column, word in enumerate(words):
        sheet.write_string(row, column, word, looks.head(column >= right_from))
    sheet.repeat_rows(row)


def table(sheet: Worksheet, key: str, say: Callable[..., str], columns: Iterable[str], widths: Sequence[float], looks: Looks,
          right_from: int, more: Iterable[str] = ()) -> None:
    """A sheet that is one table, its columns by their keys. more: columns that are called as they are."""
    page(sheet, say(f"workbook.sheet.{key}"), say(f"workbook.{key}_note"), looks, widths)
    heads(sheet, HEAD, [*(say(f"workbook.column.{c}") for c in columns), *more], looks, right_from)
    sheet.freeze_panes(FIRST, 1)


def coloured(sheet: Worksheet, where: tuple[int, int, int, int], good: str, bad: str, looks: Looks) -> None:
    """Colours the two words wherever they come to stand in these cells."""
    for word, look in ((good, GOOD), (bad, BAD)):
        sheet.conditional_format(*where, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": looks.text(**look)})


def put(sheet: Worksheet, row: int, column: int, formula: str, value: Any, look: Format) -> None:
    """A cell: a formula with the value that it has now, or the value alone."""
    if formula:
        sheet.write_formula(row, column, f"={formula}", look, value)
    elif value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)

"""Charts of the statement, a spreadsheet's own: they move with its cells."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from model.engine.lines import WATERFALL
from model.io.workbook.contents import Contents
from model.io.workbook.excel import cell, place, span
from model.io.workbook.live import FIRST_MONTH, STATEMENT, TOP, Cell, Live
from model.io.workbook.looks import BARS, CHART, FALL, GRID, PROFIT, Looks, heads, page, put
from model.units import YUAN

#: where the charts and the table below them stand, and the table's columns: the waterfall is drawn of the last four
_MONTHS, _FALL, _TABLE = 3, 24, 45
_COLUMNS = ("figure", "amount", "after", "hidden", "stands", "above", "below")
_AMOUNT, _AFTER, _HIDDEN = 1, 2, 3


def write(book: Workbook, sheet: Worksheet, contents: Contents, live: Live, looks: Looks) -> None:
    """GMV and net profit by month; the way from GMV to net profit over the whole plan, and the table it is drawn of."""
    say = contents.words.say
    page(sheet, say("workbook.sheet.charts"), say("workbook.charts_note"), looks, (28, *[16] * 6))
    sheet.insert_chart(_MONTHS, 0, _months(book, contents, live))
    heads(sheet, _TABLE, [say(f"workbook.column.{c}") for c in _COLUMNS], looks, 1)
    value = 0.0
    for row, key in enumerate(WATERFALL, _TABLE + 1):
        value = _step(sheet, row, key, value, contents, live, looks)
    sheet.insert_chart(_FALL, 0, _waterfall(book, contents))


def _row(live: Live, key: str) -> int:
    return TOP + next(i for i, row in enumerate(live.rows[STATEMENT]) if row.key == key)


def _months(book: Workbook, contents: Contents, live: Live) -> Any:
    """Columns of GMV, and a line of net profit on an axis of its own."""
    name, words, last = live.sheets[STATEMENT], contents.words, FIRST_MONTH + live.size - 1
    columns, line = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    for chart, key, look in ((columns, "gmv", {"fill": BARS}), (line, "net_profit", {"line": PROFIT, "y2_axis": True})):
        row = _row(live, key)
        heads_of, cells = (f"={span(name, (r, FIRST_MONTH), (r, last))}" for r in (TOP - 1, row))
        chart.add_series({"name": words.figure("line", key), "categories": heads_of, "values": cells, **look})
    columns.combine(line)
    line.set_y2_axis({"num_format": words.money})
    return _dressed(columns, contents, "chart_months")


def _step(sheet: Worksheet, row: int, key: str, before: float, contents: Contents, live: Live, looks: Looks) -> float:
    """A line of the table: what it adds or takes, what is left, and the parts of its column. Returns what is left."""
    at = _row(live, key)
    period = FIRST_MONTH + live.size + len(live.spans) - 1
    amount = (live.rows[STATEMENT][at - TOP].periods[-1] or ("", 0.0))[1]
    stands = key in (WATERFALL[0], WATERFALL[-1])
    after = amount if stands else before - amount
    own, a, b = place(row, _AMOUNT), place(row, _AFTER), place(row - 1, _AFTER)
    cells = [(cell(live.sheets[STATEMENT], at, period).text, amount), (own if stands else f"{b}-{own}", after)]
    cells += [("", ""), (a, after)] if stands else _taken(a, b, after, before)
    put(sheet, row, 0, "", contents.words.figure("line", key), looks.of())
    for column, (formula, value) in enumerate(cells, _AMOUNT):
        put(sheet, row, column, formula, value, looks.of(YUAN))
    return after


def _taken(a: str, b: str, after: float, before: float) -> list[Cell]:
    """The column of what is taken between two heights, their cells a and b: unseen up to the lower, below zero apart."""
    unseen = max(0.0, min(after, before)) + min(0.0, max(after, before))
    above, below = (abs(of(0.0, after) - of(0.0, before)) for of in (max, min))
    return [(f"MAX(0,MIN({a},{b}))+MIN(0,MAX({a},{b}))", unseen), ("", ""), (f"ABS(MAX(0,{a})-MAX(0,{b}))", above),
            (f"-ABS(MIN(0,{a})-MIN(0,{b}))", -below)]


def _waterfall(book: Workbook, contents: Contents) -> Any:
    """Columns upon columns that are not seen: every spreadsheet draws those, few a waterfall of their own."""
    name, first, last = contents.words.say("workbook.sheet.charts"), _TABLE + 1, _TABLE + len(WATERFALL)
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for column, look in enumerate(({"none": True}, BARS, FALL, FALL), _HIDDEN):
        labels, cells = (f"={span(name, (first, c), (last, c))}" for c in (0, column))
        chart.add_series({"name": f"={cell(name, _TABLE, column).text}", "categories": labels, "values": cells, "gap": 40,
                          "fill": look})
    chart = _dressed(chart, contents, "chart_waterfall")
    chart.set_legend({"none": True})
    return chart


def _dressed(chart: Any, contents: Contents, title: str) -> Any:
    chart.set_title({"name": contents.words.say(f"workbook.{title}"), "name_font": {"size": 12}})
    chart.set_y_axis({"num_format": contents.words.money, "major_gridlines": {"visible": True, "line": GRID}})
    chart.set_x_axis({"label_position": "low"})
    chart.set_legend({"position": "bottom"})
    chart.set_size(CHART)
    return chart

"""The sheet of assumptions: every input with its unit, bounds and source, in a cell that may be changed, and what follows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from xlsxwriter.worksheet import Worksheet

from model.io.workbook.contents import Contents, Entry
from model.io.workbook.excel import place, words
from model.io.workbook.looks import BOUND, INPUT, TURNED, Looks, heads, page, put

TABLE, ROW, LABEL, VALUE, UNIT, LOW, HIGH, USUAL, SOURCE, FOLLOWED, CHANGED, WRITTEN, EXACT, ADDRESS = range(14)
#: rows of the marks that the reader finds the columns by, of the head, and of the first assumption
MARKS, HEAD, FIRST = 2, 3, 4
_COLUMNS = ("table", "row", "label", "value", "unit", "low", "high", "usual", "source", "followed", "changed")
#: what stands in the row of marks. Written: the value as it was; exact: all its digits, of which a spreadsheet keeps fifteen
MARK_OF = {VALUE: "sandtable:value", WRITTEN: "sandtable:written", EXACT: "sandtable:exact", ADDRESS: "sandtable:address"}
_WIDTHS = (14, 20, 26, 16, 12, 11, 11, 15, 40, 16, 16)
#: longest list of choices that a spreadsheet takes
_LONGEST_LIST = 255


def rows_of(listed: list[Entry]) -> dict[str, int]:
    """Rows of the assumptions' cells by address."""
    return {entry.address: FIRST + i for i, entry in enumerate(listed)}


def write(sheet: Worksheet, contents: Contents, listed: list[Entry], followed: Collection[str], looks: Looks) -> None:
    """Writes the sheet. followed: addresses that formulas of the workbook read; whatever else follows needs the app."""
    say = contents.words.say
    page(sheet, say("workbook.sheet.assumptions"), say("workbook.assumptions_note"), looks, _WIDTHS)
    for column, mark in MARK_OF.items():
        sheet.write_string(MARKS, column, mark)
    sheet.set_row(MARKS, None, None, {"hidden": True})
    sheet.set_column(WRITTEN, ADDRESS, None, None, {"hidden": True})
    heads(sheet, HEAD, [say(f"workbook.column.{c}") for c in _COLUMNS], looks)
    sheet.freeze_panes(FIRST, VALUE)
    sheet.autofilter(HEAD, TABLE, FIRST + len(listed) - 1, CHANGED)
    for i, entry in enumerate(listed):
        _line(sheet, FIRST + i, contents, entry, entry.address in followed, looks)


def _line(sheet: Worksheet, row: int, contents: Contents, entry: Entry, live: bool, looks: Looks) -> None:
    say, driver, unit = contents.words.say, entry.driver, entry.driver.unit
    texts = {TABLE: say(f"table.{entry.table}.label"), ROW: contents.words.row(entry.table, entry.row) if entry.row else "",
             LABEL: contents.words.figure("driver", f"{entry.table}.{driver.key}"), UNIT: contents.words.unit(unit),
             SOURCE: contents.words.source(entry.address), FOLLOWED: say(f"workbook.{'live' if live else 'model'}"),
             ADDRESS: entry.address}
    for column, text in texts.items():
        put(sheet, row, column, "", text, looks.of())
    put(sheet, row, VALUE, "", entry.value, looks.of(unit, INPUT))
    put(sheet, row, WRITTEN, "", entry.value, looks.of())
    put(sheet, row, EXACT, "", repr(entry.value) if isinstance(entry.value, float) else "", looks.of())
    if unit.is_number:
        for column, bound in ((LOW, driver.low), (HIGH, driver.high)):
            put(sheet, row, column, "", bound, looks.of(unit, BOUND))
        put(sheet, row, USUAL, "", _usual(entry), looks.of())
    value, before = place(row, VALUE), place(row, WRITTEN)
    changed = say(f"workbook.changed_{'live' if live else 'model'}")
    put(sheet, row, CHANGED, f'IF({value}={before},"",{words(changed)})', "", looks.text(**TURNED))
    if rule := _allowed(entry, say):
        sheet.data_validation(row, VALUE, row, VALUE, rule)


def _usual(entry: Entry) -> str:
    """The range that a value usually lies in, in the unit's own figures."""
    if entry.driver.soft is None:
        return ""
    unit = entry.driver.unit
    return " – ".join(f"{x * unit.scale:g}{'%' if unit.scale == 100 else ''}" for x in entry.driver.soft)


def _allowed(entry: Entry, say: Any) -> dict[str, Any] | None:
    """What a spreadsheet lets a cell hold: its bounds, or its words."""
    driver = entry.driver
    if driver.unit.is_number:
        bounds = say("workbook.bounds", low=f"{driver.low:g}", high=f"{driver.high:g}")
        return {"validate": "decimal", "criteria": "between", "minimum": driver.low, "maximum": driver.high,
                "error_title": say("workbook.not_allowed"), "error_message": bounds}
    options = ["TRUE", "FALSE"] if driver.unit.kind == "flag" else list(driver.options)
    return {"validate": "list", "source": options} if options and len(",".join(options)) < _LONGEST_LIST else None



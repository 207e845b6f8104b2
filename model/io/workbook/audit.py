"""The sheet of checks: whether the sheets still equal what the model said at writing, and the model's own checks."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from model.engine.checks import PASS, checks
from model.io.workbook import inputs, series
from model.io.workbook.contents import Contents
from model.io.workbook.excel import cell, place, span, words
from model.io.workbook.live import ASSUMPTIONS, FIRST_MONTH, MEASURES, STATEMENT, TOP, Live, Row
from model.io.workbook.looks import BAD, FIRST, GOOD, MODEL, Looks, coloured, put, table

#: relative; sums in another order differ by less
_EQUAL = "1E-9"


def write(sheet: Worksheet, contents: Contents, live: Live, listed: int, looks: Looks) -> str:
    """Each line and KPI over the whole plan: the model's value at writing, the sheets' now, whether they are one.

    Returns the formula of the verdict over all of them. listed: how many assumptions there are.
    """
    say = contents.words.say
    columns = ("figure", "unit", "written", "now", "difference", "equal")
    table(sheet, "checks", say, columns, (34, 10, 18, 18, 18, 14), looks, right_from=2)
    rows = [(key, i, row) for key in (STATEMENT, MEASURES) for i, row in enumerate(live.rows[key])]
    column = FIRST_MONTH + live.size + len(live.spans) - 1
    for at, (key, i, row) in enumerate(rows, FIRST):
        _line(sheet, at, contents, row, cell(live.sheets[key], TOP + i, column).text, looks)
    last = FIRST + len(rows) - 1
    coloured(sheet, (FIRST, 5, last, 5), say("workbook.equal"), say("workbook.differs"), looks)
    _own_checks(sheet, contents, last + 2, looks)
    differing = f"COUNTIF({span(say('workbook.sheet.checks'), (FIRST, 5), (last, 5))},{words(say('workbook.differs'))})"
    return _verdict(contents, differing, live, listed)


def _line(sheet: Worksheet, at: int, contents: Contents, row: Row, where: str, looks: Looks) -> None:
    say, value = contents.words.say, (row.periods[-1] or row.cells[-1])[1]
    then, now = place(at, 2), place(at, 3)
    both, either = (f"{joint}(ISNUMBER({then}),ISNUMBER({now}))" for joint in ("AND", "OR"))
    same = f"IF({both},ABS({now}-{then})<={_EQUAL}*MAX(1,ABS({then})),NOT({either}))"
    put(sheet, at, 0, "", series.label(contents, row), looks.of())
    put(sheet, at, 1, "", contents.words.unit(row.unit), looks.of())
    put(sheet, at, 2, "", value, looks.of(row.unit, MODEL))
    put(sheet, at, 3, where, value, looks.of(row.unit))
    put(sheet, at, 4, f'IF({both},{now}-{then},"")', "" if value == "" else 0.0, looks.of(row.unit))
    equal, differs = say("workbook.equal"), say("workbook.differs")
    put(sheet, at, 5, f"IF({same},{words(equal)},{words(differs)})", equal, looks.text(bold=True, align="right"))


def _verdict(contents: Contents, differing: str, live: Live, listed: int) -> str:
    """Whether an assumption that the sheets do not follow was changed, one that they follow, or nothing."""
    say = contents.words.say
    changes = span(live.sheets[ASSUMPTIONS], (inputs.FIRST, inputs.CHANGED), (inputs.FIRST + listed - 1, inputs.CHANGED))
    outside = f"COUNTIF({changes},{words(say('workbook.changed_model'))})"
    needs_app, equal, differ = (words(say(f"workbook.{k}")) for k in ("needs_app", "all_equal", "some_differ"))
    return f"IF({outside}>0,{needs_app},IF({differing}=0,{equal},{differ}))"


def _own_checks(sheet: Worksheet, contents: Contents, top: int, looks: Looks) -> None:
    say = contents.words.say
    put(sheet, top, 0, "", say("workbook.own_checks"), looks.text(bold=True))
    for row, check in enumerate(checks(contents.result), top + 1):
        fine = check.status == PASS
        put(sheet, row, 0, "", say(f"check.{check.key}.label"), looks.of())
        put(sheet, row, 2, "", say(f"workbook.{check.status}"), looks.text(align="right", **(GOOD if fine else BAD)))
        put(sheet, row, 3, "", "" if fine else say(f"check.{check.key}.advice"), looks.of())

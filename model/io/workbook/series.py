"""Sheets whose rows are months: the statement, KPIs, channels, workings, and what the model computed."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from model.analysis.explain import derive
from model.analysis.statement import INSIDE
from model.engine.kpis import periods_of
from model.engine.lines import LINES
from model.io.workbook.contents import Contents
from model.io.workbook.excel import here
from model.io.workbook.live import FIRST_MONTH, RAMP, TOP, Live, Row
from model.io.workbook.looks import MODEL, PLAIN, TOTAL, Looks, heads, page, put

HEAD = TOP - 1
_LABEL, _CHANNEL, _UNIT, _FROM = range(FIRST_MONTH)
_LABEL_WIDTH, _CHANNEL_WIDTH, _NARROW, _WIDTHS = 26, 18, 2, (12, 20)
_MONTH_WIDTH, _PERIOD_WIDTH = 12, 14


def write(sheet: Worksheet, key: str, contents: Contents, live: Live, looks: Looks) -> None:
    """Writes a sheet's rows, each with its months and, of what adds up, its periods."""
    words, months = contents.words, contents.result.months
    periods = periods_of(len(months))
    named = any(row.channel for row in live.rows[key])
    widths = [_LABEL_WIDTH, _CHANNEL_WIDTH if named else _NARROW, *_WIDTHS]
    widths += [_MONTH_WIDTH] * len(months) + [_PERIOD_WIDTH] * len(periods)
    page(sheet, words.say(f"workbook.sheet.{key}"), words.say(f"workbook.{key}_note"), looks, widths)
    columns = [words.say(f"workbook.column.{c}") if c else "" for c in ("figure", "channel" if named else "", "unit", "from")]
    heads(sheet, HEAD, [*columns, *months, *map(words.period, periods)], looks, FIRST_MONTH)
    sheet.repeat_columns(_LABEL, _FROM)
    sheet.freeze_panes(TOP, FIRST_MONTH)
    for i, row in enumerate(live.rows[key]):
        _row(sheet, TOP + i, row, contents, looks, live.sheets[key], named)


def _row(sheet: Worksheet, at: int, row: Row, contents: Contents, looks: Looks, name: str, named: bool) -> None:
    words = contents.words
    summed = row.kind == derive.LINE and not row.channel and row.cells[0][0] and _is_sum(row.key)
    look = TOTAL if summed else PLAIN if any(formula for formula, _ in row.cells) else MODEL
    texts = (label(contents, row), _channel(contents, row) if named else "", words.unit(row.unit),
             words.say("workbook.model" if look == MODEL else "workbook.formula"))
    for column, text in enumerate(texts):
        put(sheet, at, column, "", text, looks.of(None, TOTAL if summed else PLAIN))
    for column, told in enumerate((*row.cells, *row.periods), FIRST_MONTH):
        if told is not None:
            put(sheet, at, column, here(told[0], name), told[1], looks.of(row.unit, look))


def _is_sum(line: str) -> bool:
    """Whether a line of the statement is what those above it come to."""
    return not LINES[line].sign and LINES[line].kind == "flow" and line not in INSIDE


def _channel(contents: Contents, row: Row) -> str:
    """The channel's name; of a sum over them that it is one."""
    if row.channel:
        return contents.words.row("channel", row.channel)
    return contents.words.say("workbook.all_channels") if row.kind != RAMP and derive.by_channel(row.kind, row.key) else ""


def label(contents: Contents, row: Row) -> str:
    """What a row is called."""
    words = contents.words
    if row.kind == RAMP:
        return words.say("workbook.ramp", name=words.row("initiative", row.key))
    return words.figure(row.kind, row.key)



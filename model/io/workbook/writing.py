"""A plan as a workbook: assumptions that may be changed, and a profit and loss statement that follows them without the app."""

from __future__ import annotations

import io
from collections.abc import Mapping

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from model.engine.evaluate import Result
from model.engine.lines import LINES
from model.io.workbook import audit, charts, inputs, measures, reports, series
from model.io.workbook.contents import Contents, entries
from model.io.workbook.live import ASSUMPTIONS, CHANNELS, COMPUTED, MEASURES, SERIES, STATEMENT, WORKINGS, Live
from model.io.workbook.looks import Looks

#: sheets in the order of their tabs
SHEETS = ("readme", ASSUMPTIONS, STATEMENT, "charts", MEASURES, "targets", "risk", "register", CHANNELS, WORKINGS, COMPUTED,
          "checks")


class _Sheet(Worksheet):
    """A sheet whose formulas name no function younger than the format: forty searches for one in each took half of the time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def workbook(contents: Contents, points: tuple[int, ...] = ()) -> bytes:
    """An .xlsx of a plan; every formula with the value that the model gives it. points: per cent points of the risk sheet."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        _fill(book, contents, points)
    return out.getvalue()


def _fill(book: Workbook, contents: Contents, points: tuple[int, ...]) -> None:
    words, looks = contents.words, Looks(book, contents.words.money)
    names = {key: words.say(f"workbook.sheet.{key}") for key in SHEETS}
    sheets = {key: book.add_worksheet(name, _Sheet) for key, name in names.items()}
    listed = list(entries(contents.scenario))
    live = laid_out(contents.result, names)
    aims = measures.aims(live)
    inputs.write(sheets[ASSUMPTIONS], contents, listed, live.alone(), looks)
    for key in SERIES:
        series.write(sheets[key], key, contents, live, looks)
    charts.write(book, sheets["charts"], contents, live, looks)
    reports.write_targets(sheets["targets"], contents, aims, looks)
    reports.write_risk(sheets["risk"], contents, points, looks)
    reports.write_register(sheets["register"], contents, looks)
    verdict = audit.write(sheets["checks"], contents, live, len(listed), looks)
    reports.write_readme(sheets["readme"], contents, SHEETS[1:], verdict, looks)


def laid_out(result: Result, names: Mapping[str, str]) -> Live:
    """Every row in its place: funnel and customers as the model has them, what follows from them, KPIs. names: of the sheets."""
    live = Live(result, names, inputs.rows_of(list(entries(result.scenario))))
    for key, line in LINES.items():
        live.series(key)
        for i in range(len(result.channels)) if line.channel else ():
            live.series(key, i)
    measures.place_kpis(live)
    return live

"""What the Compare page gives away: KPIs, months and assumptions side by side, each a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from model import KPIS, LINES, Result
from model.analysis import compare
from model.analysis.compare.changes import Difference
from model.late import Late
from model.plan.schema import driver_of, split
from pages.ui.compare.comparison import Side, longest, value_at
from pages.ui.frame import downloads, saving, workbooks
from pages.ui.kit.csv_tables import OF_ROW, Field, Table
from pages.ui.kit.texts import listed, t
from pages.ui.session import results
from pages.ui.words import periods, place_names

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult

book = Late("model.io.workbook.comparison")


def offer(sides: Sequence[Side], bridge: compare.Bridge, ends: tuple[int, int], period: str) -> None:
    """The files of the page. Where nothing differs there is no file of what differs. ends: from which of the sides to which the
    bridge leads."""
    told, names = [s.result for s in sides], [s.name for s in sides]
    found = compare.differences([s.scenario for s in sides])
    tables: dict[str, Callable[[], Table]] = {"compare_kpis": lambda: kpis(told, names),
                                              "compare_months": lambda: months(told, names)}
    if any(map(_numeric, found)):
        tables["compare_assumptions"] = lambda: assumptions(sides, found)
    if not all(map(_numeric, found)):
        tables["compare_texts"] = lambda: settings(sides, found)
    with st.container(horizontal=True, gap="small"):
        for name, table in tables.items():
            downloads.csv_button(name, table, t("compare.download", what=t(f"file.{name}")), of=_names(sides))
        made = _made(sides, bridge, ends, period)
        downloads.button(t("compare.workbook"), "compare_workbook", "compare_workbook", made, "xlsx", of=_names(sides),
                         icon=":material/table_view:", help=t("compare.workbook_help"))


def _made(sides: Sequence[Side], bridge: compare.Bridge, ends: tuple[int, int], period: str) -> Callable[[], bytes]:
    """What makes the file, on a thread without a session; what the session knows is told here."""
    facts = workbooks.made_by(saving.actor().name, (t("workbook.compared"), listed(s.name for s in sides)),
                              (t("workbook.column.period"), periods.period_name(period, longest(sides))))
    return partial(file_of, sides, bridge, ends, period, [results.risk_of(s.scenario) for s in sides], facts)


def file_of(sides: Sequence[Side], bridge: compare.Bridge, ends: tuple[int, int], period: str, risks: Sequence[RiskResult],
            facts: tuple[tuple[str, str], ...]) -> bytes:
    """The workbook: all of it as one file."""
    every, first = [s.scenario for s in sides], max(sides, key=lambda s: len(s.result.months))
    compared = tuple(book.Side(s.name, s.result, risk) for s, risk in zip(sides, risks, strict=True))
    return book.comparison_workbook(book.Comparison(
        compared, bridge, *ends, period, workbooks.words(first.scenario), lambda a: place_names.place_name(a, *every),
        value_at, t("compare.title"), facts))


def _names(sides: Sequence[Side]) -> str:
    return "_vs_".join(s.name[:24] for s in sides[:3])


def kpis(results: Sequence[Result], names: Sequence[str]) -> Table:
    """Every KPI of each, and each minus the first."""
    kpi = t("compare.kpi")
    fields = [Field(kpi), Field(t("file.key", label=kpi)), Field(t("file.unit")), *(Field(n, OF_ROW) for n in names),
              *(Field(t("file.minus", a=n, b=names[0]), OF_ROW) for n in names[1:])]
    return Table(fields, [[t(f"kpi.{row.key}.label"), row.key, KPIS[row.key].unit, *row.values, *row.differences[1:]]
                          for row in compare.kpi_table(results)])


def months(results: Sequence[Result], names: Sequence[str]) -> Table:
    """Every line by month of each; empty where one has no such month."""
    line = t("plan.line")
    fields = [Field(line), Field(t("file.key", label=line)), Field(t("plan.month")), Field(t("file.unit")),
              *(Field(n, OF_ROW) for n in names)]
    rows = []
    for key, row in LINES.items():
        overlay = compare.month_lines(results, key)
        rows += [[t(f"line.{key}.label"), key, month, row.unit, *overlay.values[:, i]]
                 for i, month in enumerate(overlay.columns)]
    return Table(fields, rows)


def _numeric(found: Difference) -> bool:
    return bool(split(found.address).field) and driver_of(found.address).unit.is_number


def assumptions(sides: Sequence[Side], found: Sequence[Difference]) -> Table:
    """Numbers of the plan that differ; empty where one has no such row."""
    fields = [*_named(), Field(t("file.unit")), *(Field(s.name, OF_ROW) for s in sides)]
    every = [s.scenario for s in sides]
    return Table(fields, [[place_names.place_name(d.address, *every), d.address, driver_of(d.address).unit, *d.values]
                          for d in found if _numeric(d)])


def settings(sides: Sequence[Side], found: Sequence[Difference]) -> Table:
    """Words, choices, switches and whole rows that differ."""
    every = [s.scenario for s in sides]
    return Table([*_named(), *(Field(s.name) for s in sides)],
                 [[place_names.place_name(d.address, *every), d.address, *(value_at(s, d.address) for s in every)]
                  for d in found if not _numeric(d)])


def _named() -> tuple[Field, Field]:
    return Field(t("desk.assumption")), Field(t("file.key", label=t("desk.assumption")))

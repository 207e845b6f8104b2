"""The plan page's answer, its statement by month, quarter or year, and its cash."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from model import KPIS, LINES, InvalidInput, Result
from model.analysis import statement as sheet
from model.engine.kpis import YEAR, period_of
from model.units import MONTHS, YUAN, YUAN_EACH
from pages.ui.frame import downloads
from pages.ui.kit import charts, page_look, tables, views
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import DASH, MINUS, difference, fixed, growth, money, money_unit, none, number, signed
from pages.ui.kit.texts import language, rules, t
from pages.ui.plan import specs
from pages.ui.session import results, state
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels, month_said

VIEWS = ("amount", "per_100", "growth")
_SIZES, YEAR_MONTHS = tuple(sheet.MONTHS_OF), sheet.MONTHS_OF["year"]


def ink() -> str:
    """The colour of text in charts, which know nothing of the page's theme."""
    return specs.INK[page_look.theme()]


# --- the answer --------------------------------------------------------------------------------------------------------

def answer(result: Result, period: str) -> None:
    """Is the year sound? Profit, lowest cash and its month, targets reached."""
    profit, lowest, rate = (periods.value(result, key, period) for key in ("net_profit", "lowest_cash", "net_margin_rate"))
    span, margin = periods.span(period, len(result.months)), number(rate, KPIS["net_margin_rate"].unit)
    earned = t("plan.profit" if profit >= 0 else "plan.loss", span=span, profit=money(abs(profit)), margin=margin)
    months = period_of(period, result.months)
    cash = t("plan.cash_below" if lowest < 0 else "plan.cash_above", **_lowest(result, months))
    known = results.targets_of(result)
    found = [x for x in known if months.start <= period_of(x.period, result.months).start < months.stop]
    hits = sum(x.outcome == "hit" for x in found)
    none = t("plan.no_targets_here" if known else "plan.no_targets_yet")
    reached = t("plan.targets_reached", hits=hits, count=len(found)) if found else none
    st.subheader(t("plan.answer", profit=earned, cash=cash, targets=reached), anchor=False)


# --- the statement -----------------------------------------------------------------------------------------------------

def _sizes(months: int) -> list[str]:
    return [s for s in _SIZES if s != "year" or months > YEAR_MONTHS]


def _chosen(months: int) -> tuple[str, str]:
    """(size of a column, view) over so many months: only views, not part of the plan."""
    size = st.session_state.get("plan_period")
    return (size if size in _sizes(months) else "month"), st.session_state.get("plan_view") or "amount"


def _controls(months: int) -> None:
    size, view = _chosen(months)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", width="content"):
        for key, value, options in (("period", size, _sizes(months)), ("view", view, VIEWS)):
            views.show(st.segmented_control, t(f"plan.{key}"), options, key=f"plan_{key}", value=value, required=True,
                      width="content", format_func=lambda o, key=key: t(f"plan.{'by' if key == 'period' else 'view'}_{o}"))


def period_names(result: Result, size: str) -> list[tuple[str, str, slice]]:
    """(name, which months, span) of each period."""
    found, length = sheet.periods(len(result.months), sheet.MONTHS_OF[size]), sheet.MONTHS_OF[size]
    names = month_labels(result.months)
    out = []
    for i, span in enumerate(found):
        covered = result.months[span]
        name = {"month": names[i], "quarter": f"Q{i + 1}", "year": t("plan.year_n", count=i + 1)}[size]
        name = name if len(covered) == length else t("plan.short_period", name=name, count=len(covered))
        out.append((name, covered[0] if len(covered) == 1 else f"{covered[0]} – {covered[-1]}", span))
    return out


def draw_statement(result: Result, period: str) -> None:
    """The months of a period and their sum; the file has all months."""
    whole = period_of(period, result.months)
    months = whole.stop - whole.start
    size, view = _chosen(months)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="small"):
        _controls(months)
        downloads.csv_button("statement", lambda: statement_table(result, size))
    rows, before = sheet.statement(result), sheet.last_years(result)
    compared = max((sheet.growth(row, before, whole).months for row in rows), default=0)
    if view == "growth" and not compared:
        st.info(t("plan.no_last_year"))
        return
    st.caption(t(f"plan.note_{view}"))
    if 0 < compared < months and view != "per_100":
        st.caption(t("plan.note_compared", count=compared))
    total = (periods.name(period, len(result.months)), "", whole)
    spans = [total, *(c for c in period_names(result, size) if whole.start <= c[2].start < whole.stop)]
    columns, cells = {"amount": _amounts, "per_100": _per_100, "growth": _growths}[view](rows, before, spans)
    shown = [_line(result, row, texts, whole) for row, texts in zip(rows, cells, strict=True)
             if view != "growth" or row.line in before and not row.part]
    tables.table("statement", t("plan.statement"), columns, shown)


def row_label(result: Result, row: sheet.Row) -> str:
    if not row.part:
        return t(f"line.{row.line}.label")
    return channel_name(result.scenario, row.part) if row.channel else t(f"plan.part.{row.part}")


def _line(result: Result, row: sheet.Row, cells: list[str], whole: slice) -> tables.Line:
    mark = "part" if row.part else "sum" if row.sum else ""
    note = "" if row.part else t("plan.formula", about=t(f"line.{row.line}.help"), line=row.line,
                                 formula=LINES[row.line].formula)
    moods = tuple((i, "bad") for i, cell in enumerate(cells) if cell.startswith(MINUS)) if row.sum and not row.part else ()
    return tables.Line(row.key, [row_label(result, row), *cells], of=row.line if row.part else "", mark=mark, help=note,
                     exact=fixed(sheet.total(row, whole), 2), moods=tuple((i + 1, mood) for i, mood in moods))


def amount(value: float) -> str:
    """Money in a statement's cell, in the unit that its head says."""
    if not math.isfinite(value):
        return DASH
    divisor, decimals = rules().statement
    return signed(fixed(value / divisor, decimals))


def _first() -> tables.Column:
    return tables.Column(t("plan.line"), help=t("plan.open_help"))


def _total_name(result: Result) -> str:
    return t("plan.year") if len(result.months) == 12 else t("plan.of_all_months", count=len(result.months))


def _amounts(rows, before, spans):
    """spans: (name, which months, span) of a column each, the whole period first."""
    (name, _, whole), *rest = spans
    known = any(sheet.growth(row, before, whole).months for row in rows)
    last_year = (tables.Column(t("plan.last_year")), tables.Column(t("plan.view_growth"), help=t("plan.growth_help")))
    columns = [_first(), tables.Column(name), tables.Column(t("plan.view_per_100")), *(last_year if known else ()), *_heads(rest)]
    cells = []
    for row in rows:
        grown = sheet.growth(row, before, whole)
        against = [amount(grown.before), _change(grown)] if known else []
        cells.append([amount(sheet.total(row, whole)), _share(row, rows[0], whole), *against,
                      *(amount(sheet.total(row, span)) for _, _, span in rest)])
    return columns, cells


def _per_100(rows, _, spans):
    return [_first(), *_heads(spans)], [[_share(row, rows[0], span) for _, _, span in spans] for row in rows]


def _growths(rows, before, spans):
    return [_first(), *_heads(spans)], [[_change(sheet.growth(row, before, span)) for _, _, span in spans] for row in rows]


def _heads(spans):
    return [tables.Column(name, help=months) for name, months, _ in spans]


def _share(row: sheet.Row, gmv: sheet.Row, span: slice = slice(None)) -> str:
    """What a row takes or leaves of 100 yuan of GMV."""
    whole = sheet.total(gmv, span)
    return DASH if not whole or row.kind == "balance" else signed(fixed(100 * sheet.total(row, span) / whole, 1, ""))


def _change(grown: sheet.Growth) -> str:
    if not math.isfinite(grown.rate):
        return DASH
    return growth(grown.rate)


def statement_table(result: Result, size: str) -> Table:
    """The statement: lines and their parts, signed as shown, and last year beside the months that it has."""
    rows, before = sheet.statement(result), sheet.last_years(result)
    spans, gmv, line = period_names(result, size), sheet.total(rows[0]), t("plan.line")
    fields = [Field(line), Field(t("file.key", label=line)), Field(t("file.part")),
              *(Field(months, YUAN) for _, months, _ in spans),
              Field(_total_name(result), YUAN), Field(t("plan.view_per_100"), YUAN_EACH), Field(t("plan.last_year"), YUAN),
              Field(t("file.of_last_years"), YUAN), Field(t("file.compared"), MONTHS)]
    return Table(fields, [[t(f"line.{row.line}.label"), row.line, row_label(result, row) if row.part else t("file.whole"),
                           *(sheet.total(row, span) for _, _, span in spans), sheet.total(row), _of_100(row, gmv),
                           *_last_year(sheet.growth(row, before))] for row in rows])


def _of_100(row: sheet.Row, gmv: float) -> float | None:
    return 100 * sheet.total(row) / gmv if gmv and row.kind == "flow" else None


def _last_year(grown: sheet.Growth) -> tuple[float | None, float | None, int]:
    return (grown.before, grown.now, grown.months) if grown.months else (None, None, 0)


# --- cash --------------------------------------------------------------------------------------------------------------

def draw_cash(result: Result, period: str) -> None:
    """Cash by month of a period and added up since the plan began, its lowest point marked and said; the file has all months."""
    axes, months = state.workspace().axes, period_of(period, result.months)
    flow, cash = result.lines["cash_flow"][months, 0], result.lines["cash"][months, 0]
    divisor, unit = money_unit()
    lowest = int(np.argmin(cash))
    title, words = cash_title(result, months), _lowest(result, months)
    downloads.message(title, "cash", lambda: cash_table(result), t("plan.cash_help"))
    st.caption(note) if (note := bought_ahead(result, period)) else st.empty()
    ends = [max(1e-6, *(sign * series / divisor)) for sign, series in ((1, flow), (-1, flow), (1, cash), (-1, cash))]
    high = charts.hold(axes, f"cash_high.{period}.{language()}", max(ends[0], ends[2]))
    # room for the words below the lowest point
    low = -charts.hold(axes, f"cash_low.{period}.{language()}", max(ends[1], ends[3], high * 0.08) * 1.15)
    spec = specs.cash_spec(low, high, unit, t("line.cash_flow.label"), t("line.cash.label"), ink())
    data = specs.cash_data(month_labels(result.months)[months], flow, cash, lowest,
                           t("plan.cash_mark", **{k: words[k] for k in ("month", "cash")}), divisor, 0.08 * (high - low))
    st.vega_lite_chart(data, spec, key="chart_cash", width="stretch",
                       alt=t("plan.cash_alt", title=title, end=money(float(cash[-1]))))


def bought_ahead(result: Result, period: str) -> str:
    """By how much the first year's low is another because months follow it, whose stock is bought in it; "" where it is not."""
    if period != YEAR or len(result.months) <= YEAR_MONTHS:
        return ""
    try:
        alone = results.result_of(result.scenario.with_values({"months": YEAR_MONTHS}))
    except InvalidInput:  # what the plan says of later months
        return ""
    first = period_of(YEAR, result.months)
    gap = float(result.lines["cash"][first].min() - alone.lines["cash"].min())
    unit = KPIS["lowest_cash"].unit
    return "" if none(difference(gap, unit)) else t("plan.cash_ahead", gap=difference(gap, unit), **_lowest(alone, first))


def cash_title(result: Result, months: slice = slice(None)) -> str:
    """When cash is lowest in these months, and what has to be there before."""
    below = result.lines["cash"][months].min() < 0
    return t("plan.cash_title_below" if below else "plan.cash_title_above", **_lowest(result, months))


def _lowest(result: Result, months: slice) -> dict[str, str]:
    """When cash is lowest in these months, and what is there then."""
    cash, names = result.lines["cash"][months, 0], result.months[months]
    lowest = int(np.argmin(cash))
    return {"month": month_said(names[lowest], result.months), "cash": money(float(cash[lowest])),
            "need": money(-float(cash[lowest]))}


def cash_table(result: Result) -> Table:
    keys = ("net_profit", "cash_flow", "cash")
    return Table([Field(t("plan.month")), *(Field(t(f"line.{k}.label"), YUAN) for k in keys)],
                 list(zip(result.months, *(result.lines[k][:, 0] for k in keys), strict=True)))

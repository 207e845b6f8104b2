"""A review as a workbook: months beside plan and last year, targets, why, where the year will land, notes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.analysis.risk.simulate import YEARLY, RiskResult, periods
from model.engine.evaluate import Result
from model.engine.kpis import ALL, KPIS, YEAR, kpi, period_of, targets
from model.io.workbook.contents import Words
from model.io.workbook.excel import place
from model.io.workbook.looks import SEVERAL
from model.io.workbook.tabled import WAY, Cell, Drawn, Picture, Tab, Told, less, way, written
from model.plan.scenario import Scenario
from model.review.actuals import Actuals
from model.review.bridge import Bridge
from model.review.happened import Happened
from model.review.pace import Standing, knowable, known_months, of_month, pace, standings
from model.review.solving import GROUPS
from model.units import RATE

#: of a month's figure: measured, planned, a year before
_ACTUAL, _PLAN, _BEFORE = range(3)
_OF = ("actual", "plan", "last_year")
_COLOURS = (SEVERAL[0], SEVERAL[1], SEVERAL[5])


@dataclass(frozen=True, slots=True)
class Review:
    """plan: of record. forecast: given the months; before: the plan's own risks. bridges: to date, of several KPIs; happened:
    what they were made of. figures: KPIs of the months, the first is drawn. states: of a target's standing, in words. place: an
    address in words; shown: a value at it. points: per cent points of the forecast.
    """

    plan: Result
    actuals: Actuals
    forecast: RiskResult
    before: RiskResult
    bridges: tuple[Bridge, ...]
    happened: Happened
    figures: tuple[str, ...]
    words: Words
    states: Callable[[Standing], str]
    place: Callable[[str], str]
    shown: Callable[[str, float], str]
    points: tuple[int, ...]
    title: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def scenario(self) -> Scenario:
        return self.plan.scenario


def review_workbook(of: Review) -> bytes:
    """An .xlsx of a review."""
    bridges = [tab for bridge in of.bridges for tab in (_bridge(of, bridge), _drivers(of, bridge))]
    tabs = (_months(of), _targets(of), *bridges, _forecast(of), _notes(of))
    return written(of.title, of.words.say("workbook.reviewed_about"), of.facts, tabs, of.words)


def _columns(of: Review, *keys: str) -> list[str]:
    return [of.words.say(f"workbook.column.{key}") for key in keys]


# --- the months ----------------------------------------------------------------------------------------------------------

def _months(of: Review) -> Tab:
    """Every figure that was measured: actual, plan, last year and the difference by month, and over the months known."""
    size, keys = len(of.actuals.months), [k for k in of.figures if k in knowable()]
    known = [k for k in keys if len(known_months(of.actuals, k, slice(None)))]
    rows = [row for key in known for row in _figure(of, key)]
    series = tuple(Drawn(of.words.say(f"review.{what}"), (i, 3), (i, 2 + size), what != "actual", _COLOURS[i])
                   for i, what in enumerate(_OF))
    labels = Drawn("", (-1, 3), (-1, 2 + size))
    picture = Picture(of.words.figure("kpi", known[0]), KPIS[known[0]].unit, labels, series) if known else None
    heads = [*_columns(of, "figure", "basis", "unit"), *of.actuals.months, *_columns(of, "to_date")]
    return Tab("reviewed_months", heads, (30, 18, 10, *[14] * size, 16), rows, 3, picture, 3)


def _figure(of: Review, key: str) -> list[list[Cell]]:
    """Four rows of a KPI: as measured, planned, a year before, and the first less the second."""
    unit, months = KPIS[key].unit, known_months(of.actuals, key, slice(None))
    found = np.array([of_month(of.plan, of.actuals, key, m) for m in range(len(of.actuals.months))])
    so_far = pace(of.plan, of.actuals, key, ALL)
    whole = (so_far.actual, so_far.plan, so_far.last_year) if so_far else (math.nan,) * 3
    cells = ",".join("{" + str(m) + "}" for m in months)

    def summed(row: int, _: int) -> str:
        return f"SUM({cells.format(*(place(row, 3 + m) for m in range(len(found))))})"
    name, rows = of.words.figure("kpi", key), list[list[Cell]]()
    for i, what in enumerate(_OF):
        total = Told(whole[i], unit, summed if KPIS[key].adds_up else None, True)
        rows.append([name, of.words.say(f"review.{what}"), of.words.unit(unit), *(Told(x, unit) for x in found[:, i]), total])
    apart = [*(found[:, _ACTUAL] - found[:, _PLAN]), whole[_ACTUAL] - whole[_PLAN]]
    rows.append([name, of.words.say("review.gap_plan"), of.words.unit(unit), *(Told(float(x), unit, _over(3 + m))
                                                                               for m, x in enumerate(apart))])
    return rows


def _over(column: int) -> Callable[[int, int], str]:
    """Three rows up less two rows up: actual less plan."""
    return lambda row, _: f"{place(row - 3, column)}-{place(row - 2, column)}"


# --- targets, reasons -----------------------------------------------------------------------------------------------------

def _targets(of: Review) -> Tab:
    """Where each stands, against the plan of the same months, and its chance before the year and now."""
    rows: list[list[Cell]] = []
    for s in standings(of.plan, of.actuals, targets(of.plan)):
        x, unit = s.target, KPIS[s.target.kpi].unit
        seen = [s.pace.actual, s.pace.plan, s.pace.gap] if s.pace else [math.nan] * 3
        part = s.pace.done if s.pace and KPIS[x.kpi].adds_up else math.nan
        chances = [found.chances.get(x.key) for found in (of.before, of.forecast)]
        rows.append([of.words.figure("kpi", x.kpi), of.words.period(x.period), of.states(s), of.words.unit(unit),
                     Told(float(x.target), unit), Told(seen[0], unit), Told(seen[1], unit), Told(seen[2], unit, less(5, 6)),
                     Told(part, RATE, lambda row, _: f"{place(row, 5)}/{place(row, 4)}"),
                     *(Told(c.chance, RATE) if c else "" for c in chances)])
    heads = [*_columns(of, "figure", "period"), of.words.say("review.state"), *_columns(of, "unit", "target"),
             *(of.words.say(f"review.{k}") for k in ("actual", "plan_same", "gap_plan", "done", "before", "now"))]
    return Tab("reviewed_targets", heads, (28, 14, 26, 10, *[16] * 4, 12, 12, 12), rows, 4)


def _bridge(of: Review, bridge: Bridge) -> Tab:
    """From plan to actual, the largest bar first; what the model does not explain last."""
    say, unit = of.words.say, KPIS[bridge.kpi].unit
    bars = [*sorted((b for b in bridge.bars[:-1] if b.value), key=lambda b: -abs(b.value)), *bridge.bars[-1:]]
    parts = [(say(f"review.group.{b.group}"), b.value) for b in bars] or [(say("review.no_bridge_undefined"),
                                                                           bridge.end - bridge.start)]
    rows, picture = way((say("review.plan"), bridge.start), parts, say("review.gap"), say("review.actual"), unit,
                        of.words.figure("kpi", bridge.kpi))
    return Tab(f"reviewed_{bridge.kpi}", _columns(of, *WAY), (34, *[16] * (len(WAY) - 1)), rows, picture=picture)


def _drivers(of: Review, bridge: Bridge) -> Tab:
    """Every driver of every bar: its mean over the months as planned and as measured, and what it adds."""
    say, unit, closed = of.words.say, KPIS[bridge.kpi].unit, slice(0, of.actuals.closed)
    rows: list[list[Cell]] = []
    for bar in bridge.bars[:-1]:
        for part in bar.drivers:
            first, *more = part.addresses
            means = ["…" if more else of.shown(first, float(values[first][closed].mean()))
                     for values in (of.happened.before, of.happened.after)]
            name = ", ".join(map(of.place, part.addresses))
            rows.append([say(f"review.group.{bar.group}"), name, *means, Told(part.value, unit)])
    heads = [*_columns(of, "group", "label"), say("review.plan_mean"), say("review.actual_mean"), *_columns(of, "amount")]
    return Tab(f"reviewed_{bridge.kpi}_drivers", heads, (24, 48, 20, 20, 16), rows, 4)


# --- what comes -----------------------------------------------------------------------------------------------------------

def _forecast(of: Review) -> Tab:
    """GMV and net profit by month, then every KPI that draws know by year: its points, beside the plan."""
    rows: list[list[Cell]] = []
    for key in ("gmv", "net_profit"):
        for m, month in enumerate(of.actuals.months):
            rows.append(_points(of, key, month, float(of.plan.lines[key][m, 0]), of.forecast.months(key).points[:, m]))
    size = len(of.actuals.months)
    for period in periods(size):
        name = YEAR if period == "year1" else ALL if period == "plan" else period
        span = period_of(name, of.plan.months)
        rows += [_points(of, key, of.words.period(name), float(kpi(of.plan, key, span)[0]), of.forecast.year(key, period).points)
                 for key in YEARLY]
    lines = [i for i, p in enumerate(of.points) if p in (10, 50, 90)]
    series = [Drawn(f"P{of.points[i]}", (0, 4 + i), (size - 1, 4 + i), True, SEVERAL[0 if of.points[i] == 50 else 5])
              for i in lines]
    series.append(Drawn(of.words.say("review.plan"), (0, 3), (size - 1, 3), True, SEVERAL[1]))
    picture = Picture(of.words.figure("kpi", "gmv"), KPIS["gmv"].unit, Drawn("", (0, 1), (size - 1, 1)), tuple(series))
    heads = [*_columns(of, "figure", "period", "unit"), of.words.say("review.plan"), *(f"P{p}" for p in of.points)]
    return Tab("reviewed_forecast", heads, (28, 14, 10, *[15] * (1 + len(of.points))), rows, 3, picture)


def _points(of: Review, key: str, when: str, planned: float, points: np.ndarray) -> list[Cell]:
    unit = KPIS[key].unit
    return [of.words.figure("kpi", key), when, of.words.unit(unit), Told(planned, unit), *(Told(float(x), unit) for x in points)]


def _notes(of: Review) -> Tab:
    """What was decided, the open ones first."""
    say = of.words.say
    found = sorted(of.scenario.book.notes, key=lambda n: (n.done, n.due or "9999", n.month))
    rows = [[n.month, say(f"review.group.{n.about}" if n.about in GROUPS else "review.general"), n.text, n.owner, n.due,
             say("review.note_done") if n.done else ""] for n in found]
    heads = [say(f"review.{k}") for k in ("month", "about", "note", "owner", "due_day", "state")]
    return Tab("reviewed_notes", heads, (12, 22, 70, 16, 14, 12), rows, 99)

"""A comparison as a workbook: KPIs and months side by side, targets with their chances, what differs, why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model.analysis.compare.bridge import Bridge
from model.analysis.compare.changes import Difference, differences
from model.analysis.compare.tables import month_lines
from model.analysis.risk.simulate import RiskResult
from model.engine.evaluate import Result
from model.engine.kpis import KPIS, over, targets, whole_targets
from model.engine.lines import LINES
from model.io.workbook.contents import Words
from model.io.workbook.excel import place
from model.io.workbook.looks import SEVERAL
from model.io.workbook.tabled import WAY, Cell, Drawn, Picture, Tab, Told, less, way, written
from model.plan.scenario import Scenario
from model.plan.schema import driver_of, split
from model.units import RATE

_DRAWN = "gmv"


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario of a comparison under its name. risk: of the same, where it is known."""

    name: str
    result: Result
    risk: RiskResult | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """sides: the first is what the others are held against. bridge: of the KPI from one of them to another (start, end).

    period: of the KPIs and of the bridge. place: an address in words; shown: what stands at it. facts: what the first sheet says.
    """

    sides: tuple[Side, ...]
    bridge: Bridge
    start: int
    end: int
    period: str
    words: Words
    place: Callable[[str], str]
    shown: Callable[[Scenario, str], str]
    title: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def comparison_workbook(of: Comparison) -> bytes:
    """An .xlsx of a comparison."""
    tabs = (_kpis(of), _targets(of), _bridge(of), _drivers(of), _differences(of), _months(of))
    return written(of.title, of.words.say("workbook.compared_about"), of.facts, tabs, of.words)


def _columns(of: Comparison, *keys: str) -> list[str]:
    return [of.words.say(f"workbook.column.{key}") for key in keys]


def _kpis(of: Comparison) -> Tab:
    """Every KPI over the period, and each less the first."""
    names, size = [s.name for s in of.sides], len(of.sides)
    minus = [of.words.say("file.minus", a=name, b=names[0]) for name in names[1:]]
    rows: list[list[Cell]] = []
    for key, kpi in KPIS.items():
        values = [float(over(s.result, key, of.period)[0]) for s in of.sides]
        apart = [Told(v - values[0], kpi.unit, less(2 + i, 2)) for i, v in enumerate(values[1:], 1)]
        rows.append([of.words.figure("kpi", key), of.words.unit(kpi.unit), *(Told(v, kpi.unit) for v in values), *apart])
    return Tab("compared_kpis", [*_columns(of, "figure", "unit"), *names, *minus], (30, 10, *[18] * (2 * size - 1)), rows, 2)


def _targets(of: Comparison) -> Tab:
    """Every target of each: its figure, what the plan comes to, its chance."""
    rows: list[list[Cell]] = []
    for side in of.sides:
        for x in (*targets(side.result), *whole_targets(side.result)):
            unit, reached = KPIS[x.kpi].unit, float(x.actual[0])
            chance = side.risk.chances.get(x.key) if side.risk else None
            told = [Told(chance.chance, RATE), Told(2 * chance.error, RATE)] if chance else []
            rows.append([of.words.figure("kpi", x.kpi), of.words.period(x.period), side.name, of.words.unit(unit),
                         Told(float(x.target), unit), Told(reached, unit), Told(reached - float(x.target), unit, less(5, 4)),
                         of.words.say(f"workbook.{x.outcome}"), *told])
    heads = _columns(of, "figure", "period", "scenario", "unit", "target", "planned", "gap", "outcome", "chance", "error")
    rows.sort(key=lambda row: (str(row[0]), str(row[1])))
    return Tab("compared_targets", heads, (26, 14, 26, 10, 16, 16, 16, 12, 12, 12), rows, 4)


def _bridge(of: Comparison) -> Tab:
    """From one scenario's figure to another's, group by group."""
    say, unit = of.words.say, KPIS[of.bridge.kpi].unit
    bars = [(say(f"bridge.{b.group}"), b.value) for b in sorted(of.bridge.bars, key=lambda b: -abs(b.value))]
    unsaid = [(say(f"compare.{of.bridge.reason or 'no_bars'}"), of.bridge.end - of.bridge.start)]
    rows, picture = way((of.sides[of.start].name, of.bridge.start), bars or unsaid, say("workbook.column.difference"),
                        of.sides[of.end].name, unit, of.words.figure("kpi", of.bridge.kpi))
    return Tab("compared_bridge", _columns(of, *WAY), (34, *[16] * (len(WAY) - 1)), rows, picture=picture)


def _drivers(of: Comparison) -> Tab:
    """Every driver of every group of the bridge."""
    ends, unit = [of.sides[i] for i in (of.start, of.end)], KPIS[of.bridge.kpi].unit
    rows: list[list[Cell]] = []
    for bar in sorted(of.bridge.bars, key=lambda b: -abs(b.value)):
        for part in bar.drivers:
            alone = len(part.addresses) == 1
            values = [of.shown(s.result.scenario, part.addresses[0]) if alone else "…" for s in ends]
            rows.append([of.words.say(f"bridge.{bar.group}"), ", ".join(map(of.place, part.addresses)), *values,
                         Told(part.value, unit)])
    heads = [*_columns(of, "group", "label"), *(s.name for s in ends), *_columns(of, "amount")]
    return Tab("compared_drivers", heads, (24, 48, 20, 20, 16), rows, 4)


def _differences(of: Comparison) -> Tab:
    """What differs; numbers less the first's."""
    found = differences([s.result.scenario for s in of.sides])
    names = [s.name for s in of.sides]
    minus = [of.words.say("file.minus", a=name, b=names[0]) for name in names[1:]]
    heads = [*_columns(of, "label", "address", "unit"), *names, *minus]
    return Tab("compared_differences", heads, (44, 34, 10, *[18] * (2 * len(names) - 1)), [_difference(of, d) for d in found], 3)


def _difference(of: Comparison, d: Difference) -> list[Cell]:
    unit = driver_of(d.address).unit if split(d.address).field else None
    first: list[Cell] = [of.place(d.address), d.address, of.words.unit(unit) if unit else ""]
    if unit is None or not unit.is_number:
        return [*first, *(of.shown(s.result.scenario, d.address) for s in of.sides)]
    values = [float(v) if isinstance(v, (int, float)) else math.nan for v in d.values]
    apart = [Told(v - values[0], unit, less(3 + i, 3)) for i, v in enumerate(values[1:], 1)]
    return [*first, *(Told(v, unit) for v in values), *apart]


def _months(of: Comparison) -> Tab:
    """Every line by month of each, with its sum; GMV as lines."""
    results = [s.result for s in of.sides]
    keys = [_DRAWN, *(k for k in LINES if k != _DRAWN)]
    months = month_lines(results, _DRAWN).columns
    rows = [_line(of, key, i, values) for key in keys for i, values in enumerate(month_lines(results, key).values)]
    heads = [*_columns(of, "figure", "scenario", "unit"), *months, *_columns(of, "sum")]
    last = len(months) + 2
    series = tuple(Drawn(s.name, (i, 3), (i, last), True, SEVERAL[i % len(SEVERAL)]) for i, s in enumerate(of.sides))
    picture = Picture(of.words.figure("line", _DRAWN), LINES[_DRAWN].unit, Drawn("", (-1, 3), (-1, last)), series)
    return Tab("compared_months", heads, (26, 26, 10, *[13] * len(months), 15), rows, 3, picture)


def _line(of: Comparison, key: str, side: int, values: Sequence[float]) -> list[Cell]:
    row = LINES[key]
    known = [float(v) for v in values if math.isfinite(v)]
    whole: list[Cell] = [] if row.kind == "balance" or not known else [Told(
        sum(known), row.unit, lambda at, _: f"SUM({place(at, 3)}:{place(at, 2 + len(values))})", True)]
    return [of.words.figure("line", key), of.sides[side].name, of.words.unit(row.unit),
            *(Told(float(v), row.unit) for v in values), *whole]



"""Charts of the plan page as pure functions: cash with its lowest point, promotions on a time line. See `charts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from model.plan.rules import day_of, month_number
from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, TARGET, TEAL

#: text on the page's background, by theme
INK = {"light": "#1B2430", "dark": "#E6EAF0"}
_TEXT, _NUMBER = pa.dictionary(pa.int32(), pa.string()), pa.float32()
#: a label beside a bar that ends after this part of the plan stands before it, within the picture
_LATE = 0.62
#: part of a narrow time line that names may take
_NAMES = 0.34
#: in longer plans the times of a promotion leave no room for words between them
_SAID = 18


@lru_cache(maxsize=64)
def cash_spec(low: float, high: float, unit: str, flow: str, cash: str, ink: str) -> dict:
    """Bars of each month's cash flow, a line of cash added up, a mark with words at its lowest point."""
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    bare_x = {"field": "month", "type": "ordinal", "sort": None}
    y = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False}, "axis": {"title": unit, "tickCount": 5}}
    color = {"scale": {"domain": [flow, cash], "range": [INDIGO, TEAL]},
             "legend": {"orient": "top", "title": None, "offset": 2}}
    tip = [{"field": "month", "title": " "}, {"field": "flow", "format": ",.1f", "title": f"{flow} · {unit}"},
           {"field": "cash", "format": ",.1f", "title": f"{cash} · {unit}"}]
    said: dict[str, Any] = {"aria": False, "type": "text", "fontSize": 12, "fontWeight": 600, "color": ink}
    lowest: list[dict[str, Any]] = [
        {"transform": [{"filter": f"isValid(datum.label) && datum.side == '{side}'"}],
         "mark": {**said, "align": align}, "encoding": {
             "x": bare_x, "y": {"field": "place", "type": "quantitative"}, "text": {"field": "label"}}}
        for side, align in (("left", "left"), ("middle", "center"), ("right", "right"))]
    return {"height": HEIGHT - 40, "layer": [
        {"mark": {"aria": False, "type": "bar", "clip": True},
         "encoding": {"x": x, "y": {**y, "field": "flow"}, "tooltip": tip, "color": {**color, "datum": flow}}},
        {"mark": {"aria": False, "type": "line", "strokeWidth": 2.5, "clip": True, "point": {"size": 40, "filled": True}},
         "encoding": {"x": bare_x, "y": {**y, "field": "cash"}, "tooltip": tip, "color": {**color, "datum": cash}}},
        {"transform": [{"filter": "isValid(datum.label)"}],
         "mark": {"aria": False, "type": "point", "shape": "circle", "size": 150, "strokeWidth": 2.5, "color": TARGET,
                  "filled": False},
         "encoding": {"x": bare_x, "y": {**y, "field": "cash"}, "tooltip": tip}}, *lowest]}


def cash_data(months: Sequence[str], flow: np.ndarray, cash: np.ndarray, lowest: int, label: str,
              divisor: float, gap: float) -> pa.Table:
    """Rows of (month, flow, cash); the words stand at the lowest month, turned inwards at the picture's sides.

    gap: between the point and its words, which stand below a point below zero and else above it, clear of the bars.
    """
    third = len(months) / 3
    side = "left" if lowest < third else "right" if lowest >= 2 * third else "middle"
    rows: list[dict[str, Any]] = [
        {"month": m, "flow": round(float(f) / divisor, 3), "cash": round(float(c) / divisor, 3)}
        for m, f, c in zip(months, flow, cash, strict=True)]
    at = rows[lowest]["cash"]
    rows[lowest] |= {"label": label, "side": side, "place": at + gap if at >= 0 else at - gap}
    return pa.Table.from_pylist(rows, pa.schema([("month", _TEXT), ("flow", _NUMBER), ("cash", _NUMBER),
                                                 ("label", _TEXT), ("place", _NUMBER), ("side", _TEXT)]))


@dataclass(frozen=True, slots=True)
class Span:
    """A bar of a time line: a promotion, a task. start, end: months from the plan's first, with fractions. state: in words."""

    name: str
    start: float
    end: float
    state: str
    dates: str
    label: str


def spans(first_month: str, months: int, first: str, last: str) -> list[tuple[float, float]]:
    """(start, end) of every time that a yearly window from `first` to `last` ("MM-DD") falls into the plan."""
    zero = month_number(first_month)
    out: list[tuple[float, float]] = []
    for year in range(int(first_month[:4]) - 1, int(first_month[:4]) + months // 12 + 2):
        over = day_of(first) > day_of(last)  # runs over the turn of the year
        start, end = _at(year, *day_of(first), zero, 0), _at(year + over, *day_of(last), zero, 1)
        if end > 0 and start < months:
            out.append((max(0.0, start), min(float(months), end)))
    return out


def span(first_month: str, months: int, first: str, last: str) -> tuple[float, float] | None:
    """(start, end) of what goes on from one date to another, within the plan; None where it does not fall into it."""
    zero, (one, two) = month_number(first_month), sorted(map(date.fromisoformat, (first, last)))
    start, end = _at(one.year, one.month, one.day, zero, 0), _at(two.year, two.month, two.day, zero, 1)
    return (max(0.0, start), min(float(months), end)) if end > 0 and start < months else None


def _at(year: int, month: int, number: int, zero: int, after: int) -> float:
    """A day's place on the time line; after: 1 for the day's end."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return year * 12 + month - 1 - zero + (number - 1 + after) / (following - date(year, month, 1)).days


@lru_cache(maxsize=64)
def timeline_spec(months: tuple[str, ...], rows: int, colours: tuple[tuple[str, str], ...], ink: str, room: int = 110) -> dict:
    """A bar a span, its label beside it. colours: of the states, by their words. room: for names, in pixels; on a phone
    they leave most of the picture to the bars."""
    words_of, range_of = zip(*colours, strict=True)
    names = ",".join(f"'{m}'" for m in months)
    x = {"field": "start", "type": "quantitative", "scale": {"domain": [0, len(months)], "nice": False},
         "axis": {"title": None, "orient": "top", "values": list(range(len(months))), "labelExpr": f"[{names}][datum.value]",
                  "labelAlign": "left", "labelOverlap": "greedy", "labelSeparation": 2, "labelOffset": 2, "grid": True,
                  "ticks": False, "labelFlush": False}}
    y = {"field": "name", "type": "ordinal", "sort": None,
         "axis": {"title": None, "labelLimit": {"expr": f"min({room}, {_NAMES} * containerSize()[0])"}, "labelOverlap": False,
                  "ticks": False, "domain": False}}
    words = [{"transform": [{"filter": f"isValid(datum.label) && datum.{field} != null"}],
              "mark": {"aria": False, "type": "text", "fontSize": 11, "align": align, "dx": dx, "color": ink},
              "encoding": {"x": {"field": field, "type": "quantitative"}, "y": {"field": "name", "type": "ordinal",
                                                                                "sort": None}, "text": {"field": "label"}}}
             for field, align, dx in (("right", "left", 5), ("left", "right", -5))]
    return {"height": 30 * rows + 72, "layer": [
        {"mark": {"aria": False, "type": "bar", "height": {"band": 0.62}, "cornerRadius": 2, "clip": True},
         "encoding": {"x": x, "x2": {"field": "end"}, "y": y,
                      "color": {"field": "state", "type": "nominal", "scale": {"domain": list(words_of), "range": list(range_of)},
                                "legend": {"orient": "bottom", "title": None, "offset": 4, "columns": 2}},
                      "tooltip": [{"field": "name", "title": " "}, {"field": "dates", "title": " "},
                                  {"field": "label", "title": " "}]}}, *words]}


def timeline_data(found: Sequence[Span], months: int) -> pa.Table:
    """Rows of spans; the last one of each name carries its words, before the bar where there is no room after it."""
    rows, last = [], {span.name: i for i, span in enumerate(found)}
    for i, span in enumerate(found):
        label = span.label if last[span.name] == i and months <= _SAID else None
        late = span.end > _LATE * months
        rows.append({"name": span.name, "start": round(span.start, 3), "end": round(span.end, 3),
                     "state": span.state, "dates": span.dates, "label": label,
                     "right": None if late else round(span.end, 3), "left": round(span.start, 3) if late else None})
    return pa.Table.from_pylist(rows, pa.schema([
        ("name", _TEXT), ("start", _NUMBER), ("end", _NUMBER), ("state", _TEXT), ("dates", _TEXT), ("label", _TEXT),
        ("right", _NUMBER), ("left", _NUMBER)]))


@lru_cache(maxsize=64)
def season_spec(lines: tuple[str, ...], unit: str) -> dict:
    """A line a season over the calendar year, and a rule at the ordinary month."""
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    y = {"field": "index", "type": "quantitative", "scale": {"zero": True}, "axis": {"title": unit, "tickCount": 5}}
    color = {"field": "line", "type": "nominal", "scale": {"domain": list(lines), "range": [INDIGO, TARGET]},
             "legend": {"orient": "top", "title": None, "offset": 2, "columns": 1}}
    tip = [{"field": "month", "title": " "}, {"field": "line", "title": " "}, {"field": "index", "format": ".1f", "title": unit}]
    return {"height": HEIGHT + 60, "layer": [
        {"mark": {"aria": False, "type": "rule", "color": GREY, "strokeDash": [4, 4]}, "encoding": {"y": {"datum": 100}}},
        {"mark": {"aria": False, "type": "line", "strokeWidth": 2.5, "point": {"size": 40, "filled": True}},
         "encoding": {"x": x, "y": y, "color": color, "tooltip": tip}}]}


def season_data(months: Sequence[str], lines: Mapping[str, np.ndarray]) -> pa.Table:
    """Rows of (month, line, index), 100 being an ordinary month."""
    rows = [{"month": m, "line": line, "index": round(float(v), 2)} for line, values in lines.items()
            for m, v in zip(months, values, strict=True)]
    return pa.Table.from_pylist(rows, pa.schema([("month", _TEXT), ("line", _TEXT), ("index", _NUMBER)]))

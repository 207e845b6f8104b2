"""The pictures of the customers page as pure functions: specifications that moves leave alone, and their data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, LIME, TARGET, TEAL, Heat

SEGMENTS = (GREY, TEAL, INDIGO)
SOURCES = (INDIGO, GREY, LIME, TEAL)
#: months since the first order that the triangle shows at most
SINCE = 12
#: as many lines as can be told apart with their names at their ends
LABELLED = 6
#: least distance of two names at the ends of lines, as a share of the axis
_APART = 0.075


def spread(values: Sequence[float], low: float, high: float) -> list[float]:
    """Heights for labels near these values, in their order and apart, within the axis."""
    gap = _APART * (high - low)
    order = sorted(range(len(values)), key=lambda i: values[i])
    out = list(values)
    for above, i in enumerate(order):
        floor = out[order[above - 1]] + gap if above else low + gap / 2
        out[i] = max(out[i], floor)
    excess = max(0.0, out[order[-1]] - (high - gap / 2)) if order else 0.0
    for place, i in enumerate(reversed(order)):
        out[i] = min(out[i], high - gap / 2 - place * gap) if excess else out[i]
    return out


def fillers(count: int) -> list[str]:
    """Blank months after the last one: room for names at the ends. Blanks of different lengths, so that they differ."""
    return [" " * (i + 1) for i in range(max(1, round(count * 0.3)))]


def _month_axis(domain: Sequence[str]) -> dict:
    return {"field": "month", "type": "ordinal", "sort": None, "scale": {"domain": list(domain)},
            "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}


@lru_cache(maxsize=64)
def segments_spec(high: float, months: tuple[str, ...], words: tuple[str, ...], unit: str) -> dict:
    """Members by segment, stacked, the names at the right end. words: dormant, active, new, lowest first."""
    x = _month_axis([*months, *fillers(len(months))])
    y = {"type": "quantitative", "scale": {"domain": [0, high], "nice": False}}
    color = {"field": "segment", "type": "nominal", "scale": {"domain": list(words), "range": list(SEGMENTS)}, "legend": None}
    return {"height": HEIGHT, "layer": [
        {"transform": [{"filter": "isValid(datum.to)"}],
         "mark": {"aria": False, "type": "area", "opacity": 0.85, "clip": True, "line": False, "point": len(months) == 1},
         "encoding": {"x": x, "y": {**y, "field": "from", "axis": {"title": unit, "tickCount": 5}}, "y2": {"field": "to"},
                      "color": color,
                      "tooltip": [{"field": "month", "title": " "}, {"field": "segment", "title": " "},
                                  {"field": "value", "format": ",.2f", "title": unit}]}},
        {"transform": [{"filter": "isValid(datum.at)"}],
         "mark": {"aria": False, "type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": GREY},
         "encoding": {"x": x, "y": {**y, "field": "at"}, "text": {"field": "label"}}}]}


def segments_data(months: Sequence[str], series: Sequence[np.ndarray], words: Sequence[str], high: float,
                  divisor: float) -> pa.Table:
    """Rows of (month, segment, from, to), and of the names at the end. series: lowest first."""
    rows, foot = [], np.zeros(len(months))
    middles = []
    for segment, values in zip(words, series, strict=True):
        top = foot + values / divisor
        rows += [{"month": m, "segment": segment, "from": round(a, 4), "to": round(b, 4), "value": round(b - a, 4)}
                 for m, a, b in zip(months, foot.tolist(), top.tolist(), strict=True)]
        middles.append((foot[-1] + top[-1]) / 2)
        foot = top
    for segment, at in zip(words, spread(middles, 0, high), strict=True):
        rows.append({"month": months[-1], "at": at, "label": segment})
    text = pa.string()
    return pa.Table.from_pylist(rows, pa.schema([("month", text), ("segment", text), ("from", pa.float64()),
                                                 ("to", pa.float64()), ("value", pa.float64()), ("at", pa.float64()),
                                                 ("label", text)]))


@lru_cache(maxsize=64)
def sources_spec(high: float, months: tuple[str, ...], words: tuple[str, ...], unit: str) -> dict:
    """Repeat orders by where they come from, stacked."""
    return {"height": HEIGHT, "mark": {"aria": False, "type": "bar", "clip": True},
            "encoding": {"x": _month_axis(months),
                         "y": {"field": "value", "type": "quantitative", "scale": {"domain": [0, high], "nice": False},
                               "axis": {"title": unit, "tickCount": 5}},
                         "color": {"field": "source", "type": "nominal", "sort": None,
                                   "scale": {"domain": list(words), "range": list(SOURCES)},
                                   "legend": {"orient": "bottom", "title": None, "columns": 2, "labelLimit": 150,
                                              "labelFontSize": 11, "symbolSize": 70}},
                         "tooltip": [{"field": "month", "title": " "}, {"field": "source", "title": " "},
                                     {"field": "value", "format": ",.2f", "title": unit}]}}


def sources_data(months: Sequence[str], series: Sequence[np.ndarray], words: Sequence[str], divisor: float) -> pa.Table:
    return pa.Table.from_pylist([{"month": m, "source": w, "value": round(float(v) / divisor, 4)}
                                 for w, values in zip(words, series, strict=True)
                                 for m, v in zip(months, values, strict=True)])


@lru_cache(maxsize=64)
def triangle_spec(top: float, months: tuple[str, ...], words: tuple[str, str, str], heat: Heat) -> dict:
    """Share of each month's new customers who ordered again, by months since. words: two of the tooltip, the axis'."""
    columns = min(len(months) - 1, SINCE) + 1
    x = {"field": "since", "type": "ordinal", "scale": {"domain": list(range(columns))},
         "axis": {"title": words[2], "labelAngle": 0, "orient": "top", "labelOverlap": False}}
    y = {"field": "month", "type": "ordinal", "sort": None, "scale": {"domain": list(months)},
         "axis": {"title": None, "labelOverlap": len(months) > 24, "labelFlush": False}}
    return {"height": max(60, min(26, 900 // len(months)) * len(months)), "layer": [
        {"mark": {"aria": False, "type": "rect"},
         "encoding": {"x": x, "y": y,
                      "color": {"field": "share", "type": "quantitative", "legend": None,
                                "scale": {"domain": [0, top], "range": [heat.little, heat.much]}},
                      "tooltip": [{"field": "month", "title": " "}, {"field": "since", "title": words[0]},
                                  {"field": "share", "format": ".1%", "title": words[1]}]}},
        {"mark": {"aria": False, "type": "text", "fontSize": 10.5},
         "encoding": {"x": x, "y": y, "text": {"field": "label"},
                      "color": {"condition": {"test": f"datum.share > {heat.turn * top!r}", "value": heat.high},
                                "value": heat.low}}}]}


def triangle_data(months: Sequence[str], share: np.ndarray) -> pa.Table:
    """share: (cohort month, months since), nan where there is nobody or the plan ends."""
    rows = [{"month": months[m], "since": k, "share": round(float(v), 4), "label": f"{v * 100:.0f}"}
            for m, row in enumerate(share) for k, v in enumerate(row[:SINCE + 1]) if np.isfinite(v)]
    return pa.Table.from_pylist(rows, pa.schema([("month", pa.string()), ("since", pa.int32()), ("share", pa.float64()),
                                                 ("label", pa.string())]))


@lru_cache(maxsize=64)
def payback_spec(low: float, high: float, names: tuple[str, ...], words: tuple[str, str, str]) -> dict:
    """What a new customer has brought in, less the cost of winning them, by months since. words: axes, zero line."""
    x = {"field": "since", "type": "quantitative", "scale": {"domain": [0, 16.5], "nice": False},
         "axis": {"title": words[0], "values": [0, 3, 6, 9, 12], "grid": False, "titleAnchor": "start"}}
    y = {"field": "value", "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
         "axis": {"title": words[1], "tickCount": 5}}
    color = {"field": "channel", "type": "nominal", "scale": {"domain": list(names)}, "legend": None}
    return {"height": HEIGHT + 40, "layer": [
        {"mark": {"aria": False, "type": "rule", "color": TARGET, "strokeDash": [5, 4]},
         "encoding": {"x": {"datum": 0, "type": "quantitative"}, "x2": {"datum": 12}, "y": {"datum": 0, "type": "quantitative"}}},
        {"transform": [{"filter": "isValid(datum.value)"}],
         "mark": {"aria": False, "type": "line", "strokeWidth": 2.5, "clip": True, "interpolate": "linear"},
         "encoding": {"x": x, "y": y, "color": color,
                      "tooltip": [{"field": "channel", "title": " "}, {"field": "since", "title": words[0]},
                                  {"field": "value", "format": ",.1f", "title": words[1]}]}},
        {"transform": [{"filter": "isValid(datum.at)"}],
         "mark": {"aria": False, "type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": GREY, "limit": 100},
         "encoding": {"x": {"field": "since", "type": "quantitative"}, "y": {"field": "at", "type": "quantitative"},
                      "text": {"field": "label"}}},
        {"transform": [{"filter": "isValid(datum.zero)"}],
         "mark": {"aria": False, "type": "text", "align": "left", "dx": 4, "dy": -7, "fontSize": 11, "color": TARGET},
         "encoding": {"x": {"field": "since", "type": "quantitative"}, "y": {"field": "zero", "type": "quantitative"},
                      "text": {"value": words[2]}}}]}


def payback_data(names: Sequence[str], values: np.ndarray, low: float, high: float) -> pa.Table:
    """values: (13, channels): contribution so far less the cost of winning the customer."""
    rows: list[dict[str, object]] = [{"channel": name, "since": month, "value": round(float(v), 2)}
                                     for i, name in enumerate(names) for month, v in enumerate(values[:, i])]
    rows += [{"channel": name, "since": 12, "at": at, "label": name}
             for name, at in zip(names, spread(values[-1].tolist(), low, high), strict=True)]
    rows.append({"since": 0, "zero": 0.0})
    text, real = pa.string(), pa.float64()
    return pa.Table.from_pylist(rows, pa.schema([("channel", text), ("since", pa.int32()), ("value", real), ("at", real),
                                                 ("label", text), ("zero", real)]))

"""The pictures of the channels page as pure functions: specifications that moves leave alone, and their data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import GREY, INDIGO, TARGET
from pages.ui.kit.formats import fixed

#: parts of the tangent on both sides of today's spend, as a share of it
_TANGENT = 0.9
HEIGHT = 220
#: what numbers take of the axis' width on a phone: one alone, one with its word, both of a bar
_ALONE, _WORDED, _BOTH = 0.1, 0.36, 0.52
#: the ink of a number on a grey bar
ON_BAR = "#12161C"


def _only(part: str) -> list[dict[str, str]]:
    return [{"filter": f"datum.part === '{part}'"}]


def _text(part: str, **mark: object) -> dict:
    """Labels of one kind of point."""
    return {"transform": _only(part), "mark": {"aria": False, "type": "text", "fontSize": 11, "color": GREY, **mark},
            "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"},
                         "text": {"field": "label"}}}


@lru_cache(maxsize=256)
def curve_spec(right: float, low: float, high: float, names: tuple[str, ...], words: tuple[str, str]) -> dict:
    """Net revenue over monthly spend: curve, tangent at today's spend, today's point, break-even. words: axes."""
    axis = {"tickCount": 4}
    x = {"field": "x", "type": "quantitative", "scale": {"domain": [0, right], "nice": False},
         "axis": {**axis, "title": words[0], "grid": False}}
    y = {"field": "y", "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
         "axis": {**axis, "title": words[1]}}
    color = {"field": "channel", "type": "nominal", "scale": {"domain": list(names)}, "legend": None}
    tip = [{"field": "x", "format": ",.1f", "title": words[0]}, {"field": "y", "format": ",.1f", "title": words[1]}]
    base = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
    return {"height": HEIGHT, "layer": [
        {"transform": _only("curve"), "mark": {"aria": False, "type": "line", "strokeWidth": 3, "clip": True},
         "encoding": {"x": x, "y": y, "color": color, "tooltip": tip}},
        {"transform": _only("tangent"),
         "mark": {"aria": False, "type": "line", "strokeWidth": 2, "strokeDash": [5, 4], "color": INDIGO, "clip": True},
         "encoding": base},
        {"transform": _only("even"),
         "mark": {"aria": False, "type": "rule", "strokeDash": [3, 3], "strokeWidth": 2, "color": TARGET},
         "encoding": {**base, "y2": {"datum": low}}},
        {"transform": _only("today"), "mark": {"aria": False, "type": "point", "filled": True, "size": 110, "opacity": 1},
         "encoding": {**base, "color": color, "tooltip": tip}},
        _text("today", align="left", dx=7, dy=13), _text("slope", align="right", dy=-10),
        _text("even_label", align="left", dx=4, dy=-8)]}


def curve_data(name: str, spend: np.ndarray, revenue: np.ndarray, today: tuple[float, float], slope: float,
               even: tuple[float, float] | None, labels: tuple[str, str, str], floor: float, divisor: float) -> pa.Table:
    """Rows of every part. today, even: (spend, net revenue). labels: today, tangent, break-even. floor: the axis' foot."""
    rows = [("curve", x, y, "") for x, y in zip(spend, revenue, strict=True)]
    rows.append(("today", *today, labels[0]))
    if np.isfinite(slope):
        near, far, end = (today[0] + s * _TANGENT * (today[0] or spend[-1]) for s in (-1 if today[0] else 0, 1, 0.5))
        rows += [("tangent", x, today[1] + slope * (x - today[0]), "") for x in (near, far)]
        rows.append(("slope", end, today[1] + slope * (end - today[0]), labels[1]))
    if even is not None:
        rows += [("even", *even, ""), ("even_label", even[0], floor * divisor, labels[2])]
    part, x, y, label = zip(*rows, strict=True)
    return pa.table({"part": list(part), "x": [round(float(v) / divisor, 3) for v in x],
                     "y": [round(float(v) / divisor, 3) for v in y], "label": list(label), "channel": [name] * len(rows)})


@lru_cache(maxsize=64)
def roas_spec(high: float, rows: int, words: tuple[str, str, str]) -> dict:
    """Gross and net ROAS of each channel, ordered by net; a mark at the break-even ROAS on the gross bar.

    words: gross, net, break-even.
    """
    gross, net, even = words
    y = {"field": "name", "type": "ordinal", "sort": None,
         "axis": {"title": None, "labelLimit": 130, "labelOverlap": False, "labelFlush": False}}
    x = {"type": "quantitative", "scale": {"domain": [0, high], "nice": False}}
    offset = {"field": "kind", "sort": [gross, net]}
    numbers = {"y": y, "yOffset": offset, "x": {**x, "field": "at"}, "text": {"field": "label"}}
    return {"height": max(160, 46 * rows), "layer": [
        {"transform": [{"filter": "isValid(datum.value)"}], "mark": {"aria": False, "type": "bar", "clip": True},
         "encoding": {"y": y, "yOffset": offset,
                      "x": {**x, "field": "value", "axis": {"title": None, "tickCount": 5}},
                      "color": {"field": "kind", "type": "nominal",
                                "scale": {"domain": [gross, net, even], "range": [GREY, INDIGO, TARGET]},
                                "legend": {"orient": "top", "title": None, "offset": 4}},
                      "tooltip": [{"field": "name", "title": " "}, {"field": "kind", "title": " "},
                                  {"field": "value", "format": ".2f", "title": "ROAS"}]}},
        *({"transform": _only(part), "encoding": numbers,
           "mark": {"aria": False, "type": "text", "fontSize": 11, "align": align, "dx": dx, "color": ink}}
          for part, align, dx, ink in (("end", "left", 4, GREY), ("behind", "left", 5, ON_BAR), ("before", "right", -5, ON_BAR))),
        {"transform": [{"filter": "isValid(datum.even) && datum.even <= " + repr(high)}],
         "mark": {"aria": False, "type": "tick", "color": TARGET, "thickness": 3, "size": 16},
         "encoding": {"y": y, "yOffset": offset, "x": {**x, "field": "even"},
                      "tooltip": [{"field": "name", "title": " "}, {"field": "even", "format": ".2f", "title": even}]}}]}


def roas_data(names: Sequence[str], gross: Sequence[float], net: Sequence[float], even: Sequence[float], high: float,
              words: tuple[str, str, str]) -> pa.Table:
    """Two rows a channel; the break-even ROAS stands on the gross one, which it is compared with; a third may have its number."""
    columns: tuple[str, ...] = ("name", "kind", "value", "even", "at", "label", "part")
    rows: list[tuple] = []
    for name, above, below, mark in zip(names, gross, net, even, strict=True):
        at = float(mark) if np.isfinite(mark) and mark > 0 else None
        own, *more = _numbers(float(above), at, high, words[2])
        rows.append((name, words[0], round(float(above), 4), at, *own))
        rows += [(name, words[0], None, None, *number) for number in more]
        rows.append((name, words[1], round(float(below), 4), None, float(below), fixed(below, 2, ""), "end"))
    kinds = (pa.string(), pa.string(), pa.float64(), pa.float64(), pa.float64(), pa.string(), pa.string())
    return pa.table({k: pa.array([row[i] for row in rows], kinds[i]) for i, k in enumerate(columns)})


def _numbers(value: float, even: float | None, high: float, word: str) -> list[tuple[float, str, str]]:
    """The numbers of a gross bar and of its break-even mark: where each stands, what it says, on which side: behind an end, or on
    the bar before or behind the mark. Both in one where they would be in each other's way."""
    own = fixed(value, 2, "")
    if even is None:
        return [(value, own, "end")]
    at_mark = f"{word} {fixed(even, 2, '')}"
    if max(even, value - even) >= _WORDED * high and even < value:
        return [(value, own, "end"), (even, at_mark, "before" if even > value - even else "behind")]
    if value + _ALONE * high <= even <= (1 - _WORDED) * high:
        return [(value, own, "end"), (even, at_mark, "end")]
    place = even if value <= even < min(value + 2 * _ALONE * high, (1 - _BOTH) * high) else value
    return [(place, f"{own} · {at_mark}" if place <= (1 - _BOTH) * high else f"{own} · {fixed(even, 2, '')}", "end")]

"""Charts as pure functions: a Vega-Lite specification that a move leaves alone, and the data that it changes.

A byte-identical specification is updated in place; any other is drawn anew and flickers. So titles, colours and domains
are fixed per language and axis step (`hold`), and only data moves. On Simulate the ends of the axes are data as well (`fitted`,
`edges`): there a picture is never drawn anew by a move.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from model.late import Late

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")
_STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
#: what was and what is now; what is gained, lost and aimed at; one more where four are told apart, and one that is pale.
#: None of them can be taken for a channel's, which are the theme's (.streamlit/config.toml)
GREY, INDIGO, TEAL, RED, TARGET, LIME, PALE = "#8793A1", "#6366F1", "#0F766E", "#DC2626", "#C2410C", "#65A30D", "#A5A6F6"
HEIGHT = 280


@dataclass(frozen=True, slots=True)
class Heat:
    """Colours of a heat map: much is furthest from the page's own colour, so that it is seen first. Up to `turn` of the way
    numbers are readable in the ink `low`, beyond it in `high`."""

    little: str
    much: str
    turn: float
    low: str
    high: str


HEAT: Mapping[str, Heat] = {"light": Heat("#DCEBFA", "#0B4F8A", 0.72, "#000000", "#FFFFFF"),
                            "dark": Heat("#1B3350", "#A9CDF5", 0.44, "#FFFFFF", "#000000")}
#: an axis shrinks only when the data use less than this part of it
_LOOSE = 0.35


def nice(value: float) -> float:
    """The smallest round step at or above a value."""
    value = max(value, 1e-9)
    exponent = 10 ** math.floor(math.log10(value))
    return next(s * exponent for s in _STEPS if s * exponent >= value * (1 - 1e-9))


def hold(axes: MutableMapping[str, float], name: str, value: float) -> float:
    """An axis end that stays while the data fit: grows when they exceed it, shrinks when they use little of it."""
    end = axes.get(name)
    if end is None or value > end or value < end * _LOOSE:
        end = axes[name] = nice(value * 1.15)
    return end


def fitted(value: float, usual: float) -> float:
    """An axis end that needs no memory: that of the usual value while this one fits and does not look lost under it."""
    end = nice(usual * 1.15)
    return end if end * _LOOSE <= value <= end else nice(value * 1.15)


def edges(channel: str, low: str, high: str) -> dict:
    """A layer that nobody sees: it draws the axis of a channel from one field of the data to another."""
    return {"transform": [{"filter": f"isValid(datum.{high})"}], "mark": {"type": "rule", "opacity": 0, "tooltip": None},
            "encoding": {channel: {"field": low, "type": "quantitative"}, f"{channel}2": {"field": high}}}


def rounded(values, divisor: float, places: int = 2) -> list[float]:
    return [round(float(v) / divisor, places) for v in values]


@lru_cache(maxsize=64)
def tornado_spec(unit: str, less: str, more: str) -> dict:
    """What each driver by itself does to the KPI when lowered and raised."""
    bars = {"transform": [{"fold": [less, more], "as": ["swing", "value"]}],
            "mark": {"type": "bar", "clip": True, "height": {"band": 0.7}},
            "encoding": {
                "y": {"field": "name", "type": "ordinal", "sort": {"field": "rank"},
                      "axis": {"title": None, "labelLimit": 160, "labelOverlap": False, "labelFlush": False}},
                "x": {"field": "value", "type": "quantitative", "stack": None,
                      "scale": {"nice": False}, "axis": {"title": unit, "tickCount": 5}},
                "color": {"field": "swing", "type": "nominal",
                          "scale": {"domain": [less, more], "range": [GREY, INDIGO]},
                          "legend": {"orient": "top", "title": None, "offset": 4}},
                "tooltip": [{"field": "name", "title": " "}, {"field": "swing", "title": " "},
                            {"field": "value", "format": "+,.1f", "title": unit}]}}
    return {"height": HEIGHT + 50, "layer": [edges("x", "left", "right"), bars]}


def tornado_data(names: Sequence[str], low: Sequence[float], high: Sequence[float], divisor: float, less: str,
                 more: str, extent: float) -> pa.Table:
    """extent: of the axis to both sides, as it is shown."""
    return pa.table({"name": list(names), "rank": list(range(len(names))), less: rounded(low, divisor),
                     more: rounded(high, divisor), "left": [-extent] * len(names), "right": [extent] * len(names)})


@lru_cache(maxsize=64)
def shares_spec(bars: int, share: str) -> dict:
    """What share of the uncertainty each driver or event brings."""
    y = {"field": "name", "type": "ordinal", "sort": None, "axis": {"title": None, "labelLimit": 170, "labelOverlap": False,
                                                                      "labelFlush": False}}
    return {"height": max(120, 26 * bars), "layer": [
        edges("x", "left", "right"),
        {"mark": {"type": "bar", "color": INDIGO, "height": {"band": 0.7}, "aria": False},
         "encoding": {"y": y, "x": {"field": "share", "type": "quantitative", "axis": {"title": share, "tickCount": 5},
                                    "scale": {"nice": False}},
                      "tooltip": [{"field": "name", "title": " "}, {"field": "share", "format": ".1f", "title": share}]}},
        {"mark": {"type": "text", "align": "left", "dx": 4, "color": GREY, "aria": False},
         "encoding": {"y": y, "x": {"field": "share", "type": "quantitative"}, "text": {"field": "share", "format": ".1f"}}}]}


def shares_data(names: Sequence[str], shares: Sequence[float]) -> pa.Table:
    """The axis ends beyond the longest bar's number."""
    end = nice(125 * max(shares))
    return pa.table({"name": list(names), "share": [round(100 * s, 2) for s in shares], "left": [0.0] * len(names),
                     "right": [end] * len(names)})


@lru_cache(maxsize=64)
def split_spec(unit: str, before: str, after: str, rows: int) -> dict:
    """Budget by channel, pinned baseline beside now."""
    bars = {"transform": [{"fold": [before, after], "as": ["plan", "value"]}],
            "mark": {"type": "bar", "clip": True},
            "encoding": {
                "y": {"field": "name", "type": "ordinal", "sort": None, "axis": {"title": None, "labelLimit": 130}},
                "yOffset": {"field": "plan", "sort": [before, after]},
                "x": {"field": "value", "type": "quantitative", "scale": {"nice": False},
                      "axis": {"title": unit, "tickCount": 5}},
                "color": {"field": "plan", "type": "nominal",
                          "scale": {"domain": [before, after], "range": [GREY, INDIGO]},
                          "legend": {"orient": "top", "title": None, "offset": 4}},
                "tooltip": [{"field": "name", "title": " "}, {"field": "plan", "title": " "},
                            {"field": "value", "format": ",.1f", "title": unit}]}}
    return {"height": max(HEIGHT + 50, 26 * rows), "layer": [edges("x", "left", "right"), bars]}


def split_data(names: Sequence[str], before: Mapping[str, float], after: Mapping[str, float], keys: Sequence[str],
               divisor: float, words: tuple[str, str], end: float) -> pa.Table:
    """end: of the axis, as it is shown."""
    return pa.table({"name": list(names), words[0]: rounded([before.get(k, 0.0) for k in keys], divisor),
                     words[1]: rounded([after.get(k, 0.0) for k in keys], divisor),
                     "left": [0.0] * len(keys), "right": [end] * len(keys)})

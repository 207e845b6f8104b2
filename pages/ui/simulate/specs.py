"""Pictures of the Simulate page as pure functions: months, the fall from GMV to profit, inks. See `kit/charts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from model.late import Late
from pages.ui.kit.charts import BLUE, GREY, HEIGHT, ORANGE, PROFIT, TARGET, rounded
from pages.ui.kit.formats import fixed

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of texts: no one colour can be read on white and on near black."""

    text: str
    target: str
    profit: str


INKS: Mapping[str, Ink] = MappingProxyType({
    "light": Ink("#56616E", "#B23A08", "#B0316F"), "dark": Ink("#A9B3BF", "#FF9466", "#F08DBD")})


def painted(spec: dict, ink: Ink) -> dict:
    """The same on a canvas: a move repaints it, where it would change some hundred elements of the page."""
    text = {"labelColor": ink.text, "titleColor": ink.text}
    # a canvas cuts what stands over its edge: the heads of Chinese letters in an upright title; Streamlit wants an object here
    return {**spec, "padding": {"left": 3, "right": 4, "bottom": 2},
            "usermeta": {"embedOptions": {"renderer": "canvas"}},
            "config": {"axis": text, "legend": {"labelColor": ink.text}}}


@lru_cache(maxsize=64)
def months_spec(low: float, high: float, per_gmv: float, names: tuple[str, ...], words: tuple[str, str, str, str, str],
                ink: Ink) -> dict:
    """Stacked bars of GMV by channel, a line of net profit on an axis of its own with the same zero, marks for targets.

    words: unit, GMV, profit with its unit at the axis, the same beside a value, target. per_gmv: how much finer the profit's
    axis is.
    """
    unit, gmv, profit, profit_of, target = words
    level = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False}, "axis": None}
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0,
                                                                     "labelOverlap": True}}
    plain_x = {"field": "month", "type": "ordinal", "sort": None}
    return {"height": HEIGHT, "layer": [
        {"transform": [{"filter": "isValid(datum.value)"}],
         "mark": {"type": "bar", "clip": True},
         "encoding": {
             "x": x,
             "y": {"field": "value", "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
                   "axis": {"title": unit, "tickCount": 5}},
             "color": {"field": "channel", "type": "nominal", "scale": {"domain": list(names)},
                       "legend": {"orient": "bottom", "title": None, "columns": 3, "labelLimit": 110,
                                  "columnPadding": 6, "labelFontSize": 11, "symbolSize": 70}},
             "tooltip": [{"field": "month", "title": " "}, {"field": "channel", "title": gmv},
                         {"field": "value", "format": ",.1f", "title": unit}]}},
        {"transform": [{"filter": "isValid(datum.profit)"}],
         "mark": {"type": "line", "point": {"size": 40, "filled": True, "color": PROFIT}, "strokeWidth": 2.5,
                  "color": PROFIT, "clip": True},
         "encoding": {"x": plain_x,
                      "y": {"field": "profit", "type": "quantitative",
                            "scale": {"domain": [low * per_gmv, high * per_gmv], "nice": False},
                            "axis": {"orient": "right", "title": profit,
                                     "titleColor": ink.profit, "labelColor": ink.profit, "grid": False, "tickCount": 5}},
                      "tooltip": [{"field": "month", "title": " "},
                                  {"field": "profit", "format": ",.1f", "title": profit_of}]}},
        {"transform": [{"filter": "isValid(datum.target)"}],
         "mark": {"type": "tick", "thickness": 2.5, "width": {"band": 1.1}, "color": TARGET, "clip": True},
         "encoding": {"x": plain_x, "y": {**level, "field": "target"},
                      "tooltip": [{"field": "month", "title": " "},
                                  {"field": "target", "format": ",.1f", "title": f"{target} · {unit}"}]}},
        {"transform": [{"filter": "isValid(datum.target)"}],
         "mark": {"type": "text", "dy": -7, "fontSize": 11, "color": ink.target},
         "encoding": {"x": plain_x, "y": {**level, "field": "target"}, "text": {"value": target}}},
    ], "resolve": {"scale": {"y": "independent"}}}


def months_data(months: Sequence[str], gmv: np.ndarray, names: Sequence[str], profit: np.ndarray,
                targets: Sequence[float | None], divisor: float) -> pa.Table:
    """Rows of (month, channel, value), and of (month, profit, target). gmv: (channels, months), money in yuan.

    Names are values, never columns: a column's name would be read as a path into the data.
    """
    rows = [{"month": month, "channel": name, "value": value}
            for name, series in zip(names, gmv, strict=True)
            for month, value in zip(months, rounded(series, divisor), strict=True)]
    rows += [{"month": month, "profit": value, "target": None if target is None else round(target / divisor, 2)}
             for month, value, target in zip(months, rounded(profit, divisor), targets, strict=True)]
    text, numbers = pa.dictionary(pa.int8(), pa.string()), pa.float32()  # months and colours are few
    return pa.Table.from_pylist(rows, pa.schema([("month", text), ("channel", text), ("value", numbers),
                                                 ("profit", numbers), ("target", numbers)]))


@lru_cache(maxsize=64)
def waterfall_spec(low: float, high: float, unit: str, per_100: str, ink: Ink) -> dict:
    """From GMV down to net profit; each bar labelled with what it takes per 100 yuan of GMV."""
    x = {"field": "name", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": -45,
                                                                    "labelLimit": 90, "labelOverlap": False}}
    return {"height": HEIGHT, "layer": [
        {"mark": {"type": "bar", "clip": True},
         "encoding": {
             "x": x,
             "y": {"field": "from", "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
                   "axis": {"title": unit, "tickCount": 5}},
             "y2": {"field": "to"},
             "color": {"field": "kind", "type": "nominal", "legend": None,
                       "scale": {"domain": ["total", "cost", "loss"], "range": [BLUE, GREY, ORANGE]}},
             "tooltip": [{"field": "name", "title": " "}, {"field": "amount", "format": ",.1f", "title": unit},
                         {"field": "share", "format": ".1f", "title": per_100}]}},
        {"mark": {"type": "text", "dy": -7, "fontSize": 10},
         "encoding": {"x": {"field": "name", "type": "ordinal", "sort": None},
                      "y": {"field": "top", "type": "quantitative"}, "text": {"field": "label"},
                      "color": {"value": ink.text}}}]}


def waterfall_data(names: Sequence[str], amounts: Sequence[float], divisor: float) -> pa.Table:
    """amounts: GMV, the costs as negative numbers, net profit last."""
    rows: dict[str, list] = {k: [] for k in ("name", "from", "to", "top", "amount", "share", "label", "kind")}
    running, whole = 0.0, amounts[0] or 1.0
    for i, (name, amount) in enumerate(zip(names, amounts, strict=True)):
        ends = i in (0, len(amounts) - 1)
        start = 0.0 if ends else running
        running = amount if i == 0 else running if ends else running + amount
        stop = amount if ends else running
        kind = "loss" if ends and amount < 0 else "total" if ends else "cost"
        for key, value in (("name", name), ("from", start / divisor), ("to", stop / divisor),
                           ("top", max(start, stop) / divisor), ("amount", amount / divisor),
                           ("share", 100 * amount / whole),
                           ("label", "100" if i == 0 else fixed(100 * (amount if ends else abs(amount)) / whole, 1, "")),
                           ("kind", kind)):
            rows[key].append(value if isinstance(value, str) else round(value, 3))
    return pa.table(rows)

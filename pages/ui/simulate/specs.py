"""Pictures of the Simulate page as pure functions: months, the fall from GMV to profit, inks. See `kit/charts.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from model.late import Late
from pages.ui.kit.charts import GREY, INDIGO, RED, TARGET, TEAL, edges, rounded

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of texts: no one colour can be read on white and on near black."""

    text: str
    target: str


INKS: Mapping[str, Ink] = MappingProxyType({"light": Ink("#56616E", "#B23A08"), "dark": Ink("#A9B3BF", "#FF9466")})
#: height of the two upper pictures: with the cards above them they fit a window of 720 pixels
PICTURE = 250
#: heights of the months' two panels, GMV above net profit, as parts of the picture
_GMV, _PROFIT = 0.56, 0.78
#: pictures narrower than this have no room for a unit on each bar of the fall
_NARROW = 330


def painted(spec: dict, ink: Ink) -> dict:
    """The same on a canvas: a move repaints it, where it would change some hundred elements of the page."""
    text = {"labelColor": ink.text, "titleColor": ink.text}
    # a canvas cuts what stands over its edge: the heads of Chinese letters in an upright title; Streamlit wants an object here
    return {**spec, "padding": {"left": 3, "right": 4, "bottom": 2},
            "usermeta": {"embedOptions": {"renderer": "canvas"}},
            "config": {"axis": text, "legend": {"labelColor": ink.text}}}


@lru_cache(maxsize=64)
def months_spec(names: tuple[str, ...], words: tuple[str, str, str, str, str], ink: Ink) -> dict:
    """Two panels over one row of months: stacked bars of GMV by channel with marks for targets, and bars of net profit.

    words: unit, GMV, each of the two with its unit, target. One view with two parts of its height and no concatenation: that
    would be as wide as the page without its axes.
    """
    unit, gmv, gmv_in, profit_in, target = words
    legend = {"orient": "bottom", "title": None, "columns": 3, "labelLimit": 110, "columnPadding": 6, "labelFontSize": 11,
              "symbolSize": 70}
    bars = {"mark": {"type": "bar", "clip": True}, "transform": [{"filter": "isValid(datum.value)"}],
            "encoding": {"x": _MONTH, "y": _panel("value", gmv_in, 5, (_GMV, 0.0)),
                         "color": {"field": "channel", "type": "nominal", "scale": {"domain": list(names)}, "legend": legend},
                         "order": {"field": "place", "type": "quantitative"},
                         "tooltip": [_SAYS_MONTH, {"field": "channel", "title": gmv},
                                     {"field": "value", "format": ",.1f", "title": unit}]}}
    profits = {"mark": {"type": "bar", "clip": True}, "transform": [{"filter": "isValid(datum.profit)"}],
               "encoding": {"x": _MONTH, "y": _panel("profit", profit_in, 3, (1.0, _PROFIT)),
                            "color": {"condition": {"test": "datum.profit < 0", "value": RED}, "value": TEAL},
                            "tooltip": [_SAYS_MONTH, {"field": "profit", "format": ",.1f", "title": profit_in}]}}
    return {"height": PICTURE, "resolve": {"scale": {"y": "independent"}}, "layer": [
        {"layer": [edges("y", "low", "top"), bars, *_target_marks(target, unit, ink)]},
        {"layer": [edges("y", "foot", "head"), profits]}]}


_MONTH = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
_SAYS_MONTH = {"field": "month", "title": " "}


def _panel(field: str, title: str, ticks: int, ends: tuple[float, float]) -> dict:
    """The vertical axis of a panel between two heights of the picture, its title lying over it."""
    return {"field": field, "type": "quantitative",
            "scale": {"nice": False, "range": [{"expr": f"height * {end}"} for end in ends]},
            "axis": {"title": title, "tickCount": ticks, "orient": "left", "titleAngle": 0, "titleAlign": "left", "titleX": -28,
                     "titleY": {"expr": f"height * {ends[1]} - 9"}, "titleBaseline": "bottom"}}


def _target_marks(target: str, unit: str, ink: Ink) -> list[dict]:
    """A line over each month that has a target, and the word above it."""
    place = {"transform": [{"filter": "isValid(datum.target)"}]}
    at = {"x": _MONTH, "y": {"field": "target", "type": "quantitative"}}
    tip = [_SAYS_MONTH, {"field": "target", "format": ",.1f", "title": f"{target} · {unit}"}]
    return [{**place, "mark": {"type": "tick", "thickness": 2.5, "width": {"band": 1.1}, "color": TARGET, "clip": True},
             "encoding": {**at, "tooltip": tip}},
            {**place, "mark": {"type": "text", "dy": -7, "fontSize": 11, "color": ink.target},
             "encoding": {**at, "text": {"value": target}}}]


def months_data(months: Sequence[str], gmv: np.ndarray, names: Sequence[str], profit: np.ndarray,
                targets: Sequence[float | None], divisor: float, ends: tuple[float, float, float]) -> pa.Table:
    """Rows of (month, channel, value), of (month, profit, target), and one of the axes' ends.

    gmv: (channels, months), money in yuan. ends: of the axis of GMV above, of net profit below and above, as they are shown.
    place: of a channel in its bar, from the foot, as on the printed page.
    Names are values, never columns: a column's name would be read as a path into the data.
    """
    rows = [{"month": month, "channel": name, "value": value, "place": place}
            for place, (name, series) in enumerate(zip(names, gmv, strict=True))
            for month, value in zip(months, rounded(series, divisor), strict=True)]
    rows += [{"month": month, "profit": value, "target": None if target is None else round(target / divisor, 2)}
             for month, value, target in zip(months, rounded(profit, divisor), targets, strict=True)]
    rows.append({"low": 0.0, "top": ends[0], "foot": ends[1], "head": ends[2]})
    text, numbers = pa.dictionary(pa.int8(), pa.string()), pa.float32()  # months and colours are few
    figures = ("value", "place", "profit", "target", "low", "top", "foot", "head")
    kinds = {"month": text, "channel": text} | dict.fromkeys(figures, numbers)
    return pa.Table.from_pylist(rows, pa.schema(list(kinds.items())))


@lru_cache(maxsize=64)
def waterfall_spec(unit: str, per_100: str, ink: Ink) -> dict:
    """From GMV down to net profit; each bar labelled with what it takes per 100 yuan of GMV."""
    x = {"field": "name", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": -45,
                                                                    "labelLimit": 90, "labelOverlap": False}}
    y = {"field": "from", "type": "quantitative", "scale": {"nice": False}, "axis": {"title": unit, "tickCount": 5}}
    return {"height": PICTURE, "layer": [
        edges("y", "low", "high"),
        {"mark": {"type": "bar", "clip": True},
         "encoding": {
             "x": x, "y": y, "y2": {"field": "to"},
             "color": {"field": "kind", "type": "nominal", "legend": None,
                       "scale": {"domain": ["total", "cost", "profit", "loss"], "range": [INDIGO, GREY, TEAL, RED]}},
             "tooltip": [{"field": "name", "title": " "}, {"field": "amount", "format": ",.1f", "title": unit},
                         {"field": "share", "format": ".1f", "title": per_100}]}},
        {"mark": {"type": "text", "dy": -7, "fontSize": 10},
         "encoding": {"x": {"field": "name", "type": "ordinal", "sort": None},
                      "y": {"field": "above", "type": "quantitative"},
                      "text": {"condition": {"test": f"width < {_NARROW}", "field": "share", "format": ".1f"}, "field": "label"},
                      "color": {"value": ink.text}}}]}


def waterfall_data(names: Sequence[str], amounts: Sequence[float], divisor: float, ends: tuple[float, float],
                   write: Callable[[float], str]) -> pa.Table:
    """amounts: GMV, the costs as negative numbers, net profit last. ends: of the axis, as it is shown. write: a label, of what
    a bar is per 100 yuan of GMV."""
    rows: dict[str, list] = {k: [] for k in ("name", "from", "to", "above", "amount", "share", "label", "kind", "low", "high")}
    running, whole, last = 0.0, amounts[0] or 1.0, len(amounts) - 1
    for i, (name, amount) in enumerate(zip(names, amounts, strict=True)):
        start = 0.0 if i in (0, last) else running
        stop = amount if i in (0, last) else running + amount
        running = stop
        kind = "total" if i == 0 else "cost" if i != last else "loss" if amount < 0 else "profit"
        share = 100 * amount / whole if i in (0, last) else 100 * abs(amount) / whole
        for key, value in (("name", name), ("from", start / divisor), ("to", stop / divisor),
                           ("above", max(start, stop) / divisor), ("amount", amount / divisor), ("share", share),
                           ("label", write(share)), ("kind", kind), ("low", ends[0]), ("high", ends[1])):
            rows[key].append(value if isinstance(value, str) else round(value, 3))
    return pa.table(rows)

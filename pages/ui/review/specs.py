"""Pictures of the Review page as pure functions. See `kit/charts.py`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from model.late import Late
from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, TARGET, TEAL

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")


@lru_cache(maxsize=64)
def months_spec(low: float, high: float, unit: str, words: tuple[str, str, str]) -> dict:
    """Bars of what was, a line of the plan, dots of last year."""
    actual, plan, before = words
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    y = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False}, "axis": {"title": unit, "tickCount": 5}}
    color = {"scale": {"domain": list(words), "range": [TEAL, INDIGO, GREY]}, "legend": {"orient": "top", "title": None}}
    tip = [{"field": "month", "title": " "}, *({"field": k, "format": ",.2f", "title": f"{word} · {unit}"}
                                               for k, word in (("actual", actual), ("plan", plan), ("before", before)))]
    return {"height": HEIGHT, "layer": [
        {"mark": {"aria": False, "type": "bar", "clip": True}, "transform": [{"filter": "isValid(datum.actual)"}],
         "encoding": {"x": x, "y": {**y, "field": "actual"}, "tooltip": tip, "color": {**color, "datum": actual}}},
        {"mark": {"aria": False, "type": "line", "strokeWidth": 2.5, "point": {"size": 40, "filled": True}, "clip": True},
         "encoding": {"x": x, "y": {**y, "field": "plan"}, "tooltip": tip, "color": {**color, "datum": plan}}},
        {"mark": {"aria": False, "type": "point", "size": 60, "filled": False, "strokeWidth": 2, "clip": True},
         "transform": [{"filter": "isValid(datum.before)"}],
         "encoding": {"x": x, "y": {**y, "field": "before"}, "tooltip": tip, "color": {**color, "datum": before}}}]}


def months_data(months: Sequence[str], rows: Sequence[tuple[float, float, float]], divisor: float) -> pa.Table:
    """rows: (actual, plan, last year) by month, nan where it is not known."""
    columns = [[None if not math.isfinite(v) else round(v / divisor, 4) for v in column] for column in zip(*rows, strict=True)]
    return pa.table({"month": list(months), **{k: pa.array(v, pa.float64()) for k, v in zip(("actual", "plan", "before"), columns,
                                                                                           strict=True)}})


@lru_cache(maxsize=64)
def bands_spec(low: float, high: float, unit: str, middle: str, target: float | None, aim: str) -> dict:
    """Ranges of the year as they were forecast one month after the other, the median of each, the target as a line."""
    x = {"field": "when", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    y = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False},
         "axis": {"title": unit, "tickCount": 5}}
    tip = [{"field": "when", "title": " "}, *({"field": k, "format": ",.1f", "title": f"{name} · {unit}"}
                                              for k, name in (("high", "90%"), ("middle", middle), ("low", "10%")))]
    layers: list[dict] = [
        {"mark": {"type": "bar", "width": {"band": 0.5}, "color": INDIGO, "opacity": 0.3, "clip": True, "aria": False},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "tooltip": tip}},
        {"mark": {"type": "tick", "color": INDIGO, "thickness": 3, "width": 30, "clip": True, "aria": False},
         "encoding": {"x": x, "y": {**y, "field": "middle"}, "tooltip": tip}}]
    if target is not None:
        layers.append({"mark": {"type": "rule", "color": TARGET, "strokeDash": [6, 4], "strokeWidth": 2, "aria": False},
                       "encoding": {"y": {**y, "datum": target}, "tooltip": {"value": f"{aim} {target:,.1f} {unit}"}}})
    return {"height": HEIGHT - 40, "layer": layers}


def bands_data(names: Sequence[str], ranges: Sequence[tuple[float, float, float]], divisor: float) -> pa.Table:
    """ranges: (10 %, median, 90 %)."""
    low, middle, high = ([round(v / divisor, 3) for v in column] for column in zip(*ranges, strict=True))
    return pa.table({"when": list(names), "low": low, "middle": middle, "high": high})

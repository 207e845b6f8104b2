"""Fans: bands around the median by month, with the plan's own line and targets. See `charts.py`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, PALE, TARGET

_FAN = ((0, 6, 0.16), (1, 5, 0.18), (2, 4, 0.26))


@lru_cache(maxsize=64)
def fan_spec(low: float, high: float, unit: str, words: tuple[str, str, str, str]) -> dict:
    """Bands around the median by month, the plan's own line, targets. words: likely range, median, plan, target."""
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    y = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False},
         "axis": {"title": unit, "tickCount": 5}}
    tips = [{"field": "month", "title": " "}] + [
        {"field": f"p{k}", "format": ",.1f", "title": f"{k}%"} for k in (95, 90, 75, 50, 25, 10, 5)] + [
        {"field": "plan", "format": ",.1f", "title": words[2]}]
    legend = {"type": "nominal", "scale": {"domain": list(words), "range": [PALE, INDIGO, GREY, TARGET]},
              "legend": {"orient": "top", "title": None, "offset": 4, "symbolType": "square", "symbolOpacity": 1,
                         "symbolStrokeWidth": 0, "columnPadding": 6, "labelFontSize": 11, "symbolSize": 70}}
    named = [{"color": {"datum": word, **legend}} for word in words]
    areas = [{"mark": {"type": "area", "color": INDIGO, "opacity": opacity, "clip": True, "aria": False},
              "encoding": {"x": x, "y": {"field": f"p{_LEVELS[a]}", **y}, "y2": {"field": f"p{_LEVELS[b]}"}}}
             for a, b, opacity in _FAN]
    lines = [
        {"mark": {"type": "line", "color": INDIGO, "strokeWidth": 2.5, "clip": True, "aria": False},
         "encoding": {"x": x, "y": {"field": "p50", **y}, "tooltip": tips, **named[1]}},
        {"mark": {"type": "line", "color": GREY, "strokeDash": [5, 4], "strokeWidth": 2, "clip": True, "aria": False},
         "encoding": {"x": x, "y": {"field": "plan", **y}, **named[2]}},
        {"transform": [{"filter": "isValid(datum.target)"}],
         "mark": {"type": "tick", "color": TARGET, "thickness": 3, "width": 22, "clip": True, "aria": False},
         "encoding": {"x": x, "y": {"field": "target", **y}, **named[3],
                      "tooltip": [{"field": "month", "title": " "}, {"field": "target", "format": ",.1f", "title": words[3]}]}},
        {"mark": {"type": "point", "size": 260, "opacity": 0, "aria": False},
         "encoding": {"x": x, "y": {"field": "p50", **y}, "tooltip": tips}}]
    return {"height": HEIGHT, "layer": [*areas, *lines]}


_LEVELS = (5, 10, 25, 50, 75, 90, 95)


def fan_data(months: Sequence[str], points: np.ndarray, plan: np.ndarray, targets: Sequence[float | None],
             divisor: float) -> pa.Table:
    """points: (7, months); plan: (months,)."""
    table = {"month": list(months)} | {f"p{k}": _rounded(points[i], divisor) for i, k in enumerate(_LEVELS)}
    table |= {"plan": _rounded(plan, divisor)}
    table["target"] = pa.array([None if x is None else round(x / divisor, 3) for x in targets], pa.float64())
    return pa.table(table)


def _rounded(values, divisor: float) -> list[float]:
    return [round(float(v) / divisor, 3) for v in values]

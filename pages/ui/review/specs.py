"""Pictures of the Review page as pure functions. See `kit/charts.py`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from model.late import Late
from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, TEAL

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

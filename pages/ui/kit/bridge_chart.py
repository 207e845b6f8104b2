"""A bridge as pictures' data: bars that each stand on the sum of those before. See `charts.py`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from model.late import Late
from pages.ui.kit.charts import GREY, INDIGO, RED, TEAL

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")


@lru_cache(maxsize=64)
def bridge_spec(unit: str, bars: int, digits: int, low: float, high: float) -> dict:
    """What each group of drivers adds to the difference, step by step from zero; lying, so that names have room."""
    number = f"+,.{digits}f"
    y = {"field": "name", "type": "ordinal", "sort": None, "axis": {"title": None, "labelLimit": 170, "labelOverlap": False}}
    return {"height": max(160, 30 * bars), "layer": [
        {"mark": {"type": "bar", "height": {"band": 0.7}},
         "encoding": {
             "y": y, "x": {"field": "from", "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
                           "axis": {"title": unit, "tickCount": 5}},
             "x2": {"field": "to"},
             "color": {"field": "kind", "type": "nominal", "legend": None,
                       "scale": {"domain": ["total", "more", "less"], "range": [INDIGO, TEAL, RED]}},
             "tooltip": [{"field": "name", "title": " "}, {"field": "amount", "format": number, "title": unit}]}},
        {"mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
         "encoding": {"y": y, "x": {"field": "right", "type": "quantitative"}, "text": {"field": "label"},
                      "color": {"value": GREY}}}]}


def bridge_ends(values: Sequence[float], divisor: float) -> tuple[float, float]:
    """The axis of a bridge: zero and every step in it, and room on the right for the figures beside the bars."""
    ends = np.cumsum([0.0, *values]) / divisor
    low, high = min(0.0, ends.min()), max(0.0, ends.max())
    return float(low - 0.03 * (high - low)), float(high + 0.45 * (high - low))


def bridge_data(bars: Sequence[tuple[str, float]], total: str, labels: Sequence[str], divisor: float) -> pa.Table:
    """bars: name and contribution, each standing on the sum of those before, from zero; total: the name of their sum.

    labels: the figure written beside each, the total's last.
    """
    rows: dict[str, list] = {k: [] for k in ("name", "from", "to", "right", "amount", "label", "kind")}
    ends = np.cumsum([0.0, *(value for _, value in bars)])
    steps = [(name, ends[i], ends[i + 1], value, "more" if value >= 0 else "less") for i, (name, value) in enumerate(bars)]
    steps.append((total, 0.0, ends[-1], ends[-1], "total"))
    for (name, begin, stop, amount, kind), label in zip(steps, labels, strict=True):
        for key, value in (("name", name), ("from", begin / divisor), ("to", stop / divisor),
                           ("right", max(begin, stop) / divisor), ("amount", amount / divisor), ("label", label),
                           ("kind", kind)):
            rows[key].append(value if isinstance(value, str) else round(float(value), 6))
    return pa.table(rows)

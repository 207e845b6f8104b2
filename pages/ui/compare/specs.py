"""Charts of the Compare page, as pure functions (see kit/charts.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import HEIGHT

#: names up to this long stand two in a row of the legend; longer ones would be cut
_SHORT = 9


def _legend(names: Sequence[str]) -> dict:
    return {"orient": "bottom", "title": None, "columns": _columns(names), "labelLimit": 270, "symbolSize": 90, "rowPadding": 4}


def _columns(names: Sequence[str]) -> int:
    """Of the legend; characters of full width count double."""
    longest = max(sum(1 + (ord(c) > 0x2E80) for c in name) for name in names) / 2
    return 2 if longest <= _SHORT else 1


def _room(names: Sequence[str]) -> int:
    """Height of the legend, which would else be taken from the picture."""
    return 28 * -(-len(names) // _columns(names))


@lru_cache(maxsize=64)
def months_spec(names: tuple[str, ...], unit: str) -> dict:
    """A line a scenario over the months, the legend below in the order of the comparison."""
    return {"height": HEIGHT + _room(names), "mark": {"type": "line", "point": {"size": 36, "filled": True}, "strokeWidth": 2.5},
            "encoding": {
                "x": {"field": "month", "type": "ordinal", "sort": None,
                      "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}},
                "y": {"field": "value", "type": "quantitative", "axis": {"title": unit, "tickCount": 5}},
                "color": {"field": "scenario", "type": "nominal", "scale": {"domain": list(names)},
                          "legend": _legend(names)},
                "tooltip": [{"field": "month", "title": " "}, {"field": "scenario", "title": " "},
                            {"field": "value", "format": ",.1f", "title": unit}]}}


def months_data(months: Sequence[str], names: Sequence[str], values: np.ndarray) -> pa.Table:
    """values: (scenarios, months), nan where a plan has no such month."""
    there = np.isfinite(values)
    rows = [(m, n, round(float(values[i, j]), 3)) for i, n in enumerate(names) for j, m in enumerate(months) if there[i, j]]
    return pa.table({k: list(c) for k, c in zip(("month", "scenario", "value"), zip(*rows, strict=True), strict=True)})


@lru_cache(maxsize=64)
def split_spec(names: tuple[str, ...], unit: str, channels: int) -> dict:
    """Spend by channel, a bar a scenario."""
    return {"height": max(HEIGHT, channels * (14 * len(names) + 12)) + _room(names), "mark": {"type": "bar"},
            "encoding": {
                "y": {"field": "channel", "type": "ordinal", "sort": None, "axis": {"title": None, "labelLimit": 140}},
                "yOffset": {"field": "scenario", "sort": list(names)},
                "x": {"field": "value", "type": "quantitative", "axis": {"title": unit, "tickCount": 5}},
                "color": {"field": "scenario", "type": "nominal", "scale": {"domain": list(names)},
                          "legend": _legend(names)},
                "tooltip": [{"field": "channel", "title": " "}, {"field": "scenario", "title": " "},
                            {"field": "value", "format": ",.1f", "title": unit}]}}


def split_data(channels: Sequence[str], names: Sequence[str], values: np.ndarray) -> pa.Table:
    """values: (scenarios, channels)."""
    rows = [(c, n, round(float(values[i, j]), 3)) for j, c in enumerate(channels) for i, n in enumerate(names)]
    return pa.table({k: list(x) for k, x in zip(("channel", "scenario", "value"), zip(*rows, strict=True), strict=True)})

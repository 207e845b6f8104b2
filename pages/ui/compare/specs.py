"""Charts of the Compare page, as pure functions (see kit/charts.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, RED, TEAL

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

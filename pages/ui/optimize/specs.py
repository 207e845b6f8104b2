"""Charts of the Optimize page, as pure functions (see kit/charts.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, TARGET, TEAL, Heat

#: room of a name beside its mark, as parts of what is drawn across and up; on a phone longer ones may touch
_LABEL = (0.16, 0.09)


@lru_cache(maxsize=64)
def frontier_spec(x_title: str, y_title: str) -> dict:
    """The best that can be had, point by point; today's plan and saved ones beside it. A point can be picked."""
    x = {"field": "x", "type": "quantitative", "scale": {"zero": False}, "axis": {"title": x_title, "tickCount": 6}}
    y = {"field": "y", "type": "quantitative", "scale": {"zero": False}, "axis": {"title": y_title, "tickCount": 5}}
    tips = [{"field": "x", "format": ",.1f", "title": x_title}, {"field": "y", "format": ",.2f", "title": y_title}]
    line, mark = [{"filter": "datum.name == ''"}], [{"filter": "datum.name != ''"}]
    return {"height": HEIGHT + 40, "layer": [
        {"transform": line, "mark": {"type": "line", "color": INDIGO, "strokeWidth": 2, "aria": False},
         "encoding": {"x": x, "y": y}},
        {"transform": line, "params": [{"name": "pick", "select": {"type": "point", "fields": ["i"]}}],
         "mark": {"type": "point", "filled": True, "size": 110, "color": INDIGO, "cursor": "pointer"},
         "encoding": {"x": x, "y": y, "tooltip": tips, "opacity": {"condition": {"param": "pick", "value": 1}, "value": 0.5}}},
        {"transform": mark,
         "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 130, "color": TEAL, "aria": False},
         "encoding": {"x": x, "y": y, "tooltip": [{"field": "name", "title": " "}, *tips]}},
        {"transform": mark,
         "mark": {"type": "text", "align": "left", "dx": 8, "dy": 10, "fontSize": 11, "color": GREY, "limit": 130},
         "encoding": {"x": x, "y": y, "text": {"field": "label"}}}]}


def frontier_data(points: Sequence[tuple[float, float, str]], marks: Sequence[tuple[float, float, str]]) -> pa.Table:
    rows = [*points, *marks]
    return pa.table({"x": [r[0] for r in rows], "y": [r[1] for r in rows], "name": [r[2] for r in rows],
                     "label": [*("" for _ in points), *_labels(rows, marks)],
                     "i": pa.array([*range(len(points)), *[None] * len(marks)], pa.int32())})


def _labels(rows: Sequence[tuple[float, float, str]], marks: Sequence[tuple[float, float, str]]) -> list[str]:
    """The names that are written beside their marks: the first of those that would lie on each other; all are in the tip."""
    wide, high = (max(np.ptp([r[side] for r in rows]), 1e-12) for side in (0, 1))
    written: list[tuple[float, float, str]] = []
    for mark in marks:
        if all(abs(mark[0] - x) > _LABEL[0] * wide or abs(mark[1] - y) > _LABEL[1] * high for x, y, _ in written):
            written.append(mark)
    return [mark[2] if mark in written else "" for mark in marks]


@lru_cache(maxsize=64)
def heat_spec(x_title: str, y_title: str, unit: str, today: str, heat: Heat) -> dict:
    """A KPI over two drivers; today's point, and the line on which the target is met."""
    x = {"field": "x", "type": "quantitative", "scale": {"zero": False, "nice": False}, "axis": {"title": x_title}}
    y = {"field": "y", "type": "quantitative", "scale": {"zero": False, "nice": False}, "axis": {"title": y_title}}
    label = {"type": "text", "align": "left", "dx": 9, "dy": -12, "fontSize": 12, "fontWeight": 600, "aria": False}
    here = {"x": x, "y": y, "text": {"value": today}}
    return {"height": 420, "layer": [
        {"transform": [{"filter": "datum.kind == 'cell'"}], "mark": {"type": "rect", "aria": False},
         "encoding": {"x": {**x, "bin": "binned"}, "x2": {"field": "x2"}, "y": {**y, "bin": "binned"}, "y2": {"field": "y2"},
                      "color": {"field": "value", "type": "quantitative", "scale": {"range": [heat.little, heat.much]},
                                "legend": {"title": unit, "orient": "right"}},
                      "tooltip": [{"field": "at_x", "format": ",.2f", "title": x_title},
                                  {"field": "at_y", "format": ",.2f", "title": y_title},
                                  {"field": "value", "format": ",.3f", "title": unit or "="}]}},
        {"transform": [{"filter": "datum.kind == 'iso'"}],
         "mark": {"type": "line", "color": TARGET, "strokeWidth": 2.5, "strokeDash": [6, 3], "aria": False},
         "encoding": {"x": x, "y": y, "order": {"field": "order"}}},
        {"transform": [{"filter": "datum.kind == 'today'"}],
         "mark": {"type": "point", "shape": "cross", "filled": True, "size": 180, "color": TEAL, "aria": False},
         "encoding": {"x": x, "y": y, "tooltip": [{"value": today}]}},
        {"transform": [{"filter": "datum.kind == 'today'"}],
         "mark": {**label, "stroke": "#12161C", "strokeWidth": 3, "opacity": 0.7, "color": "#12161C"}, "encoding": here},
        {"transform": [{"filter": "datum.kind == 'today'"}], "mark": {**label, "color": "#FFFFFF"}, "encoding": here}]}


def heat_data(xs: np.ndarray, ys: np.ndarray, values: np.ndarray, today: Sequence[float],
              line: Sequence[tuple[float, float]]) -> pa.Table:
    """values: (len(ys), len(xs)). today: (x, y). line: points of the target's line in their order."""
    (left, right), (low, high) = _edges(xs), _edges(ys)
    rows = [{"kind": "cell", "x": left[i], "x2": right[i], "y": low[j], "y2": high[j], "at_x": float(xs[i]),
             "at_y": float(ys[j]), "value": float(values[j, i])}
            for j in range(len(ys)) for i in range(len(xs)) if np.isfinite(values[j, i])]
    rows += [{"kind": "iso", "x": a, "y": b, "order": k} for k, (a, b) in enumerate(line)]
    rows.append({"kind": "today", "x": today[0], "y": today[1]})
    numbers = ("x", "x2", "y", "y2", "at_x", "at_y", "value")
    fields = [("kind", pa.string()), *((n, pa.float64()) for n in numbers), ("order", pa.int32())]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def _edges(at: np.ndarray) -> tuple[list[float], list[float]]:
    half = float(at[1] - at[0]) / 2 if len(at) > 1 else 0.5
    return [float(v) - half for v in at], [float(v) + half for v in at]


def iso_line(xs: np.ndarray, ys: np.ndarray, values: np.ndarray, target: float) -> list[tuple[float, float]]:
    """Where the grid crosses the target, row by row and column by column, by straight lines between points."""
    found = []
    for j, y in enumerate(ys):
        found += [(x, float(y)) for x in _crossings(xs, values[j], target)]
    for i, x in enumerate(xs):
        found += [(float(x), y) for y in _crossings(ys, values[:, i], target)]
    return sorted(set(found))


def _crossings(at: np.ndarray, values: np.ndarray, target: float) -> list[float]:
    miss = values - target
    out = []
    for k in range(len(at) - 1):
        a, b = miss[k], miss[k + 1]
        if np.isfinite(a) and np.isfinite(b) and (a <= 0 < b or b <= 0 < a):
            out.append(float(at[k] + (at[k + 1] - at[k]) * a / (a - b)))
    return out

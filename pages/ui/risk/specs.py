"""Charts of uncertainty, as pure functions (see kit/charts.py): fans, distributions, shares of the variance, scatters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from pages.ui.kit.charts import GREY, HEIGHT, INDIGO, LIME, RED, TARGET, TEAL

#: the legend's colour of the 10-90 % band: what lies under it in the picture, on white and on near black
#: a scatter stands beside the table of targets
_TALL = 460
BINS = 48


@lru_cache(maxsize=64)
def histogram_spec(low: float, high: float, top: float, unit: str, words: tuple[str, str, str]) -> dict:
    """How often each outcome comes; losses in another colour; the plan, the average and targets as marked lines.

    words: share of the draws, below zero, not below zero.
    """
    share, below, above = words
    both = f"datum.value === 'loss' ? {json.dumps(below)} : {json.dumps(above)}"
    legend = {"orient": "top", "title": None, "offset": 4, "labelExpr": both} if low < 0 < high else None
    x = {"field": "from", "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
         "axis": {"title": unit, "tickCount": 6}}
    return {"height": HEIGHT, "resolve": {"scale": {"color": "independent"}}, "layer": [
        {"transform": [{"filter": "isValid(datum.share)"}],
         "mark": {"type": "bar", "clip": True, "aria": False, "binSpacing": 1},
         "encoding": {"x": {**x, "bin": "binned"}, "x2": {"field": "to"},
                      "y": {"field": "share", "type": "quantitative", "scale": {"domain": [0, top]},
                            "axis": {"title": share, "tickCount": 4}},
                      "color": {"field": "kind", "type": "nominal", "legend": legend,
                                "scale": {"domain": ["loss", "gain"], "range": [RED, TEAL]}},
                      "tooltip": [{"field": "from", "format": ",.1f", "title": unit},
                                  {"field": "to", "format": ",.1f", "title": "→"},
                                  {"field": "share", "format": ".1f", "title": share}]}},
        {"transform": [{"filter": "isValid(datum.at)"}],
         "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": [5, 3], "clip": True, "aria": False},
         "encoding": {"x": {"field": "at", "type": "quantitative"},
                      "color": {"field": "role", "type": "nominal", "legend": None,
                                "scale": {"domain": ["plan", "mean", "target"], "range": [GREY, INDIGO, TARGET]}}}},
        {"transform": [{"filter": "isValid(datum.at)"}],
         "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11, "clip": False, "aria": False},
         "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": {"field": "height", "type": "quantitative"},
                      "text": {"field": "label"}, "color": {"value": GREY}}}]}


def histogram_data(draws: np.ndarray, marks: Sequence[tuple[str, str, float]],
                   divisor: float) -> tuple[pa.Table, tuple[float, float, float]]:
    """draws: (D,). marks: (role, label, value). Also (lowest, highest, tallest) for the axes, the outermost 0.1 % cut off."""
    values = draws[np.isfinite(draws)] / divisor
    ends = np.quantile(values, [0.001, 0.999]) if values.size else np.zeros(2)
    everything = [*map(float, ends), *(value / divisor for _, _, value in marks)]
    low, high = min(everything), max(everything)
    pad = max(high - low, 1e-6) * 0.06
    edges = np.linspace(low - pad, high + pad, BINS + 1)
    counts, _ = np.histogram(values, edges)
    shares = 100 * counts / max(values.size, 1)
    top = float(shares.max(initial=1.0)) * 1.35
    rows = [{"from": a, "to": b, "share": float(s), "kind": "loss" if b <= 0 else "gain"}
            for a, b, s in zip(edges[:-1].tolist(), edges[1:].tolist(), shares, strict=True)]
    rows += [{"at": value / divisor, "label": label, "role": role, "height": top * (0.96 - 0.09 * i)}
             for i, (role, label, value) in enumerate(marks)]
    fields = [("from", pa.float64()), ("to", pa.float64()), ("share", pa.float64()), ("kind", pa.string()),
              ("at", pa.float64()), ("label", pa.string()), ("role", pa.string()), ("height", pa.float64())]
    return pa.Table.from_pylist(rows, pa.schema(fields)), (low - pad, high + pad, top)


@lru_cache(maxsize=64)
def scatter_spec(x_title: str, y_title: str) -> dict:
    """A driver against a KPI, one point a draw."""
    scale = {"zero": False, "nice": True}
    mark = {"type": "point", "filled": True, "size": 18, "opacity": 0.5, "color": INDIGO, "aria": False}
    return {"height": _TALL, "mark": mark,
            "encoding": {"x": {"field": "x", "type": "quantitative", "scale": scale, "axis": {"title": x_title, "tickCount": 6}},
                         "y": {"field": "y", "type": "quantitative", "scale": scale, "axis": {"title": y_title, "tickCount": 5}},
                         "tooltip": [{"field": "x", "format": ",.4~f", "title": x_title},
                                     {"field": "y", "format": ",.2f", "title": y_title}]}}


def scatter_data(x: np.ndarray, y: np.ndarray) -> pa.Table:
    return pa.table({"x": np.round(x, 6), "y": np.round(y, 4)})


# --- pictures of the settings -------------------------------------------------------------------------------------------

#: of the pictures beside the editor
SMALL = 230
#: heights of the labels over a curve of height 1, and the top of the picture
_LABELS, _CEILING = (1.12, 1.27, 1.42, 1.57), 1.76
#: where a label must stand beside its line, so that the picture's edge does not cut it
_SIDES = (("left", 5), ("right", -5))


@lru_cache(maxsize=64)
def density_spec(unit: str) -> dict:
    """A curve, what truncation cut off it, and lines with their labels; the axes follow the data."""
    x = {"field": "x", "type": "quantitative", "scale": {"zero": False, "nice": False, "padding": 6},
         "axis": {"title": unit, "tickCount": 5, "grid": False, "labelOverlap": True}}
    y = {"type": "quantitative", "scale": {"domain": [0, _CEILING]}, "axis": None}

    def area(role: str, color: str, **more) -> dict:
        return {"transform": [{"filter": f"datum.role == '{role}'"}],
                "mark": {"type": "area", "color": color, "aria": False, "line": {"color": color, **more}, "opacity": 0.35},
                "encoding": {"x": x, "y": {"field": "y", **y}}}

    lines = {"transform": [{"filter": "datum.role == 'point' || datum.role == 'plan'"}],
             "mark": {"type": "rule", "strokeWidth": 1.5, "aria": False},
             "encoding": {"x": x, "y": {"field": "y", **y}, "y2": {"datum": 0},
                          "strokeDash": {"field": "role", "type": "nominal", "legend": None,
                                         "scale": {"domain": ["point", "plan"], "range": [[1, 0], [5, 3]]}},
                          "color": {"field": "role", "type": "nominal", "legend": None,
                                    "scale": {"domain": ["point", "plan"], "range": [INDIGO, GREY]}}}}
    words = [{"transform": [{"filter": f"datum.side == '{side}'"}],
              "mark": {"type": "text", "align": side, "dx": dx, "dy": -6, "fontSize": 11, "aria": False},
              "encoding": {"x": x, "y": {"field": "y", **y}, "text": {"field": "label"}}} for side, dx in _SIDES]
    return {"height": SMALL, "layer": [
        area("curve", INDIGO), area("below", GREY, strokeDash=[4, 3]), area("above", GREY, strokeDash=[4, 3]), lines, *words]}


def _side(place: float, at: float, marks: Sequence[tuple[str, str, float]]) -> str:
    """Where a label begins: outwards from the other lines, which would run through it; inwards at the picture's edges."""
    if not 0.2 < place < 0.8:
        return "left" if place <= 0.2 else "right"
    return "right" if at < sum(m[2] for m in marks) / len(marks) else "left"


def density_data(curves: Sequence[tuple[str, np.ndarray, np.ndarray]], marks: Sequence[tuple[str, str, float]]) -> pa.Table:
    """curves: (role curve | below | above, x, height). marks: (role point | plan, label, x), labelled on rising heights."""
    rows: list[dict[str, Any]] = [
        {"role": role, "x": float(a), "y": float(b)} for role, x, y in curves for a, b in zip(x, y, strict=True)]
    every: list[float] = [r["x"] for r in rows] + [at for _, _, at in marks]
    low, width = min(every), max(max(every) - min(every), 1e-12)
    for (role, label, at), height in zip(marks, _LABELS, strict=False):
        rows.append({"role": role, "x": at, "y": height, "label": label, "side": _side((at - low) / width, at, marks)})
    return pa.Table.from_pylist(rows, pa.schema([("role", pa.string()), ("x", pa.float64()), ("y", pa.float64()),
                                                 ("label", pa.string()), ("side", pa.string())]))


@lru_cache(maxsize=64)
def paths_spec(unit: str, words: tuple[str, str, str]) -> dict:
    """The months' band with possible years in it. words: of the 10 %, 50 % and 90 % points in the tooltip."""
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": {"title": unit, "tickCount": 4}}
    tips = [{"field": "month", "title": " "}] + [
        {"field": f"p{k}", "format": ",.4~f", "title": w} for k, w in zip((10, 50, 90), words, strict=True)]
    band = {"mark": {"type": "area", "color": INDIGO, "opacity": 0.22, "aria": False},
            "encoding": {"x": x, "y": {"field": "p10", **y}, "y2": {"field": "p90"}}}
    level = {"mark": {"type": "line", "color": GREY, "strokeDash": [5, 3], "strokeWidth": 2, "aria": False},
             "encoding": {"x": x, "y": {"field": "level", **y}}}
    years = [{"mark": {"type": "line", "color": color, "strokeWidth": 2, "aria": False,
                       "point": {"size": 16, "filled": True, "color": color}},
              "encoding": {"x": x, "y": {"field": f"path{i}", **y}, "tooltip": tips}}
             for i, color in enumerate((INDIGO, LIME, TARGET))]
    return {"height": SMALL, "layer": [band, level, *years]}


def paths_data(months: Sequence[str], band: np.ndarray, examples: np.ndarray, level: float) -> pa.Table:
    """band: 10, 50 and 90 % points (3, M); examples: (3, M); level: of the year."""
    table = {"month": list(months), "level": [level] * len(months)}
    table |= {f"p{k}": band[i].tolist() for i, k in enumerate((10, 50, 90))}
    return pa.table(table | {f"path{i}": row.tolist() for i, row in enumerate(examples)})


@lru_cache(maxsize=64)
def matrix_spec(names: tuple[str, ...], words: tuple[str, str]) -> dict:
    """Correlations as coloured cells under the diagonal, changed ones framed and numbered. words: asked, used."""
    def axis(place: str, **more) -> dict:
        return {"field": place, "type": "nominal", "scale": {"domain": list(names)},
                "axis": {"title": None, "labelLimit": 130, "grid": False, "ticks": False, "domain": False,
                         "labelOverlap": False, "labelFlush": False, **more}}

    at = {"x": axis("x", labelAngle=-60), "y": axis("y")}
    tips = [{"field": "y", "title": " "}, {"field": "x", "title": " "}, {"field": "asked", "format": ".2f", "title": words[0]},
            {"field": "used", "format": ".2f", "title": words[1]}]
    fill = {"field": "sign", "type": "nominal", "legend": None, "scale": {"domain": ["plus", "minus"], "range": [INDIGO, LIME]}}
    strong = {"field": "size", "type": "quantitative", "legend": None, "scale": {"domain": [0, 1], "range": [0.06, 0.75]}}
    return {"height": max(150, 22 * len(names) + 110), "layer": [
        {"mark": {"type": "rect", "aria": False}, "encoding": {**at, "color": fill, "opacity": strong, "tooltip": tips}},
        {"transform": [{"filter": "datum.changed"}],
         "mark": {"type": "rect", "fillOpacity": 0, "stroke": TARGET, "strokeWidth": 2, "aria": False},
         "encoding": {**at, "tooltip": tips}},
        {"transform": [{"filter": "datum.shown"}], "mark": {"type": "text", "fontSize": 9, "aria": False},
         "encoding": {**at, "text": {"field": "used", "type": "quantitative", "format": ".2~f"}}}]}


def matrix_data(cells: Sequence[tuple[str, str, float, float, bool]]) -> pa.Table:
    """cells: (column, row, asked, used, changed by the repair)."""
    columns = list(zip(*cells, strict=True)) or [(), (), (), (), ()]
    x, y, asked, used, changed = columns
    return pa.table({"x": pa.array(x, pa.string()), "y": pa.array(y, pa.string()), "asked": pa.array(asked, pa.float64()),
                     "used": pa.array(used, pa.float64()), "size": pa.array([abs(u) for u in used], pa.float64()),
                     "sign": pa.array(["plus" if u >= 0 else "minus" for u in used], pa.string()),
                     "changed": pa.array(changed, pa.bool_()),
                     "shown": pa.array([c or abs(u) >= 0.05 for u, c in zip(used, changed, strict=True)], pa.bool_())})

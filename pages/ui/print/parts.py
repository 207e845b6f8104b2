"""What the page to print is made of: tables whose cells hold words or bars, and the picture of the months.

Shapes only, no words of ours and no HTML: the templates (templates/) draw them and escape every text.
A Vega-Lite renderer (vl-convert) was measured and left out: 84 MB on disk and 85 MB of memory for one bar chart.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np

from pages.ui.kit.charts import GREY, INDIGO, RED, TARGET, TEAL, nice
from pages.ui.kit.formats import signed
from pages.ui.kit.texts import rules

#: the channels' colours on a light page, as in .streamlit/config.toml (a test compares them)
CHANNELS = ("#0072B2", "#D97706", "#009E73", "#B8569A", "#4FA3D9", "#8A7500", "#7C4A2D")
#: size of the months' picture and what of it the axis takes, in points; then GMV's part and net profit's, from top to bottom
WIDTH, HEIGHT, AXIS = 545, 118, 34
GMV_TOP, GMV_FOOT, MONTH_LINE, PROFIT_TOP, PROFIT_FOOT = 9, 72, 80, 90, 110
_SMALL = 6.2
#: what a number takes over its bar: a target's mark in there would cross it
_OVER = 9


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Label:
    """anchor: start | middle | end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    colour: str = "#1B2430"


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes from back to front, and texts over them; in points."""

    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    alt: str
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, or bars in a field of 100 by 10. kind: "" a number, "text", "name" (may take two lines),
    "good" or "bad". span: how many columns it takes."""

    text: str = ""
    kind: str = ""
    bars: tuple[Box, ...] = ()
    span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """key: its name in the sheet and in `shown.py`. widths: of the columns in per cent. more: what was left out, said
    below the rows. empty: said instead of rows.
    """

    key: str
    title: str
    head: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    more: str = ""
    empty: str = ""

    @property
    def left(self) -> set[int]:
        """Columns of words, set from the left."""
        return {i for row in self.rows if len(row) == len(self.head) for i, c in enumerate(row) if c.kind in ("text", "name")}


def words(text: str) -> Cell:
    return Cell(text, "text")


# --- a sheet as HTML ---------------------------------------------------------------------------------------------------

_ENVIRONMENT = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
                                  undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def rendered(template: str, sheet: object) -> str:
    """A sheet by its template."""
    return _ENVIRONMENT.get_template(template).render(sheet=sheet, language=rules().tag)


def document(template: str, sheet: object) -> str:
    """The same as a whole document: no script, nothing fetched."""
    return _ENVIRONMENT.get_template("document.html").render(sheet=sheet, language=rules().tag, template=template)


def styles() -> str:
    return _ENVIRONMENT.get_template("onepage.css").render()


# --- bars in cells -----------------------------------------------------------------------------------------------------

def fall_bars(amounts: Sequence[float]) -> list[tuple[Box, ...]]:
    """A bar a step: GMV, costs as negative numbers from where the last one ended, net profit last."""
    starts, stops = [], []
    running = 0.0
    for i, amount in enumerate(amounts):
        last = i == len(amounts) - 1
        starts.append(0.0 if last else running)
        running = amount if last else running + amount
        stops.append(running)
    low, high = min(0.0, *stops), max(*starts, *stops, 1e-9)
    colours = [INDIGO, *[GREY] * (len(amounts) - 2), TEAL if amounts[-1] >= 0 else RED]
    return [(_bar(min(a, b), max(a, b), low, high, 1.5, 7, colour),)
            for a, b, colour in zip(starts, stops, colours, strict=True)]


def pair_bars(before: float | None, now: float, high: float) -> tuple[Box, ...]:
    """The baseline above, now below; now alone where nothing changed (before: None)."""
    if before is None:
        return (_bar(0.0, now, 0.0, high, 2, 6, INDIGO),)
    return _bar(0.0, before, 0.0, high, 1, 3.6, GREY), _bar(0.0, now, 0.0, high, 5.4, 3.6, INDIGO)


def _bar(start: float, stop: float, low: float, high: float, y: float, height: float, colour: str) -> Box:
    scale = 100 / max(high - low, 1e-9)
    return Box(round((start - low) * scale, 2), y, round(max((stop - start) * scale, 0.3), 2), height, colour)


# --- the months --------------------------------------------------------------------------------------------------------

def months_picture(labels: Sequence[str], gmv: np.ndarray, colours: Sequence[str], profit: np.ndarray,
                   targets: Sequence[float | None], alt: str) -> Picture:
    """Stacked bars of GMV with target marks, and below them bars of net profit on a scale of their own.

    gmv: (channels, months) and profit: (months,) in the unit of the axis.
    """
    pitch = (WIDTH - AXIS) / len(labels)
    boxes: list = []
    texts: list = []
    _gmv(boxes, texts, gmv, colours, targets, pitch)
    _profit(boxes, texts, profit, pitch)
    step = math.ceil((max(map(wide, labels)) + 2) / pitch)
    texts += [Label(_middle(i, pitch), MONTH_LINE, label) for i, label in enumerate(labels) if i % step == 0]
    return Picture(tuple(boxes), tuple(texts), alt)


def _middle(month: int, pitch: float) -> float:
    return round(AXIS + (month + 0.5) * pitch, 2)


def wide(text: str) -> float:
    """About how wide a text of the picture is, in points."""
    return _SMALL * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.58 for c in text)


def _gmv(boxes: list[Box], texts: list[Label], gmv: np.ndarray, colours, targets, pitch: float) -> None:
    total = gmv.sum(axis=0)
    top = nice(max(float(total.max()), *(x for x in targets if x is not None), 1e-9))
    scale, across = (GMV_FOOT - GMV_TOP) / top, 0.72 * pitch
    for level, text in zip((0, top / 2, top), _same_places((0, top / 2, top)), strict=True):
        _axis_line(boxes, texts, GMV_FOOT - level * scale, text)
    named = _fitting(_same_places(total), pitch)
    for i in range(gmv.shape[1]):
        x, y = _middle(i, pitch), float(GMV_FOOT)
        for value, colour in zip(gmv[:, i], colours, strict=True):
            height = float(value) * scale
            y -= height
            if height > 0.02:
                boxes.append(Box(round(x - across / 2, 2), round(y, 2), round(across, 2), round(height, 2), colour))
        if targets[i] is not None:
            mark = GMV_FOOT - targets[i] * scale
            boxes.append(Box(round(x - pitch / 2, 2), round(mark - 0.6, 2), round(pitch, 2), 1.2, TARGET))
            y = mark if y - _OVER < mark < y else y
        if named:
            texts.append(Label(x, round(y - 2, 2), named[i]))


def _profit(boxes: list[Box], texts: list[Label], profit: np.ndarray, pitch: float) -> None:
    low, high = min(0.0, float(profit.min())), max(0.0, float(profit.max()))
    scale, across = (PROFIT_FOOT - PROFIT_TOP) / max(high - low, 1e-9), 0.72 * pitch
    zero = PROFIT_TOP + high * scale
    named = _fitting(_same_places(profit), pitch)
    ends = [0.0] if named else sorted({low, 0.0, high})
    for end, text in zip(ends, _same_places(ends), strict=True):
        _axis_line(boxes, texts, zero - end * scale, text)
    for i, value in enumerate(profit):
        x, height, colour = _middle(i, pitch), abs(float(value)) * scale, TEAL if value >= 0 else RED
        y = zero - height if value >= 0 else zero
        boxes.append(Box(round(x - across / 2, 2), round(y, 2), round(across, 2), round(max(height, 0.2), 2), colour))
        if named:
            texts.append(Label(x, round(y - 1.5 if value >= 0 else y + height + 6, 2), named[i], colour=colour))


def _axis_line(boxes: list[Box], texts: list[Label], y: float, text: str) -> None:
    boxes.append(Box(AXIS, round(y - 0.2, 2), WIDTH - AXIS, 0.4, "#C5CCD5"))
    if wide(text) <= AXIS - 3:
        texts.append(Label(AXIS - 3, round(y + 2, 2), text, "end", "#56616E"))


def _same_places(values: Sequence[float] | np.ndarray) -> list[str]:
    """Numbers with as many decimals as the largest needs for three digits."""
    largest = max(map(abs, values))
    places = min(max(0, 2 - math.floor(math.log10(largest))), 6) if largest > 0 else 0
    return [signed(f"{float(v):,.{places}f}") for v in values]


def _fitting(texts: list[str], pitch: float) -> list[str]:
    """The texts where each has room over its bar, else none."""
    return texts if max(map(wide, texts)) <= pitch - 1 else []

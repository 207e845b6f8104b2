"""How much room texts take, about: which size fits, and where a text has to end that does not."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

#: width of a letter in parts of its size; of those of Chinese it is the size itself
_CAPITAL, _SMALL, _WIDE = 0.69, 0.54, 1.0
_POINTS = 72.0
#: of a line's height over its letters' size
LEADING = 1.25


def ems(text: str) -> float:
    """Width of a text in units of its size."""
    return sum(_WIDE if unicodedata.east_asian_width(c) in "WF" else _CAPITAL if c.isupper() else _SMALL for c in text)


def lines(text: str, points: float, width: float) -> int:
    """Lines that a text takes in a width (inches)."""
    return max(1, math.ceil(ems(text) * points / _POINTS / max(width, 0.1) * 1.04))


def height(text: str, points: float, width: float) -> float:
    """Height of a text in a width, both in inches."""
    return lines(text, points, width) * points * LEADING / _POINTS


def fitting(text: str, sizes: Sequence[int], width: float, most: int) -> tuple[int, str]:
    """The largest of these sizes at which a text has room in so many lines, and the text, cut where none is small enough."""
    size = next((s for s in sizes if lines(text, s, width) <= most), sizes[-1])
    return size, cut(text, most * width * _POINTS / size / 1.04)


def cut(text: str, room: float) -> str:
    """A text of at most so many ems; one that is longer ends in dots."""
    if ems(text) <= room:
        return text
    used, kept = ems("…"), 0
    for c in text:
        used += ems(c)
        if used > room:
            break
        kept += 1
    return text[:kept].rstrip() + "…"

"""How much room texts take, about: which size fits, and where a text has to end that does not."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

#: width of a letter in parts of its size, of a font that is wide as fonts go; of those of Chinese, and of a space that does not
#: break, which some programs draw as one of them, it is the size itself. Between the two scripts office programs leave a gap
_CAPITAL, _SMALL, _WIDE, _GAP = 0.74, 0.62, 1.0, 0.25
_FIXED_SPACE = "\u00a0"
_POINTS = 72.0
#: what stands in a number: half of it would be another one
_OF_NUMBERS = frozenset("0123456789.,+−-¥%")
#: what lines lose at their ends, where a word does not fit
_RAGGED = 1.06
#: of a line's height over its letters' size, of a Chinese font
LEADING = 1.42


def ems(text: str) -> float:
    """Width of a text in units of its size."""
    wide = [c == _FIXED_SPACE or unicodedata.east_asian_width(c) in "WF" for c in text]
    gaps = sum(a != b for a, b in pairwise(wide))
    return _GAP * gaps + sum(_WIDE if w else _CAPITAL if c.isupper() else _SMALL for c, w in zip(text, wide, strict=True))


def lines(text: str, points: float, width: float) -> int:
    """Lines that a text takes in a width (inches)."""
    return max(1, math.ceil(ems(text) * points / _POINTS / max(width, 0.1) * _RAGGED))


def height(text: str, points: float, width: float) -> float:
    """Height of a text in a width, both in inches."""
    return lines(text, points, width) * points * LEADING / _POINTS


def fitting(text: str, sizes: Sequence[int], box: tuple[float, float]) -> tuple[int, str]:
    """The largest of these sizes at which a text has room in a box (width and height in inches), and the text, cut where none is
    small enough."""
    width, tall = box
    size = next((s for s in sizes if height(text, s, width) <= tall), sizes[-1])
    most = max(1, int(tall * _POINTS / size / LEADING + 1e-9))
    return size, trimmed(text, size, width, most)


def trimmed(text: str, points: float, width: float, most: int) -> str:
    """A text in so many lines of a width, cut where it has more."""
    return cut(text, most * width * _POINTS / points / _RAGGED)


def cut(text: str, room: float) -> str:
    """A text of at most so many ems; one that is longer ends in dots, in the middle of no number."""
    if ems(text) <= room:
        return text
    kept = next(n for n in range(len(text) - 1, -1, -1) if ems(text[:n] + "…") <= room or n == 0)
    while kept and {text[kept - 1], text[kept]} <= _OF_NUMBERS:
        kept -= 1
    return text[:kept].rstrip() + "…"

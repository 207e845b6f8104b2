"""What a document or a deck says before it is written: sentences, tables and charts, all of it in words of the reader's language.

Texts are plain: each writer escapes them in its own way, whoever wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.plan.rules import clean

#: kinds of sentences: of a paragraph, the one that answers, an item of a list, small print
PLAIN, LEAD, POINT, NOTE = "plain", "lead", "point", "note"
#: kinds of charts: standing columns, lying bars, columns that each stand on what those before come to
COLUMNS, BARS, STEPS = "columns", "bars", "steps"
#: of a chart's colours: what is looked at, what it is held against, more, less
NOW, BEFORE, MORE, LESS = "now", "before", "more", "less"


@dataclass(frozen=True, slots=True)
class Text:
    """parts: of the annual plan (keys) that it answers."""

    text: str
    kind: str = PLAIN
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """widths: of the columns, relative to each other. right: columns of numbers. total: the last row is a sum."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: frozenset[int] = frozenset()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """values: one for each category. colour: of the chart's own four."""

    name: str
    values: Sequence[float]
    colour: str = NOW


@dataclass(frozen=True, slots=True)
class Chart:
    """unit: what its axis counts in. One of STEPS has a single series of changes whose first and last values stand by themselves.

    A table in its chapter has its numbers: not every writer draws.
    """

    title: str
    kind: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str


#: what is no character in XML, and what turns the direction of all that follows
_UNFIT = re.compile("[\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
Block = Text | Table | Chart


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Outline:
    """facts: what the first page says of the file, label and text. day: when it was made, for the file's own record.

    contents: the heading over the list of chapters. language: as files name it (zh-CN).
    """

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    chapters: Sequence[Chapter]
    contents: str
    language: str = "en"
    author: str = ""
    day: Any = None

    def blocks(self) -> Iterator[Block]:
        for chapter in self.chapters:
            yield from chapter.blocks


@dataclass(frozen=True, slots=True)
class Slide:
    """title: a sentence that says the conclusion. left, right: blocks beside each other; without right, over the whole width."""

    title: str
    left: Sequence[Block]
    right: Sequence[Block] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Deck:
    """footer: stands on every slide. more: says how many rows or sentences had no room."""

    title: str
    footer: str
    slides: Sequence[Slide]
    more: Callable[[int], str]
    language: str = "en"
    author: str = ""
    day: Any = None


def plain(text: str) -> str:
    """A text as XML may hold it, in one line: control characters, halves of pairs and what turns the direction are gone."""
    return _UNFIT.sub("", clean(text)).strip()


def pieces(chart: Chart) -> list[tuple[float, float, float]]:
    """Of a chart of STEPS, for each column: what is under it unseen, what of it is above zero, what below."""
    values, out, level = chart.series[0].values, [], 0.0
    for i, value in enumerate(values):
        start, stop = (0.0, value) if i in (0, len(values) - 1) else (level, level + value)
        level = stop
        low, high = min(start, stop), max(start, stop)
        out.append((max(0.0, low) + min(0.0, high), max(high, 0.0) - max(low, 0.0), min(low, 0.0) - min(high, 0.0)))
    return out

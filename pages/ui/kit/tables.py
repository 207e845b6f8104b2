"""Tables of numbers: one component draws them all, plain ones and those whose rows open to their parts (`assets/tables.js`).

Opening a row is the browser's own business: no rerun, and it stays open while numbers change. All text is set by
`textContent`, so that a planner's names may stand in it. `own` is HTML and one element less for the browser: of our own
words alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.ui.kit import browser_files
from pages.ui.kit.texts import t

_HTML = "<div class='sd-scroll' tabindex='0'><table class='{}'></table></div>"
_plain = browser_files.calling("table", _HTML.format("sd-table"), "sdTable")
_opening = browser_files.calling("tree", _HTML.format("sd-table sd-tree"), "sdTable")


@dataclass(frozen=True, slots=True)
class Column:
    """kind: "" a number, "text" words, "wide" words that may break over lines."""

    title: str
    kind: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. of: key of the row that it is a part of. mark: sum | part | off. moods: column -> good | bad."""

    key: str
    cells: Sequence[str]
    of: str = ""
    mark: str = ""
    help: str = ""
    exact: str = ""
    moods: tuple[tuple[int, str], ...] = ()


def table(key: str, label: str, columns: Sequence[Column], lines: Sequence[Line]) -> None:
    """Draw a table whose rows have more to say; label is what a screen reader calls it."""
    if not lines:
        st.caption(t("plan.nothing"))
        return
    _opening(key=key, data={
        "label": label, "tree": any(line.of for line in lines), "head": [c.title for c in columns],
        "help": [c.help for c in columns], "kinds": [c.kind for c in columns], "rows": [_row(line) for line in lines]})


def _row(line: Line) -> dict:
    row = {"key": line.key, "cells": list(line.cells), "of": line.of, "mark": line.mark, "help": line.help,
           "exact": line.exact, "moods": {str(i): mood for i, mood in line.moods}}
    return {k: v for k, v in row.items() if v or k == "cells"}


def plain(key: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = (), total: bool = False,
          words: Collection[int] = ()) -> None:
    """Draw rows of texts. notes: on hover, a column each. total: the last row is a sum. words: columns that are no numbers."""
    data: dict = {"head": list(head), "rows": [list(row) for row in rows]}
    if any(notes):
        data["help"] = list(notes)
    if total:
        data["sum"] = True
    if words:
        data["kinds"] = ["text" if j in words else "" for j in range(len(head))]
    _plain(key=key, data=data)


def own(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table of our own words and numbers."""
    line = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    st.html("<div class='sd-scroll' tabindex='0'><table class='sd-table'>"
            f"<thead><tr>{line}</tr></thead><tbody>{''.join(map(_own_row, rows))}</tbody></table></div>")


def _own_row(row: Sequence[str]) -> str:
    first, *cells = map(escape, row)
    return f"<tr><th scope='row'>{first}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

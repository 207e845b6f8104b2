"""Tables of numbers: one component draws them all, plain ones and those whose rows open to their parts (`assets/tables.js`).

Opening a row is the browser's own business: no rerun, and it stays open while numbers change. So are the button that copies
what the table shows, as a spreadsheet takes it, and the shadow over an edge beyond which there is more. All text is set by
`textContent`, so that a planner's names may stand in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.kit import browser_files
from pages.ui.kit.texts import t

_HTML = "<div class='sd-box'><div class='sd-scroll' tabindex='0'><table class='{}'></table></div></div>"
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
        **_words(), "label": label, "tree": any(line.of for line in lines), "head": [c.title for c in columns],
        "help": [c.help for c in columns], "kinds": [c.kind for c in columns], "rows": [_row(line) for line in lines]})


def _words() -> dict[str, str]:
    return {"copy": t("grid.copy"), "copied": t("grid.copied")}


def _row(line: Line) -> dict:
    row = {"key": line.key, "cells": list(line.cells), "of": line.of, "mark": line.mark, "help": line.help,
           "exact": line.exact, "moods": {str(i): mood for i, mood in line.moods}}
    return {k: v for k, v in row.items() if v or k == "cells"}


def plain(key: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = (), total: bool = False,
          words: Collection[int] = ()) -> None:
    """Draw rows of texts. notes: on hover, a column each. total: the last row is a sum. words: columns that are no numbers."""
    data: dict = {**_words(), "head": list(head), "rows": [list(row) for row in rows]}
    if any(notes):
        data["help"] = list(notes)
    if total:
        data["sum"] = True
    if words:
        data["kinds"] = ["text" if j in words else "" for j in range(len(head))]
    _plain(key=key, data=data)

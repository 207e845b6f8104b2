"""A grid of rows that a reader fills in and that are no part of a plan yet: it stays as it was left, on any page.

Numbers are text that our own reader reads, as in every grid; what cannot be is named when the rows are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from model import Violation
from model.late import Late
from model.plan.schema import Driver
from model.units import Unit
from pages.ui.kit import reading
from pages.ui.kit.problems import sentence
from pages.ui.kit.texts import language, t, together
from pages.ui.rows.cells import number_column

pd = Late("pandas")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """driver: of a number, which says what may stand there. options, words: of a choice. Neither: a text."""

    key: str
    label: str
    driver: Driver | None = None
    options: tuple[str, ...] = ()
    words: Callable[[Any], str] = str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """opens: its rows before anybody typed; numbers as texts."""

    name: str
    columns: tuple[Column, ...]
    opens: Sequence[Row]


def show(grid: Grid) -> None:
    """The grid; rows come and go in it."""
    key = _key(grid)
    if key not in st.session_state or f"_first_{key}" not in st.session_state:
        st.session_state[f"_first_{key}"] = rows_of(grid) or [{}]  # one that takes a paste
    first = st.session_state[f"_first_{key}"]
    frame = pd.DataFrame([{c.key: _word(c, row.get(c.key)) for c in grid.columns} for row in first],
                         columns=[c.key for c in grid.columns], dtype="object")
    with st.container(key=f"rows_{grid.name}"):
        st.data_editor(frame, key=key, num_rows="dynamic", hide_index=True, width="stretch", placeholder="—",
                       column_config={c.key: _config(c) for c in grid.columns}, on_change=keep, args=(grid,))


def _config(column: Column):
    if column.options:
        # the words themselves: a select box takes from a spreadsheet only what is one of its options
        return st.column_config.SelectboxColumn(column.label, options=[column.words(o) for o in column.options],
                                                help=column.help or None)
    if column.driver is not None:
        return number_column(column.label, column.help)
    return st.column_config.TextColumn(column.label, help=column.help or None, max_chars=60)


def _word(column: Column, value: Any) -> Any:
    return column.words(value) if value in column.options else value


def _option(column: Column, word: Any) -> Any:
    """The option that a word stands for; a cell that no word of it stands in is open."""
    if not column.options:
        return word
    return word if word in column.options else next((o for o in column.options if column.words(o) == word), None)


def keep(grid: Grid) -> None:
    """Remember the rows as they stand in the browser. In a callback."""
    key = _key(grid)
    if key in st.session_state and f"_first_{key}" in st.session_state:
        rows = after(st.session_state[f"_first_{key}"], st.session_state[key])
        columns = {c.key: c for c in grid.columns}
        st.session_state[f"_typed_{grid.name}"] = [
            {k: _option(columns[k], v) for k, v in row.items() if k in columns} for row in rows]


def rows_of(grid: Grid) -> list[Row]:
    """The rows as they were last kept."""
    return st.session_state.get(f"_typed_{grid.name}", list(grid.opens))


def told(names: Iterable[str]) -> dict[str, list[Row]]:
    """Rows of the grids of these names that somebody has typed."""
    return {name: st.session_state[f"_typed_{name}"] for name in names if f"_typed_{name}" in st.session_state}


def tell(typed: Mapping[str, list[Row]]) -> None:
    """The inverse of `told`, before the grids are drawn."""
    for name, rows in typed.items():
        st.session_state[f"_typed_{name}"] = rows


def after(first: Sequence[Row], edits: Mapping) -> list[Row]:
    """Rows after what a data editor says was done to them; rows without anything in them are left out."""
    out = [{**row, **edits.get("edited_rows", {}).get(i, edits.get("edited_rows", {}).get(str(i), {}))}
           for i, row in enumerate(first) if i not in edits.get("deleted_rows", ())]
    added = [{k: v for k, v in row.items() if not k.startswith("_")} for row in edits.get("added_rows", ())]
    return [row for row in [*out, *added] if any(str(v if v is not None else "").strip() for v in row.values())]


def number(grid: Grid, index: int, column: Column, unit: Unit, text: object) -> tuple[float | None, str]:
    """The number in a cell, None where it is empty; and what is wrong with it, as a line, "" where nothing is."""
    if column.driver is None or text is None or not str(text).strip():
        return None, ""
    value, wrong = reading.read(column.driver, unit, text)
    if wrong is None:
        return (None if value is None else float(value)), ""
    said = sentence(Violation(wrong.code, place(grid, index, column), wrong.got, wrong.allowed))
    return None, together([said, t(f"violation.{wrong.code}.advice")])


def place(grid: Grid, index: int, column: Column) -> str:
    """A cell by name: "Channels, row 2, CTR (%)"."""
    return t("typed.place", what=t(f"typed.{grid.name}"), row=index + 1, column=column.label)


def put(grid: Grid, index: int, column: str, text: str) -> None:
    """Write into a cell: the editor is another one then."""
    rows = [dict(row) for row in rows_of(grid)]
    rows[index][column] = text
    st.session_state[f"_typed_{grid.name}"] = rows
    st.session_state.pop(f"_first_{_key(grid)}", None)
    st.session_state[f"_turn_{grid.name}"] = st.session_state.get(f"_turn_{grid.name}", 0) + 1


def _key(grid: Grid) -> str:
    return f"typed_{grid.name}_{language()}_{st.session_state.get(f'_turn_{grid.name}', 0)}"

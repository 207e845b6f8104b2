"""Grids whose cells are edited in place: one component for all of them.

What stands in a grid is what the plan says: where its cells would say something else, it is mounted anew. Cells are text
that our own reader reads, for the browser's cells of numbers and choices drop what they do not know. Good cells are taken
together as one step that undo takes back; refused ones are named right below, their old values stand there again, and they
hold up no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

import streamlit as st

from model import InvalidInput, Scenario, Violation
from model.late import Late
from model.plan.meaning import meant
from model.plan.rules import TEXT_LIMIT
from model.plan.schema import Value, driver_of, join
from pages.ui.kit.problems import beside_its_place, sentence
from pages.ui.kit.texts import half_widths, listed, plain, rules, t, together
from pages.ui.rows import cell_words, row_rules, steps
from pages.ui.session import state
from pages.ui.words.driver_labels import number_said

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")
#: refused and questioned cells that are named one by one; beyond them a table names them all
MOST_NAMED = 8
#: columns of the rows' numbers and names
_NUMBER, NAME = "_number", "_name"
#: pixels of numbers; of names that are sentences, at least and at most, and of a half-width character of theirs
_NUMBER_WIDTH, _WIDE, _WIDEST, _CHARACTER = 48, 250, 430, 7.5
#: a day as spreadsheets write it
_DAY = re.compile("([0-9]{4})[^0-9]([0-9]{1,2})[^0-9]([0-9]{1,2})[^0-9]?")
Edited = Mapping[int, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of a plan's values. rows: key -> name. columns: key -> label and help. at: the address where they cross.

    notes: columns that are only read: label -> a text a row. named: the table whose rows' names can be edited. wide: they are
    sentences. numbered: each row has its number before it, by which something else speaks of it.
    """

    name: str
    head: str
    rows: Mapping[str, str]
    columns: Mapping[str, tuple[str, str]]
    at: Callable[[str, str], str]
    redraw: Callable[[], None]
    notes: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    named: str = ""
    wide: bool = False
    numbered: bool = False

    def address(self, row: str, column: str) -> str:
        return join(self.named, row, name_field()) if column == NAME else self.at(row, column)

    def places(self) -> dict[str, tuple[str, str]]:
        """Name of the row and label of the column by address."""
        names = {r: name or t("cells.row", number=i) for i, (r, name) in enumerate(self.rows.items(), 1)}
        out = {self.at(r, c): (name, label) for r, name in names.items() for c, (label, _) in self.columns.items()}
        return out | ({self.address(r, NAME): (name, self.head) for r, name in names.items()} if self.named else {})


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of the last edits, for as long as the plan is the one that they led to."""

    scenario: Scenario
    refused: tuple[Violation, ...]
    questions: tuple[tuple[str, float], ...]


def show(sheet: Sheet) -> None:
    """The grid, and below it what was refused."""
    scenario = state.workspace().scenario
    frame, config = _frame(sheet, scenario), _config(sheet)
    key, first = mounted(sheet.name, frame, (*sheet.rows, *(c["label"] for c in config.values())))
    st.data_editor(first, key=key, hide_index=True, num_rows="fixed", placeholder="—", on_change=_edited, args=(sheet, key),
                   column_config=config, width="stretch", height="content" if len(frame) < 12 else "auto")
    _report(sheet, scenario)


# --- what stands in it -------------------------------------------------------------------------------------------------

def mounted(name: str, frame: pd.DataFrame, about: tuple = ()) -> tuple[str, pd.DataFrame]:
    """Key and first cells of an editor that is to show `frame`: as before while it does, else those of a new one.

    An editor must not be fed its own answer, and one that is mounted anew loses the reader's place: so it stays while
    its first cells and what was typed into them since say what is to be shown.
    """
    number, key, first, of = st.session_state.get(f"_mounted_{name}", (0, "", frame, about))
    if key and key in st.session_state and of == about and _shows(first, st.session_state[key]["edited_rows"], frame):
        return key, first
    key = f"{name}_{number + 1}"
    st.session_state[f"_mounted_{name}"] = (number + 1, key, frame, about)
    return key, frame


def _shows(first: pd.DataFrame, edited: Edited, frame: pd.DataFrame) -> bool:
    """Whether these cells and the edits upon them are those of the frame; 64 stands for 64.0, 12000 for 12,000 and 2027/2/1 for
    2027-02-01, what is odder does not."""
    if first.shape != frame.shape or list(first) != list(frame):
        return False
    for column in frame:
        edits = {int(i): cells[column] for i, cells in edited.items() if column in cells}
        if not all(_same(edits.get(i, old), new) for i, (old, new) in enumerate(zip(first[column], frame[column], strict=True))):
            return False
    return True


def _same(shown: object, wanted: object) -> bool:
    if shown == wanted or (shown or None) is (wanted or None):
        return True
    if not (isinstance(shown, str) and isinstance(wanted, str)):
        return False
    if day := _DAY.fullmatch(shown):
        return wanted == "{}-{:0>2}-{:0>2}".format(*day.groups())
    return shown.isascii() and shown.replace(".", "", 1).isdigit() and float(shown) == _float(wanted)


def _float(text: str) -> float | None:
    """A number as it is `written`."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _frame(sheet: Sheet, scenario: Scenario) -> pd.DataFrame:
    cells: dict[str, Sequence] = {_NUMBER: [str(i + 1) for i in range(len(sheet.rows))]} if sheet.numbered else {}
    cells |= {NAME: list(sheet.rows.values()), **sheet.notes}
    for column in sheet.columns:
        cells[column] = [cell_words.text_of(scenario, sheet.at(row, column)) for row in sheet.rows]
    return pd.DataFrame(cells, dtype="object")


def _config(sheet: Sheet) -> dict:
    # a grid drops the keys typed into a cell of a pinned column: to it they are out of sight
    name = st.column_config.TextColumn(sheet.head, disabled=not sheet.named, pinned=not sheet.named, max_chars=TEXT_LIMIT,
                                       width=_name_width(sheet) if sheet.wide else None)
    number = {_NUMBER: st.column_config.TextColumn("#", disabled=True, width=_NUMBER_WIDTH)} if sheet.numbered else {}
    notes = {label: st.column_config.TextColumn(label, disabled=True) for label in sheet.notes}
    return number | {NAME: name} | notes | {c: _column(sheet, c, label, note) for c, (label, note) in sheet.columns.items()}


def _name_width(sheet: Sheet) -> int:
    return round(min(max(_WIDE, 20 + _CHARACTER * max(map(half_widths, sheet.rows.values()), default=0)), _WIDEST))


def _column(sheet: Sheet, column: str, label: str, note: str):
    """Numbers stand to the right, words to the left."""
    if driver_of(sheet.at(next(iter(sheet.rows), ""), column)).unit.is_number:
        return number_column(label, note)
    return st.column_config.TextColumn(label, help=note or None, max_chars=TEXT_LIMIT)


def number_column(label: str, note: str = "", **more):
    """A column of numbers that our own reader reads."""
    return st.column_config.TextColumn(label, help=note or None, alignment="right", max_chars=60, **more)


# --- what was typed ----------------------------------------------------------------------------------------------------

def _edited(sheet: Sheet, key: str) -> None:
    """The good cells as one step; the others are named and left as they were."""
    space = state.workspace()
    values, refused = read_cells(space.scenario, sheet, st.session_state[key]["edited_rows"])
    made, more = taken(space.scenario, values)
    state.commit(made)
    st.session_state[f"_said_{sheet.name}"] = Said(made, (*refused, *more), tuple(_questions(made, values)))
    sheet.redraw()


def _questions(made: Scenario, values: Mapping[str, Value]):
    """Numbers that were taken and may have been meant otherwise: (address, what they may have been meant as)."""
    for address, value in values.items():
        if isinstance(value, (int, float)) and cell_words.value_of(made, address) == value \
                and (guess := meant(driver_of(address), value)) is not None:
            yield address, guess


def read_cells(scenario: Scenario, sheet: Sheet, edited: Edited) -> tuple[dict[str, Value], list[Violation]]:
    """Addresses and values of the cells that say something new, and what is wrong with those that cannot be."""
    keys = list(sheet.rows)
    values: dict[str, Value] = {}
    refused: list[Violation] = []
    for index, cells in edited.items():
        for column, text in cells.items():
            address = sheet.address(keys[int(index)], column)
            if (text or None) == cell_words.text_of(scenario, address):
                continue
            value, wrong = cell_words.read(scenario, address, text)
            if wrong:
                refused.append(replace(wrong, place=address))
            elif value != cell_words.value_of(scenario, address):
                values[address] = value
    return values, refused


def name_field() -> str:
    """The name that the reader reads and writes."""
    return rules().own_names[0]


def taken(scenario: Scenario, values: Mapping[str, Value]) -> tuple[Scenario, list[Violation]]:
    """The scenario with these cells, all of them or those that break no rule; and the rules that the others break."""
    refused: list[Violation] = []
    left = dict(values)
    while left:
        try:
            return steps.put(scenario, left), refused
        except InvalidInput as problem:
            found = problem.violations
        blamed = _blamed(found, left) or (dict.fromkeys(left, found[0]) if len(left) == 1 else {})
        if not blamed:
            return _by_halves(scenario, left, refused)
        refused += [replace(v, place=a) for a, v in blamed.items()]
        left = {a: v for a, v in left.items() if a not in blamed}
    return scenario, refused


def _by_halves(scenario: Scenario, values: Mapping[str, Value], refused: list[Violation]) -> tuple[Scenario, list[Violation]]:
    """Where no rule says which of these cells broke it: each half by itself."""
    pairs = iter(values.items())
    first = dict(islice(pairs, len(values) // 2))
    scenario, bad = taken(scenario, first)
    scenario, more = taken(scenario, dict(pairs))
    return scenario, [*refused, *bad, *more]


def _blamed(violations: Sequence[Violation], values: Mapping[str, Value]) -> dict[str, Violation]:
    """The cells that these violations name; where they name none, those of the row or column that they name."""
    exact = {v.place: v for v in violations if v.place in values}
    return exact or {a: v for v in violations for a in values if fnmatchcase(a, v.place) or a.startswith(f"{v.place}.")}


# --- what is said of it ------------------------------------------------------------------------------------------------

def _report(sheet: Sheet, scenario: Scenario) -> None:
    said: Said | None = st.session_state.get(f"_said_{sheet.name}")
    if said is None or said.scenario != scenario:
        return
    places = sheet.places() if said.refused or said.questions else {}
    if said.refused:
        _refused(sheet, [(places.get(v.place, (v.place, "")), v) for v in said.refused])
    questions = [(a, guess) for a, guess in said.questions if a in places]
    if questions:
        lines = [t("cells.unusual", place=_place(*places[a]), value=_shown(scenario, a, scenario.get(a)),
                   meant=_shown(scenario, a, guess)) for a, guess in questions]
        st.warning(bullets(t("cells.questions"), lines), icon=":material/help:")
        words = listed([_shown(scenario, a, guess) for a, guess in questions[:MOST_NAMED]])
        st.button(t("cells.take_meant", values=words), key=f"meant_{sheet.name}", on_click=_take_meant, args=(sheet, said),
                  icon=":material/check:")


def _refused(sheet: Sheet, found: Sequence[tuple[tuple[str, str], Violation]]) -> None:
    """Each refused cell by row and column: the first of them in a sentence, beyond a few all of them in a table."""
    lines = [together([sentence(replace(v, place=_place(*place))), t(f"violation.{v.code}.advice")])
             for place, v in found[:MOST_NAMED]]
    st.error(bullets(t("cells.refused", count=len(found)), lines, count=len(found)), icon=":material/error:")
    if len(found) > MOST_NAMED:
        rows = [{sheet.head: row, t("cells.column"): column, t("cells.got"): v.got, t("problem.what"): beside_its_place(v),
                 t("problem.allowed"): v.allowed} for (row, column), v in found]
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key=f"refused_{sheet.name}")


def bullets(title: str, lines: Sequence[str], most: int = MOST_NAMED, count: int = 0) -> str:
    """A title and a line each; the first few, and how many more there are. count: of all, where a table has the others."""
    rest = max(count, len(lines)) - most
    more = [t("cells.more_below" if count else "cells.more", count=rest)] if rest > 0 else []
    return "\n".join([f"**{title}**", "", *(f"- {plain(x)}" for x in [*lines[:most], *more])])


def _place(row: str, column: str) -> str:
    return t("cells.place", row=row, column=column)


def _shown(scenario: Scenario, address: str, value: float) -> str:
    return number_said(value, row_rules.unit_at(scenario, address))


def _take_meant(sheet: Sheet, said: Said) -> None:
    """The questioned cells as they were likely meant, as one step."""
    made, _ = taken(state.workspace().scenario, dict(said.questions))
    state.commit(made)
    sheet.redraw()

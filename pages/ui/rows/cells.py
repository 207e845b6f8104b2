"""Grids whose cells are edited in place: one way for all of them.

What stands in a grid is what the plan says: where its cells would say something else, it is mounted anew. Numbers are text
that our own reader reads, for the browser's number cells drop what they do not know. Good cells are taken together as one
step that undo takes back; a refused one is named right below, its old value stands there again, and it holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from model import InvalidInput, Scenario, Violation
from model.late import Late
from model.plan.meaning import meant
from model.plan.numbers import written
from model.plan.rules import TEXT_LIMIT, applies
from model.plan.schema import TABLES, Value, join, split
from pages.ui.kit import reading
from pages.ui.kit.problems import sentence
from pages.ui.kit.texts import listed, name_of, own_name, plain, rules, t, together
from pages.ui.rows import steps
from pages.ui.session import state
from pages.ui.words.driver_labels import driver_label, label_with_unit, number_said

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")
#: refused and questioned cells that are named one by one
MOST_NAMED = 8
#: column of the rows' names
NAME = "_name"
Edited = Mapping[int, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of a table: a row each, its fields as columns. renamed: whether names can be edited."""

    name: str
    table: str
    fields: tuple[str, ...]
    head: str
    redraw: Callable[[], None]
    renamed: bool = False


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
    key, first = mounted(sheet.name, frame, tuple(c["label"] for c in config.values()))
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
    """Whether these cells and the edits upon them are those of the frame; 64 stands for 64.0 and 12000 for 12,000, what is odder
    does not."""
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
    return shown.isascii() and shown.replace(".", "", 1).isdigit() and float(shown) == _float(wanted)


def _float(text: str) -> float | None:
    """A number as it is `written`."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _frame(sheet: Sheet, scenario: Scenario) -> pd.DataFrame:
    rows = scenario.rows[sheet.table]
    cells: dict[str, list] = {NAME: [own_name(row, key) for key, row in rows.items()]}
    for field in sheet.fields:
        cells[field] = [cell_text(scenario, sheet.table, key, field) for key in rows]
    return pd.DataFrame(cells, dtype="object")


def cell_text(scenario: Scenario, table: str, row: str, field: str) -> str | None:
    """What a cell shows; None where the row has no such input or nothing stands there."""
    driver, value = TABLES[table][field], scenario.get(join(table, row, field))
    return written(value, driver.unit) if applies(driver, scenario.rows[table][row]) and value is not None else None


def _config(sheet: Sheet) -> dict:
    name = st.column_config.TextColumn(sheet.head, disabled=not sheet.renamed, pinned=True, max_chars=TEXT_LIMIT)
    return {NAME: name} | {field: number_column(label_with_unit(sheet.table, field), t(f"driver.{sheet.table}.{field}.help"))
                           for field in sheet.fields}


def number_column(label: str, note: str = "", **more):
    """A column of numbers that our own reader reads."""
    return st.column_config.TextColumn(label, help=note or None, alignment="right", max_chars=60, **more)


# --- what was typed ----------------------------------------------------------------------------------------------------

def _edited(sheet: Sheet, key: str) -> None:
    """The good cells as one step; the others are named and left as they were."""
    space = state.workspace()
    values, refused = read_cells(space.scenario, sheet.table, st.session_state[key]["edited_rows"])
    made, more = taken(space.scenario, sheet.table, values)
    state.commit(made)
    questions = tuple((a, guess) for a, value in values.items() if made.get(a) == value and isinstance(value, (int, float))
                      and (guess := meant(TABLES[sheet.table][split(a).field], value)) is not None)
    st.session_state[f"_said_{sheet.name}"] = Said(made, (*refused, *more), questions)
    sheet.redraw()


def read_cells(scenario: Scenario, table: str, edited: Edited) -> tuple[dict[str, Value], list[Violation]]:
    """Addresses and values of the cells that say something new, and what is wrong with those that cannot be."""
    keys = list(scenario.rows[table])
    values: dict[str, Value] = {}
    refused: list[Violation] = []
    for index, cells in edited.items():
        row = keys[int(index)]
        for field, text in cells.items():
            if field == NAME:
                values[join(table, row, name_field())] = str(text or "").strip()
                continue
            a, driver = join(table, row, field), TABLES[table][field]
            if not applies(driver, scenario.rows[table][row]):
                refused += [Violation("no_such_cell", a, str(text)[:40])] if text else []
            elif text != cell_text(scenario, table, row, field):
                value, wrong = reading.read(driver, driver.unit, text)
                if wrong:
                    refused.append(_at(a, wrong))
                elif value != scenario.get(a):
                    values[a] = value
    return values, refused


def name_field() -> str:
    """The name that the reader reads and writes."""
    return rules().own_names[0]


def _at(address: str, wrong: Violation) -> Violation:
    return Violation(wrong.code, address, wrong.got, wrong.allowed)


def taken(scenario: Scenario, table: str, values: Mapping[str, Value]) -> tuple[Scenario, list[Violation]]:
    """The scenario with these cells, all of them or those that break no rule; and the rules that the others break."""
    try:
        return _saved(scenario, table, values), []
    except InvalidInput:
        refused: list[Violation] = []
    for address, value in values.items():
        try:
            scenario = _saved(scenario, table, {address: value})
        except InvalidInput as problem:
            refused += [_at(address, v) for v in problem.violations[:1]]
    return scenario, refused


def _saved(scenario: Scenario, table: str, values: Mapping[str, Value]) -> Scenario:
    by_row: dict[str, dict[str, Value]] = {}
    for address, value in values.items():
        a = split(address)
        by_row.setdefault(a.row, {})[a.field] = value
    if len(by_row) > 1 and not any("share" in fields for fields in by_row.values()):
        return scenario.with_values(values)
    for row, fields in by_row.items():
        scenario = steps.saved(scenario, table, row, fields)
    return scenario


# --- what is said of it ------------------------------------------------------------------------------------------------

def _report(sheet: Sheet, scenario: Scenario) -> None:
    said: Said | None = st.session_state.get(f"_said_{sheet.name}")
    if said is None or said.scenario != scenario:
        return
    if said.refused:
        lines = [together([sentence(_named(scenario, v)), t(f"violation.{v.code}.advice")]) for v in said.refused]
        st.error(bullets(t("cells.refused", count=len(lines)), lines), icon=":material/error:")
    if said.questions:
        lines = [t("cells.unusual", place=_place(scenario, a), value=_shown(a, scenario.get(a)),
                   meant=_shown(a, guess)) for a, guess in said.questions]
        st.warning(bullets(t("cells.questions"), lines), icon=":material/help:")
        words = listed([_shown(a, guess) for a, guess in said.questions[:MOST_NAMED]])
        st.button(t("cells.take_meant", values=words), key=f"meant_{sheet.name}", on_click=_take_meant, args=(sheet, said),
                  icon=":material/check:")


def bullets(title: str, lines: Sequence[str], most: int = MOST_NAMED) -> str:
    """A title and a line each; the first few, and how many more there are."""
    more = [t("cells.more", count=len(lines) - most)] if len(lines) > most else []
    return "\n".join([f"**{title}**", "", *(f"- {plain(x)}" for x in [*lines[:most], *more])])


def _named(scenario: Scenario, violation: Violation) -> Violation:
    return Violation(violation.code, _place(scenario, violation.place), violation.got, violation.allowed)


def _place(scenario: Scenario, address: str) -> str:
    a = split(address)
    label = t("channel.name") if a.field.startswith("name_") else driver_label(a.table, a.field)
    return t("cells.place", row=name_of(scenario.rows[a.table], a.row), column=label)


def _shown(address: str, value: float) -> str:
    return number_said(value, TABLES[split(address).table][split(address).field].unit)


def _take_meant(sheet: Sheet, said: Said) -> None:
    """The questioned cells as they were likely meant, as one step."""
    made, _ = taken(state.workspace().scenario, sheet.table, dict(said.questions))
    state.commit(made)
    sheet.redraw()

"""A grid of numbers that are no rows of a table: limits and ranges that the reader asks with, budgets by month,
actual months. Read as every grid is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from model import InvalidInput, Violation
from model.late import Late
from model.plan.numbers import written
from model.plan.schema import Driver, Value
from pages.ui.kit import reading
from pages.ui.kit.problems import sentence
from pages.ui.kit.texts import t, together
from pages.ui.rows import cells
from pages.ui.session import state

pd = Late("pandas")
#: rows that a grid shows without scrolling
MOST_ROWS = 14
Place = tuple[str, str]
Typed = Mapping[Place, float | None]
Refused = Mapping[Place, Violation]


@dataclass(frozen=True, slots=True)
class Numbers:
    """rows, sides: key -> its name; a number each where they cross, of which `asked` says the driver and the power of ten that
    its column counts in. head: of the rows' names. now: head and texts of a column that is only read, if any. take: takes the
    good numbers of an edit, together, and names those that it could not. redraw: what else shows them. empty: stands in cells
    without a number.
    """

    name: str
    head: str
    rows: Mapping[str, str]
    now: tuple[str, list[str]] | None
    sides: Mapping[str, str]
    asked: Callable[[str, str], tuple[Driver, int]]
    values: Mapping[Place, float | None]
    take: Callable[[Typed], Refused]
    redraw: Callable[[], None] | None = None
    empty: str = ""

    def text(self, row: str, side: str) -> str | None:
        value, (driver, power) = self.values.get((row, side)), self.asked(row, side)
        return None if value is None else written(value, driver.unit, power)


def show(grid: Numbers) -> None:
    """The grid, and below it what of the last edit could not be taken."""
    heads, read = {cells.NAME: grid.head}, {cells.NAME: list(grid.rows.values())}
    config = {cells.NAME: st.column_config.TextColumn(grid.head, disabled=True, pinned=True)}
    if grid.now:
        heads["now"], read["now"] = grid.now
        config["now"] = cells.number_column(grid.now[0], disabled=True)
    config |= {side: cells.number_column(label) for side, label in grid.sides.items()}
    frame = pd.DataFrame(read | {side: [grid.text(row, side) for row in grid.rows] for side in grid.sides}, dtype="object")
    key, first = cells.mounted(grid.name, frame, (*heads.values(), *grid.sides.values()))
    st.data_editor(first, key=key, hide_index=True, num_rows="fixed", width="stretch", placeholder=grid.empty, on_change=_edited,
                   args=(grid, key), column_config=config, height="content" if len(frame) <= MOST_ROWS else "auto")
    _report(grid)


def _edited(grid: Numbers, key: str) -> None:
    """The good cells are taken; the others are named and left as they were."""
    good: dict[Place, float | None] = {}
    refused: dict[Place, Violation] = {}
    for index, edits in st.session_state[key]["edited_rows"].items():
        row = list(grid.rows)[int(index)]
        for side, text in edits.items():
            driver, power = grid.asked(row, side)
            if (text or None) == grid.text(row, side):
                continue
            good[row, side], wrong = reading.read(driver, driver.unit, text, power)
            if wrong:
                refused[row, side] = wrong
                del good[row, side]
    more = grid.take(good) if good else {}
    st.session_state[f"_said_{grid.name}"] = state.workspace().scenario, refused | dict(more)
    if grid.redraw:
        grid.redraw()


def committed(values: Mapping[Place, Mapping[str, Value]]) -> Refused:
    """The plan with what these cells say, as one step: all of it, or one after the other what breaks no rule."""
    scenario = state.workspace().scenario
    refused: dict[Place, Violation] = {}
    try:
        made = scenario.with_values({a: v for said in values.values() for a, v in said.items()})
    except InvalidInput:
        made = scenario
        for place, said in values.items():
            try:
                made = made.with_values(said)
            except InvalidInput as problem:
                refused[place] = problem.violations[0]
    state.commit(made)
    return refused


def _report(grid: Numbers) -> None:
    """What was refused, for as long as the plan is the one that the edit led to."""
    of, refused = st.session_state.get(f"_said_{grid.name}") or (None, {})
    lines = [_line(grid, place, v) for place, v in refused.items() if place[0] in grid.rows and place[1] in grid.sides]
    if lines and of == state.workspace().scenario:
        st.error(cells.bullets(t("cells.refused", count=len(lines)), lines), icon=":material/error:")


def _line(grid: Numbers, place: Place, wrong: Violation) -> str:
    at = t("cells.place", row=grid.rows[place[0]], column=grid.sides[place[1]])
    return together([sentence(Violation(wrong.code, at, wrong.got, wrong.allowed)), t(f"violation.{wrong.code}.advice")])

"""Events and mitigations switched on and off, and the rows behind the Risk page edited as tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from model import InvalidInput, Scenario, Violation
from model.plan import risks as ri
from model.plan.numbers import NotANumber, read_shown, written
from model.plan.risk_rules import UNCERTAIN_TABLES, uncertain
from model.plan.schema import TABLES, Driver, Row, Value, adjustable_drivers, find, join, split
from model.units import Unit, shown_of
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import has, name_of, own_name, t, unique
from pages.ui.risk import editor_pictures
from pages.ui.rows import row_editor
from pages.ui.rows.cells import number_column
from pages.ui.rows.row_rules import free_key, months_of, unit_in
from pages.ui.session import state
from pages.ui.words import place_names
from pages.ui.words.channel_names import channel_name
from pages.ui.words.driver_labels import adjustable_label, driver_label, label_with_unit

#: tables in the order in which a planner fills them
EDITED = (ri.EVENT, ri.EVENT_EFFECT, ri.MITIGATION, ri.DISTRIBUTION, ri.CORRELATION, ri.STRESS, ri.STRESS_EFFECT)
#: rows that go with the row they name
_PARTS = {ri.EVENT: ((ri.EVENT_EFFECT, "event"), (ri.MITIGATION, "event")), ri.STRESS: ((ri.STRESS_EFFECT, "stress"),)}

#: the column that says what a distribution's numbers count in
_UNIT_COLUMN = "_unit"
#: what a data editor says before anything was edited
_NOTHING: dict[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
#: the last valid state of the edits: (the editor's key, scenario)
_LAST = "_risk_edited"


def _redraw() -> None:
    st.rerun()


def switches(scenario: Scenario) -> None:
    """One pill an event and a mitigation, chosen while it counts."""
    if not scenario.rows[ri.EVENT]:
        st.caption(t("risk.no_events"))
    row_editor.switches(ri.EVENT, t("risk.events_on"), _redraw)
    row_editor.switches(ri.MITIGATION, t("risk.mitigations_on"), _redraw)


def desk() -> None:
    """Every row behind the page. In a fragment: an edit draws its picture anew, not the page."""
    st.markdown(t("risk.edit_help"))
    table = st.segmented_control(t("risk.edit_what"), EDITED, key="risk_table", default=ri.EVENT, required=True,
                                 format_func=lambda k: t(f"table.{k}.label"))
    scenario = state.workspace().scenario
    # another scenario is another table: the editor must never be fed its own answer
    key = f"risk_editor_{table}_{hash(scenario)}"
    _table(scenario, table, key)
    done = st.session_state.get(key, _NOTHING)
    problem = _judged(scenario, table, key, done)
    if st.button(t("risk.take_rows"), key="risk_take_rows", type="primary", icon=":material/check:") and problem is None:
        state.commit(scenario.with_values(edits(scenario, table, done)))
        st.rerun()


def _judged(scenario: Scenario, table: str, key: str, done: Mapping) -> InvalidInput | None:
    """What is wrong with the edits so far, said beside the picture of their last valid state."""
    last = st.session_state.get(_LAST)
    before = last[1] if last and last[0] == key else None
    valid, problem = before or scenario, None
    try:
        valid = scenario.with_values(edits(scenario, table, done))
    except InvalidInput as refused:
        problem = InvalidInput([_named(scenario, table, done, v) for v in refused.violations])
        show_problem(problem, "problem.rows")
        if table in editor_pictures.DRAWN:
            st.caption(t("risk_picture.last_valid"))
    st.session_state[_LAST] = (key, valid)
    editor_pictures.beside(valid, table, before or scenario)
    return problem


def _table(scenario: Scenario, table: str, key: str) -> None:
    """Cells, new rows and removed ones are taken together, by the button: a row is judged when it is complete."""
    fields, found = TABLES[table], scenario.rows[table]
    frame = pd.DataFrame({field: pd.Series([_shown(row.get(field, driver.default), driver, unit_in(row, driver))
                                            for row in found.values()], dtype=_type(driver)) for field, driver in fields.items()})
    config = {f: _column(scenario, table, driver) for f, driver in fields.items()}
    if table == ri.DISTRIBUTION:
        words = [_word(unit_in(row, fields["low"])) for row in found.values()]
        frame.insert(1, _UNIT_COLUMN, pd.Series(words, dtype="object"))
        config[_UNIT_COLUMN] = st.column_config.TextColumn(t("risk.unit"), disabled=True, help=t("risk.unit_help"), width="small")
    st.data_editor(frame, key=key, num_rows="dynamic", hide_index=True, width="stretch", placeholder="—", column_config=config)


def _word(unit: Unit) -> str:
    return t(f"unit.{unit.key}.label")


def _type(driver: Driver) -> str:
    return "bool" if driver.unit.kind == "flag" else "object"


def _shown(value: Any, driver: Driver, unit: Unit) -> Any:
    if driver.unit.is_number:
        return None if value is None else written(float(value), unit)
    return bool(value) if driver.unit.kind == "flag" else value or None


def _column(scenario: Scenario, table: str, driver: Driver):
    """The column of a field, made from its driver's row."""
    common: dict[str, Any] = {"label": label_with_unit(table, driver.key), "help": t(f"driver.{table}.{driver.key}.help")}
    found = _options(scenario, table, driver)
    if found is not None:
        return st.column_config.SelectboxColumn(**common, options=list(found[0]), format_func=found[1])
    if driver.unit.kind == "flag":
        return st.column_config.CheckboxColumn(**common, default=bool(driver.default))
    if driver.unit.is_number:
        label, note = common.values()
        return number_column(label, note, default=None if driver.default is None else written(driver.default, driver.unit))
    return st.column_config.TextColumn(**common, max_chars=100)


def _options(scenario: Scenario, table: str, driver: Driver) -> tuple[list[str], Callable[[Any], str]] | None:
    """What a cell may choose from and how it reads; None where it is free."""
    def named(of: str):
        return list(scenario.rows[of]), lambda key: name_of(scenario.rows[of], key)

    def choice(key: str) -> str:
        text = f"choice.{driver.key}.{key}.label"
        return t(text) if has(text) else key

    channels = [ri.ALL, ri.PAID_ONLY, *scenario.rows["channel"]]
    known = {
        "event": lambda: named(ri.EVENT), "stress": lambda: named(ri.STRESS),
        "driver": lambda: (list(adjustable_drivers()), adjustable_label),
        "channel": lambda: (channels, lambda k: _channel(scenario, k)),
        "address": lambda: (_addresses(scenario), place_names.place_name),
        "a": lambda: _correlatable(scenario), "b": lambda: _correlatable(scenario),
        "first": lambda: (list(months_of(scenario)), str), "last": lambda: (list(months_of(scenario)), str),
    }
    if driver.key in known:
        return known[driver.key]()
    return (list(driver.options), choice) if driver.options else None


def _channel(scenario: Scenario, key: str) -> str:
    return channel_name(scenario, key) if key in scenario.rows["channel"] else t(f"risk.{key}_channels")


def _addresses(scenario: Scenario) -> list[str]:
    """Every number of the plan that may carry a distribution."""
    every = (join(table, row, field) for table in UNCERTAIN_TABLES for row in scenario.rows[table] for field in TABLES[table])
    return [a for a in every if uncertain(scenario.rows, a)]


def _correlatable(scenario: Scenario) -> tuple[list[str], Callable[[str], str]]:
    """What a correlation may name: a driver in each of its rows, or a single number; names that it has already stay."""
    single = _addresses(scenario)
    keys = dict.fromkeys(split(a).field for a in single if split(a).table in ("channel", "promotion", "tier"))
    own = (row[side] for row in scenario.rows[ri.CORRELATION].values() for side in "ab")
    every = list(dict.fromkeys([*keys, *own, *single]))
    names = unique({name: place_names.correlate_name(scenario, name) for name in every})
    return every, lambda name: names.get(name, name)


# --- one step ------------------------------------------------------------------------------------------------------------

def edits(scenario: Scenario, table: str, done: Mapping) -> dict[str, Value]:
    """What a data editor's edits mean in addresses: cells, new rows under free keys, removed rows."""
    keys = list(scenario.rows[table])
    out: dict[str, Value] = {}
    for index, cells in done["edited_rows"].items():
        row = {**scenario.rows[table][keys[int(index)]], **cells}
        out |= {join(table, keys[int(index)], f): _stored(v, TABLES[table][f], row) for f, v in cells.items()}
    for new, filled in _added(scenario, table, done):
        out |= {join(table, new, f): v for f, v in filled.items()}
    gone = {keys[int(index)] for index in done["deleted_rows"]}
    out = {a: v for a, v in out.items() if a.split(".")[1] not in gone}
    parts = {join(other, key, ""): None for other, field in _PARTS.get(table, ())
             for key, row in scenario.rows[other].items() if row[field] in gone}
    return out | parts | {join(table, row, ""): None for row in gone}


def _added(scenario: Scenario, table: str, done: Mapping) -> list[tuple[str, dict[str, Value]]]:
    """New rows with a key of their own each; an empty one has key "" and no fields."""
    out: list[tuple[str, dict[str, Value]]] = []
    taken: set[str] = set()
    rows_there = len(scenario.rows[table])
    for cells in done["added_rows"]:
        filled = {f: _stored(v, TABLES[table][f], cells) for f, v in cells.items() if f in TABLES[table] and v is not None}
        new = free_key(scenario, table, f"{table.replace('_', '-')}-{rows_there + len(taken) + 1}", taken) if filled else ""
        taken |= {new} - {""}
        out.append((new, filled))
    return out


def _stored(value: Any, driver: Driver, row: Row) -> Any:
    """A cell's value as the plan keeps it; row: of the cell, for a number that counts in another driver's unit. A text that
    is no number is handed on for the check to report."""
    if value is None or driver.unit.is_number and not str(value).strip():
        return "" if driver.unit.key == "text" and driver.optional else None
    if driver.unit.is_number:
        try:
            return read_shown(str(value), unit_in(row, driver))
        except NotANumber:
            return str(value)
    return value if isinstance(value, bool) else str(value).strip()


# --- what is wrong, in the editor's words ------------------------------------------------------------------------------

def _named(scenario: Scenario, table: str, done: Mapping, violation: Violation) -> Violation:
    """A violation whose place is a row of the editor by number and name, and a column by its label."""
    a = find(violation.place)
    if a is None or a.table != table:
        return violation
    added = _added(scenario, table, done)
    gone = {int(i) for i in done["deleted_rows"]}
    keys = [k for i, k in enumerate(scenario.rows[table]) if i not in gone] + [k for k, _ in added]
    if a.row not in keys:
        return violation
    index = list(scenario.rows[table]).index(a.row) if a.row in scenario.rows[table] else None
    edited = done["edited_rows"].get(index, done["edited_rows"].get(str(index), {}))
    row = {**scenario.rows[table].get(a.row, {}), **dict(added).get(a.row, {}), **edited}
    field = t("risk.place_field", field=driver_label(table, a.field)) if a.field else ""
    place = t("risk.place", table=t(f"table.{table}.label"), row=keys.index(a.row) + 1, name=_row_name(scenario, row),
              field=field)
    return replace(_in_words(violation, TABLES[table].get(a.field), row), place=place)


def _row_name(scenario: Scenario, row: Row) -> str:
    """What a row is about: its own name, else what it names."""
    if row.get("name_zh") or row.get("name_en"):
        return own_name(row, "")
    if row.get("address"):
        return place_names.place_name(row["address"]) if find(row["address"]) else row["address"]
    owner = next((k for k in (ri.EVENT, ri.STRESS) if row.get(k)), None)
    parts = [name_of(scenario.rows[owner], row[owner])] if owner else []
    parts += [adjustable_label(row["driver"])] if row.get("driver") else []
    parts += [place_names.correlate_name(scenario, row[side]) for side in "ab" if row.get(side)]
    return " – ".join(parts) or t("risk.new_row")


def _in_words(violation: Violation, driver: Driver | None, row: Row) -> Violation:
    """Fields and families by their labels, and numbers as the editor's column counts them."""
    if violation.code == "incomplete_distribution":
        forms = [" + ".join(driver_label(ri.DISTRIBUTION, f) for f in ri.FIELDS_OF[form]) for form in ri.FORMS[row["family"]]]
        return replace(violation, got=t(f"choice.family.{row['family']}.label"), allowed=f"; {t('risk.or_else')} ".join(forms))
    unit = unit_in(row, driver) if driver and driver.unit.is_number else None
    if unit is None or unit.scale == 1:
        return violation
    return replace(violation, got=_scaled(violation.got, unit), allowed=_scaled(violation.allowed, unit))


def _scaled(text: str, unit: Unit) -> str:
    """Stored numbers in a text as shown ones."""
    return re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", lambda n: f"{shown_of(float(n[0]), unit):g}{_word(unit)}", text)

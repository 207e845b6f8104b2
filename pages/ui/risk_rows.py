"""Events and mitigations switched on and off, and the rows behind the Risk page edited as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from model import InvalidInput, Scenario
from model.plan import risks as ri
from model.plan.risk_rules import UNCERTAIN_TABLES, uncertain
from model.plan.schema import TABLES, Driver, adjustable_drivers, join
from pages.ui import changes, rows, state
from pages.ui.budget import channel_name
from pages.ui.levers import driver_label
from pages.ui.row_rules import adjustable_label, free_key, months_of
from pages.ui.texts import has, own_name, t

#: tables in the order in which a planner fills them
EDITED = (ri.EVENT, ri.EVENT_EFFECT, ri.MITIGATION, ri.DISTRIBUTION, ri.CORRELATION, ri.STRESS, ri.STRESS_EFFECT)
#: rows that go with the row they name
_PARTS = {ri.EVENT: ((ri.EVENT_EFFECT, "event"), (ri.MITIGATION, "event")), ri.STRESS: ((ri.STRESS_EFFECT, "stress"),)}


def _redraw() -> None:
    st.rerun()


def switches(scenario: Scenario) -> None:
    """One pill an event and a mitigation, chosen while it counts."""
    if not scenario.rows[ri.EVENT]:
        st.caption(t("risk.no_events"))
    rows.switches(ri.EVENT, t("risk.events_on"), _redraw)
    rows.switches(ri.MITIGATION, t("risk.mitigations_on"), _redraw)


def editors() -> None:
    """Every row behind the page; drawn when opened."""
    box = st.expander(t("risk.edit"), icon=":material/edit:", key="risk_edit", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(t("risk.edit_help"))
        table = st.segmented_control(t("risk.edit_what"), EDITED, key="risk_table", default=ri.EVENT, required=True,
                                     format_func=lambda k: t(f"table.{k}.label"))
        _table(state.workspace().scenario, table)


def _table(scenario: Scenario, table: str) -> None:
    """Cells, new rows and removed ones are taken together, by the button: a row is judged when it is complete."""
    fields, found = TABLES[table], scenario.rows[table]
    frame = pd.DataFrame({field: pd.Series([_shown(row.get(field, driver.default), driver) for row in found.values()],
                                           dtype=_type(driver)) for field, driver in fields.items()})
    # another scenario is another table: the editor must never be fed its own answer
    key = f"risk_editor_{table}_{hash(scenario)}"
    st.data_editor(frame, key=key, num_rows="dynamic", hide_index=True, width="stretch", placeholder="—",
                   column_config={f: _column(scenario, table, driver) for f, driver in fields.items()})
    st.button(t("risk.take_rows"), key="risk_take_rows", type="primary", icon=":material/check:", on_click=_take,
              args=(table, key))


def _type(driver: Driver) -> str:
    return "float64" if driver.unit.is_number else "bool" if driver.unit.kind == "flag" else "object"


def _shown(value: object, driver: Driver) -> object:
    if driver.unit.is_number:
        return None if value is None else round(float(value) * driver.unit.scale, 8)
    return bool(value) if driver.unit.kind == "flag" else value or None


def _column(scenario: Scenario, table: str, driver: Driver):
    """The column of a field, made from its driver's row."""
    unit = t(f"unit.{driver.unit.key}.label") if driver.unit.is_number else ""
    label = driver_label(table, driver.key)
    common = {"label": t("rows.label", label=label, unit=unit) if unit else label, "help": t(f"driver.{table}.{driver.key}.help")}
    found = _options(scenario, table, driver)
    if found is not None:
        return st.column_config.SelectboxColumn(**common, options=list(found[0]), format_func=found[1])
    if driver.unit.kind == "flag":
        return st.column_config.CheckboxColumn(**common, default=bool(driver.default))
    if driver.unit.is_number:
        usual = None if driver.default is None else driver.default * driver.unit.scale
        return st.column_config.NumberColumn(**common, default=usual)
    return st.column_config.TextColumn(**common, max_chars=100)


def _options(scenario: Scenario, table: str, driver: Driver) -> tuple[list[str], Callable[[str], str]] | None:
    """What a cell may choose from and how it reads; None where it is free."""
    def named(of: str):
        return list(scenario.rows[of]), lambda key: own_name(scenario.rows[of].get(key, {}), key)

    def choice(key: str) -> str:
        text = f"choice.{driver.key}.{key}"
        return t(text) if has(text) else key

    channels = [ri.ALL, ri.PAID_ONLY, *scenario.rows["channel"]]
    known = {
        "event": lambda: named(ri.EVENT), "stress": lambda: named(ri.STRESS),
        "driver": lambda: (list(adjustable_drivers()), adjustable_label),
        "channel": lambda: (channels, lambda k: _channel(scenario, k)),
        "address": lambda: (_addresses(scenario), changes.place_name),
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


# --- one step ------------------------------------------------------------------------------------------------------------

def _take(table: str, key: str) -> None:
    """All edits as one step that can be undone, or none of them and a report of everything wrong."""
    space = state.workspace()
    try:
        state.commit(space.scenario.with_values(edits(space.scenario, table, st.session_state[key])))
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, "problem.cell"


def edits(scenario: Scenario, table: str, done: Mapping) -> dict[str, object]:
    """What a data editor's edits mean in addresses: cells, new rows under free keys, removed rows."""
    keys, out, taken = list(scenario.rows[table]), {}, set()
    for index, cells in done["edited_rows"].items():
        out |= {join(table, keys[int(index)], f): _stored(v, TABLES[table][f]) for f, v in cells.items()}
    for cells in done["added_rows"]:
        filled = {f: _stored(v, TABLES[table][f]) for f, v in cells.items() if f in TABLES[table] and v is not None}
        if filled:
            new = free_key(scenario, table, f"{table.replace('_', '-')}-{len(keys) + len(taken) + 1}", taken)
            taken.add(new)
            out |= {join(table, new, f): v for f, v in filled.items()}
    gone = {keys[int(index)] for index in done["deleted_rows"]}
    out = {a: v for a, v in out.items() if a.split(".")[1] not in gone}
    parts = {join(other, key, ""): None for other, field in _PARTS.get(table, ())
             for key, row in scenario.rows[other].items() if row[field] in gone}
    return out | parts | {join(table, row, ""): None for row in gone}


def _stored(value: object, driver: Driver) -> object:
    if value is None:
        return "" if driver.unit.key == "text" and driver.optional else None
    if driver.unit.is_number:
        return round(float(value) / driver.unit.scale, 10)
    return value if isinstance(value, bool) else str(value).strip()



"""One editor for every table of rows in a plan: pick a row, change its cells, add, copy, remove.

Each cell comes from its driver's row: label, unit, help, bounds and step. Each change is one step that can be undone;
one that breaks a rule is reported and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from model import InvalidInput, Scenario, Violation
from model import units as u
from model.io.assumptions import parse
from model.plan.numbers import written
from model.plan.rules import TEXT_LIMIT, covers
from model.plan.schema import TABLES, Address, Driver, Value, join
from pages.ui.kit import fields, reading, views
from pages.ui.kit.texts import plain, t
from pages.ui.rows import row_rules, steps
from pages.ui.session import state
from pages.ui.words.driver_labels import driver_label, label_with_unit

Redraw = Callable[[], None]
#: units that a label says already
_SAID = (u.MONTHS, u.HEADS)
#: the cell that was changed last, the plan then, and what was wrong with what was typed
_WRONG = "_rows_wrong"


def editor(table: str, redraw: Redraw, owner: str = "") -> str | None:
    """The editor of a table; returns the key of the row at hand. owner: only rows of this initiative, hidden in them."""
    scenario = state.workspace().scenario
    keys = row_rules.parts_of(scenario, "initiative", owner) if owner else list(scenario.rows[table])
    names = {k: row_rules.row_name(scenario, table, k) for k in keys}
    chosen = choose(t("rows.which", what=t(f"rows.{table}")), names, f"pick_{table}_{owner}") if keys else None
    with st.container(horizontal=True, gap="small"):
        name = f"{table}_{owner}"
        st.button(t("rows.add", what=t(f"rows.{table}")), key=f"add_{name}", icon=":material/add:", on_click=_add,
                  args=(table, owner, redraw))
        if chosen:
            st.button(t("rows.copy"), key=f"copy_{name}", icon=":material/content_copy:", on_click=_copy,
                      args=(table, owner, chosen, redraw))
            st.button(t("rows.remove"), key=f"remove_{name}", icon=":material/delete:", on_click=_remove,
                      args=(table, chosen, redraw), help=t("rows.remove_help"))
    if chosen:
        _cells(scenario, table, chosen, redraw, hidden=("initiative",) if owner else ())
    return chosen


def choose(label: str, words: Mapping[str, str], key: str) -> str:
    """A select box over keys whose words may change under it: what was chosen stays chosen.

    The browser names its choice by the words, so they must differ, and old words may still come in after new ones.
    """
    known = (st.session_state.pop(f"_next_{key}", None), *(st.session_state.get(name) for name in (key, f"_{key}")))
    value = next((v for v in known if v in words), next(iter(words)))
    st.session_state[f"_{key}"] = value
    return views.show(st.selectbox, label, list(words), key=key, value=value, format_func=lambda k: words.get(k, k))


def _cells(scenario: Scenario, table: str, row: str, redraw: Redraw, hidden: tuple[str, ...] = ()) -> None:
    with st.grid(4, min_column_width=190, gap="small"):
        for field, driver in TABLES[table].items():
            if field not in hidden:
                cell(scenario, Address(table, row, field), driver, redraw)


# --- one cell ----------------------------------------------------------------------------------------------------------

def cell(scenario: Scenario, a: Address, driver: Driver, redraw: Redraw) -> None:
    """The widget of one value, made from its driver's row."""
    key, value = f"cell_{join(*a)}", scenario.get(join(*a))
    unit, options = row_rules.unit_of(scenario, a), row_rules.options(scenario, a)
    common: dict[str, Any] = {"key": key, "help": t(f"driver.{a.table}.{a.field}.help"), "on_change": _changed,
                              "args": (key, a, redraw)}
    label = driver_label(a.table, a.field) if unit in _SAID else label_with_unit(a.table, a.field, unit)
    if options is not None:
        _choice(scenario, a, label, value, options, common)
    elif driver.unit.kind == "flag":
        views.show(st.toggle, label, value=bool(value), **common)
    elif driver.unit.is_number:
        fields.number(label, value="" if value is None else written(value, unit), wrong=_wrong(scenario, key), **common)
    else:
        views.show(st.text_input, label, value=str(value or ""), max_chars=TEXT_LIMIT, **common)
        fields.say(_wrong(scenario, key))


def _choice(scenario: Scenario, a: Address, label: str, value: str, options: list[str], common: Mapping) -> None:
    chosen = [c for c in covers(value or "all") or () if c in options] if row_rules.several(a) else value
    shown = options if row_rules.several(a) or value in options else [value, *options]
    names = {o: row_rules.word(scenario, a, o) for o in shown}

    def word(option: str) -> str:
        return names.get(option, option)

    if row_rules.several(a):
        views.show(st.multiselect, label, shown, value=chosen, placeholder=t("plan.all_channels"), format_func=word, **common)
    else:
        views.show(st.selectbox, label, shown, value=chosen, format_func=word, **common)


def _stored(scenario: Scenario, a: Address, shown: Any) -> Any:
    """What a widget holds as a value of the plan."""
    driver = TABLES[a.table][a.field]
    if row_rules.several(a):
        return ";".join(shown) or row_rules.ALL
    if isinstance(shown, str):
        return parse(driver, shown) if driver.unit.kind == "day" else shown.strip()
    return shown


# --- steps -------------------------------------------------------------------------------------------------------------

def take(values: Mapping[str, Value], redraw: Redraw) -> None:
    """All these values as one step, or none of them and a report. In a callback."""
    space = state.workspace()
    try:
        state.commit(space.scenario.with_values(values))
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, "problem.cell"
        st.rerun()
    redraw()


def _changed(key: str, a: Address, redraw: Redraw) -> None:
    shown, scenario = st.session_state[key], state.workspace().scenario
    if a.row not in scenario.rows[a.table] or not _sensible(scenario, a, shown):
        redraw()
        return
    value, wrong = _read(scenario, a, shown)
    if wrong is None and value != scenario.get(join(*a)):
        try:
            state.commit(scenario.with_values({join(*a): value} | row_rules.follow(scenario, a, value)))
        except InvalidInput as problem:
            wrong = replace(problem.violations[0], place=driver_label(a.table, a.field))
    st.session_state[_WRONG] = (key, state.workspace().scenario, wrong)
    redraw()


def _read(scenario: Scenario, a: Address, shown: Any) -> tuple[Any, Violation | None]:
    """What a widget holds as a value of the plan, and what is wrong with it. A number left as it is keeps all its digits."""
    driver = TABLES[a.table][a.field]
    if not driver.unit.is_number or not isinstance(shown, str):
        return _stored(scenario, a, shown), None
    unit, now = row_rules.unit_of(scenario, a), scenario.get(join(*a))
    return (now, None) if now is not None and shown == written(now, unit) else reading.read(driver, unit, shown)


def _wrong(scenario: Scenario, key: str) -> Violation | None:
    """What was wrong with the last thing typed into this cell, while the plan is still the one that it was refused for."""
    of, then, wrong = st.session_state.get(_WRONG, ("", None, None))
    return wrong if of == key and then == scenario else None


def _sensible(scenario: Scenario, a: Address, shown: Any) -> bool:
    """Whether a widget holds a value: not emptied, and no words that are none of its options any more."""
    options = row_rules.options(scenario, a)
    if shown is None or options is None:
        return shown is not None
    return set(shown if row_rules.several(a) else [shown]) <= {*options, scenario.get(join(*a))}


def _go_to(table: str, owner: str, row: str) -> None:
    """The row to show next. The select box's own key would not do: a rerun out of a callback forgets what is put there."""
    st.session_state[f"_next_pick_{table}_{owner}"] = row


def _add(table: str, owner: str, redraw: Redraw) -> None:
    scenario = state.workspace().scenario
    key = row_rules.free_key(scenario, table, f"{table}-{len(scenario.rows[table]) + 1}")
    _go_to(table, owner, key)
    take({join(table, key, f): v for f, v in row_rules.new_row(scenario, table, owner).items()}, redraw)


def _copy(table: str, owner: str, row: str, redraw: Redraw) -> None:
    """A row like this one, with what belongs to it."""
    scenario = state.workspace().scenario
    key = row_rules.free_key(scenario, table, row)
    fields = dict(scenario.rows[table][row])
    for name in ("name_zh", "name_en"):
        if fields.get(name):
            fields[name] = steps.copy_name(fields[name])
    values = {join(table, key, f): v for f, v in fields.items()}
    taken: set[str] = set()
    for part in row_rules.parts_of(scenario, table, row):
        new = row_rules.free_key(scenario, "effect", part, taken)
        taken.add(new)
        values |= {join("effect", new, f): v for f, v in {**scenario.rows["effect"][part], "initiative": key}.items()}
    _go_to(table, owner, key)
    take(values, redraw)


def _remove(table: str, row: str, redraw: Redraw) -> None:
    scenario = state.workspace().scenario
    gone = {join(table, row, ""): None, **row_rules.owned_by(scenario, table, row)}
    take(gone | {join("effect", part, ""): None for part in row_rules.parts_of(scenario, table, row)}, redraw)


# --- switches ----------------------------------------------------------------------------------------------------------

def switches(table: str, label: str, redraw: Redraw) -> None:
    """One pill a row, chosen while it is on."""
    scenario = state.workspace().scenario
    rows = scenario.rows[table]
    if not rows:
        return
    names = {k: row_rules.row_name(scenario, table, k) for k in rows}
    views.show(st.pills, label, list(rows), selection_mode="multi", key=f"on_{table}", on_change=_switched,
              value=[key for key, row in rows.items() if row.get("on", True)], args=(table, redraw),
              format_func=lambda k: plain(names.get(k) or k), help=t("rows.switch_help"))


def _switched(table: str, redraw: Redraw) -> None:
    scenario, chosen = state.workspace().scenario, st.session_state[f"on_{table}"]
    if not set(chosen) <= set(scenario.rows[table]):  # words that a row no longer has
        redraw()
        return
    take({join(table, key, "on"): key in chosen for key, row in scenario.rows[table].items()
          if row.get("on", True) != (key in chosen)}, redraw)

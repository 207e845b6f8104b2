"""The list of assumptions: value, plausible range, uncertainty, influence, source; a line each."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from model import Scenario
from model.analysis.sensitivity import SWING
from model.late import Late
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan.meaning import usual
from model.plan.schema import driver_of, split
from pages.ui.kit.formats import DASH, between, money_unit, number, rate
from pages.ui.kit.texts import language, own_source, t
from pages.ui.rows import cell_words, row_rules
from pages.ui.session import results
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.place_names import shown
from pages.ui.words.sources import changes_of, set_by, still_of_template

if TYPE_CHECKING:
    import pandas as pd

    from model.analysis.risk.distributions import Marginal
else:
    pd = Late("pandas")
inputs = Late("model.analysis.risk.inputs")
#: normal scores of the 10 % and 90 % points
_TEN, _NINETY = -1.2815515655446004, 1.2815515655446004
#: the list as it was drawn, its key and addresses; and those that are ticked
_SHOWN, _TICKED = "_assume_shown", "_assume_ticked"
#: amounts are shown to the thousand
_THOUSANDS = 3
#: rows that stand in sight; the others are scrolled to
_ROWS, _ROW_HEIGHT = 9, 35


def name_of_address(scenario: Scenario, address: str) -> str:
    """Row and driver by name; of the business the driver alone."""
    a = split(address)
    label, table = driver_label(a.table, a.field), t(f"table.{a.table}.label")
    if a.table == d.BUSINESS:
        return label
    return f"{_row_name(scenario, a.table, a.row, language()) if a.row else table} · {label}"


@lru_cache(maxsize=2048)
def _row_name(scenario: Scenario, table: str, key: str, _: str) -> str:
    """What a row is called in a language: its name is held against those of all other rows."""
    return row_rules.row_name(scenario, table, key)


def value_said(scenario: Scenario, address: str) -> str:
    """A value with its unit, as people read it."""
    value = cell_words.value_of(scenario, address)
    if not driver_of(address).unit.is_number:
        return cell_words.text_of(scenario, address) or DASH
    if split(address).table == li.TARGET:
        return number(value, row_rules.unit_at(scenario, address))
    return shown(address, value)


def show(scenario: Scenario, addresses: list[str], redraw: Callable[[], None]) -> None:
    """The list; it is read here and edited in the grids below it."""
    divisor, unit = money_unit()
    digits = round(math.log10(divisor)) - _THOUSANDS
    rows = [_line(scenario, a, language()) for a in addresses]
    column = st.column_config
    config = {
        "name": column.TextColumn(t("assumptions.name"), pinned=True),
        "value": column.TextColumn(t("assumptions.value"), alignment="right"),
        "influence": column.NumberColumn(t("assumptions.influence", size=rate(SWING, 0), unit=unit), format=f"%.{digits}f",
                                         help=t("assumptions.influence_help", size=rate(SWING, 0))),
        "mark": column.TextColumn(t("assumptions.mark"), help=t("assumptions.mark_help"), width="small"),
        "range": column.TextColumn(t("assumptions.range"), help=t("assumptions.range_help")),
        "spread": column.TextColumn(t("assumptions.spread"), help=t("assumptions.spread_help")),
        "source": column.TextColumn(t("assumptions.source"), help=t("assumptions.source_help"), width="large"),
        "key": column.TextColumn(t("assumptions.key"), help=t("assumptions.key_help")),
    }
    key, ticked = f"assume_list_{hash((scenario.base, *addresses))}", ticked_of(addresses)
    st.session_state[_SHOWN] = (key, addresses)
    start: Any = {"selection": {"rows": [i for i, a in enumerate(addresses) if a in ticked]}}
    st.dataframe(pd.DataFrame(rows, columns=list(config)), hide_index=True, width="stretch", key=key, column_config=config,
                 placeholder=DASH, on_select=partial(_tick, redraw), selection_mode="multi-row", selection_default=start,
                 height=_ROW_HEIGHT * (min(len(rows), _ROWS) + 1) + 2)


def ticked_of(addresses: list[str]) -> list[str]:
    """Those of these addresses that are ticked."""
    ticked = st.session_state.get(_TICKED, frozenset())
    return [a for a in addresses if a in ticked]


def _tick(redraw: Callable[[], None]) -> None:
    """What is ticked is remembered by address: the order may be another when the list is drawn next."""
    key, addresses = st.session_state[_SHOWN]
    st.session_state[_TICKED] = frozenset(addresses[i] for i in st.session_state[key].selection.rows if i < len(addresses))
    redraw()


@lru_cache(maxsize=8192)
def _line(scenario: Scenario, address: str, _: str) -> tuple[str | float | None, ...]:
    """A line in a language: with a thousand of them a tenth of a second, at every word that is looked for."""
    found, mark = results.alone_of(scenario).get(address), "assumptions.of_template"
    return (name_of_address(scenario, address), value_said(scenario, address),
            None if found is None else found.size / money_unit()[0], t(mark) if still_of_template(scenario, address) else "",
            _range(address), _spread(address, _spreads(scenario).get(address)), _source(scenario, address), address)


def _range(address: str) -> str:
    found = usual(driver_of(address))
    return _between(address, *found) if found else DASH


def _between(address: str, low: float, high: float) -> str:
    driver = driver_of(address)
    if driver.per != d.HEADLINE:
        return between(low, high, driver.unit)
    return between(low, high, driver.unit, lambda value, _, step: shown(address, value, step))


@lru_cache(maxsize=16)
def _spreads(scenario: Scenario) -> dict[str, tuple[str, Marginal]]:
    """How far each number may go otherwise, as the draws have it, and the family that says it."""
    said = {row["address"]: row.get("family", ri.SPREAD) for row in scenario.rows[ri.DISTRIBUTION].values()}
    families = {a: ri.PERT if family == ri.SPREAD else family for a, family in said.items()}
    return {a: (families.get(a, ri.PERT), found) for a, found in inputs.uncertain(scenario).marginals.items()}


def _spread(address: str, found: tuple[str, Marginal] | None) -> str:
    if found is None:
        return DASH
    family, marginal = found
    low, high = (float(x) for x in marginal.at([_TEN, _NINETY]))
    return t("assumptions.spread_of", family=t(f"choice.family.{family}.label"), values=_between(address, low, high))


def _source(scenario: Scenario, address: str) -> str:
    """Grade and source as the plan has them; of what was typed here or left as the model has it, that."""
    who, _ = set_by(scenario, address)
    if address in changes_of(scenario):
        return who
    return own_source(scenario.base.source_of.get(address, "")) or who

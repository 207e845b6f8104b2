"""Levers as numbers to type: the value that a lever leads to is typed itself (10,000 more of budget), and the lever follows."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from model import Scenario, Violation
from model.analysis.blended import at_factor, blended, factor_for
from model.plan.numbers import written
from pages.ui.frame import levers
from pages.ui.frame.levers import HEADLINE
from pages.ui.kit import fields, reading
from pages.ui.kit.formats import money_power, money_unit
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.simulate.lever_values import UNITS
from pages.ui.words import periods
from pages.ui.words.driver_labels import driver_label

_WRONG = "_lever_wrong"


@st.fragment(key="lever_fields")
def lever_fields() -> None:
    """A field each; what cannot be is said below it, and the plan stays."""
    wrong: dict[str, Violation] = st.session_state.get(_WRONG, {})
    with st.grid(2, min_column_width=130, gap="small"):
        for key in HEADLINE:
            fields.number(f"{driver_label('headline', key)} ({_unit_word(key)})", f"typed_{key}",
                          written(_value(key), UNITS[key], _power(key)), wrong.get(key), on_change=_typed, args=(key,))


def _power(key: str) -> int:
    return money_power() if key == "budget" else 0


def _unit_word(key: str) -> str:
    return money_unit()[1] if key == "budget" else t(f"unit.{UNITS[key].key}.label")


def _value(key: str, scenario: Scenario | None = None) -> float:
    """The blended value over the period that the page speaks of, of a scenario or the one at hand."""
    return blended(periods.months_of(results.result_of(scenario or state.workspace().scenario), periods.chosen()), key)


def _typed(key: str) -> None:
    """The factor that leads to what was typed, to the last digit: no step of a slider rounds it."""
    scenario, now = state.workspace().scenario, _value(key)
    neutral = at_factor(key, now, 1 / scenario.get(f"headline.{key}"))
    driver = HEADLINE[key]
    ends = replace(driver, low=at_factor(key, neutral, driver.low), high=at_factor(key, neutral, driver.high))
    value, bad = reading.read(ends, UNITS[key], st.session_state[f"typed_{key}"], _power(key))
    wrong = {k: v for k, v in st.session_state.get(_WRONG, {}).items() if k != key}
    if bad is None and value is not None:
        factor = factor_for(scenario, key, value, lambda s: _value(key, s))
        state.commit(scenario.with_values({f"headline.{key}": factor}))
    st.session_state[_WRONG] = wrong | ({key: bad} if bad else {})
    levers.draw_outputs("lever_fields")

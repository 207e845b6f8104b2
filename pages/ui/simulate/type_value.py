"""A lever's value as a number to type (10,000 more of budget): the lever follows, to the last digit.

One lever at a time, and only when the button is pressed. Eight fields that follow every move would each be sent back by the
browser with what stood there a moment ago, and a field cannot be told from one that was typed into.
"""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from model import Scenario
from model.analysis.blended import at_factor, blended, factor_for
from model.plan.drivers import Driver
from pages.ui.frame import levers
from pages.ui.frame.levers import HEADLINE
from pages.ui.kit import fields, reading, views
from pages.ui.kit.formats import money_power, money_unit
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.simulate.lever_values import plausible
from pages.ui.words import periods
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.lever_units import UNITS

_CHOICE = "typed_lever"


@st.fragment(key="type_value")
def type_value() -> None:
    """Closed until it is asked for."""
    box = st.popover(t("lever.exact"), key="type_box", on_change="rerun", help=t("lever.exact_help"))
    if box.open:
        with box:
            _form(state.workspace().scenario)


def _form(scenario: Scenario) -> None:
    held = st.session_state.get(_CHOICE)
    key = views.show(st.selectbox, t("lever.which"), list(HEADLINE), key=_CHOICE, value=held if held in HEADLINE else "budget",
                     format_func=lambda k: driver_label("headline", k))
    now, driver = _value(key, scenario), HEADLINE[key]
    if not math.isfinite(now):
        st.caption(t("lever.nothing"))
        return
    neutral = at_factor(key, now, 1 / scenario.get(f"headline.{key}"))
    ends = replace(driver, unit=UNITS[key], low=at_factor(key, neutral, driver.low), high=at_factor(key, neutral, driver.high))
    power = money_power() if key == "budget" else 0
    unit = money_unit()[1] if power else t(f"unit.{UNITS[key].key}.label")
    fields.kept(t("lever.value", unit=unit), _field(key), ends, now, power)
    st.caption(plausible(key, _months(scenario)))
    st.button(t("lever.set"), key="type_set", type="primary", on_click=_set, args=(key, ends, power))


def _field(key: str) -> str:
    return f"typed_{key}"


def _months(scenario: Scenario):
    return periods.months_of(results.result_of(scenario), periods.chosen())


def _value(key: str, scenario: Scenario) -> float:
    """The blended value over the period that the page speaks of."""
    return blended(_months(scenario), key)


def _set(key: str, ends: Driver, power: int) -> None:
    """What stands in the field now: it may have been left by this very click."""
    scenario = state.workspace().scenario
    wanted, wrong = reading.read(ends, ends.unit, st.session_state[_field(key)], power)
    if wrong or wanted is None:
        return
    factor = factor_for(scenario, key, wanted, lambda s: _value(key, s))
    state.commit(scenario.with_values({f"headline.{key}": factor}))
    fields.forget(_field(key))
    levers.draw_outputs("type_value", levers.fragment_of(key))

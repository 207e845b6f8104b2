"""From … to …: part of one channel's budget to another in one step, all others untouched, and a sentence of what it did."""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from model import KPIS, Scenario
from model import units as u
from model.plan import drivers as d
from model.plan import shares
from model.plan.drivers import Driver
from pages.ui.frame import levers
from pages.ui.kit import fields, reading, views
from pages.ui.kit.formats import difference, money, money_power, money_unit, rate, size
from pages.ui.kit.texts import plain, t
from pages.ui.session import results, state
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name, current_shares

#: what is moved is counted in points of share or in yuan a year
POINTS, YUAN = "points", "yuan"
_SHARE, _MONEY = Driver("share", u.RATE, None, optional=True), Driver("money", u.YUAN, None, high=1e12, optional=True)
#: by unit: what may stand in the field, what stands there first, and the power of ten that it counts in
_COUNTED: dict[str, tuple[Driver, float, Callable[[], int]]] = {
    POINTS: (_SHARE, 0.05, lambda: 0), YUAN: (_MONEY, 100_000.0, money_power)}
_DONE = "_moved_budget"


@st.fragment(key="move_budget")
def move_budget() -> None:
    """Closed until it is asked for."""
    scenario = state.workspace().scenario
    if len(current_shares(scenario)) < 2:
        return
    box = st.popover(t("move.title"), key="move_box", on_change="rerun", help=t("move.help"))
    if box.open:
        with box:
            _form(scenario)


def last() -> None:
    """What the last step did, while its scenario is at hand: above the shares, which it has moved."""
    done = st.session_state.get(_DONE)
    if done and done[1] == state.workspace().scenario:
        st.caption(said(*done))
    else:
        st.empty()


def _form(scenario: Scenario) -> None:
    now, budget = current_shares(scenario), scenario.get("budget") * scenario.get("headline.budget")
    keys = list(now)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = _channel("from", scenario, keys, max(keys, key=lambda c: now[c]))
        target = _channel("to", scenario, keys, _likely_target(scenario, keys, source))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        unit = views.show(st.segmented_control, t("move.unit"), [POINTS, YUAN], key="move_unit", required=True,
                          value=st.session_state.get("move_unit") or POINTS, format_func=_unit_word,
                          label_visibility="collapsed")
        _amount(unit)
    st.caption(t("move.room", channel=plain(channel_name(scenario, source)), share=rate(now[source]),
                 amount=money(now[source] * budget)))
    st.button(t("move.do"), key="move_do", type="primary", on_click=_move, args=(budget,), disabled=source == target)


def _likely_target(scenario: Scenario, keys: list[str], source: str) -> str:
    """Where people ask most often whether to move money to: the private domain, where there is one."""
    others = [c for c in keys if c != source]
    return next((c for c in others if scenario.rows[d.CHANNEL][c]["kind"] == d.OWNED), others[0])


def _unit_word(unit: str) -> str:
    return t("format.pp") if unit == POINTS else money_unit()[1]


def _channel(which: str, scenario: Scenario, keys: list[str], first: str) -> str:
    key = f"move_{which}"
    held = st.session_state.get(key)
    return views.show(st.selectbox, t(f"move.{which}"), keys, key=key, value=held if held in keys else first, width=150,
                      format_func=lambda c: channel_name(scenario, c))


def _amount(unit: str) -> None:
    label = t("move.amount", unit=_unit_word(unit))
    driver, first, power = _COUNTED[unit]
    fields.kept(label, f"move_{unit}", driver, first, power(), label_visibility="collapsed", width=110, placeholder=label)


def _move(budget: float) -> None:
    """What stands in the form now: a field may have been left by this very click."""
    space, asked = state.workspace(), st.session_state
    before, source, target, unit = space.scenario, asked["move_from"], asked["move_to"], asked["move_unit"]
    driver, _, power = _COUNTED[unit]
    amount, wrong = reading.read(driver, driver.unit, asked[f"move_{unit}"], power())
    if wrong or not amount or source == target or not budget > 0:
        return
    part = min(amount if unit == POINTS else amount / budget, current_shares(before)[source])
    if not part > 0:
        return
    new = shares.moved(current_shares(before), source, target, part)
    state.commit(before.with_values({f"channel.{c}.share": new[c] for c in (source, target)}))
    st.session_state[_DONE] = (before, space.scenario, source, target, part)
    levers.draw_outputs("move_budget", "shares")


def said(before: Scenario, after: Scenario, source: str, target: str, part: float) -> str:
    """What was moved, and what it did to GMV and net profit of the period that the page speaks of."""
    then, now, period = results.result_of(before), results.result_of(after), periods.chosen()
    changes = {key: periods.change(now, then, key, period) for key in ("gmv", "net_profit")}
    words = {key: difference(x, KPIS[key].unit) for key, x in changes.items() if math.isfinite(x)}
    budget = before.get("budget") * before.get("headline.budget")
    return t("move.done", points=size(part, u.RATE), amount=money(part * budget), source=plain(channel_name(after, source)),
             target=plain(channel_name(after, target)), gmv=words.get("gmv", "—"), profit=words.get("net_profit", "—"))

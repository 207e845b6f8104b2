"""The next amount of money, any: which channels to give it to, and what it earns this year and from the customers it wins."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from model import KPIS, InvalidInput, Scenario
from model import units as u
from model.late import Late
from model.plan.drivers import Driver
from pages.ui.frame import levers
from pages.ui.kit import fields, reading
from pages.ui.kit.formats import difference, money, money_power, money_unit
from pages.ui.kit.texts import listed, plain, t
from pages.ui.session import results, state
from pages.ui.simulate.lever_values import a_year
from pages.ui.words.channel_names import channel_name

search = Late("model.analysis.optimize.next_spend")
_FIRST = 100_000.0
#: (scenario, amount) of the money that was just taken: no second of it is offered before it is asked for
_TAKEN = "_next_taken"


@lru_cache(maxsize=64)
def found_of(scenario: Scenario, amount: float):
    with results.COMPUTING:
        return search.next_spend(scenario, amount)


@st.fragment(key="next_money")
def next_money() -> None:
    """Closed until it is asked for: finding the answer takes longer than a move may."""
    box = st.popover(t("next.title"), key="next_box", on_change="rerun", help=t("next.help"))
    if not box.open:
        return
    with box:
        driver = _money()
        amount = fields.kept(t("next.amount", unit=money_unit()[1]), "next_amount", driver, _FIRST, money_power(), width=170)
        st.caption(t("next.limit", most=money(driver.high)))
        if amount is None or _asked() is None:
            return
        scenario = state.workspace().scenario
        if st.session_state.get(_TAKEN) == (scenario, float(amount)):
            st.markdown(t("next.taken", amount=money(float(amount))))
            st.button(t("next.again"), key="next_again", on_click=st.session_state.pop, args=(_TAKEN,))
            return
        st.session_state.pop(_TAKEN, None)
        try:
            with st.spinner(t("next.searching")):
                found = found_of(scenario, float(amount))
        except InvalidInput:
            st.caption(t("next.nowhere"))
            return
        st.markdown(said(found, scenario))
        st.button(t("next.take"), key="next_take", type="primary", on_click=_take)


def _money() -> Driver:
    """What may be asked for: as much as a year's budget once more."""
    scenario = state.workspace().scenario
    return Driver("money", u.YUAN, None, high=max(_FIRST, scenario.get("budget") * scenario.get("headline.budget")))


def _asked() -> float | None:
    """The amount that stands in the field now; None where it cannot be one."""
    driver = _money()
    value, wrong = reading.read(driver, driver.unit, st.session_state["next_amount"], money_power())
    return None if wrong or not value else float(value)


def said(found, scenario: Scenario) -> str:
    """Where it goes and what it earns; both measures, and what they are together."""
    names = {c: plain(channel_name(scenario, c)) for c in found.split}
    places = listed([t("next.part", channel=names[c], amount=money(yuan)) if len(names) > 1 else names[c]
                     for c, yuan in found.split.items()])
    unit = KPIS["net_profit"].unit
    months = scenario.get("months")
    amount = a_year(money(found.amount), results.result_of(scenario))
    return t("next.said" if found.profit + found.coming >= 0 else "next.said_loss", amount=amount, places=places,
             profit=difference(found.profit, unit), gmv=difference(found.gmv, unit), coming=difference(found.coming, unit),
             both=difference(found.profit + found.coming, unit),
             span=t("next.year" if months == 12 else "next.plan", count=months))


def _take() -> None:
    """Of the amount in the field, which may have been left by this very click."""
    amount = _asked()
    if amount is None:
        return
    try:
        now = state.workspace().scenario
        state.adopt(levers.by_lever(now, found_of(now, amount).scenario))
    except InvalidInput:
        return
    st.session_state[_TAKEN] = (state.workspace().scenario, amount)
    levers.draw_outputs("next_money", "shares", levers.fragment_of("budget"))

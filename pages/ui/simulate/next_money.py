"""The next amount of money, any: which channels to give it to, and what it earns this year and from the customers it wins."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from model import KPIS, InvalidInput, Scenario
from model import units as u
from model.late import Late
from model.plan.drivers import Driver
from pages.ui.frame import levers
from pages.ui.kit import fields
from pages.ui.kit.formats import difference, money, money_power, money_unit
from pages.ui.kit.texts import listed, plain, t
from pages.ui.session import results, state
from pages.ui.words.channel_names import channel_name

search = Late("model.analysis.optimize.next_spend")
_MONEY = Driver("money", u.YUAN, None, high=1e10)
_FIRST = 100_000.0


@lru_cache(maxsize=64)
def found_of(scenario: Scenario, amount: float):
    with results.COMPUTING:
        return search.next_spend(scenario, amount)


@st.fragment(key="next_money")
def next_money() -> None:
    """Closed until it is asked for: finding the answer takes longer than a move may."""
    box = st.popover(t("next.title"), icon=":material/add_card:", key="next_box", on_change="rerun", help=t("next.help"))
    if not box.open:
        return
    with box:
        amount = fields.kept(t("next.amount", unit=money_unit()[1]), "next_amount", _MONEY, _FIRST, money_power(), width=170)
        if not amount:
            return
        scenario = state.workspace().scenario
        try:
            with st.spinner(t("next.searching")):
                found = found_of(scenario, float(amount))
        except InvalidInput:
            st.caption(t("next.nowhere"))
            return
        st.markdown(said(found, scenario))
        st.button(t("next.take"), key="next_take", type="primary", on_click=_take, args=(found.scenario,))


def said(found, scenario: Scenario) -> str:
    """Where it goes and what it earns; both measures, and what they are together."""
    names = {c: plain(channel_name(scenario, c)) for c in found.split}
    places = listed([t("next.part", channel=names[c], amount=money(yuan)) if len(names) > 1 else names[c]
                     for c, yuan in found.split.items()])
    unit = KPIS["net_profit"].unit
    return t("next.said", amount=money(found.amount), places=places, profit=difference(found.profit, unit),
             gmv=difference(found.gmv, unit), coming=difference(found.coming, unit),
             both=difference(found.profit + found.coming, unit),
             span=t("next.year" if scenario.get("months") == 12 else "next.plan", count=scenario.get("months")))


def _take(scenario: Scenario) -> None:
    state.adopt(scenario)
    levers.draw_outputs("next_money", "shares")

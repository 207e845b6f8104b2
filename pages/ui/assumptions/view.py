"""What the plan rests on, in a sentence: how many assumptions, how many still the template's, and which ten to replace first."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from model import Scenario
from model.analysis.first_look import resting_on_template
from model.analysis.sensitivity import SWING
from model.plan import drivers as d
from model.plan.schema import join, split
from model.units import YUAN
from pages.ui.assumptions import desk, found, listing
from pages.ui.kit.formats import fixed, rate, size
from pages.ui.kit.texts import plain, t
from pages.ui.session import results
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.sources import still_of_template

_MOST = 10
rests_of = lru_cache(maxsize=32)(resting_on_template)
#: name, size, addresses as the page's filter takes them
Weighty = tuple[str, float, str]


def weightiest(scenario: Scenario) -> tuple[list[Weighty], bool]:
    """The ten that matter most, and whether they still are the template's: else of all, without the headline factors, each of
    which moves many at once."""
    rests = rests_of(scenario, _MOST)
    if rests:
        return [(driver_label(r.table, r.key), r.size, r.addresses[0] if len(r.addresses) == 1 else join(r.table, "*", r.key))
                for r in rests], True
    sizes = sorted(results.alone_of(scenario).items(), key=lambda item: -item[1].size)
    top = [(a, s.size) for a, s in sizes if split(a).table != d.HEADLINE and s.size > 0][:_MOST]
    return [(listing.name_of_address(scenario, a), s, a) for a, s in top], False


def answer(scenario: Scenario, redraw: desk.Redraw) -> None:
    """The sentence, and each of the ten as a button that leads to its cell."""
    stated = found.stated(scenario)
    rest = sum(still_of_template(scenario, a) for a in stated)
    ten, of_template = weightiest(scenario)
    words = {"all": fixed(len(stated), 0), "rest": fixed(rest, 0), "ten": len(ten),
             "empty": fixed(len(found.every(scenario)) - len(stated), 0)}
    st.markdown(plain(t("assumptions.rests" if rest else "assumptions.rests_own", **words)))
    if not ten:
        return
    st.markdown(f"**{t('assumptions.replace' if of_template else 'assumptions.weighty', **words)}**",
                help=t("assumptions.ten_help", size=rate(SWING, 0)))
    with st.container(horizontal=True, gap="xsmall", key="assume_ten"):
        for i, (name, effect, at) in enumerate(ten):
            st.button(t("assumptions.one", name=plain(name), size=size(effect, YUAN)), key=f"assume_ten_{i}", on_click=_only,
                      args=(at, redraw))


def _only(at: str, redraw: desk.Redraw) -> None:
    desk.only(at)
    redraw()

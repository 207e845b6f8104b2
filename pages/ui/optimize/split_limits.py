"""Limits of a split as a planner sets them: by channel, for groups of channels, locks, and the plan's own KPIs.

They stand under two tabs and are remembered by channel, so that a tab that closes forgets nothing and the limit of a
channel that is removed goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from model import Scenario
from model import units as u
from model.analysis.optimize import Group
from model.plan.schema import Driver
from pages.ui.kit import fields, views
from pages.ui.kit.formats import money_power, money_unit, rate
from pages.ui.kit.texts import plain, t, unique
from pages.ui.rows import number_grid
from pages.ui.session import state
from pages.ui.words.channel_names import channel_name, current_shares

#: what may be typed: shares, sums of a year, rates of the plan; nothing is no limit
SHARE = POINTS = Driver("share", u.RATE, None, optional=True)
SPEND = Driver("spend", u.YUAN, None, high=1e12, optional=True)
_MARGIN = Driver("margin", u.RATE, None, low=-1.0, optional=True)
#: columns of the table of channels -> whether they count money
_SIDES = {"low": False, "high": False, "least": True, "most": True}
#: what a widget calls its first value, where that is not "value"
_DEFAULTS = {"selectbox": "index", "segmented_control": "default", "pills": "default", "multiselect": "default"}
_STORE, _GROUPS = "_optimize_channels", "_optimize_groups"


def kept(widget, label: str, *args, key: str, default, **more):
    """A widget whose value outlives the tab it stands in.

    What it begins with goes to the browser as its default and not through the session: a press that comes before the
    browser has read the session would bring the widget's own default back.
    """
    if key not in st.session_state:
        st.session_state[f"_first_{key}"] = st.session_state.get(f"_kept_{key}", default)
    first, name = st.session_state[f"_first_{key}"], _DEFAULTS.get(widget.__name__, "value")
    if name == "index":
        first = list(args[0]).index(first) if first in args[0] else 0
    more[name] = None if st.session_state.get(f"_put_{key}") else first
    st.session_state[f"_put_{key}"] = False
    if name != "value":
        views.words_again(key, args[0], more.get("format_func", str))
    st.session_state[f"_kept_{key}"] = value = widget(label, *args, key=key, **more)
    return value


def limits(scenario: Scenario) -> dict[str, Any]:
    """The expander with every limit that is not asked first, as keywords of `Limits`."""
    with st.expander(t("optimize.more_limits"), icon=":material/rule:"):
        by_channel = _channels(scenario)
        locked = _locks(scenario)
        groups = _groups(scenario)
        at_least, at_most = _kpis()
    sides = dict(zip(("share_floor", "share_ceiling", "spend_floor", "spend_ceiling"),
                     ({c: row[side] for c, row in by_channel.items() if side in row} for side in _SIDES), strict=True))
    return {**sides, "locked": locked, "groups": groups, "at_least": at_least, "at_most": at_most}


# --- by channel ----------------------------------------------------------------------------------------------------------

def _channels(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Floors and ceilings by channel, in per cent of the total and in money: channel -> side -> share or yuan."""
    shares, stored = current_shares(scenario), st.session_state.get(_STORE, {})
    found = st.session_state[_STORE] = {c: dict(stored.get(c, {})) for c in shares}
    st.caption(t("optimize.limits_help"))
    number_grid.show(number_grid.Numbers(
        "optimize_limits", t("channel.name"), _names(scenario), (t("optimize.now"), [rate(s) for s in shares.values()]),
        {side: _side(side, money) for side, money in _SIDES.items()},
        lambda _, side: (SPEND, money_power()) if _SIDES[side] else (SHARE, 0),
        {(c, side): row.get(side) for c, row in found.items() for side in _SIDES}, _keep))
    return found


def _side(side: str, money: bool) -> str:
    if money:
        return t(f"optimize.{side}_spend", unit=money_unit()[1])
    return t("optimize.in_unit", label=t(f"optimize.{side}_share"), unit="%")


def _keep(typed: Mapping[tuple[str, str], float | None]) -> dict:
    """Limits; a cell that was emptied is none."""
    for (channel, side), value in typed.items():
        row = st.session_state[_STORE].setdefault(channel, {})
        row.pop(side, None)
        if value is not None:
            row[side] = value
    return {}


def several(label: str, names: Mapping[str, str], key: str, widget, default=(), **more) -> tuple[str, ...]:
    """A choice of several by name: what is no longer there is no longer chosen."""
    words = unique(dict(names))
    for name in (key, f"_first_{key}", f"_kept_{key}"):
        left = [c for c in st.session_state.get(name) or () if c in words]
        if left != list(st.session_state.get(name) or ()):
            st.session_state[name] = left
            st.session_state[f"_put_{key}"] = name == key or st.session_state.get(f"_put_{key}")
    shown = (lambda text: text) if widget is st.multiselect else plain  # a multiselect knows no markdown
    return tuple(kept(widget, label, list(words), key=key, default=[c for c in default if c in words],
                      format_func=lambda c: shown(words.get(c) or c), **more))


def _names(scenario: Scenario) -> dict[str, str]:
    return {c: channel_name(scenario, c) for c in current_shares(scenario)}


def _locks(scenario: Scenario) -> frozenset[str]:
    """The locks of the Simulate page: one set, whichever page sets it."""
    locks, words = state.workspace().locks, _names(scenario)
    views.show(st.pills, t("budget.lock"), list(words), selection_mode="multi", key="optimize_locks",
               value=[c for c in words if c in locks], on_change=_lock, format_func=lambda c: plain(words.get(c) or c))
    return frozenset(c for c in words if c in locks)


def _lock() -> None:
    space = state.workspace()
    space.locks, space.anchor_of, space.hint = frozenset(st.session_state["optimize_locks"]), "", ""
    state.remember()


# --- groups --------------------------------------------------------------------------------------------------------------

def _groups(scenario: Scenario) -> tuple[Group, ...]:
    """Channels that share a floor and a ceiling; rows come and go as the planner likes."""
    rows = st.session_state.setdefault(_GROUPS, [])
    found = [_group(scenario, i, number) for number, i in enumerate(rows, 1)]
    st.button(t("optimize.add_group"), key="optimize_add_group", icon=":material/add:", on_click=_add,
              help=t("optimize.group_help"))
    return tuple(g for g in found if g is not None)


def _add() -> None:
    rows = st.session_state[_GROUPS]
    rows.append(max(rows, default=0) + 1)


def _remove(i: int) -> None:
    st.session_state[_GROUPS].remove(i)
    fields.forget(*(_widget(f"{side}_{by}", i) for side in ("floor", "ceiling") for by in ("share", "spend")))
    for field in ("name", "channels", "by"):
        st.session_state.pop(f"_kept_{_widget(field, i)}", None)


def _widget(field: str, i: int) -> str:
    return f"optimize_group_{field}_{i}"


def _group(scenario: Scenario, i: int, number: int) -> Group | None:
    """One row: channels, share or money, floor and ceiling; none until it has channels and a limit."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        label = kept(st.text_input, t("optimize.group_name"), key=_widget("name", i), max_chars=40, width=150,
                     default=t("optimize.group_n", number=number))
        channels = several(t("optimize.group_channels"), _names(scenario), _widget("channels", i), st.multiselect, width=320,
                           placeholder=t("optimize.choose"))
        by = kept(st.selectbox, t("optimize.group_by"), ("share", "spend"), key=_widget("by", i), default="share", width=130,
                  format_func=lambda k: t(f"optimize.group_{k}", unit=money_unit()[1]))
        driver, power = (SHARE, 0) if by == "share" else (SPEND, money_power())
        low, high = (fields.kept(t(f"optimize.{side}"), _widget(f"{side}_{by}", i), driver, None, power, width=160)
                     for side in ("floor", "ceiling"))
        st.button(t("rows.remove"), key=_widget("remove", i), icon=":material/delete:", on_click=_remove, args=(i,))
    if not channels or low is None and high is None:
        return None
    least, largest = low or 0.0, np.inf if high is None else high
    if by == "share":
        return Group(label, channels, least, min(largest, 1.0))
    return Group(label, channels, spend_floor=least, spend_ceiling=largest)


# --- the plan's own KPIs -------------------------------------------------------------------------------------------------

def _kpis() -> tuple[dict[str, float], dict[str, float]]:
    """At least so much GMV or net margin, at most so much marketing rate; empty: no such limit."""
    with st.container(horizontal=True):
        gmv = fields.kept(t("optimize.least_gmv", unit=money_unit()[1]), "optimize_gmv", SPEND, None, money_power(), width=240)
        margin = fields.kept(t("optimize.least_margin"), "optimize_margin", _MARGIN, None, width=240)
        most = fields.kept(t("optimize.most_marketing"), "optimize_rate", SHARE, None, width=240)
    least = {} if gmv is None else {"gmv": gmv}
    if margin is not None:
        least["net_margin_rate"] = margin
    return least, {} if most is None else {"marketing_rate": most}

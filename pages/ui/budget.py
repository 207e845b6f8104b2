"""Budget shares that always sum to 100 %: a row a channel with slider, lock, yuan and its marginal net profit."""

from __future__ import annotations

import streamlit as st

from model import Result, Scenario
from model import units as u
from model.analysis.sensitivity import WhatDecides
from model.plan import shares
from pages.ui import levers, state
from pages.ui.formats import difference, money
from pages.ui.texts import own_name, plain, t


def spending_channels(scenario: Scenario) -> list[str]:
    return [c for c, row in scenario.rows["channel"].items() if row["kind"] != "organic"]


def channel_name(scenario: Scenario, key: str) -> str:
    return own_name(scenario.rows["channel"][key], key)


def current_shares(scenario: Scenario) -> dict[str, float]:
    return {c: scenario.get(f"channel.{c}.share") for c in spending_channels(scenario)}


@st.fragment(key="shares")
def share_rows() -> None:
    """Sliders and locks in a fragment of their own: moving one redraws them all, and not the page."""
    space = state.workspace()
    with st.grid(3, min_column_width=260, gap="small"):
        slots = {channel: _row(space, channel, share) for channel, share in current_shares(space.scenario).items()}
    if space.hint:
        st.info(t(f"budget.{space.hint}"), icon=":material/lock:")
    st.session_state["_share_slots"] = slots
    _captions(slots, state.result_of(space.scenario), state.decides_of(space.scenario))


def _row(space: state.Workspace, channel: str, share: float):
    """Slider and lock of a channel; returns the place of its caption."""
    locked = channel in space.locks
    st.session_state[f"share_{channel}"] = round(share * 100, 1)
    st.session_state[f"lock_{channel}"] = locked
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.slider(plain(channel_name(space.scenario, channel)), 0.0, 100.0, step=0.5, key=f"share_{channel}",
                      format="%.1f%%", on_change=_moved, args=(channel,), disabled=locked, width="stretch")
            st.toggle(t("budget.lock"), key=f"lock_{channel}", on_change=_lock, args=(channel,))
        return st.empty()


def captions(result: Result, decides: WhatDecides) -> None:
    """Yuan and marginal profit under each row, after a move of anything else."""
    _captions(st.session_state.get("_share_slots", {}), result, decides)


def _captions(slots, result: Result, decides: WhatDecides) -> None:
    for channel, slot in slots.items():
        if channel in result.channels:
            spend = float(result.by_channel["spend"][result.channels.index(channel)].sum())
            slot.caption(t("budget.caption", spend=money(spend),
                           marginal=difference(decides.marginal.get(channel, 0.0), u.YUAN_EACH)))


def _moved(channel: str) -> None:
    space = state.workspace()
    new, why = shares.rescale(current_shares(space.scenario), channel, st.session_state[f"share_{channel}"] / 100,
                              space.locks)
    state.commit(space.scenario.with_values({f"channel.{c}.share": s for c, s in new.items()}))
    space.hint = why or ""
    levers.draw_outputs("shares")


def _lock(channel: str) -> None:
    space = state.workspace()
    space.locks = space.locks ^ {channel}
    space.hint = ""
    st.rerun("shares")

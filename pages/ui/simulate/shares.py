"""Budget shares that always sum to 100 %: a slider a channel, and locks."""

from __future__ import annotations

import time

import streamlit as st

from model import units as u
from model.plan import drivers as d
from model.plan import shares
from model.units import shown_of, stored_of
from pages.ui.frame import levers
from pages.ui.kit import redraw, views
from pages.ui.kit.texts import listed, plain, t, together
from pages.ui.session import state
from pages.ui.simulate import move_budget
from pages.ui.words.channel_names import channel_name, current_shares

#: so long after a move other sliders' old values may still come in, and so long what they were is remembered
BURST_SECONDS, MEMORY_SECONDS = 1.5, 10.0


def which_years() -> None:
    """In a longer plan: which months the levers act on, and of which years the shares are."""
    scenario = state.workspace().scenario
    months = scenario.get("months")
    if months <= 12:
        return
    years = range(1, -(-months // 12) + 1)
    own = [y for y in d.LATER_YEARS if y in years and any(
        scenario.get(f"channel.{c}.{d.of_year('share', y)}") is not None for c in scenario.spending_channels)]
    rest = [t("plan.year_n", count=y) for y in years if own and y >= own[0]]
    said = t("lever.shares_some", own=listed(rest)) if own else t("lever.shares_all")
    st.caption(together([t("lever.all_months", count=months), said]))


@st.fragment(key="shares")
def share_sliders() -> None:
    """Sliders and locks in a fragment of their own: moving one redraws them all, and not the page."""
    space = state.workspace()
    shares_now = current_shares(space.scenario)
    move_budget.last()
    with st.container(gap="xsmall"):
        for channel, share in shares_now.items():
            views.show(st.slider, plain(channel_name(space.scenario, channel)), 0.0, 100.0, step=0.1, key=f"share_{channel}",
                      value=round(shown_of(share, u.RATE), 1), format="%.1f%%", on_change=_moved, args=(channel,),
                      disabled=channel in space.locks)
    views.show(st.pills, t("budget.lock"), list(shares_now), selection_mode="multi", key="locks",
               value=[c for c in shares_now if c in space.locks], on_change=_lock,
               format_func=lambda c: plain(channel_name(space.scenario, c)), help=t("budget.lock_help"))
    if space.hint:
        st.info(t(f"budget.{space.hint}"), icon=":material/lock:")


def _moved(channel: str) -> None:
    space = state.workspace()
    before, wanted = current_shares(space.scenario), stored_of(st.session_state[f"share_{channel}"], u.RATE)
    if _is_echo(space, channel, wanted):
        levers.draw_outputs("shares")
        return
    _note(space, channel, before)
    new, why = shares.rescale(_anchor(space, channel, before), channel, wanted, space.locks)
    space.moved_to = new
    state.commit(space.scenario.with_values({f"channel.{c}.share": s for c, s in new.items()}))
    space.hint = why or ""
    levers.draw_outputs("shares")


def _note(space: state.Workspace, channel: str, before: dict[str, float]) -> None:
    """Keep the shares of a burst of moves, to tell echoes of them from moves."""
    now = time.monotonic()
    if now - space.burst_at > MEMORY_SECONDS:
        space.burst = []
    space.burst_of, space.burst_at = channel, now
    space.burst = [*space.burst[-99:], before]


def _anchor(space: state.Workspace, channel: str, before: dict[str, float]) -> dict[str, float]:
    """The shares from which this channel's moves started: many small steps then keep the others' proportions."""
    if space.anchor_of != channel or space.moved_to != before:
        space.anchor_of, space.anchor = channel, before
    return space.anchor


def _is_echo(space: state.Workspace, channel: str, wanted: float) -> bool:
    """Whether a value is an old one that the browser sent along before it had the new one.

    While one slider is moved fast, the browser's next message still carries the others as they were a moment ago. How long a
    moment is does not matter where the message moves that slider on: a reader moves one at a time.
    """
    last, now = space.burst_of, current_shares(space.scenario)
    moves_on = last in now and abs(stored_of(st.session_state.get(f"share_{last}", 0.0), u.RATE) - now[last]) > shares.STEP * 0.51
    recent = moves_on or time.monotonic() - space.burst_at <= BURST_SECONDS
    return recent and channel != space.burst_of and any(
        abs(old.get(channel, -1.0) - wanted) < shares.STEP * 0.51 for old in space.burst)


def _lock() -> None:
    space = state.workspace()
    space.locks, space.anchor_of = frozenset(st.session_state["locks"]), ""
    space.hint = ""
    state.remember()
    redraw.along(["shares", "bar"])  # there is something to reset now

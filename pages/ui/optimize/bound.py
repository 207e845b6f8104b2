"""What binds an answer of the optimizer, named beside it: how far shares may move, locks, floors, ceilings, groups, KPIs."""

from __future__ import annotations

import math
from collections.abc import Iterator

import streamlit as st

from model import KPIS, Scenario
from model import units as u
from model.analysis.optimize import Explanation, Limits, SplitResult
from model.analysis.optimize.search.limits import OPENING
from model.units import shown_of
from pages.ui.kit.formats import ends, money, number, rate
from pages.ui.kit.texts import listed, plain, t
from pages.ui.optimize.parts import again
from pages.ui.optimize.refusals import limit_words
from pages.ui.session import state
from pages.ui.words.channel_names import channel_name, current_shares

#: shares that are no other ones
_SAME = 5e-4
#: of its spend, what is left of a channel that the split leaves out
_NOTHING = 1e-6


def show(scenario: Scenario, limits: Limits) -> None:
    """One line, and where channels are locked a button that unlocks them and asks again."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="optimize_bound"):
        st.caption(t("optimize.bound", limits=listed(list(_words(scenario, limits)))))
        if limits.locked:
            st.button(t("optimize.unlock"), key="optimize_unlock", icon=":material/lock_open:", on_click=_unlock)


def _unlock() -> None:
    space = state.workspace()
    space.locks, space.anchor_of, space.hint = frozenset(), "", ""
    state.remember()
    again("split")


def _words(scenario: Scenario, limits: Limits) -> Iterator[str]:
    yield from _moves(scenario, limits)
    if limits.locked:
        yield t("optimize.bound_locked", channels=listed([plain(channel_name(scenario, c)) for c in sorted(limits.locked)]))
    for kind, side, found, shown in (("share", "low", limits.share_floor, rate), ("share", "high", limits.share_ceiling, rate),
                                     ("spend", "low", limits.spend_floor, money), ("spend", "high", limits.spend_ceiling, money)):
        for channel, bound in found.items():
            yield _bound(scenario, kind, side, channel, shown(bound))
    for g in limits.groups:
        for kind, low, high, most, shown in (("group", g.floor, g.ceiling, 1.0, rate),
                                             ("group_spend", g.spend_floor, g.spend_ceiling, math.inf, money)):
            if low > 0:
                yield _bound(scenario, kind, "low", g.name, shown(low))
            if high < most:
                yield _bound(scenario, kind, "high", g.name, shown(high))
    for key, bound, way in limits.kpis():
        yield _bound(scenario, "kpi", "low" if way > 0 else "high", t(f"kpi.{key}.label"), number(bound, KPIS[key].unit))
    if limits.budget:
        least, greatest = ends(*limits.budget, u.YUAN)
        yield t("optimize.bound_total", low=least, high=greatest)


def _bound(scenario: Scenario, kind: str, side: str, name: str, amount: str) -> str:
    return t("optimize.bound_by", limit=limit_words(scenario, kind, side, name), amount=amount)


def _moves(scenario: Scenario, limits: Limits) -> Iterator[str]:
    """How far shares may move; that a share of 0 has no part to move by is said by name."""
    if limits.move is None:
        return
    move = t("optimize.bound_move" if _as_saved(scenario) else "optimize.bound_move_here", move=rate(limits.move, 0))
    yield t("optimize.bound_points", move=move, points=f"{shown_of(limits.points, u.RATE):g}") if limits.points else move
    empty = [c for c, s in current_shares(scenario).items() if s == 0 and c not in limits.locked]
    if empty and limits.points is None and limits.move > 0:
        yield t("optimize.bound_opening", share=rate(OPENING, 0), channels=listed([
            plain(channel_name(scenario, c)) for c in empty]))


def _as_saved(scenario: Scenario) -> bool:
    """Whether the split at hand, from which a move is counted, is still the saved one: not after an answer was taken over."""
    saved = current_shares(state.workspace().saved)
    return all(math.isclose(share, saved.get(c, 0.0), abs_tol=_SAME) for c, share in current_shares(scenario).items())


def held(found: SplitResult) -> str:
    """The limits that the split has come up to, by name."""
    names = [limit_words(found.start, row.kind, row.side, t(f"kpi.{row.name}.label") if row.kind == "kpi" else row.name)
             for row in found.at_limits]
    gone = [plain(channel_name(found.start, c)) for c, a, b in zip(found.channels, found.before, found.after, strict=True)
            if a > 0 and b <= _NOTHING * a]
    names += [t("optimize.held_zero", channels=listed(gone))] if gone else []
    return t("optimize.held_by", limits=listed(names)) if names else t("optimize.held_by_none")


def tightest(scenario: Scenario, explanation: Explanation) -> tuple[str, float, float] | None:
    """Of the limits that hold the split the one that is worth most to relax: its name, by what step, and its worth."""
    held = [h for c in explanation.channels for h in c.holding if h.kind != "month"] + list(explanation.limits)
    best = max((h for h in held if h.worth > 0), key=lambda h: h.worth, default=None)
    if best is None:
        return None
    name = t(f"kpi.{best.name}.label") if best.kind == "kpi" else best.name
    return limit_words(scenario, best.kind, best.side, name), best.step, best.worth

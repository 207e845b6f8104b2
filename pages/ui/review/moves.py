"""The months left: what one number alone would have to be for a target that the forecast misses, and their best split."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import streamlit as st

from model import KPIS, InvalidInput, Scenario, review
from model import units as u
from model.analysis.optimize import Limits
from model.analysis.risk.simulate import YEARLY, Chance, RiskResult
from model.engine.kpis import TargetResult, period_of
from model.plan.schema import Driver
from model.review import Actuals
from model.review.ahead import Ahead, Moves, Needed, ahead_of, best_moves, needed
from model.review.kept import bare
from model.review.record import OF
from pages.ui.kit import fields, jobs, tables, views
from pages.ui.kit.formats import DASH, difference, growth, number, percent_change, rate, sure, with_error
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import inside, plain, t
from pages.ui.review import entering, landing
from pages.ui.session import results, state
from pages.ui.words import periods, place_names, reach
from pages.ui.words.channel_names import channel_name

_MOVE = Driver("move", u.RATE, None, high=10.0)
_OPENS = 0.3
#: less than this is no move, in yuan, and no gain
_SEEN = 0.5


@dataclass(frozen=True, eq=False)
class Found:
    """A split with what it adds to the forecast. gain, error: of the KPI's mean over the plan's months, on common draws. after:
    the forecast with it.
    """

    moves: Moves
    gain: float
    error: float
    after: RiskResult


@lru_cache(maxsize=8)
def _ahead(scenario: Scenario, actuals: Actuals) -> Ahead | None:
    with results.COMPUTING:
        return ahead_of(scenario, actuals)


@lru_cache(maxsize=32)
def _alone(scenario: Scenario, actuals: Actuals, key: str, period: str, more: float) -> tuple[Needed, ...]:
    ahead = _ahead(scenario, actuals)
    with results.COMPUTING:
        return needed(ahead, key, period, more) if ahead else ()


def draw() -> None:
    scenario, actuals = state.workspace().scenario, entering.known()
    if actuals is None:
        return
    if actuals.closed == len(actuals.months):
        st.info(t("review.none_left"))
        return
    _missed(scenario, actuals)
    _best(scenario, actuals)


# --- each number alone ---------------------------------------------------------------------------------------------------

def short_of(aims: tuple[TargetResult, ...], found: RiskResult, period: str) -> list[tuple[TargetResult, float]]:
    """The targets of a period that the middle of the forecast misses, each with what is missing of it."""
    drawn = [x for x in aims if x.period == period and x.kpi in YEARLY]
    gaps = [(x, float(x.target) - float(found.year(x.kpi, period).point(50))) for x in drawn]
    return [(x, gap) for x, gap in gaps if math.isfinite(gap) and gap * KPIS[x.kpi].good > 0]


def _missed(scenario: Scenario, actuals: Actuals) -> None:
    """Of a target of the period that the forecast misses: which number by how much in the months left."""
    found, period = landing.forecast_of(scenario, actuals), periods.chosen()
    short = short_of(results.aims_of(entering.plan_of(scenario)), found, period)
    if not short:
        st.markdown(t("review.alone_none"))
        return
    target, gap = _asked(short)
    ways = _alone(bare(scenario), actuals, target.kpi, period, gap)
    st.markdown(f"**{_said(target, ways)}**", help=t("review.alone_help"))
    heads = ("desk.assumption", "review.alone_change", "lever.plausible", "needed.verdict")
    tables.plain("review_alone", [t(k) for k in heads], [_way(x) for x in ways], words=(3,))


def _asked(short: list[tuple[TargetResult, float]]) -> tuple[TargetResult, float]:
    """Of several targets missed the one that the reader asks about, at first the first."""
    names = {x.key: t("review.alone_of", kpi=t(f"kpi.{x.kpi}.label"), target=reach.aim(x)) for x, _ in short}
    now = st.session_state.get("review_missed")
    chosen = views.show(st.selectbox, t("review.missed", count=len(short)), list(names), key="review_missed", width=360,
                        value=now if now in names else short[0][0].key, format_func=lambda k: names[k])
    return next(pair for pair in short if pair[0].key == chosen)


def _said(target: TargetResult, ways: tuple[Needed, ...]) -> str:
    words = {"kpi": t(f"kpi.{target.kpi}.label"), "target": reach.aim(target)}
    best = next((x for x in ways if x.plausible), None)
    if best is None:
        return t("review.alone_not", **words)
    by = 0.0 if best.value is None else best.value / best.lever.today - 1
    return t("review.alone_up" if by > 0 else "review.alone_down", change=percent_change(by),
             name=inside(plain(place_names.place_name(best.lever.address))), **words)


def _change(x: Needed) -> str:
    return DASH if x.value is None else growth(x.value / x.lever.today - 1)


def _way(x: Needed) -> list[str]:
    lever = x.lever
    low, high = (growth(end / lever.today - 1) for end in (lever.low, lever.high))
    verdict = "review.alone_short" if x.value is None else "needed.plausible" if x.plausible else "needed.beyond"
    return [place_names.place_name(lever.address), _change(x), f"{low} … {high}", t(verdict)]


# --- the best split ------------------------------------------------------------------------------------------------------

def _best(scenario: Scenario, actuals: Actuals) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        key = st.segmented_control(t("review.moves_of"), OF[::-1], key="review_moves_of", default=OF[1], required=True,
                                   format_func=lambda k: t(f"kpi.{k}.label"))
        fields.kept(t("review.moves_move"), "review_moves_move", _MOVE, _OPENS, width=240, help=t("review.moves_help"))
    found = _answered(scenario, actuals)
    if found is not None:
        _answer(scenario, actuals, key, found)
        _of_record(scenario)


def _answer(scenario: Scenario, actuals: Actuals, key: str, found: Found) -> None:
    """The split in sentences and by channel, what it does to targets, and the button that takes it."""
    moves = found.moves
    if moves.gain < _SEEN:
        words = t("review.moves_no_more" if scenario.book.planned else "review.moves_none")
        st.markdown(f"**{words}**", help=t("review.moves_help"))
        return
    changes = _changes(scenario, actuals, found)
    months, period, unit = int(scenario.get("months")), periods.chosen(), KPIS[key].unit
    before, after = (landing.middle(x, key, period) for x in (landing.forecast_of(scenario, actuals), found.after))
    said = t("review.moves_said", kpi=t(f"kpi.{key}.label"), gain=with_error(found.gain, 2 * found.error, "+"),
             span=periods.span(period, months), before=number(before, unit), after=number(after, unit))
    st.markdown(f"**{said}{_besides(changes, months)}**", help=t("review.moves_help"))
    _by_channel(scenario, moves)
    _targets(changes, months)
    st.button(t("review.moves_take"), key="review_moves_take", type="primary", icon=":material/check:", on_click=_take)


def _by_channel(scenario: Scenario, moves: Moves) -> None:
    moved, total = moves.after - moves.before, float(moves.before.sum())
    most, least = int(np.argmax(moved)), int(np.argmin(moved))
    name = [channel_name(scenario, c) for c in moves.channels]
    st.markdown(t("review.moves_most", more=plain(name[most]), up=number(moved[most], u.YUAN), less=plain(name[least]),
                  down=number(-moved[least], u.YUAN)))
    rows = [[n, number(a, u.YUAN), number(b, u.YUAN), difference(b - a, u.YUAN), rate(a / total), rate(b / total)]
            for n, a, b in zip(name, moves.before, moves.after, strict=True)]
    heads = ("review.moves_now", "review.moves_best", "review.gap", "review.moves_share", "review.moves_share_best")
    tables.plain("review_moves", [t("channel.name"), *(t(k) for k in heads)], rows)


def _of_record(scenario: Scenario) -> None:
    """Once a split was taken: what the months are held against, and the way to hold them against the plan as it is."""
    if scenario.book.planned:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(t("review.of_record"), width="content", help=t("review.of_record_help"))
            st.button(t("review.of_record_now"), key="review_of_record", icon=":material/flag:", type="tertiary",
                      on_click=_hold_anew)


def _hold_anew() -> None:
    scenario = state.workspace().scenario
    state.commit(scenario.with_book(replace(scenario.book, planned=())))
    st.rerun()


def _about() -> tuple:
    """What the answer at hand is of; a button's callback asks for it anew."""
    scenario = state.workspace().scenario
    return (bare(scenario), entering.as_read(scenario), st.session_state.get("review_moves_of") or OF[1],
            fields.known("review_moves_move", _OPENS), frozenset(state.workspace().locks))


def _answered(scenario: Scenario, actuals: Actuals) -> Found | None:
    """The answer, found beside the page; None while it is looked for, or where there is none, which is said."""
    about = _about()
    job = jobs.current("moves")
    if job is None or job.of != about:
        before = landing.forecast_of(scenario, actuals)
        jobs.start("moves", about, lambda progress, stop: _found(about, before, stop))
    if jobs.running("moves", about):
        jobs.watch("moves", t("review.moves_searching"))
        return None
    try:
        return jobs.result("moves", about)
    except InvalidInput as problem:
        show_problem(problem, "optimize.impossible")
        return None


def _found(about: tuple, before: RiskResult, stop) -> Found | None:
    scenario, actuals, key, move, locks = about
    ahead = _ahead(scenario, actuals)
    if ahead is None:
        return None
    with results.COMPUTING:
        moves = best_moves(ahead, key, Limits(move=move, locked=locks & frozenset(scenario.spending_channels)), stop)
        after = review.forecast(moves.scenario, actuals, results.first_draws(scenario))
    apart = after.draws(key) - before.draws(key)
    return Found(moves, float(apart.mean()), float(apart.std() / math.sqrt(apart.size)), after)


#: a target with its chance as it is and with the moves
_Change = tuple[TargetResult, Chance, Chance]


def _changes(scenario: Scenario, actuals: Actuals, found: Found) -> list[_Change]:
    """The targets that have a chance and are not over."""
    before, plan = landing.forecast_of(scenario, actuals).chances, entering.plan_of(scenario)
    every = [(x, before.get(x.key), found.after.chances.get(x.key)) for x in results.aims_of(plan)
             if period_of(x.period, plan.months).stop > actuals.closed]
    return [(x, now, then) for x, now, then in every if now and then and math.isfinite(now.chance)]


def _besides(changes: list[_Change], months: int) -> str:
    """What the split does to the chances of targets: how many fall and which one most; else which one rises most."""
    seen = [(x, now, then) for x, now, then in changes if reach.differ(now, then)]
    falls = [change for change in seen if change[2].chance < change[1].chance]
    if not seen:
        return t("review.moves_no_chance")
    x, now, then = min(falls, key=_by, default=max(seen, key=_by))
    target = {"kpi": t(f"kpi.{x.kpi}.label"), "target": reach.aim(x), "period": periods.period_name(x.period, months)}
    words = {"target": t("review.moves_target", **target), "now": rate(now.chance), "then": rate(then.chance)}
    return t("review.moves_falls", count=len(falls), **words) if falls else t("review.moves_rises", **words)


def _by(change: _Change) -> float:
    return change[2].chance - change[1].chance


def _targets(changes: list[_Change], months: int) -> None:
    """The chance of each target, as it is and with the moves."""
    rows = [[t(f"kpi.{x.kpi}.label"), periods.period_name(x.period, months), reach.aim(x), rate(now.chance),
             sure(then.chance, then.error)] for x, now, then in changes]
    if rows:
        heads = ("driver.target.kpi.label", "driver.target.period.label", "driver.target.value.label", "review.now",
                 "review.moves_then")
        tables.plain("review_moves_chances", [t(k) for k in heads], rows, words=(1,))


def _take() -> None:
    found = jobs.result("moves", _about())
    if found is not None:
        book = replace(state.workspace().scenario.book, planned=found.moves.scenario.book.planned)
        state.adopt(found.moves.scenario.with_book(book))
        st.session_state["_notice"] = ("success", t("review.moves_taken"))
    st.rerun()

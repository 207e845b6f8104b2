"""Why the split came out so: marginal returns, prices of limits and of the next yuan, frontiers; each against a re-solve."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import plans
from model import Scenario, evaluate, kpi, what_decides
from model.analysis.optimize import Group, Impossible, Limits, Objective, best_split, explained, frontier, trade_off
from samples import changed, sample

GROUP = Limits(groups=(Group("live", ("creators", "own_live"), 0.1, 0.25),))


@cache
def shared_split():
    return best_split(sample())


def value(scenario: Scenario, key: str = "net_profit") -> float:
    return float(kpi(evaluate(scenario), key)[0])


def resolved(limits: Limits, key: str = "net_profit") -> float:
    return best_split(sample(), Objective(key), limits, explained=False).value_after


# --- marginal returns ---------------------------------------------------------------------------------------------------

def test_marginal_returns_are_those_of_what_decides():
    found = shared_split()
    for when, scenario in (("marginal_before", found.start), ("marginal_after", found.scenario)):
        expected = what_decides(scenario).marginal
        assert {m.channel: getattr(m, when) for m in found.explanation.channels} == pytest.approx(expected, abs=2e-3)


def test_free_channels_end_with_the_same_marginal_return():
    free = [m for m in shared_split().explanation.channels if not m.holding]
    assert len(free) >= 2 and np.ptp([m.marginal_after for m in free]) < 1e-4


def test_a_channel_at_its_ceiling_returns_more_than_the_free_ones_and_one_at_its_floor_less():
    moves = shared_split().explanation.channels
    free = next(m.marginal_after for m in moves if not m.holding)
    for m in moves:
        for h in m.holding:
            assert (m.marginal_after < free) == (h.side == "low")


# --- what limits are worth ---------------------------------------------------------------------------------------------

def test_the_worth_of_one_point_of_move_is_what_a_new_search_gains():
    found, gained = shared_split(), {}
    for m in found.explanation.channels:
        for h in m.holding:
            today = sample().get(f"channel.{m.channel}.share")
            limits = Limits(move=None, share_floor={c: sample().get(f"channel.{c}.share") * (0.69 if c == m.channel else 0.7)
                                                    for c in found.channels},
                            share_ceiling={c: sample().get(f"channel.{c}.share") * 1.3 for c in found.channels})
            gained[m.channel] = (h.worth, resolved(limits) - found.value_after)
            assert h.kind == "move" and h.step == 0.01 and today > 0
    assert gained and all(told == pytest.approx(real, rel=0.005, abs=5) for told, real in gained.values())


def test_the_worth_of_a_group_and_of_a_spend_ceiling():
    limits = replace(GROUP, spend_ceiling={"platform": 6.6e6})
    found = best_split(sample(), limits=limits)
    held = {(h.kind, h.name): h for m in found.explanation.channels for h in m.holding}
    held |= {(h.kind, h.name): h for h in found.explanation.limits}
    wider = replace(limits, groups=(Group("live", ("creators", "own_live"), 0.1, 0.26),))
    dearer = replace(limits, spend_ceiling={"platform": 6.61e6})
    assert held["group", "live"].worth == pytest.approx(resolved(wider) - found.value_after, rel=0.01)
    assert held["spend", "platform"].step == 10_000
    assert held["spend", "platform"].worth == pytest.approx(resolved(dearer) - found.value_after, rel=0.01)


def test_the_worth_of_a_limit_on_a_kpi():
    found = best_split(sample(), limits=Limits(move=None, at_least={"gmv": 1.13e8}))
    held = next(h for h in found.explanation.limits if h.kind == "kpi")
    less = resolved(Limits(move=None, at_least={"gmv": 1.13e8 - held.step}))
    assert (held.name, held.side) == ("gmv", "low")
    assert held.worth == pytest.approx(less - found.value_after, rel=0.01)


# --- the next yuan ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("amount", [10_000.0, 100_000.0])
def test_the_next_yuan_in_total_is_a_new_search_with_a_larger_budget(amount):
    found = shared_split()
    more = best_split(changed(budget=13.2e6 + amount), explained=False).value_after
    assert found.explanation.next_total[amount] == pytest.approx(more - found.value_after, rel=1e-3)


@pytest.mark.parametrize("amount", [10_000.0, 100_000.0])
def test_the_next_yuan_by_channel_goes_there_and_nowhere_else(amount):
    found = shared_split()
    for m in found.explanation.channels:
        total = 13.2e6 + amount
        shares = {f"channel.{c}.share": (s * 13.2e6 + amount * (c == m.channel)) / total for c, s in found.shares.items()}
        after = value(found.scenario.with_values(shares | {"budget": total}))
        assert m.next[amount] == pytest.approx(after - found.value_after, rel=1e-6)


def test_the_next_yuan_over_all_is_worth_at_least_that_of_the_best_free_channel_and_at_most_the_best():
    e = shared_split().explanation
    assert e.price == pytest.approx(e.next_total[10_000.0] / 10_000)
    assert min(m.marginal_after for m in e.channels) <= e.price <= max(m.marginal_after for m in e.channels)


# --- stability ----------------------------------------------------------------------------------------------------------

def test_without_draws_there_is_no_range():
    e = shared_split().explanation
    assert e.gain is None and all(m.shares is None for m in e.channels)


def test_with_certain_draws_every_draw_has_the_same_best_split():
    level = {"vat": np.full(8, sample().get("vat"))}
    found = best_split(sample(), draws=level)
    for m in found.explanation.channels:
        assert m.shares == pytest.approx([found.shares[m.channel]] * 3, abs=2e-3)
    gain = found.explanation.gain
    assert (gain.low, gain.high) == pytest.approx((found.gain, found.gain)) and gain.chance == 1


def test_the_split_of_an_uncertain_channel_is_less_stable():
    chance = np.random.default_rng(1)
    draws = {"channel.own_live.cvr": 0.026 * chance.lognormal(0, 0.2, 64)}
    found = best_split(sample(), draws=draws)
    width = {m.channel: m.shares[2] - m.shares[0] for m in found.explanation.channels}
    assert width["own_live"] > 0.05 and width["creators"] < 0.02


# --- frontiers ----------------------------------------------------------------------------------------------------------

@cache
def profits():
    return frontier(sample(), totals=[8e6, 11e6, 13.2e6, 16e6])


def test_the_frontier_at_todays_total_is_the_best_split():
    point = profits().points[2]
    assert point.at == pytest.approx(13.2e6) and point.total == pytest.approx(13.2e6)
    assert point.value == pytest.approx(shared_split().value_after, rel=1e-6)


@pytest.mark.parametrize("i", [0, 1, 3])
def test_each_point_is_what_a_search_at_its_total_finds_and_can_be_taken_over(i):
    point = profits().points[i]
    own = best_split(changed(budget=point.at), explained=False)
    assert point.value == pytest.approx(own.value_after, rel=1e-5)
    assert value(point.scenario) == pytest.approx(point.value, rel=1e-9)
    assert point.plan["net_profit"] == pytest.approx(point.value, rel=1e-9)
    assert point.scenario.get("budget") == pytest.approx(point.at)


def test_gmv_rises_with_the_total_and_lies_above_that_of_the_best_profit():
    totals = [p.at for p in profits().points]
    most = frontier(sample(), Objective("gmv"), totals=totals)
    gmv = [p.value for p in most.points]
    assert gmv == sorted(gmv)
    assert all(a >= p.plan["gmv"] * (1 - 1e-9) for a, p in zip(gmv, profits().points, strict=True))


def test_todays_plan_stands_on_the_same_picture():
    today = profits().today
    assert today.value == pytest.approx(value(sample())) and today.total == pytest.approx(13.2e6)


def test_totals_that_the_limits_rule_out_are_left_out():
    found = frontier(sample(), limits=Limits(spend_floor={"platform": 6e6}), totals=[5e6, 13.2e6])
    assert [p.at for p in found.points] == [pytest.approx(13.2e6)]


@pytest.mark.deep
def test_margin_falls_as_more_gmv_is_asked_and_every_point_keeps_its_level():
    found = trade_off(sample(), limits=Limits(move=None), points=6)
    margins = [p.value for p in found.points]
    assert len(found.points) == 6 and margins == sorted(margins, reverse=True)
    assert all(p.plan["gmv"] >= p.at * (1 - 1e-6) for p in found.points)
    assert found.points[0].value == pytest.approx(resolved(Limits(move=None), "net_margin_rate"), rel=1e-5)
    assert found.points[-1].plan["gmv"] == pytest.approx(resolved(Limits(move=None), "gmv"), rel=1e-6)


@pytest.mark.parametrize("make", [frontier, trade_off])
def test_frontiers_can_be_watched_and_stopped(make):
    seen, calls = [], iter(range(1000))
    found = make(sample(), progress=seen.append, stop=lambda: next(calls) >= 2)
    assert found.stopped and found.points
    whole = make(sample(), progress=seen.append, **({"points": 3} if make is trade_off else {"totals": [9e6, 12e6]}))
    assert not whole.stopped and 0 < seen[-1] <= 1


def test_a_kpi_that_does_not_exist():
    with pytest.raises(Impossible):
        trade_off(sample(), "fame")


def test_a_plan_of_two_years():
    found = frontier(plans.scenario(plans.rich(), {"months": 24}), totals=[10e6, 14e6])
    assert [p.total for p in found.points] == pytest.approx([10e6, 14e6])


def test_a_split_is_explained_afterwards_as_it_would_have_been_at_once():
    limits = Limits(locked=frozenset({"content"}), share_ceiling={"private": 0.06})
    bare, whole = (best_split(sample(), limits=limits, draws=256, explained=e) for e in (False, True))
    later = explained(bare, 256)
    assert bare.explanation is None and later.scenario == whole.scenario
    assert later.explanation.gain == whole.explanation.gain
    for one, other in zip(later.explanation.channels, whole.explanation.channels, strict=True):
        assert one.marginal_after == pytest.approx(other.marginal_after, rel=1e-6)
        assert {(h.kind, h.side) for h in one.holding} == {(h.kind, h.side) for h in other.holding}


def test_the_limits_that_are_come_up_to_are_named_and_all_that_hold_are_among_them():
    limits = Limits(locked=frozenset({"content"}), share_floor={"creators": 0.1}, at_least={"gmv": 1.121e8})
    found = best_split(sample(), limits=limits)
    named = {(r.kind, r.name) for r in found.at_limits}
    assert {("lock", "content"), ("share", "creators")} <= named and len(named) == len(found.at_limits)
    held = {(h.kind, h.name) for c in found.explanation.channels for h in c.holding} | {
        (h.kind, h.name) for h in found.explanation.limits}
    assert held <= named
    free = best_split(sample(), limits=Limits(move=None), explained=False)
    assert {r.kind for r in free.at_limits} == set()

"""What a question may move: every number that acts, no other, and the plan stays whole wherever it is moved to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plans
from model import Result, Scenario, customer_book, evaluate, kpi
from model.analysis.goalseek import seek
from model.analysis.optimize import Impossible, Objective
from model.analysis.optimize.search.levers import ONE_BY_ONE, Asker, levers_of
from model.analysis.sensitivity import uncertain_drivers
from model.analysis.twoway import two_way
from model.engine.checks import FAIL, checks
from model.engine.kpis import KPIS
from model.plan.schema import TABLES, applies, split
from samples import changed, sample
from strategies import random_plans

TIERED = plans.scenario(plans.tiered())
#: what may not be offered: address -> why
REFUSED = {
    "channel.organic.share": "not_of_this_channel", "channel.organic.new_share": "not_of_this_channel",
    "channel.organic.cpm": "not_of_this_channel", "channel.organic.ctr": "not_of_this_channel",
    "channel.private.new_share": "not_of_this_channel", "channel.private.join": "not_of_this_channel",
    "channel.private.saturation": "not_of_this_channel", "channel.platform.visits": "not_of_this_channel",
    "channel.platform.frequency": "not_of_this_channel", "repurchase_member_once": "set_by_tiers",
    "repurchase_member_again": "set_by_tiers", "member_benefit": "set_by_tiers",
    "last_year_repurchase_rate": "moves_nothing", "channel.platform.benchmark_ctr": "moves_nothing",
    "initiative.clearance.cost_once": "moves_nothing", "effect.clearance_write_off_rate.effect": "moves_nothing",
    "promotion.618.absence": "moves_nothing",
}


def figures(result: Result) -> np.ndarray:
    return np.array([*(float(kpi(result, k)[0]) for k in KPIS if k not in ONE_BY_ONE), float(customer_book(result)[0])])


def moved(scenario: Scenario, lever, value: float) -> Scenario:
    return Asker(scenario, (lever,), Objective("gmv")).scenario_of(np.array([value]))


def test_what_does_not_act_is_refused_by_name_and_not_offered():
    offered = {lv.address for lv in levers_of(sample())}
    for address, why in REFUSED.items():
        assert address not in offered, address
        for ask in (lambda a: seek(sample(), "gmv", 1e8, [a]), lambda a: seek(sample(), "gmv", 1e8, {a: (0.1, 0.2)}),
                    lambda a: two_way(sample(), "gmv", a, "headline.cvr"), lambda a: two_way(sample(), "gmv", "headline.cvr", a)):
            with pytest.raises(Impossible) as caught:
                ask(address)
            violation, = caught.value.violations
            assert (violation.code, violation.place, violation.got) == (why, address, address)


@settings(max_examples=5)
@given(random_plans(months=st.sampled_from((12, 14))), st.data())
def test_every_lever_offered_acts_and_leaves_the_plan_whole(values, data):
    """At both ends and between: no check fails, shares sum to one, and something follows from it."""
    tiers = {a: v for a, v in plans.tiered().items() if a.startswith("tier.")}
    scenario = plans.scenario(values | (tiers if data.draw(st.booleans()) else {}))
    before = figures(evaluate(scenario))
    for lv in data.draw(st.lists(st.sampled_from(levers_of(scenario)), min_size=8, max_size=8, unique=True)):
        part = data.draw(st.floats(0, 1))
        ends = [evaluate(moved(scenario, lv, lv.low + p * lv.width)) for p in (0, part, 1)]
        assert not [c for e in ends for c in checks(e) if c.status == FAIL], (lv, part)
        assert any(not np.allclose(figures(e), before, rtol=1e-13, atol=0, equal_nan=True) for e in ends), lv


def test_every_kind_of_lever_acts_and_leaves_the_plan_whole():
    """Of every field that is offered, the first row."""
    kinds = {}
    for lv in levers_of(sample()):
        kinds.setdefault((split(lv.address).table, split(lv.address).field), lv)
    before = figures(evaluate(sample()))
    for lv in kinds.values():
        ends = [evaluate(moved(sample(), lv, value)) for value in (lv.low, lv.high)]
        assert any(not np.allclose(figures(e), before, rtol=1e-13, atol=0, equal_nan=True) for e in ends), lv
        assert not [c.key for e in ends for c in checks(e) if c.status == FAIL], lv


def test_a_tiers_share_leaves_the_rest_to_the_other_tiers():
    found = seek(TIERED, "net_profit", 1.01 * float(kpi(evaluate(TIERED), "net_profit")[0]), ["tier.gold.share"])
    shares = {k: row["share"] for k, row in found.scenario.rows["tier"].items()}
    assert found.hit and sum(shares.values()) == pytest.approx(1, abs=1e-12)
    assert shares["silver"] / shares["diamond"] == pytest.approx(0.5 / 0.2)
    assert float(kpi(evaluate(found.scenario), "net_profit")[0]) == pytest.approx(found.reached, rel=1e-9)


def test_promotions_cannot_take_more_than_the_budget():
    scenario = plans.scenario(plans.rich(), {"promotion.618.budget_share": 0.6, "promotion.live_night.budget_share": 0.3})
    levers = {lv.address: lv for lv in levers_of(scenario)}
    assert levers["promotion.618.budget_share"].high == pytest.approx(0.7)
    both = tuple(levers[f"promotion.{key}.budget_share"] for key in ("618", "live_night"))
    there = Asker(scenario, both, Objective("gmv")).scenario_of(np.array([0.7, 0.4]))
    taken = [there.get(lv.address) for lv in both]
    assert sum(taken) == pytest.approx(1) and taken[0] / taken[1] == pytest.approx(7 / 4)


def test_a_number_of_zero_has_a_range_that_tells_something():
    lever = next(lv for lv in levers_of(plans.scenario(plans.rich(), {"technology": 0.0})) if lv.address == "technology")
    assert (lever.low, lever.high) == (0.0, 100_000.0)


def test_what_decides_moves_only_what_the_channel_has():
    for scenario in (sample(), TIERED, changed(months=24)):
        for _, _, addresses in uncertain_drivers(scenario):
            for a in map(split, addresses):
                row = scenario.rows[a.table].get(a.row, {})
                assert applies(TABLES[a.table][a.field], row), a

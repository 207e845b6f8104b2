"""Presets of a plan from its own draws: they earn what stands at their points, lie to both sides of it, and never change."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from model import evaluate
from model.analysis.presets import points, presets
from model.analysis.risk import simulate
from samples import changed, sample

#: sample, two years, another base of the year
PLANS = {"sample": sample(), "two years": changed(months=24), "dear traffic": changed(headline__traffic_price=1.2, budget=8e6)}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_net_profit_of_a_preset_stands_at_its_point_of_the_draws(plan):
    found = simulate(plan, 1024, by_month=False)
    made, profit = presets(found), found.draws("net_profit")
    earned = {k: float(evaluate(s).lines["net_profit"].sum()) for k, s in made.items()}
    assert {k: float((profit < earned[k]).mean()) for k in made} == pytest.approx(points(found), abs=0.01)
    assert earned["conservative"] < earned["base"] < earned["ambitious"]
    assert made["base"] == plan and presets(found) == made


@pytest.mark.parametrize(("plan", "low", "high"), [(50, 0.2, 0.8), (90, 0.2, 0.95), (10, 0.05, 0.8), (1000, 0.2, 1.0)])
def test_the_points_are_20_and_80_per_cent_but_for_a_plan_that_lies_beyond(plan, low, high):
    draws = SimpleNamespace(draws=lambda key: np.arange(100.0), plan_value=lambda key: plan)
    found = points(draws)
    assert (found["conservative"], found["ambitious"]) == pytest.approx((low, high))


def test_every_number_goes_its_way_from_the_plan_and_stays_plausible():
    found = simulate(sample(), 1024, by_month=False)
    made, plan = presets(found), sample()
    low, high = (made[k].get("channel.platform.refund_rate") for k in ("conservative", "ambitious"))
    assert high < plan.get("channel.platform.refund_rate") < low, "the sample lies between its points"
    low, high = (made[k].get("channel.platform.aov") for k in ("conservative", "ambitious"))
    assert low < plan.get("channel.platform.aov") < high
    for name, scenario in made.items():
        for address, value in scenario.changes:
            ends = found.uncertain.marginals[address].at(np.array([-3.0, 3.0]))
            assert ends[0] <= value <= ends[1], (name, address)


def test_a_certain_plan_has_none():
    uncertain = simulate(sample(), 64, by_month=False).uncertain.marginals
    values = {f"distribution.{k}": None for k in sample().rows["distribution"]}
    for i, address in enumerate(uncertain):
        values |= {f"distribution.d{i}.address": address, f"distribution.d{i}.family": "fixed"}
    plan = sample().with_values(values)
    assert presets(simulate(plan, 64, by_month=False)) == {}

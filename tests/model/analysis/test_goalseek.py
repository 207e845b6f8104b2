"""Goal seek: the value that reaches a target, the least change of several, the nearest where none does."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import evaluate, kpi
from model.analysis.goalseek import Limit, seek
from model.analysis.optimize import Impossible, Objective
from model.analysis.optimize.search.levers import Asker
from model.analysis.risk.summary import quantile
from model.plan.schema import driver_of
from samples import changed, sample


def value(scenario, key: str = "net_profit") -> float:
    return float(kpi(evaluate(scenario), key)[0])


@cache
def draws():
    chance = np.random.default_rng(2)
    return {"channel.platform.cvr": 0.028 * chance.lognormal(0, 0.15, 100), "inflation": chance.uniform(0, 0.2, 100)}


# --- one lever ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("key", "target", "address", "limits"), [
    ("net_profit", 4e6, "headline.cvr", None), ("net_profit", 2e6, "headline.cvr", None), ("gmv", 1.2e8, "budget", None),
    ("net_margin_rate", 0.06, "headline.refund_rate", None), ("marketing_rate", 0.23, "channel.platform.cpm", (5, 300)),
    ("net_profit", 3e6, "channel.creators.share", (0, 0.5)), ("orders", 7e5, "channel.platform.cvr", (0.001, 0.2)),
])
def test_the_value_needed_reaches_the_target(key, target, address, limits):
    found = seek(sample(), key, target, {address: limits})
    assert found.hit and not found.already and found.limited_by == ()
    assert value(found.scenario, key) == pytest.approx(target, rel=1e-8)
    assert found.reached == pytest.approx(target, rel=1e-8)
    assert found.scenario.get(address) == pytest.approx(found.values[address], rel=1e-12)


@given(st.floats(0.86, 1.14))
@settings(max_examples=8)
def test_a_known_answer_is_found_again(factor):
    target = value(changed(headline__aov=factor), "gmv")
    assert seek(sample(), "gmv", target, ["headline.aov"]).values["headline.aov"] == pytest.approx(factor, rel=1e-9)


def test_the_plan_itself_is_its_own_answer():
    found = seek(sample(), "net_profit", value(sample()), ["headline.cvr"])
    assert found.values["headline.cvr"] == pytest.approx(1.0, abs=1e-11) and found.change == pytest.approx(0, abs=1e-10)


def test_of_two_values_the_nearer_to_today_comes_first():
    """Profit rises and falls with the budget of a small plan: two budgets give the same profit."""
    scenario = changed(budget=2e6, inflation=-0.4)
    most = max(value(scenario.with_values({"budget": b})) for b in np.linspace(1e6, 3e7, 30))
    target = most - 0.2 * abs(most - value(scenario))
    found = seek(scenario, "net_profit", target, {"budget": (1e6, 6e7)})
    assert found.hit and len(found.others) >= 1
    distance = [abs(b - 2e6) for b in (found.values["budget"], *found.others)]
    assert distance == sorted(distance)
    for budget in found.others:
        assert value(scenario.with_values({"budget": budget})) == pytest.approx(target, rel=1e-7)


def test_out_of_reach_says_how_far_it_gets_and_which_end_stops_it():
    found = seek(sample(), "net_profit", 9e7, ["headline.cvr"])
    assert not found.hit and found.limited_by == (Limit("headline.cvr", "high"),)
    assert found.values["headline.cvr"] == found.levers[0].high
    assert found.reached == pytest.approx(value(found.scenario)) and found.reached < 9e7


def test_a_lever_that_turns_is_named_as_such():
    found = seek(sample(), "gmv", 1.2e8, {"channel.platform.share": (0.05, 0.9)})
    assert not found.hit and found.limited_by == (Limit("channel.platform.share", "turn"),)
    assert found.reached >= max(found.curve[1])


def test_shares_still_sum_to_one():
    found = seek(sample(), "net_profit", 3e6, ["channel.creators.share"])
    shares = [r["share"] for r in found.scenario.rows["channel"].values() if r["kind"] != "organic"]
    assert sum(shares) == pytest.approx(1, abs=1e-12)
    assert found.scenario.get("channel.platform.share") / found.scenario.get("channel.content.share") == pytest.approx(0.48 / 0.14)


# --- several levers -----------------------------------------------------------------------------------------------------

SEVERAL = ["headline.cvr", "headline.aov", "headline.refund_rate"]


def test_several_levers_reach_it_with_less_change_than_any_one():
    found = seek(sample(), "net_profit", 4e6, SEVERAL)
    assert found.hit and value(found.scenario) == pytest.approx(4e6, rel=2e-6)
    for one in SEVERAL:
        alone = seek(sample(), "net_profit", 4e6, [one])
        part = abs(alone.values[one] - 1) / alone.levers[0].width
        assert found.change * np.sqrt(len(SEVERAL)) <= part + 1e-9


def test_the_change_is_least_against_brute_force():
    found = seek(sample(), "net_profit", 3.5e6, {"headline.cvr": (0.8, 1.2), "headline.aov": (0.7, 1.5)})
    best = np.inf
    for cvr in np.linspace(1, 1.1, 21):
        aov = seek(changed(headline__cvr=float(cvr)), "net_profit", 3.5e6, {"headline.aov": (0.7, 1.5)})
        if aov.hit:
            best = min(best, ((cvr - 1) / 0.4) ** 2 + ((aov.values["headline.aov"] - 1) / 0.8) ** 2)
    assert found.change ** 2 * 2 == pytest.approx(best, rel=1e-2) and found.change ** 2 * 2 <= best * (1 + 1e-4)


def test_a_wider_range_takes_more_of_the_change():
    narrow = seek(sample(), "net_profit", 3.5e6, {"headline.cvr": (0.95, 1.05), "headline.aov": (0.6, 1.4)})
    assert abs(narrow.values["headline.aov"] - 1) > abs(narrow.values["headline.cvr"] - 1)


def test_already_there_changes_nothing():
    found = seek(sample(), "net_profit", 1e6, SEVERAL)
    assert found.already and found.hit and found.scenario == sample() and found.change == 0


def test_several_out_of_reach_name_every_end():
    found = seek(sample(), "net_profit", 9e8, SEVERAL)
    assert not found.hit
    assert {(x.address, x.why) for x in found.limited_by} == {
        ("headline.cvr", "high"), ("headline.aov", "high"), ("headline.refund_rate", "low")}


# --- over draws ---------------------------------------------------------------------------------------------------------

def test_eighty_per_cent_sure():
    goal = Objective("gmv", "chance", target=1.13e8)
    found = seek(sample(), goal, 0.8, ["headline.aov"], draws())
    chance = (kpi(evaluate(found.scenario, draws()), "gmv") >= 1.13e8).mean()
    assert found.hit and chance == pytest.approx(0.8, abs=1 / 99) and found.reached == pytest.approx(chance)


@pytest.mark.parametrize("levers", [["headline.aov"], ["headline.aov", "headline.ctr"]])
def test_a_percentile_reaches_the_target(levers):
    goal = Objective("net_profit", "percentile", level=0.2)
    found = seek(sample(), goal, 3e6, levers, draws())
    assert found.hit and quantile(np.sort(kpi(evaluate(found.scenario, draws()), "net_profit")), 0.2) == pytest.approx(3e6, rel=1e-5)


@pytest.mark.parametrize("levers", [["headline.aov"], ["headline.aov", "headline.ctr"]])
def test_a_chance_that_nothing_moves_says_so_and_changes_nothing(levers):
    found = seek(sample(), Objective("gmv", "chance", target=1e15), 0.8, levers, draws())
    assert not found.hit and found.reached == 0 and found.scenario == sample()
    assert found.limited_by == tuple(Limit(a, "flat") for a in levers)


def test_more_than_sure_already_is_no_miss():
    found = seek(sample(), Objective("gmv", "chance", target=1.0), 0.8, ["headline.aov"], draws())
    assert found.hit and found.already and found.reached == 1


def test_a_kpi_of_the_plan_alone_is_sought_column_by_column():
    found = seek(sample(), "repurchase_rate_year", 0.31, ["headline.repurchase_rate"])
    assert found.hit and value(found.scenario, "repurchase_rate_year") == pytest.approx(0.31, rel=1e-9)


def test_several_levers_for_a_chance():
    found = seek(sample(), Objective("gmv", "chance", target=1.13e8), 0.8, ["headline.aov", "headline.ctr"], draws())
    assert found.hit and 0.8 <= (kpi(evaluate(found.scenario, draws()), "gmv") >= 1.13e8).mean() <= 0.83


def test_an_uncertain_lever_takes_its_draws_along():
    goal = Objective("gmv", "mean")
    found = seek(sample(), goal, 1.15e8, {"channel.platform.cvr": (0.02, 0.05)}, draws())
    moved = dict(draws()) | {"channel.platform.cvr": draws()["channel.platform.cvr"] * found.values["channel.platform.cvr"] / 0.028}
    assert kpi(evaluate(sample(), moved), "gmv").mean() == pytest.approx(1.15e8, rel=1e-6)


# --- refusals -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("levers", [[], ["nothing"], ["months"], ["start"], ["channel.nobody.cpm"], ["channel.platform"],
                                    ["channel.platform.phasing_01"], {"vat": (0.3, 0.2)}, ["promotion.618.on"]])
def test_what_is_no_lever(levers):
    with pytest.raises(Impossible) as caught:
        seek(sample(), "gmv", 1e8, levers)
    assert caught.value.code == "not_a_lever"


def test_targets_and_measures_that_cannot_be():
    with pytest.raises(Impossible, match="not_finite"):
        seek(sample(), "gmv", float("nan"), ["vat"])
    with pytest.raises(Impossible, match="draws_missing"):
        seek(sample(), Objective("gmv", "mean"), 1e8, ["vat"])
    with pytest.raises(Impossible, match="unknown_objective"):
        seek(sample(), "fame", 1e8, ["vat"])


@pytest.mark.parametrize("address", ["budget", "vat", "headline.cvr", "channel.platform.cpm", "promotion.618.discount",
                                     "channel.platform.share", "other_overhead"])
def test_ranges_lie_within_the_drivers_bounds(address):
    if address.startswith("promotion") and "618" not in sample().rows["promotion"]:
        address = f"promotion.{next(iter(sample().rows['promotion']))}.discount"
    lever, driver = seek(sample(), "gmv", 1e8, [address]).levers[0], driver_of(address)
    assert driver.low <= lever.low < lever.high <= driver.high and lever.low <= lever.today <= lever.high


def test_a_search_over_several_levers_says_how_far_it_is_and_stops():
    levers, told = ["headline.cvr", "headline.aov"], []
    whole = seek(sample(), "net_profit", 4e6, levers, progress=told.append)
    assert whole.hit and not whole.stopped
    assert told == sorted(told) and 0 < told[0] < told[-1] < 1
    ended = seek(sample(), "net_profit", 4e6, levers, stop=lambda: True)
    assert ended.stopped and not ended.limited_by
    assert len(told) > 2


@pytest.mark.parametrize("target, told_at_least", [(1.13e8, 18), (1e15, 18)], ids=["within reach", "out of reach"])
def test_a_search_over_draws_with_one_lever_says_how_far_it_is_and_stops(target, told_at_least):
    """80 % sure of a GMV: stopped after three of the first look's 18 points, the nearest of them is the answer so far."""
    goal, told = Objective("gmv", "percentile", level=0.2), []
    whole = seek(sample(), goal, target, ["headline.aov"], draws(), progress=told.append)
    assert not whole.stopped and whole.hit == (target < 1e15)
    assert told == sorted(told) and 0 < told[0] < told[-1] <= 1 and len(told) >= told_at_least
    seen: list[float] = []
    ended = seek(sample(), goal, target, ["headline.aov"], draws(), progress=seen.append, stop=lambda: len(seen) >= 3)
    assert ended.stopped and not ended.hit and not ended.limited_by and len(seen) == 3
    tried, reached = ended.curve
    assert tried.size == 3 and ended.values["headline.aov"] in [*tried, 1.0]
    assert abs(ended.reached - target) <= np.abs(reached - target).min() * (1 + 1e-12)
    late = seek(sample(), goal, target, ["headline.aov"], draws(), stop=lambda: False)
    assert late.values == whole.values


# --- what stops it is true ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("levers", [["headline.aov"], ["headline.cvr"], ["headline.cvr", "headline.refund_rate"]])
def test_a_step_function_that_is_as_good_further_out_is_not_said_to_get_worse(levers):
    """Beyond some value the chance is 1, and nothing comes nearer to 1.2 than that."""
    found = seek(sample(), Objective("gmv", "chance", target=1.09e8), 1.2, levers, draws())
    assert not found.hit and found.reached == 1
    for limit, lv in zip(found.limited_by, found.levers, strict=True):
        further = found.scenario.with_values({lv.address: lv.high if found.values[lv.address] > lv.today else lv.low})
        assert (kpi(evaluate(further, draws()), "gmv") >= 1.09e8).mean() == 1
        assert limit.why in ("level", "flat"), limit


@pytest.mark.parametrize(("key", "target", "levers"), [
    ("gmv", 1.2e8, {"channel.platform.share": (0.05, 0.9)}), ("net_profit", 9e7, {"headline.cvr": (0.8, 1.15)}),
    ("net_profit", 9e7, {"headline.cvr": (0.8, 1.15), "credit_days": (10.0, 50.0), "channel.platform.share": (0.05, 0.9)}),
])
def test_what_is_said_to_stop_a_lever_holds_all_over_its_range(key, target, levers):
    found = seek(sample(), key, target, levers)
    for limit, lv in zip(found.limited_by, found.levers, strict=True):
        values = np.unique([*np.linspace(lv.low, lv.high, 41), found.values[lv.address]])
        at = np.array([found.reached if v == found.values[lv.address] else _moved(found, lv.address, v, key) for v in values])
        here = at[values == found.values[lv.address]][0]
        assert here >= at.max() - 1e-3 * abs(at.max() - at.min()) - 1e-9 * abs(here), limit
        shape = {"flat": np.ptp(at) <= 1e-9 * abs(here), "turn": max(at[0], at[-1]) < here, "low": values[0] == found.values[lv.address],
                 "high": values[-1] == found.values[lv.address], "level": max(at[0], at[-1]) >= here * (1 - 1e-9)}
        assert shape[limit.why], (limit, here, at)
    assert found.values.get("credit_days", 30.0) == sample().get("credit_days") or "credit_days" not in levers


def _moved(found, address: str, value_: float, key: str) -> float:
    point = np.array([[value_ if lv.address == address else found.values[lv.address] for lv in found.levers]])
    return float(Asker(sample(), found.levers, Objective(key)).measured(point)[0])

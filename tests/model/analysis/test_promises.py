"""What is promised over draws is what the risk bands of the scenario say once it is taken over, events included."""

from __future__ import annotations

import pytest
from every import as_many, part

from model import Scenario
from model.analysis.goalseek import seek
from model.analysis.optimize import Impossible, Limits, Objective, best_split, frontier
from model.analysis.risk.simulate import RiskResult, simulate
from model.plan import risks as ri
from samples import changed, sample

#: fewer than the app's, the same function
DRAWS = as_many(128, 512)


def risky() -> Scenario:
    """The sample with eight more events, more than have a dimension of their own to be spread in."""
    more = {}
    for i, driver in enumerate(("cvr", "cpm", "aov", "refund_rate", "ctr", "fill", "fulfilment_cost", "cvr")):
        more |= {f"event.more{i}.probability": 0.1 + 0.1 * i, f"event_effect.more{i}.event": f"more{i}",
                 f"event_effect.more{i}.driver": driver, f"event_effect.more{i}.likely": 0.95 if i % 2 else 1.1}
    return sample().with_values(more)


PLANS = {"sample": sample(), "many events": risky(), "24 months": changed(months=24), "6 months": changed(months=6),
         "no events": sample().with_values({f"event.{k}.on": False for k in sample().rows[ri.EVENT]})}
#: a measure, and what the bands say of it
MEASURES = {
    "mean": (Objective(measure="mean"), lambda r: float(r.year("net_profit").mean)),
    "10 % point": (Objective(measure="percentile", level=0.1), lambda r: float(r.year("net_profit").point(10))),
    "worst 5 %": (Objective(measure="shortfall", level=0.05), lambda r: r.shortfall("net_profit")[0]),
    "a cost's worst 5 %": (Objective("marketing_rate", "shortfall", level=0.05), lambda r: r.shortfall("marketing_rate")[0]),
}


def card(scenario: Scenario) -> RiskResult:
    return simulate(scenario, DRAWS, by_month=False)


def middle(scenario: Scenario, key: str, per_cent: int = 50) -> float:
    """About as likely as not to be reached."""
    return float(card(scenario).year(key).point(per_cent))


def of_chance(key: str, target: float, plan: Scenario | None = None):
    """The chance of a target: as its own row, the one on the card, counts it; of a cut year, whose target is cut, as any is."""
    def told(found: RiskResult) -> float:
        if plan is not None and plan.get("months") != 12:
            return found.chance(key, target)[0]
        row = found.scenario.with_values({"target.asked.kpi": key, "target.asked.period": "year", "target.asked.value": target})
        return card(row).chances["asked"].chance
    return Objective(key, "chance", target=target), told


@pytest.mark.parametrize("name", part(PLANS, 3))
def test_eighty_per_cent_sure_is_what_the_card_says_after_taking_it_over(name):
    """One number and several, a chance and a bad year; what a plan is today stands before it as its own card says."""
    plan = PLANS[name]
    objective, told = of_chance("gmv", middle(plan, "gmv"), plan)
    bad_year, low = MEASURES["10 % point"]
    one, several = ["headline.cvr"], ["headline.cvr", "headline.aov", "headline.refund_rate"]
    for levers in (one, several) if name in ("sample", "24 months") else (one,):
        asks = ((objective, 0.8, told), (bad_year, middle(plan, "net_profit", 25), low))
        for wanted, target, say in asks if name == "sample" else asks[:1]:
            found = seek(plan, wanted, target, levers, DRAWS)
            after, before = say(card(found.scenario)), say(card(plan))
            assert found.start == pytest.approx(before, rel=1e-12), (levers, wanted)
            assert found.reached == pytest.approx(after, rel=1e-12), (levers, wanted)
            assert found.hit and after >= target, "the promise holds"
            assert len(levers) > 1 or after <= target + max(1e-4 * abs(target), 2 / DRAWS), "and is no more than was asked for"


@pytest.mark.parametrize("name", part(PLANS, 3))
def test_the_best_split_promises_what_its_card_says(name):
    plan = PLANS[name]
    for key, (objective, told) in MEASURES.items() if name == "sample" else list(MEASURES.items())[1:2]:
        found = best_split(plan, objective, draws=DRAWS, starts_wanted=1)
        assert found.value_before == pytest.approx(told(card(plan)), rel=1e-12), key
        assert found.value_after == pytest.approx(told(card(found.scenario)), rel=1e-12), key
        assert found.gain >= 0
        gain = card(found.scenario).year(objective.key).mean - card(plan).year(objective.key).mean
        assert found.explanation.gain.mean * objective.sign == pytest.approx(float(gain), rel=1e-4, abs=1e-7), key


def test_a_chance_as_the_objective_is_the_cards_chance_and_falls_nowhere():
    objective, told = of_chance("net_profit", 2e6)
    for more in ({}, {"limits": Limits(budget=(10e6, 16e6))}):
        found = best_split(sample(), objective, draws=DRAWS, starts_wanted=1, explained=False, **more)
        assert found.value_before == told(card(sample())) and found.value_after == told(card(found.scenario)), more
        assert found.gain > 0, more


@pytest.mark.deep
def test_every_point_of_a_frontier_promises_what_its_card_says():
    objective, told = of_chance("gmv", 1.14e8)
    found = frontier(sample(), objective, totals=[11e6, 13.2e6, 16e6], draws=DRAWS)
    assert len(found.points) == 3 and found.today.value == told(card(sample())) == card(sample()).chances["gmv_year"].chance
    for point in found.points:
        assert point.value == told(card(point.scenario)), point.at


def test_a_chance_of_staying_below_a_cost_is_a_chance_too():
    """More of it is better, though less of the KPI is; the answer is on the good side of a falling chance."""
    objective, told = of_chance("refund_rate", middle(sample(), "refund_rate"))
    found = seek(sample(), objective, 0.8, {"headline.refund_rate": (0.5, 1.5)}, DRAWS)
    assert found.hit and found.values["headline.refund_rate"] < 1
    assert 0.8 <= found.reached == told(card(found.scenario)) <= 0.8 + 2 / DRAWS


def test_a_number_whose_draws_a_row_of_its_own_places_is_refused_by_name():
    """The plan's value moves none of them: the card would not move."""
    row = {"distribution.own.address": "channel.platform.cvr", "distribution.own.family": "uniform",
           "distribution.own.low": 0.02, "distribution.own.high": 0.05}
    plan = sample().with_values(row)
    for levers in (["channel.platform.cvr"], ["channel.platform.cvr", "headline.aov"]):
        with pytest.raises(Impossible) as caught:
            seek(plan, Objective("gmv", "mean"), 1.2e8, levers, DRAWS)
        assert caught.value.violations[0].place == "channel.platform.cvr"
    assert seek(plan, "gmv", 1.13e8, ["channel.platform.cvr"]).hit, "without draws it is as good as any"

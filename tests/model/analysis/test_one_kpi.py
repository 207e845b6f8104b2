"""Store rating and hero products' share of the budget: each feeds one KPI, takes targets, and moves nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from every import each

import plans
from model import Scenario, evaluate, kpi, read_plan, targets, what_decides, write_plan
from model.analysis.compare import bridge
from model.analysis.risk.inputs import deciding, uncertain
from model.analysis.risk.shares import variance_shares
from model.analysis.risk.simulate import simulate
from model.engine.kpis import period_of
from model.io.files import from_json, to_json
from samples import CSV, changed, codes, refused, sample, sample_plan

RATING = {"initiative.service.start": "2027-03", "initiative.service.ramp_months": 2,
          "effect.service.initiative": "service", "effect.service.driver": "store_rating", "effect.service.effect": 0.01}
OURS = ("hero_budget_share", "store_rating")


def rated(**more) -> Scenario:
    """The rich plan, its store rated 4.6, with an initiative that adds 1 % in two steps: March and April."""
    return plans.scenario(plans.rich() | RATING | {"store_rating": 4.6} | more)


def of(result, key: str, period: str) -> float:
    return float(kpi(result, key, period_of(period, result.months))[0])


# --- the rating --------------------------------------------------------------------------------------------------------

@each("period, rating", [
    ("2027-02", 4.6), ("2027-03", 4.6 * 1.005), ("2027-04", 4.6 * 1.01), ("Q1", 4.6 * (3 + 0.005) / 3),
    ("Q2", 4.6 * 1.01), ("year", 4.6 * (12 + 0.005 + 9 * 0.01) / 12),
])
def test_the_rating_is_the_mean_of_its_months(period, rating):
    assert of(evaluate(rated()), "store_rating", period) == pytest.approx(rating, rel=1e-12)


@each("period, value, hit", [
    ("year", 4.63, True), ("year", 4.65, False), ("Q1", 4.61, False), ("2027-12", 4.64, True)])
def test_a_target_on_the_rating_is_a_floor(period, value, hit):
    found = targets(evaluate(rated(**{"target.dsr.kpi": "store_rating", "target.dsr.period": period, "target.dsr.value": value})))
    assert {t.key: bool(t.hit[0]) for t in found}["dsr"] is hit


def test_no_initiative_lifts_the_rating_above_five_points():
    assert of(evaluate(rated(**{"effect.service.effect": 0.5})), "store_rating", "2027-12") == 5.0


@each("value, code", [(0.9, "too_low"), (5.01, "too_high"), ("4.8 points", "not_a_number")])
def test_a_rating_has_one_to_five_points(value, code):
    assert codes(refused(sample().with_values, {"store_rating": value})) == [(code, "store_rating")]


# --- the hero products' share ------------------------------------------------------------------------------------------

def test_the_spend_on_hero_products_is_their_share_of_the_spend_in_every_month():
    result = evaluate(changed(hero_budget_share=0.35))
    spend = result.lines["spend"][:, 0]
    assert of(result, "hero_spend", "year") == pytest.approx(0.35 * 13_200_000, rel=1e-12)
    for m, month in enumerate(result.months):
        assert of(result, "hero_spend", month) == pytest.approx(0.35 * spend[m], rel=1e-12)


def test_it_follows_the_budget():
    assert of(evaluate(changed(headline__budget=1.1)), "hero_spend", "year") == pytest.approx(0.4 * 1.1 * 13.2e6, rel=1e-12)


# --- nothing else ------------------------------------------------------------------------------------------------------

@each("address, key, values", [
    ("store_rating", "store_rating", [4.0, 4.8, 5.0]), ("hero_budget_share", "hero_spend", [0.0, 0.4, 1.0])])
def test_draws_move_its_kpi_and_no_line(address, key, values):
    result, plan = evaluate(sample(), {address: np.array(values)}), evaluate(sample())
    for line, amounts in result.lines.items():
        assert np.array_equal(amounts, np.broadcast_to(amounts[:, :1], amounts.shape)), line
        np.testing.assert_allclose(amounts[:, :1], plan.lines[line], rtol=1e-12, err_msg=line)
    found = kpi(result, key)
    assert found.shape == (3,) and found[0] < found[1] < found[2]
    assert found[1] == pytest.approx(kpi(plan, key)[0], rel=1e-12)
    each = [kpi(evaluate(sample().with_values({address: v})), key)[0] for v in values]
    np.testing.assert_allclose(found, each, rtol=1e-12)


def test_what_decides_does_not_list_them():
    assert not {s.key for s in what_decides(sample()).swings} & set(OURS)


def test_the_bridge_of_another_kpi_does_not_list_them_and_the_bridge_of_their_own_does():
    other = changed(store_rating=4.5, effect__service_store_rating__effect=0.01, hero_budget_share=0.5)
    assert bridge(sample(), other, "net_profit").bars == ()
    rating = bridge(sample(), other, "store_rating")
    assert {a for bar in rating.bars for part in bar.drivers for a in part.addresses} == {
        "store_rating", "effect.service_store_rating.effect"}
    assert sum(bar.value for bar in rating.bars) == pytest.approx(rating.end - rating.start)


def test_an_effect_that_comes_to_act_on_the_rating_counts_with_what_it_acted_on_before():
    other = changed(effect__service_refund_rate__driver="store_rating")
    bars = bridge(sample(), other, "net_profit").bars
    assert [bar.group for bar in bars] == ["initiatives"] and bars[0].value < 0


# --- risk --------------------------------------------------------------------------------------------------------------

OUR_DRAWS = {"store_rating", "effect.service_store_rating.effect"}


def test_the_shares_of_the_risk_of_profit_do_not_list_them():
    found = simulate(sample(), 1024, by_month=False)
    assert set(found.uncertain.marginals) >= OUR_DRAWS
    assert not OUR_DRAWS & set(variance_shares(found).shares)
    assert set(found.uncertain.marginals) - set(deciding(sample(), found.uncertain.marginals, "gmv")) == OUR_DRAWS
    assert set(deciding(sample(), found.uncertain.marginals, "store_rating")) >= OUR_DRAWS


def test_they_are_drawn_only_where_a_target_asks_for_it():
    without = sample().with_values({"target.rating": None})
    assert set(uncertain(sample()).marginals) - set(uncertain(without).marginals) == OUR_DRAWS
    assert set(uncertain(without).marginals) < set(uncertain(sample()).marginals)


def test_complaints_lower_the_rating_and_the_chance_of_its_target_only_through_it():
    calm, rough = (simulate(changed(event__complaints__probability=p), 1024, by_month=False) for p in (0.0, 1.0))
    assert 0 < rough.chances["rating"].chance < calm.chances["rating"].chance - 0.1
    deaf = {f"event_effect.complaints_store_rating.{k}": 1.0 for k in ("mild", "likely", "severe")}
    unheard = simulate(changed(event__complaints__probability=1.0).with_values(deaf), 1024, by_month=False)
    assert unheard.chances["rating"].chance == calm.chances["rating"].chance
    assert np.array_equal(unheard.draws("net_profit"), rough.draws("net_profit"))


# --- files -------------------------------------------------------------------------------------------------------------

def older() -> bytes:
    """The sample's file from before these rows."""
    lines = CSV.read_text(encoding="utf-8").splitlines(keepends=True)
    ours = (",store_rating,", "_store_rating,", "hero_budget_share", "target,rating,")
    return "".join(x for x in lines if not any(word in x for word in ours)).encode()


def test_a_plan_and_a_scenario_file_from_before_these_rows_load_with_the_defaults():
    plan = read_plan(older(), "old")
    assert len(sample_plan().values) - len(plan.values) == 15 and not plan.rows["target"].get("rating")
    for scenario in (Scenario(plan), from_json(to_json(Scenario(plan).with_values({"vat": 0.1})))):
        result = evaluate(scenario)
        assert float(kpi(result, "store_rating")[0]) == pytest.approx(4.8) and float(kpi(result, "hero_spend")[0]) == 0
    assert np.array_equal(evaluate(Scenario(plan)).lines["net_profit"], evaluate(sample()).lines["net_profit"])


def test_they_go_out_and_come_back_in():
    scenario = changed(store_rating=4.75, hero_budget_share=0.3, target__rating__value=4.7)
    text = write_plan(scenario.as_plan("mine"))
    assert "business,,store_rating,4.75,points," in text and "business,,hero_budget_share,0.3,rate," in text
    assert dict(read_plan(text.encode("utf-8-sig"), "mine").values) == dict(scenario.as_plan("mine").values)
    assert from_json(to_json(scenario)) == scenario

"""The whole plan on draws: promises of section 7 held on the sample, and on plans made for one question each."""

from __future__ import annotations

import numpy as np
import pytest
from every import as_many, each

import plans
from model import KPIS, InvalidInput, Plan, Scenario, UnknownName, evaluate, from_json, kpi
from model.analysis.risk.compare import compare_risks
from model.analysis.risk.inputs import Monthly, uncertain
from model.analysis.risk.register import register, stress
from model.analysis.risk.shares import variance_shares
from model.analysis.risk.shocks import addresses, risks
from model.analysis.risk.simulate import YEARLY, simulate
from model.analysis.risk.summary import POINTS, Summary
from model.plan import risks as ri
from model.plan.schema import driver_of
from samples import ROOT, changed, sample, sample_plan

DRAWS = 1024
PRESETS = {name: from_json((ROOT / f"sample_data/scenarios/{name}.json").read_bytes(), {"sample": sample_plan()})
           for name in ("conservative", "ambitious")}


@pytest.fixture(scope="module")
def found():
    return simulate(sample(), DRAWS)


# --- what a result says -------------------------------------------------------------------------------------------------

def test_every_figure_has_its_error(found):
    for key in YEARLY:
        assert found.year(key).points.shape == found.year(key).points_error.shape == (len(POINTS),)
        assert np.all(np.diff(found.year(key).points) >= 0) and np.all(found.year(key).points_error > 0)
    for key in ("gmv", "net_revenue", "net_profit", "net_margin_rate", "cash"):
        for summary in (found.months(key), found.so_far(key)):
            assert summary.points.shape == (len(POINTS), 12) and summary.mean_error.shape == (12,)


def test_months_add_up_to_the_year(found):
    assert found.months("gmv").mean.sum() == pytest.approx(float(found.year("gmv").mean), rel=1e-9)
    assert found.so_far("net_profit").point(5)[-1] == pytest.approx(float(found.year("net_profit").point(5)), rel=1e-7)
    assert found.so_far("cash").point(50)[-1] == pytest.approx(float(found.year("closing_cash").point(50)), rel=1e-9)


def test_the_plan_stands_beside_the_average_outcome(found):
    plan = evaluate(sample())
    for key in YEARLY:
        assert found.plan_value(key) == pytest.approx(float(kpi(plan, key)[0]), rel=1e-12)
    assert found.year("net_profit").mean < found.plan_value("net_profit")


def test_chances_are_shares_of_draws_that_hit(found):
    gmv, target = found.draws("gmv"), found.chances["gmv_year"]
    assert target.chance == pytest.approx(np.mean(gmv >= target.target)) and 0 < target.error < 0.05
    assert np.isnan(found.chances["repurchase"].chance)
    assert all(0 <= c.chance <= 1 for c in found.chances.values() if c.kpi != "repurchase_rate_year")


def test_shortfall_is_the_mean_of_the_worst_and_for_costs_of_the_highest(found):
    worst, error = found.shortfall("net_profit")
    assert worst < found.year("net_profit").point(5) and error > 0
    assert found.shortfall("refund_rate")[0] > found.year("refund_rate").point(95) and KPIS["refund_rate"].good < 0


def test_bands_by_month_move_no_other_figure(found):
    """Simulate, Compare and Optimize spare them, Risk does not: to the bit the same all the same."""
    spared = simulate(sample(), DRAWS, by_month=False).run
    assert spared.outputs.keys() < found.run.outputs.keys()
    for key, summary in spared.summaries.items():
        for name in Summary.__dataclass_fields__:
            assert np.array_equal(getattr(summary, name), getattr(found.run.summaries[key], name), equal_nan=True), (key, name)


def certain(scenario: Scenario) -> Scenario:
    """With every number fixed."""
    rows = {f"distribution.fixed{i}": a for i, a in enumerate(uncertain(scenario).marginals)}
    return scenario.with_values({f"{row}.{k}": v for row, a in rows.items() for k, v in (("address", a), ("family", ri.FIXED))})


def test_a_plan_of_events_alone_and_one_without_anything_uncertain():
    alone = certain(plans.scenario(quiet(SURE | CUT | {"event.x.probability": 0.25})))
    found, plan = simulate(alone, 512), evaluate(alone)
    assert not found.uncertain.marginals and found.year("gmv").mean < found.plan_value("gmv")
    assert found.run["event.x"].mean == pytest.approx(0.25, abs=0.01)
    for probability in (0.0, 1.0):
        year = simulate(alone.with_values({"event.x.probability": probability}), 512).year("gmv")
        assert year.point(95) == pytest.approx(float(kpi(plan, "gmv")[0]) - 2e5 * probability, rel=1e-6)
    nothing = simulate(certain(plans.scenario(quiet({}))), 512).year("gmv")
    assert nothing.point(5) == nothing.point(95) == pytest.approx(12 * 100_000 * 0.05 * 100)


def test_a_driver_has_its_own_draws(found):
    cvr = found.driver_draws("channel.platform.cvr")
    assert cvr.shape == found.draws("gmv").shape and np.corrcoef(cvr, found.draws("gmv"))[0, 1] > 0.2
    low, high = (f * sample().get("channel.platform.cvr") for f in driver_of("channel.platform.cvr").spread)
    assert low < cvr.min() and cvr.max() < high
    with pytest.raises(UnknownName):
        found.driver_draws("channel.platform.share")


def test_unknown_figures_are_refused(found):
    with pytest.raises(UnknownName):
        found.year("nonsense")
    with pytest.raises(InvalidInput):
        simulate(sample(), 5)


def test_a_plan_of_several_years_has_each_year_and_the_whole():
    found = simulate(changed(months=24), 512)
    assert found.months("gmv").mean.shape == (24,)
    years = [float(found.year("gmv", p).mean) for p in ("year1", "year2")]
    assert sum(years) == pytest.approx(float(found.year("gmv").mean), rel=1e-9) and min(years) > 0
    assert found.plan_value("gmv", "year2") == pytest.approx(float(kpi(evaluate(changed(months=24)), "gmv", slice(12, 24))[0]))


@each("values", [plans.bare(), plans.rich(), plans.tiered(), plans.steady() | {"months": 3}],
                         ids=["bare", "rich", "tiered", "three months"])
def test_every_plan_has_bands(values):
    found = simulate(plans.scenario(values), 256)
    assert np.all(np.isfinite(found.year("net_profit").points))


# --- the same draws -----------------------------------------------------------------------------------------------------

@each("more", [{"block": 300, "threads": 1}, {"block": 64, "threads": 3}, {"by_month": False}], ids=str)
def test_to_the_bit_whatever_the_blocks_and_threads(found, more):
    again = simulate(sample(), DRAWS, **more)
    for key in YEARLY:
        assert np.array_equal(again.draws(key), found.draws(key))
        assert np.array_equal(again.year(key).points_error, found.year(key).points_error)


def test_two_equal_scenarios_differ_by_exactly_nothing(found):
    other = changed(headline__cvr=1.1).with_values({"headline.cvr": 1.0})
    for difference in compare_risks(found, simulate(other, DRAWS)).values():
        assert not np.any(difference.summary.points) and difference.summary.mean_error == 0 and difference.better == 0.5


@each("preset", PRESETS)
def test_a_difference_has_a_third_of_the_error_of_independent_draws(found, preset):
    common = compare_risks(found, simulate(PRESETS[preset], DRAWS))
    apart = simulate(PRESETS[preset], DRAWS, seed=7)
    for key in ("gmv", "net_profit", "net_margin_rate"):
        independent = np.hypot(found.year(key).mean_error, apart.year(key).mean_error)
        assert 3 * common[key].summary.mean_error < independent
        plain = np.hypot(found.draws(key).std(), apart.draws(key).std())
        assert 3 * (found.draws(key) - simulate(PRESETS[preset], DRAWS).draws(key)).std() < plain


def test_who_beats_whom():
    better, worse = simulate(changed(headline__cvr=1.1), DRAWS), simulate(sample(), DRAWS)
    difference = compare_risks(better, worse)
    assert difference["net_profit"].better == 1 and difference["net_profit"].summary.point(5) > 0
    assert compare_risks(worse, better, ("net_profit",))["net_profit"].better == 0
    assert difference["net_profit"].summary.mean == pytest.approx(
        float(better.year("net_profit").mean - worse.year("net_profit").mean))


def test_other_draws_are_not_compared(found):
    with pytest.raises(ValueError, match="same seed"):
        compare_risks(found, simulate(sample(), DRAWS, seed=1))


def test_scenarios_of_two_plans_share_draws_when_one_base_is_named():
    other = sample().as_plan("copy")
    a, b = simulate(sample(), 512), simulate(type(sample())(other), 512, base=sample_plan())
    assert compare_risks(a, b)["gmv"].better == 0.5


def test_an_own_distribution_leaves_the_other_draws_alone(found):
    own = simulate(changed(distribution__x__address="inflation", distribution__x__family="fixed"), DRAWS)
    assert np.array_equal(own.driver_draws("channel.platform.cvr"), found.driver_draws("channel.platform.cvr"))
    assert "inflation" not in own.uncertain.marginals


# --- inputs -------------------------------------------------------------------------------------------------------------

def test_a_new_plan_has_bands_from_its_drivers_rows():
    values = {a: v for a, v in plans.rich().items() if a.split(".")[0] not in ri.RISK_TABLES}
    found = uncertain(plans.scenario(values))
    assert {"channel.search.cvr", "channel.live.cvr", "halo", "promotion.618.uplift", "effect.club_once.effect"} <= set(found.marginals)
    assert "promotion.dropped.uplift" not in found.marginals and not found.monthly and not found.correlation


def test_tiers_carry_the_members_uncertainty():
    found = uncertain(plans.scenario(plans.tiered())).marginals
    assert "tier.gold.repurchase_once" in found and "repurchase_member_once" not in found


def test_truncated_to_the_drivers_bounds_and_not_clipped():
    found = simulate(changed(channel__creators__refund_rate=0.9), DRAWS)
    draws = found.driver_draws("channel.creators.refund_rate")
    assert draws.max() < 0.95 and np.sum(draws > 0.949) < 0.1 * DRAWS


@each("deviation, rho", [(0.3, 0.6), (0.1, 0.0), (0.5, 0.95)])
def test_monthly_factors_have_mean_1_and_are_stationary(deviation, rho):
    factors = Monthly(deviation, rho).factors(np.random.default_rng(0).normal(size=(12, 100_000)))
    np.testing.assert_allclose(factors.mean(axis=1), 1, atol=5 * deviation / 300)
    np.testing.assert_allclose(factors.std(axis=1), deviation, rtol=0.05)
    logs = np.log(factors)
    assert np.corrcoef(logs[4], logs[7])[0, 1] == pytest.approx(rho ** 3, abs=0.015)


def test_keys_stand_for_pairs_within_a_channel_and_across_channels():
    pairs = uncertain(changed(**{f"correlation__{k}": None for k in sample_plan().rows[ri.CORRELATION]}).with_values({
        "correlation.within.a": "ctr", "correlation.within.b": "cvr", "correlation.within.rho": -0.2,
        "correlation.across.a": "cvr", "correlation.across.b": "cvr", "correlation.across.rho": 0.4,
        "correlation.one.a": "channel.platform.cvr", "correlation.one.b": "channel.content.cvr", "correlation.one.rho": 0.7})).correlation
    assert pairs["channel.platform.ctr", "channel.platform.cvr"] == -0.2
    assert ("channel.content.cvr", "channel.platform.ctr") not in pairs
    assert pairs["channel.content.cvr", "channel.organic.cvr"] == 0.4
    assert pairs["channel.content.cvr", "channel.platform.cvr"] == 0.7, "a single pair overrules the key"


def test_the_samples_correlations_need_no_repair(found):
    assert found.run.correlation.repairs == () and len(found.run.correlation.names) > 40


# --- events -------------------------------------------------------------------------------------------------------------

SURE = {"event.x.probability": 1.0, "event.x.first": "2027-05", "event.x.last": "2027-05",
        **{f"event.x.{f}": 1.0 for f in ("length_low", "length_likely", "length_high")}}
CUT = {"event_effect.x.event": "x", "event_effect.x.driver": "fill", "event_effect.x.likely": 0.6}


def quiet(change) -> dict[str, object]:
    """The bare plan with some visits, one driver uncertain, and a change."""
    return plans.bare() | {"channel.shop.visits": 100_000.0} | change


def test_an_event_hits_its_months_only_and_as_hard_as_it_lasts():
    with_event, without = (simulate(plans.scenario(quiet(x)), 512) for x in (SURE | CUT, {}))
    lost = 1 - with_event.months("gmv").mean / without.months("gmv").mean
    assert np.all(lost[[0, 1, 2, 3, 6, 7, 8, 9, 10, 11]] == 0)
    assert lost[4] + lost[5] == pytest.approx(0.4, abs=1e-3) and lost[4] == pytest.approx(0.2, abs=0.01)


def test_the_plan_knows_no_events():
    found = simulate(plans.scenario(quiet(SURE | CUT)), 256)
    assert found.plan_value("gmv") == pytest.approx(12 * 100_000 * 0.05 * 100)


@each("change, left", [
    ({"event.x.on": False}, 0.0), ({"mitigation.m.event": "x", "mitigation.m.on": True, "mitigation.m.effect_factor": 0.5}, 0.5),
    ({"mitigation.m.event": "x", "mitigation.m.on": True, "mitigation.m.probability_factor": 0.25}, 0.25),
    ({"mitigation.m.event": "x", "mitigation.m.probability_factor": 0.25}, 1.0), ({"event.x.last": "2026-12", "event.x.first": None}, 0.0)])
def test_switches_and_mitigations(change, left):
    values = {a: v for a, v in quiet(SURE | CUT | change).items() if v is not None}
    found, plain = simulate(plans.scenario(values), 1024), simulate(plans.scenario(quiet({})), 1024)
    loss = 1 - found.year("gmv").mean / plain.year("gmv").mean
    assert loss == pytest.approx(left * 0.4 / 12, abs=2e-3)


def test_a_mitigations_cost_is_certain_and_in_the_plan_too():
    cost = {"mitigation.m.event": "x", "mitigation.m.on": True, "mitigation.m.cost_once": 5000.0, "mitigation.m.cost_monthly": 100.0}
    with_cost, without = (evaluate(plans.scenario(quiet(SURE | x))) for x in (cost, {}))
    difference = without.lines["net_profit"][:, 0] - with_cost.lines["net_profit"][:, 0]
    assert difference[0] == pytest.approx(5100) and difference[1:] == pytest.approx(100)


def test_sizes_are_severe_together_and_lie_between_mild_and_severe():
    effect = risks(sample())[0].effects[0]
    sizes = effect.at(np.linspace(-5, 5, 99))
    assert np.all(np.diff(sizes) > 0) and sizes[0] >= 1.10 and sizes[-1] <= 1.60
    complaints = next(r for r in risks(sample()) if r.key == "complaints")
    falling = next(e for e in complaints.effects if "channel.platform.cvr" in e.addresses).at(np.linspace(-5, 5, 99))
    assert np.all(np.diff(falling) < 0)


def test_what_a_drivers_key_stands_for():
    assert list(addresses(sample(), "cpm", "paid")) == [f"channel.{c}.cpm" for c in ("platform", "content", "creators", "own_live")]
    assert "channel.private.cpm" in addresses(sample(), "cpm") and list(addresses(sample(), "cpm", "content")) == ["channel.content.cpm"]
    assert list(addresses(sample(), "fill"))[0] == "month.2027-01.fill" and list(addresses(sample(), "leave")) == ["leave"]
    assert "tier.gold.repurchase_once" in addresses(sample(), "repurchase_member_once")


def test_an_event_switched_off_leaves_the_others_where_they_were(found):
    other = simulate(changed(event__traffic_cost__on=False), DRAWS)
    for key in ("competition", "supplier"):
        assert np.array_equal(other.run.outputs[f"event.{key}"], found.run.outputs[f"event.{key}"])
    assert not other.run.outputs["event.traffic_cost"].any()


# --- register, stress, shares -------------------------------------------------------------------------------------------

def test_the_register_ranks_events_and_weighs_mitigations():
    told = []
    found = register(sample(), 512, progress=lambda *now: told.append(now))
    assert told[-1] == (12, 12) and not found.stopped
    losses = [row.loss for row in found.events]
    assert losses == sorted(losses, reverse=True) and min(losses) > 0 and len(losses) == 6
    for row in found.events:
        assert row.loss_if * row.chance == pytest.approx(row.loss) and 0 < row.loss_error < row.loss
        assert 0 < row.tail_share < 1
    assert {row.event for row in found.mitigations} == {row.key for row in found.events}
    assert all(row.verdict in ("worth", "not_worth", "unclear") and row.worth > -row.cost for row in found.mitigations)


def test_a_mitigation_is_worth_the_same_seen_from_either_side():
    off = {r.key: r for r in register(sample(), 256).mitigations}["stock_warning"]
    on = {r.key: r for r in register(changed(mitigation__stock_warning__on=True), 256).mitigations}["stock_warning"]
    assert (on.on, off.on) == (True, False) and on.worth == pytest.approx(off.worth, rel=1e-9)


def test_the_errors_of_the_worst_cases_are_honest():
    many, few = (register(sample(), draws, seed) for draws, seed in ((as_many(4096, 16_384), 0), (512, 5)))
    truth = {row.key: row for row in (*many.events, *many.mitigations)}
    for row in few.events:
        assert 0 < row.tail_share_error < 0.2
        assert abs(row.tail_share - truth[row.key].tail_share) < 4 * row.tail_share_error + 0.01
    for row in few.mitigations:
        assert abs(row.worth_at_5 - truth[row.key].worth_at_5) < 4 * row.worth_at_5_error + 1000
    # of all together: a difference of two 5 % points jumps, and 16 scrambles know the error of one only roughly
    assert sum(row.worth_at_5_error for row in many.mitigations) < sum(row.worth_at_5_error for row in few.mitigations)


def test_a_register_that_is_stopped_says_so():
    assert register(sample(), 256, stop=lambda: True).stopped


def test_stress_tests_are_the_plan_with_those_factors():
    found = {s.key: s for s in stress(sample())}
    weak = evaluate(changed(headline__cvr=0.9, headline__refund_rate=1.1))
    assert found["weak_demand"].kpis["net_profit"] == pytest.approx(float(kpi(weak, "net_profit")[0]), rel=1e-9)
    short = evaluate(sample().with_values({f"month.2027-0{m}.fill": 0.7 for m in (5, 6)}))
    assert found["supply_gap"].kpis["gmv"] == pytest.approx(float(kpi(short, "gmv")[0]), rel=1e-9)
    assert found["dear_traffic"].change["net_profit"] < 0 and list(found) == list(sample().rows[ri.STRESS])


def test_a_plan_without_stress_tests_has_none():
    assert stress(plans.scenario(plans.bare())) == ()


def test_shares_of_the_samples_profit_add_up(found):
    shares = variance_shares(found)
    assert sum(shares.shares.values()) + shares.rest == pytest.approx(1, abs=1e-9)
    assert min(shares.shares.values()) >= 0 and shares.rest < 0.1
    assert {f"event.{k}" for k in sample().rows[ri.EVENT]} <= set(shares.shares)


def test_rows_about_risk_move_nothing_in_the_plan_itself():
    without = tuple((a, v) for a, v in sample_plan().values if a.split(".")[0] not in ri.RISK_TABLES)
    ours, plain = evaluate(sample()), evaluate(Scenario(Plan("plain", without)))
    assert all(np.array_equal(line, plain.lines[key]) for key, line in ours.lines.items())

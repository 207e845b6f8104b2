"""What rows about risk may say: each refusal named after its boundary, with the row in its place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from every import each

import plans
from model import InvalidInput, Plan, Scenario, read_plan, write_plan
from model.errors import ADVICE
from model.io.trade import read_trade
from model.plan import risk_rules
from model.plan import risks as ri
from model.plan.new_plan import ChannelWish, Wish, new_plan
from samples import ROOT, changed, codes, refused, sample, sample_plan

CVR = {"distribution.x.address": "channel.platform.cvr"}


def dist(family: str, **fields) -> dict[str, object]:
    return CVR | {"distribution.x.family": family} | {f"distribution.x.{k}": v for k, v in fields.items()}


def event(**fields) -> dict[str, object]:
    return {"event.x.probability": 0.2} | {f"event.x.{k}": v for k, v in fields.items()}


def hit(**fields) -> dict[str, object]:
    row = {"event": "x", "driver": "cvr", "likely": 0.9} | fields
    return event() | {f"event_effect.e.{k}": v for k, v in row.items()}


def pair(a: str, b: str, rho: float) -> dict[str, object]:
    return {"correlation.x.a": a, "correlation.x.b": b, "correlation.x.rho": rho}


REFUSED = {
    "low above high": (dist("pert", low=0.04, high=0.02), "distribution.x.low", "low_above_high"),
    "likely outside": (dist("pert", low=0.01, likely=0.05, high=0.04), "distribution.x.likely", "likely_outside"),
    "the plan's value outside": (dist("triangular", low=0.03, high=0.04), "distribution.x.likely", "likely_outside"),
    "low is high": (dist("uniform", low=0.028, high=0.028), "distribution.x.high", "no_width"),
    "10 % point above 90 %": (dist("metalog", p10=0.04, p90=0.02), "distribution.x.p10", "low_above_high"),
    "50 % point outside": (dist("metalog", p10=0.01, p50=0.06, p90=0.05), "distribution.x.p50", "likely_outside"),
    "50 % point at an end": (dist("metalog", p10=0.01, p50=0.011, p90=0.05), "distribution.x.p50", "points_too_skewed"),
    "lognormal of a negative": (dist("lognormal", p10=-1.0, p90=2.0), "distribution.x.p10", "not_positive"),
    "lognormal with a mean of 0": (dist("lognormal", mean=0.0, deviation=1.0), "distribution.x.mean", "not_positive"),
    "no deviation": (dist("normal", deviation=0.0), "distribution.x.deviation", "no_width"),
    "beta too wide": (dist("beta", deviation=0.4), "distribution.x.deviation", "deviation_too_large"),
    "range above the bounds": (dist("pert", low=2.0, likely=2.5, high=3.0), "distribution.x.low", "outside_bounds"),
    "mean beyond the bounds": (dist("normal", mean=2.0, deviation=1.0), "distribution.x.mean", "outside_bounds"),
    "points beyond the bounds": (dist("normal", p10=2.0, p90=3.0), "distribution.x.p10", "outside_bounds"),
    "half a form": (dist("pert", low=0.02), "distribution.x.family", "incomplete_distribution"),
    "another family's form": (dist("pert", p10=0.02, p90=0.03), "distribution.x.family", "incomplete_distribution"),
    "no such family": (dist("gauss"), "distribution.x.family", "not_a_choice"),
    "no value to stand on": ({"distribution.x.address": "channel.platform.opening_exposure", "distribution.x.family": "pert",
                              "distribution.x.low": 1.0, "distribution.x.high": 9.0}, "distribution.x.likely", "missing_value"),
    "no address": ({"distribution.x.family": "fixed"}, "distribution.x.address", "missing_value"),
    "an unknown address": ({"distribution.x.address": "channel.nobody.cvr"}, "distribution.x.address", "not_uncertain"),
    "the number of months": ({"distribution.x.address": "months"}, "distribution.x.address", "not_uncertain"),
    "a share": ({"distribution.x.address": "channel.platform.share"}, "distribution.x.address", "not_uncertain"),
    "an input the kind has not": ({"distribution.x.address": "channel.organic.cpm"}, "distribution.x.address", "not_uncertain"),
    "one address twice": (CVR | {"distribution.y.address": "channel.platform.cvr"}, "distribution.y.address", "duplicate_row"),
    "correlation above 1": (pair("vat", "halo", 1.1), "correlation.x.rho", "too_high"),
    "correlation with nobody": (pair("vat", "nobody", 0.1), "correlation.x.b", "not_uncertain"),
    "correlation with itself": (pair("halo", "halo", 0.1), "correlation.x.b", "with_itself"),
    "a pair twice": (pair("vat", "halo", 0.1) | {f"correlation.y.{k}": v for k, v in (("a", "halo"), ("b", "vat"), ("rho", 0.2))},
                     "correlation.y", "duplicate_row"),
    "probability above 1": (event(probability=1.2), "event.x.probability", "too_high"),
    "no probability": ({"event.x.on": True}, "event.x.probability", "missing_value"),
    "an event after the last month": (event(first="2028-01"), "event.x.first", "after_last_month"),
    "last before first": (event(first="2027-06", last="2027-05"), "event.x.last", "last_before_first"),
    "shortest above longest": (event(length_low=5.0), "event.x.length_low", "low_above_high"),
    "likely length outside": (event(length_likely=6.0), "event.x.length_likely", "likely_outside"),
    "effect of no event": (hit(event="y"), "event_effect.e.event", "unknown_reference"),
    "effect on a driver that is not adjustable": (hit(driver="vat"), "event_effect.e.driver", "not_adjustable"),
    "effect in no channel": (hit(channel="y"), "event_effect.e.channel", "unknown_reference"),
    "likely size outside": (hit(mild=0.95, severe=0.92), "event_effect.e.likely", "likely_outside"),
    "mitigation of no event": ({"mitigation.x.event": "y"}, "mitigation.x.event", "unknown_reference"),
    "mitigation that raises the probability": ({"mitigation.x.event": "supplier", "mitigation.x.probability_factor": 1.1},
                                               "mitigation.x.probability_factor", "too_high"),
    "shock of no stress test": ({"stress_effect.x.stress": "y", "stress_effect.x.driver": "cvr", "stress_effect.x.factor": 0.9},
                                "stress_effect.x.stress", "unknown_reference"),
}


@each("which", REFUSED)
def test_refused_with_the_row_named_at_both_doors(which):
    change, place, code = REFUSED[which]
    assert (code, place) in codes(refused(sample().with_values, change))
    assert (code, place) in codes(refused(lambda: Plan("test", tuple((dict(sample_plan().values) | change).items()))))


@each("change", [
    dist("pert", low=0.028, high=0.04), dist("pert", low=0.01, high=0.028), dist("normal", deviation=0.01), dist("fixed"),
    dist("metalog", p10=0.02, p90=0.036), dist("beta", low=0.01, likely=0.02, high=0.05), dist("uniform", deviation=0.001),
    event(first="2027-12"), event(last="2027-01"), event(length_low=2.0, length_likely=2.0, length_high=2.0), event(probability=1.0),
    hit(mild=0.95, severe=0.8), hit(mild=0.9, severe=0.9), hit(driver="fill", likely=0.5), hit(channel="paid"), hit(channel="content"),
    pair("cvr", "cvr", 0.3) | {"correlation.cvr_across": None}, pair("vat", "cvr", -1.0), pair("channel.platform.cvr", "aov", 0.2),
    {"distribution.x.address": "effect.bundle_aov.effect"}, {"distribution.x.address": "headline.cvr", "distribution.x.monthly_deviation": 0.1},
], ids=str)
def test_taken(change):
    assert sample().with_values(change).changes


def test_codes_are_all_tried_and_have_advice():
    tree = ast.parse(Path(risk_rules.__file__).read_text(encoding="utf-8"))
    used = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value in ADVICE}
    assert used - {"outside_plan"} <= {code for _, _, code in REFUSED.values()}


def test_a_shock_after_the_last_month_is_a_warning_only():
    plan = Plan("short", tuple((dict(sample_plan().values) | {"months": 3}).items()))
    assert ("after_last_month", "stress_effect.dear_traffic_cpm.first") in codes(plan.warnings())


def test_a_value_that_leaves_its_own_range_is_refused_and_one_within_is_not():
    own = sample().with_values(dist("pert", low=0.02, high=0.03))
    assert own.with_values({"channel.platform.cvr": 0.022}).get("channel.platform.cvr") == 0.022
    with pytest.raises(InvalidInput):
        own.with_values({"channel.platform.cvr": 0.031})


def test_every_table_about_risk_survives_the_csv():
    plan = Plan("test", tuple(plans.rich().items()))
    again = read_plan(write_plan(plan).encode("utf-8-sig"), "test")
    assert all(again.rows[t] == plan.rows[t] and plan.rows[t] for t in ri.RISK_TABLES)


def test_a_mitigation_costs_what_it_costs_in_the_plan_and_nothing_when_off():
    from_sample = sample_plan().rows[ri.MITIGATION]
    assert not any(row["on"] for row in from_sample.values()) and len(from_sample) == len(sample_plan().rows[ri.EVENT]) == 6
    for key, row in from_sample.items():
        assert changed(**{f"mitigation__{key}__on": True}).rows[ri.MITIGATION][key]["cost_monthly"] == row["cost_monthly"]


def test_a_plan_of_ones_own_keeps_events_and_correlations_but_no_windows_and_no_figures_of_the_template():
    values = dict(sample_plan().values) | event(first="2027-03", last="2027-05") | hit(channel="content") | {
        "correlation.x.a": "channel.content.cvr", "correlation.x.b": "vat", "correlation.x.rho": 0.2}
    template = Plan("template", tuple(values.items()))
    trade = read_trade((ROOT / "sample_data" / "trade.csv").read_bytes())
    channels = (ChannelWish("search", "x", 1.0), ChannelWish("organic", "o", values={"visits": 1000.0}))
    own = new_plan(template, trade, Wish("x", "2026-05", 12, "apparel", 1e6, channels))
    assert len(own.rows[ri.EVENT]) == 7 and len(own.rows[ri.STRESS]) == 3 and own.rows[ri.CORRELATION]
    assert "e" not in own.rows[ri.EVENT_EFFECT] and "x" not in own.rows[ri.CORRELATION]
    assert not own.rows[ri.MITIGATION] and not own.rows[ri.DISTRIBUTION]
    assert not any("first" in row or "last" in row for t in (ri.EVENT, ri.STRESS_EFFECT) for row in own.rows[t].values())
    assert Scenario(own)

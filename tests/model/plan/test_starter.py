"""A plan from one's own numbers: it stands, it says what was answered, and bad answers are all reported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from every import each

from model import Scenario, checks, evaluate, kpi, read_plan, targets, what_decides, write_plan
from model.plan.starter import OWN, TEMPLATE, Answers, default_answers, starter_plan
from samples import codes, refused, sample_plan

TEMPLATE_PLAN = sample_plan()
OPENS = replace(default_answers(TEMPLATE_PLAN, "2028-01"), name="我的计划")
CHANNELS = [c for c, _ in OPENS.shares]


def made(**more) -> Scenario:
    return Scenario(starter_plan(TEMPLATE_PLAN, replace(OPENS, **more)))


def shares(**more) -> tuple[tuple[str, float], ...]:
    """All to platform except what is named; channels not named get nothing."""
    given = dict.fromkeys(CHANNELS, 0.0) | more
    return tuple((c, given[c]) for c in CHANNELS)


def test_the_default_answers_make_a_plan_that_evaluates():
    scenario = made()
    result = evaluate(scenario)
    assert result.months[0] == "2028-01" and len(result.months) == 12
    assert [c.key for c in checks(result) if c.status == "FAIL"] == []
    assert kpi(result, "gmv")[0] > 1e6
    assert what_decides(scenario).swings[0].size > 0


def test_the_default_answers_come_near_the_template():
    """The form opens with the template's figures, so that its plan is the template's but for team, tiers and initiatives."""
    own, template = evaluate(made(start="2027-01")), evaluate(Scenario(TEMPLATE_PLAN))
    for key in ("gmv", "net_revenue", "orders", "refund_rate"):
        assert kpi(own, key)[0] == pytest.approx(kpi(template, key)[0], rel=0.15), key


@each("address, field, value", [
    ("budget", "budget", 3_000_000.0), ("start", "start", "2030-07"), ("other_overhead", "overhead", 77_000.0),
    ("plan_name_zh", "name", "小店"), ("plan_name_en", "name", "小店"), ("channel.organic.visits", "visits", 5000.0),
    ("team.team.monthly_cost", "payroll", 50_000.0), ("repurchase_other_once", "repurchase_rate", 0.2),
    ("channel.platform.goods_margin_rate", "goods_margin_rate", 0.4),
])
def test_an_answer_stands_in_the_plan_as_own_figure(address, field, value):
    plan = made(**{field: value}).base
    assert dict(plan.values)[address] == value
    assert plan.source_of[address] == OWN


def test_order_value_and_refund_rate_are_met_on_average_and_channels_keep_their_order():
    scenario, before = made(aov=120.0, refund_rate=0.2), TEMPLATE_PLAN.rows["channel"]
    rows = scenario.rows["channel"]
    assert sum(r["aov"] for r in rows.values()) / len(rows) == pytest.approx(120, rel=1e-3)
    assert sum(r["refund_rate"] for r in rows.values()) / len(rows) == pytest.approx(0.2, abs=0.02)
    for field in ("aov", "refund_rate"):
        assert sorted(rows, key=lambda c: rows[c][field]) == sorted(before, key=lambda c: before[c][field])


def test_people_add_up_to_the_answers():
    opening = made(members=1000.0, customers=5000.0).rows["opening"].values()
    people = {g: sum(r["people"] for r in opening if r["group"] == g) for g in ("member", "other")}
    assert people == pytest.approx({"member": 1000, "other": 4000}, abs=4)


def test_every_value_has_a_source_that_tells_own_figures_from_the_template():
    plan = made().base
    assert set(plan.source_of) == {a for a, _ in plan.values}
    assert set(plan.source_of.values()) == {OWN, TEMPLATE}


def test_what_is_the_templates_business_only_falls_away():
    rows = made().rows
    for table in ("initiative", "effect", "last_year", "tier", "month"):
        assert rows[table] == {}
    assert list(rows["team"]) == ["team"] and rows["promotion"] == TEMPLATE_PLAN.rows["promotion"]


def test_the_target_is_optional():
    assert [t.kpi for t in targets(evaluate(made(gmv_target=2e7)))] == ["gmv"]
    assert made(gmv_target=None).rows["target"] == {}


@each("gone", CHANNELS)
def test_a_channel_without_a_share_falls_away(gone):
    rest = {c: 1 / (len(CHANNELS) - 1) for c in CHANNELS if c != gone}
    scenario = made(shares=shares(**rest))
    assert gone not in scenario.rows["channel"] and set(rest) <= set(scenario.rows["channel"])
    assert "organic" in scenario.rows["channel"]
    assert [c.status for c in checks(evaluate(scenario)) if c.status == "FAIL"] == []
    assert not any(gone in a.split(".") for a, _ in scenario.base.values)


@each("only", CHANNELS)
def test_one_channel_alone(only):
    scenario = made(shares=shares(**{only: 1.0}))
    assert list(scenario.rows["channel"]) in ([only, "organic"], ["organic", only])
    assert kpi(evaluate(scenario), "gmv")[0] > 0


def test_a_promotion_of_a_channel_that_falls_away_does_not_stop_the_plan():
    values = dict(TEMPLATE_PLAN.values) | {"promotion.618.channels": "own_live;content"}
    template = read_plan(write_plan(type(TEMPLATE_PLAN)("t", tuple(values.items()))).encode(), "t")
    rest = {c: 0.25 for c in CHANNELS if c != "own_live"}
    assert starter_plan(template, replace(OPENS, shares=shares(**rest)))


@each("more", [
    {"budget": 0.0}, {"aov": 0.0}, {"refund_rate": 0.0}, {"refund_rate": 0.95}, {"goods_margin_rate": 0.0},
    {"goods_margin_rate": 0.99}, {"repurchase_rate": 0.0}, {"repurchase_rate": 0.98}, {"members": 0.0}, {"customers": 0.0},
    {"visits": 0.0}, {"payroll": 0.0}, {"overhead": 0.0}, {"members": 5000.0, "customers": 1000.0},
    {"budget": 1e11}, {"visits": 1e10}, {"customers": 1e10, "members": 1e9}, {"budget": 100.0, "aov": 1e5},
    {"start": "2024-02"}, {"start": "2099-12"},
], ids=lambda m: " ".join(f"{k}={v:g}" if isinstance(v, float) else f"{k}={v}" for k, v in m.items()))
def test_extreme_answers_still_evaluate(more):
    result = evaluate(made(**more))
    assert [c.key for c in checks(result) if c.status == "FAIL"] == []
    what_decides(result.scenario)


@each("more, code, place", [
    ({"start": "2027"}, "not_a_month", "start"), ({"budget": -1.0}, "too_low", "budget"),
    ({"budget": float("nan")}, "not_finite", "budget"), ({"name": "a\nb"}, "bad_text", "plan_name_zh"),
    ({"name": "x" * 300}, "text_too_long", "plan_name_en"), ({"aov": -5.0}, "too_low", "channel.platform.aov"),
    ({"goods_margin_rate": 1.2}, "too_high", "channel.platform.goods_margin_rate"),
    ({"repurchase_rate": 1.0}, "too_high", "repurchase_other_once"), ({"visits": -1.0}, "too_low", "channel.organic.visits"),
    ({"payroll": -1.0}, "too_low", "team.team.monthly_cost"), ({"overhead": -1.0}, "too_low", "other_overhead"),
    ({"refund_rate": -0.1}, "too_low", "channel.platform.refund_rate"),
    ({"members": -10.0}, "too_low", "opening."), ({"gmv_target": float("inf")}, "not_finite", "target.gmv_year.value"),
    ({"shares": shares(platform=0.5, content=0.49)}, "shares_not_one", "channel.*.share"),
    ({"shares": shares(platform=1.5, content=-0.5)}, "too_high", "channel.platform.share"),
])
def test_a_bad_answer_is_reported_with_its_place(more, code, place):
    found = refused(starter_plan, TEMPLATE_PLAN, replace(OPENS, **more))
    assert [v for v in found if v.code == code and v.place.startswith(place)], codes(found)


def test_all_bad_answers_are_reported_at_once():
    bad: Answers = replace(OPENS, start="soon", budget=-1.0, visits=-1.0, payroll=-1.0, goods_margin_rate=2.0,
                           shares=shares(platform=0.6, content=0.3))
    found = {(v.code, v.place) for v in refused(starter_plan, TEMPLATE_PLAN, bad)}
    assert {("not_a_month", "start"), ("too_low", "budget"), ("too_low", "channel.organic.visits"),
            ("too_low", "team.team.monthly_cost"), ("too_high", "channel.platform.goods_margin_rate"),
            ("shares_not_one", "channel.*.share")} <= found


def test_a_plan_of_ones_own_survives_the_csv():
    plan = made().base
    again = read_plan(write_plan(plan).encode(), "own")
    assert dict(again.values) == {a: v for a, v in plan.values if v != ""}

"""What is allowed and can hardly be meant is asked about, and nothing else is."""

from __future__ import annotations

from every import each

import plans
from model import Plan, Scenario, read_plan
from model.plan.questions import LONG_PROMOTION
from samples import ROOT, sample, sample_plan

RICH = plans.scenario(plans.rich())
TARGET = {"target.t.kpi": "gmv", "target.t.period": "year", "target.t.value": 9e7}


def asked(change: dict[str, object]) -> set[tuple[str, str, str, str]]:
    """Of a scenario with the change, and of a plan that has it from the start."""
    before = set(RICH.warnings())
    of_scenario = set(RICH.with_values(change).warnings()) - before
    of_plan = set(Plan("p", tuple((plans.rich() | change).items())).warnings()) - before
    assert of_plan == of_scenario and all(v.level == "warning" and v.advice for v in of_plan)
    return {(v.code, v.place, v.got, v.allowed) for v in of_plan}


@each("change, expected", [
    ({"budget": 1320}, ("unit_question", "budget", "1320", "13200000")),
    ({"channel.search.refund_rate": 0.0015}, ("unusual_low", "channel.search.refund_rate", "0.0015", "0.05 … 0.8")),
    (TARGET | {"target.t.kpi": "net_margin_rate", "target.t.value": 4.5},
     ("unit_question", "target.t.value", "4.5 (450 %)", "0.045 (4.5 %)")),
    (TARGET | {"target.t.value": 950}, ("unit_question", "target.t.value", "950", "9500000")),
    (TARGET | {"target.t.value": -5.0}, ("unusual_low", "target.t.value", "-5", "≥ 0")),
    ({"promotion.618.first": "06-20", "promotion.618.last": "06-01"}, ("promotion_turned", "promotion.618", "06-20 … 06-01", "347")),
    ({"last_year.2026-01.gmv": 100.0, "last_year.2026-01.refunds": 101.0},
     ("part_above_whole", "last_year.2026-01.refunds", "101", "≤ 100")),
    ({"last_year.2026-01.gmv": -1.0, "last_year.2026-01.refunds": None}, ("unusual_low", "last_year.2026-01.gmv", "-1", "≥ 0")),
])
def test_it_is_asked_about(change, expected):
    assert expected in asked(change)


@each("change", [
    {}, {"budget": 0}, {"budget": 13_200_000}, TARGET, TARGET | {"target.t.kpi": "net_margin_rate", "target.t.value": -0.1},
    TARGET | {"target.t.kpi": "roas_gmv", "target.t.value": 4.5}, TARGET | {"target.t.kpi": "net_profit", "target.t.value": -5.0},
    {"promotion.618.first": "12-28", "promotion.618.last": "01-03"}, {"promotion.618.first": "06-01", "promotion.618.last": "06-01"},
    {"last_year.2026-01.gmv": 100.0, "last_year.2026-01.refunds": 100.0, "last_year.2026-01.net_profit": -5.0},
])
def test_what_may_well_be_meant_is_not(change):
    assert asked(change) == set()


def test_a_promotion_over_new_year_is_asked_about_beyond_two_months():
    long = {"promotion.618.first": "12-01", "promotion.618.last": "01-30"}
    assert LONG_PROMOTION == 60 and asked(long | {"promotion.618.last": "01-29"}) == set()
    assert {code for code, *_ in asked(long)} == {"promotion_turned"}


def test_the_sample_and_a_sound_plan_raise_no_question():
    assert sample().warnings() == [] and sample_plan().warnings() == []
    assert read_plan((ROOT / "tests" / "cases" / "doors" / "00_base_ok.csv").read_bytes(), "own").warnings() == []


def test_a_question_goes_with_what_raised_it():
    odd = Scenario(Plan("p", tuple((plans.rich() | {"budget": 1320, "channel.search.aov": 5.0}).items())))
    assert {v.place for v in odd.warnings()} - {v.place for v in RICH.warnings()} == {"budget", "channel.search.aov"}
    right = odd.with_values({"budget": 1_320_000, "channel.search.aov": 120.0})
    assert right.warnings() == RICH.warnings()

"""A new plan from what is said of a shop and the trade's figures: it stands, says what was said, and tells where the rest is from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from every import each

from model import Scenario, checks, evaluate, read_plan, write_plan
from model.io.trade import read_trade
from model.plan import trade as tr
from model.plan.new_plan import OWN, ChannelWish, PromotionWish, Wish, from_template, keys_of, new_plan
from samples import ROOT, codes, refused, sample_plan

TRADE = read_trade((ROOT / "sample_data" / "trade.csv").read_bytes())
SPENDING = [k for k in tr.KINDS if k != "organic"]
CHANNELS = (*(ChannelWish(k, k.title(), float(TRADE.of(tr.KIND, k)["share"].value)) for k in SPENDING),
            ChannelWish("organic", "Organic", values={"visits": 200_000.0}))
WISH = Wish("家与光", "2027-03", 24, "home", 10_000_000.0, CHANNELS, (PromotionWish("618"), PromotionWish("double11")),
            (("运营", 3, 9000.0), ("客服", 6, 6500.0)), (("gmv", "year", 8e7), ("net_margin_rate", "year2", 0.05)),
            50_000, 200_000, 60_000.0)


def made(**more) -> Scenario:
    return Scenario(new_plan(sample_plan(), TRADE, replace(WISH, **more)))


@each("category", tr.CATEGORIES)
def test_every_category_makes_a_plan_that_evaluates_and_comes_back_from_a_file(category):
    scenario = made(category=category)
    assert [c.key for c in checks(evaluate(scenario)) if c.status == "FAIL"] == []
    again = read_plan(write_plan(scenario.base).encode(), "own")
    assert dict(again.values) == dict(scenario.base.values) and again.source_of == scenario.base.source_of


@each("address, value", [
    ("plan_name_zh", "家与光"), ("start", "2027-03"), ("months", 24), ("budget", 10_000_000.0), ("other_overhead", 60_000.0),
    ("team.team-2.heads", 6), ("team.team-1.name_en", "运营"), ("target.gmv_year.value", 8e7), ("target.net_margin_rate_year2.value", 0.05),
    ("channel.organic.visits", 200_000.0), ("channel.creators.kind", "paid"), ("channel.private.kind", "owned"),
])
def test_what_was_said_stands_in_the_plan_as_own_figure(address, value):
    plan = made().base
    assert dict(plan.values)[address] == value and plan.source_of[address] == OWN


def test_what_was_not_said_is_the_trades_with_its_grade_and_counts_as_template():
    plan = made().base
    for address in ("channel.search.cpm", "channel.creators.refund_rate", "turnover_days", "season.11.season", "promotion.618.uplift"):
        source = plan.source_of[address]
        assert source[:3] in ("A: ", "B: ", "C: ", "J: ") and from_template(source), (address, source)
    said = [a for a, source in plan.source_of.items() if source == OWN]
    assert said and not any(from_template(plan.source_of[a]) for a in said)


def test_what_is_said_of_a_channel_stands_and_the_rest_of_it_is_the_trades():
    typed = ChannelWish("search", "万相台", 1.0, {"cpm": 80.0, "cvr": 0.031})
    plan = made(channels=(typed, CHANNELS[-1])).base
    row = plan.rows["channel"]["search"]
    assert (row["name_zh"], row["cpm"], row["cvr"], row["share"]) == ("万相台", 80.0, 0.031, 1.0)
    assert row["impressions_ref"] == round(1000 * 10_000_000 / 12 / 80), "what the budget buys"
    assert plan.source_of["channel.search.cpm"] == OWN and from_template(plan.source_of["channel.search.ctr"])


def test_two_channels_of_a_kind_and_a_promotion_twice_keep_apart():
    channels = (ChannelWish("feed", "抖音", 0.5), ChannelWish("feed", "腾讯", 0.5), CHANNELS[-1])
    assert keys_of(channels) == ("feed", "feed_2", "organic")
    rows = made(channels=channels, promotions=(PromotionWish("618"), PromotionWish("618", "周年庆", "08-01", "08-07"))).rows
    assert [rows["channel"][c]["name_zh"] for c in ("feed", "feed_2")] == ["抖音", "腾讯"]
    assert rows["promotion"]["618_2"]["name_zh"] == "周年庆" and rows["promotion"]["618_2"]["first"] == "08-01"
    assert rows["promotion"]["618"]["uplift"] == rows["promotion"]["618_2"]["uplift"]


def test_people_add_up_to_what_was_said():
    opening = made().rows["opening"].values()
    people = {g: sum(r["people"] for r in opening if r["group"] == g) for g in ("member", "other")}
    assert people == pytest.approx({"member": 50_000, "other": 150_000}, abs=8)


def test_what_is_the_templates_business_only_falls_away():
    rows = made().rows
    assert not any(rows[table] for table in ("initiative", "effect", "last_year", "tier", "month", "mitigation", "distribution"))
    assert not set(rows["team"]) & set(sample_plan().rows["team"])
    assert not any("first" in row or "last" in row for t in ("event", "stress_effect") for row in rows[t].values())
    assert rows["event"] and rows["correlation"] and rows["stress"]


@each("more, found", [
    ({"months": 48}, [("too_high", "months")]), ({"start": "soon"}, [("not_a_month", "start")]),
    ({"channels": (ChannelWish("search", "s", 0.5), CHANNELS[-1])}, [("shares_not_one", "channel.*.share")]),
    ({"channels": CHANNELS[:-1]}, [("not_exactly_one", "channel.*.kind")]),
    ({"channels": (ChannelWish("tv", "TV", 1.0), CHANNELS[-1])}, [("not_a_choice", "channel 1: kind")]),
    ({"category": "cars"}, [("not_a_choice", "category")]),
    ({"promotions": (PromotionWish("618"), PromotionWish("easter"))}, [("not_a_choice", "promotion 2: like")]),
    ({"targets": (("fame", "year", 1.0),)}, [("not_a_choice", "target.fame_year.kpi")]),
])
def test_what_cannot_be_is_refused_with_its_place(more, found):
    assert codes(refused(new_plan, sample_plan(), TRADE, replace(WISH, **more))) == found

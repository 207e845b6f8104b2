"""What promotions and initiatives bring, what a statement is made of, and a year over its months: by hand and by rule."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every import each

import plans
from model import LINES, Scenario, evaluate, kpi
from model.analysis import statement as sheet
from model.analysis import topdown
from model.analysis.effects import switch_effects
from samples import changed, sample


def one_by_one(scenario: Scenario, table: str, key: str) -> dict[str, float]:
    """The same question asked the slow way: the plan with the row on, less the plan with it off."""
    with_it, without = (evaluate(scenario.with_values({f"{table}.{key}.on": on})) for on in (True, False))
    return {k: float(kpi(with_it, k)[0] - kpi(without, k)[0]) for k in ("gmv", "net_profit")}


# --- by hand -----------------------------------------------------------------------------------------------------------

#: 10,000 visits a month, 5 % buy at 100 yuan: 500 orders, 50,000 yuan a month, half of it goods
SHOP = {"channel.shop.visits": 10_000.0}
JUNE = {"promotion.june.first": "06-01", "promotion.june.last": "06-30", "promotion.june.uplift": 0.4,
        "promotion.june.price_response": 0.0, "promotion.june.discount": 0.1, "promotion.june.absence": 0.2}


def test_a_promotion_by_hand():
    (effect,) = switch_effects(plans.scenario(plans.bare(), SHOP | JUNE))
    with_it, without = 500 * 1.4 * 100 * 0.9, 500 * 0.8 * 100      # 40 % more orders at 90 yuan; absent, 20 % fewer at 100
    goods = (500 * 1.4 - 500 * 0.8) * 50                           # each order's goods cost 50 yuan, discount or not
    assert effect.gmv == pytest.approx(with_it - without)          # 63,000 − 40,000 = 23,000
    assert effect.net_profit == pytest.approx(with_it - without - goods)   # 23,000 − 15,000 = 8,000
    assert (effect.key, effect.on) == ("june", True)


def test_a_promotion_that_is_off_by_hand():
    (effect,) = switch_effects(plans.scenario(plans.bare(), SHOP | JUNE | {"promotion.june.on": False}))
    assert not effect.on and effect.gmv == pytest.approx(23_000) and effect.net_profit == pytest.approx(8_000)


def test_an_initiative_by_hand():
    """From July 10 % more of the visitors buy, for 4,000 once and 1,000 a month."""
    move = {"initiative.page.start": "2027-07", "initiative.page.cost_once": 4_000.0, "initiative.page.cost_monthly": 1_000.0,
            "effect.page.initiative": "page", "effect.page.driver": "cvr", "effect.page.effect": 0.1}
    (effect,) = switch_effects(plans.scenario(plans.bare(), SHOP | move))
    assert effect.gmv == pytest.approx(6 * 50 * 100)               # 50 more orders in each of six months
    assert effect.net_profit == pytest.approx(6 * 50 * 50 - 4_000 - 6 * 1_000)


def test_a_plan_without_either_has_no_effects():
    assert switch_effects(plans.scenario(plans.bare())) == ()


# --- the same as one by one --------------------------------------------------------------------------------------------

PLANS = {
    "sample": sample, "rich": lambda: plans.scenario(plans.rich()),
    "all off": lambda: sample().with_values({f"{t}.{k}.on": False for t in ("promotion", "initiative")
                                             for k in sample().rows[t]}),
    "some channels, 24 months": lambda: changed(months=24, promotion__618__on=False,
                                                promotion__double11__channels="content;platform"),
    "with factors": lambda: changed(headline__cvr=1.1, headline__budget=0.8, months=3),
    "turn of the year": lambda: changed(promotion__double12__first="12-20", promotion__double12__last="01-10",
                                        promotion__double12__pull_forward=0.9),
    "one month": lambda: changed(months=1),
    "no budget": lambda: changed(budget=0.0),
    "a key that a twin would take": lambda: sample().with_values({
        "promotion.twin-0.first": "08-01", "promotion.twin-0.last": "08-09", "promotion.twin-0.uplift": 0.3}),
}


@each("which", PLANS)
def test_all_at_once_is_the_same_as_one_by_one(which):
    scenario = PLANS[which]()
    scale = abs(float(kpi(evaluate(scenario), "gmv")[0])) + 1
    for effect in switch_effects(scenario):
        expected = one_by_one(scenario, effect.table, effect.key)
        assert effect.gmv == pytest.approx(expected["gmv"], rel=1e-9, abs=1e-9 * scale), effect.key
        assert effect.net_profit == pytest.approx(expected["net_profit"], rel=1e-9, abs=1e-9 * scale), effect.key


def many(count: int) -> Scenario:
    values = {}
    for i in range(count):
        values |= {f"promotion.p{i}.first": f"{i % 12 + 1:02d}-01", f"promotion.p{i}.last": f"{i % 12 + 1:02d}-05",
                   f"promotion.p{i}.uplift": 0.01 * i}
    return sample().with_values(values)


@each("count", [20, 50, 56])
def test_more_promotions_than_have_room_for_twins(count):
    """A plan may hold sixty: with four of the sample's, beyond thirty each is evaluated by itself."""
    scenario = many(count)
    effects = {e.key: e for e in switch_effects(scenario)}
    assert list(effects)[:count + 4] == list(scenario.rows["promotion"])
    for key in ("double11", "p0", f"p{count - 1}"):
        assert effects[key].net_profit == pytest.approx(one_by_one(scenario, "promotion", key)["net_profit"], abs=1e-3)
    assert math.isfinite(effects["page"].net_profit)


def test_a_promotion_whose_budget_has_no_room_has_no_effect_to_tell():
    scenario = changed(promotion__618__on=False, promotion__618__budget_share=0.9)
    effects = {e.key: e for e in switch_effects(scenario)}
    assert math.isnan(effects["618"].gmv) and math.isnan(effects["618"].net_profit)
    assert math.isfinite(effects["double11"].gmv)


def test_the_scenario_is_left_alone():
    scenario = changed(promotion__618__on=False)
    before = scenario.changes
    switch_effects(scenario)
    assert scenario.changes == before and evaluate(scenario).lines["gmv"].sum() == evaluate(
        changed(promotion__618__on=False)).lines["gmv"].sum()


# --- the statement -----------------------------------------------------------------------------------------------------

STATEMENTS = {"sample": sample, "rich": lambda: plans.scenario(plans.rich()), "tiered": lambda: plans.scenario(plans.tiered()),
              "36 months": lambda: changed(months=36), "one month": lambda: changed(months=1)}


@each("which", STATEMENTS)
def test_parts_add_up_to_their_line(which):
    result = evaluate(STATEMENTS[which]())
    rows = sheet.statement(result)
    for row in rows:
        parts = [r.values for r in rows if r.line == row.line and r.part]
        if not row.part and parts:
            assert np.sum(parts, axis=0) == pytest.approx(row.values, rel=1e-9, abs=1e-3), row.key


@each("which", STATEMENTS)
def test_sums_are_what_the_rows_above_add_up_to(which):
    """Every signed line once, in order: each sum is the running total, and the last is net profit."""
    rows = [r for r in sheet.statement(evaluate(STATEMENTS[which]())) if not r.part]
    running = np.zeros_like(rows[0].values)
    for row in rows:
        if LINES[row.line].section == "cash":
            continue
        if row.sum:
            assert row.values == pytest.approx(running, rel=1e-9, abs=1e-3), row.key
        else:
            running = running + row.values
    assert [r.line for r in rows if LINES[r.line].section == "pnl"][-1] == "net_profit"


def test_a_statement_by_hand():
    """500 orders of 100 yuan a month; goods 50 an order, 1,200 of other overhead."""
    result = evaluate(plans.scenario(plans.bare(), SHOP | {"other_overhead": 1_200.0}))
    rows = {r.key: r for r in sheet.statement(result)}
    quarter = sheet.periods(12, 3)[1]
    assert sheet.total(rows["gmv"], quarter) == pytest.approx(3 * 500 * 100)
    assert sheet.total(rows["cost_of_goods"], quarter) == pytest.approx(-3 * 500 * 50)
    assert sheet.total(rows["overhead/other_overhead"]) == pytest.approx(-12 * 1_200)
    assert sheet.total(rows["net_profit"]) == pytest.approx(12 * (500 * 50 - 1_200))
    assert sheet.total(rows["cash"], quarter) == pytest.approx(6 * (500 * 50 - 1_200))   # a balance: its last month


@each("months, size, expected", [
    (12, 3, [(0, 3), (3, 6), (6, 9), (9, 12)]), (1, 3, [(0, 1)]), (14, 12, [(0, 12), (12, 14)]), (2, 1, [(0, 1), (1, 2)])])
def test_periods(months, size, expected):
    assert [(s.start, s.stop) for s in sheet.periods(months, size)] == expected


def test_year_on_year_by_hand():
    """Of two months last year has one: 40,000 then, 50,000 now."""
    scenario = plans.scenario(plans.bare(), SHOP | {"months": 2, "last_year.2026-02.gmv": 40_000.0,
                                                    "last_year.2026-02.refunds": 0.0})
    result = evaluate(scenario)
    rows, before = {r.key: r for r in sheet.statement(result)}, sheet.last_years(result)
    grown = sheet.growth(rows["gmv"], before)
    assert (grown.before, grown.now, grown.months) == (40_000, pytest.approx(50_000), 1)
    assert grown.rate == pytest.approx(0.25)
    assert math.isnan(sheet.growth(rows["gmv"], before, slice(0, 1)).rate)
    assert math.isnan(sheet.growth(rows["refunds"], before).rate)           # nothing then, nothing now
    assert sheet.growth(rows["gmv/shop"], before).months == 0


# --- a year over its months --------------------------------------------------------------------------------------------

def test_a_split_by_hand():
    assert topdown.split(1_000.0, np.array([1.0, 1.0, 2.0])).tolist() == [250.0, 250.0, 500.0]
    assert topdown.split(100.0, np.array([1.0, 1.0, 1.0])).tolist() == [34.0, 33.0, 33.0]   # the first largest takes the rest
    assert topdown.split(0.0, np.array([1.0, 3.0])).tolist() == [0.0, 0.0]


@each("way", topdown.WAYS)
@each("key", topdown.splittable())
def test_months_add_up_to_the_year(way, key):
    found = topdown.split_year(evaluate(changed(months=24)), key, "year2", way, 123_456_789.0)
    assert found.target.sum() == pytest.approx(123_456_789.0, abs=1e-6) and len(found.months) == 12
    assert found.share.sum() == pytest.approx(1) and np.all(found.target > 0) and found.months[0] == "2028-01"


def test_by_season_alone_months_are_in_the_seasons_proportion():
    result = evaluate(sample())
    found = topdown.split_year(result, "gmv", "year", "season", 120_000_000.0)
    assert found.share == pytest.approx(result.index["season"][:, 0] / 12)
    assert found.target == pytest.approx(10_000_000 * result.index["season"][:, 0], rel=2e-3)


def test_a_plan_without_sales_is_split_evenly():
    found = topdown.split_year(evaluate(plans.scenario(plans.bare())), "gmv", "year", "plan", 1_200.0)
    assert found.target.tolist() == [100.0] * 12

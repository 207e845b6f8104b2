"""What was typed of the whole shop is met; what rests on the template is ranked by what it moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from every import each

from model import Scenario, evaluate, kpi
from model.analysis import first_look as look
from model.analysis.blended import blended
from model.io.trade import read_trade
from model.plan import trade as tr
from model.plan.new_plan import ChannelWish, PromotionWish, Wish, new_plan
from samples import ROOT, sample, sample_plan

TRADE = read_trade((ROOT / "sample_data" / "trade.csv").read_bytes())
CHANNELS = (*(ChannelWish(k, k, float(TRADE.of(tr.KIND, k)["share"].value)) for k in tr.KINDS if k != "organic"),
            ChannelWish("organic", "organic", values={"visits": 200_000.0}))
WISH = Wish("x", "2027-01", 12, "home", 10e6, CHANNELS, (PromotionWish("618"),), (), (), 50_000, 200_000, 60_000.0)
PLAN = new_plan(sample_plan(), TRADE, WISH)
TYPED = {"aov": 200.0, "refund_rate": 0.12, "goods_margin_rate": 0.5, "repurchase_rate": 0.25}


@each("category", tr.CATEGORIES)
def test_what_was_typed_of_the_shop_is_what_the_cards_show(category):
    plan, met = look.meet(new_plan(sample_plan(), TRADE, replace(WISH, category=category)), TYPED)
    result = evaluate(Scenario(plan))
    assert kpi(result, "aov")[0] == pytest.approx(200.0, rel=1e-6)
    assert kpi(result, "refund_rate")[0] == pytest.approx(0.12, abs=1e-6)
    assert blended(result, "goods_margin_rate") == pytest.approx(0.5, abs=1e-6)
    assert blended(result, "repurchase_rate") == pytest.approx(0.25, abs=1e-6)
    assert all(one.reached == pytest.approx(one.wanted, rel=1e-5) for one in met.values())


def test_the_order_value_is_scaled_by_one_factor_and_no_rate_with_it():
    plan, met = look.meet(PLAN, {"aov": 300.0})
    before, after = PLAN.rows["channel"], plan.rows["channel"]
    assert {c: row["aov"] / before[c]["aov"] for c, row in after.items()} == pytest.approx(dict.fromkeys(after, met["aov"].factor))
    assert all(row["refund_rate"] == before[c]["refund_rate"] for c, row in after.items())


def test_a_channel_that_was_typed_stays_and_the_others_make_up_for_it():
    channels = (replace(CHANNELS[0], values={"refund_rate": 0.3}), *CHANNELS[1:])
    plan, met = look.meet(new_plan(sample_plan(), TRADE, replace(WISH, channels=channels)), {"refund_rate": 0.2})
    assert plan.rows["channel"]["search"]["refund_rate"] == 0.3 and "channel.search.refund_rate" not in met["refund_rate"].addresses
    assert kpi(evaluate(Scenario(plan)), "refund_rate")[0] == pytest.approx(0.2, abs=1e-6)


def test_where_every_channel_was_typed_the_blend_is_theirs_and_says_so():
    channels = tuple(replace(c, values={**c.values, "aov": 150.0}) for c in CHANNELS)
    plan = new_plan(sample_plan(), TRADE, replace(WISH, channels=channels))
    made, met = look.meet(plan, {"aov": 400.0})
    assert met["aov"].addresses == () and made.values == plan.values
    assert met["aov"].reached == pytest.approx(float(kpi(evaluate(Scenario(plan)), "aov")[0]))


def test_what_cannot_be_reached_comes_as_near_as_the_bounds_let_it():
    channels = (replace(CHANNELS[0], values={"refund_rate": 0.9}), *CHANNELS[1:])
    _, met = look.meet(new_plan(sample_plan(), TRADE, replace(WISH, channels=channels)), {"refund_rate": 0.01})
    assert 0.01 < met["refund_rate"].reached < met["refund_rate"].before


def test_the_ten_are_the_largest_of_what_is_still_the_templates_and_a_replaced_one_leaves():
    scenario = Scenario(PLAN)
    found = look.resting_on_template(scenario)
    assert len(found) == 10 and [r.size for r in found] == sorted((r.size for r in found), reverse=True)
    first = found[0]
    up = {a: scenario.get(a) * 1.1 for a in first.addresses}
    base, more = (kpi(evaluate(s), "net_profit")[0] for s in (scenario, scenario.with_values(up)))
    assert abs(more - base) <= first.size * (1 + 1e-9)
    replaced = look.resting_on_template(scenario.with_values(up))
    assert (first.table, first.key) not in [(r.table, r.key) for r in replaced]


def test_a_plan_that_was_said_in_full_rests_on_no_template():
    assert look.resting_on_template(sample()) == ()


def test_months_that_lose_money_are_counted():
    result = evaluate(Scenario(PLAN).with_values({"other_overhead": 5e6}))
    assert look.loss_months(result) == 12 == int(np.sum(result.lines["net_profit"] < 0))

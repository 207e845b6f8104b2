"""What holds of every plan, tried on plans drawn at random (tests/strategies.py)."""

from __future__ import annotations

import numpy as np
import pytest
from every import each
from hypothesis import example, given
from hypothesis import strategies as st

import plans
import strategies
from model.engine.checks import FAIL, checks
from model.engine.evaluate import evaluate
from model.engine.kpis import KPIS, kpi
from model.engine.lines import LINES, WATERFALL
from model.plan.schema import TABLES, driver_of
from model.units import YUAN, YUAN_EACH, YUAN_PER_1000

RICH = plans.rich()


def run(values, change=None):
    return evaluate(plans.scenario(values, change))


# --- the whole result ---------------------------------------------------------------------------------------------

@given(strategies.random_plans())
def test_no_check_fails_on_a_plan_within_the_usual_ranges(values):
    assert [c for c in checks(run(values)) if c.status == FAIL] == []


@given(strategies.random_plans(st.integers(1, 36)))
def test_a_plan_of_any_length_has_every_line_for_every_month(values):
    result = run(values)
    assert set(result.lines) >= set(LINES)
    for key, line in result.lines.items():
        assert line.shape == (values["months"], 1), key
        assert np.all(np.isfinite(line)), key
    for key, line in result.by_channel.items():
        assert line.shape == (4, values["months"], 1), key


@given(strategies.random_plans())
def test_channels_sum_to_totals(values):
    result = run(values)
    for key, line in LINES.items():
        if line.channel:
            np.testing.assert_allclose(result.by_channel[key].sum(axis=0), result.lines[key], rtol=1e-12, atol=1e-6)


@given(strategies.random_plans())
def test_the_profit_and_loss_adds_up(values):
    x = run(values).lines
    close = lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-4)  # noqa: E731
    close(x["gmv"] - x["refunds"], x["net_sales"])
    close(x["net_sales"] - x["vat_paid"], x["net_revenue"])
    close(x["net_revenue"] - x["cost_of_goods"], x["gross_profit"])
    close(x["gross_profit"] - x["take"] - x["fulfilment"], x["contribution"])
    close(x["contribution"] - x["marketing"] - x["inventory"] - x["overhead"] - x["taxes"], x["net_profit"])
    close(sum(LINES[k].sign * x[k] for k in WATERFALL[:-1]), x["net_profit"])
    close(np.cumsum(x["cash_flow"], axis=0), x["cash"])


# --- budget -------------------------------------------------------------------------------------------------------

@given(strategies.random_plans())
def test_spend_of_each_whole_year_is_the_budget_to_the_cent(values):
    result = run(values)
    budget = plans.number_at(values, "budget") * plans.number_at(values, "headline.budget")
    for first in range(0, values["months"] - 11, 12):
        assert result.lines["spend"][first:first + 12].sum() == pytest.approx(budget, abs=0.005)


@given(strategies.random_plans(st.just(12)))
def test_each_channel_spends_its_share_of_the_year(values):
    result = run(values)
    budget = plans.number_at(values, "budget") * plans.number_at(values, "headline.budget")
    for i, channel in enumerate(result.channels):
        share = plans.number_at(values, f"channel.{channel}.share") if channel != "shop" else 0.0
        assert result.by_channel["spend"][i].sum() == pytest.approx(budget * share, abs=0.005)


@given(strategies.random_plans(st.just(12)), st.integers(1, 11))
def test_a_part_of_a_year_spends_its_months_part(values, months):
    year, part = run(values), run(values, {"months": months})
    np.testing.assert_allclose(part.by_channel["spend"], year.by_channel["spend"][:, :months], rtol=1e-12)


# --- people -------------------------------------------------------------------------------------------------------

@given(strategies.random_plans())
def test_people_are_conserved(values):
    result = run(values)
    opening = sum(v for a, v in values.items() if a.startswith("opening.") and a.endswith(".people"))
    people = opening + result.lines["new_customers"].sum()
    assert result.extra["closing_ladder"].sum() == pytest.approx(people, rel=1e-12)
    assert np.min(result.extra["closing_ladder"]) >= -1e-9


@given(strategies.random_plans())
def test_the_pool_is_the_members_on_the_ladder(values):
    result = run(values)
    assert result.lines["pool"][-1, 0] == pytest.approx(result.extra["closing_ladder"][0].sum(), rel=1e-12)


@given(strategies.random_plans())
def test_repeats_are_booked_once(values):
    x = run(values).lines
    np.testing.assert_allclose(x["repeats_booked"] + x["repeats_member"] + x["repeats_other"], x["repeat_orders"],
                               rtol=1e-11, atol=1e-6)


NO_REPEATS = {"repurchase_member_once": 0.0, "repurchase_member_again": 0.0, "repurchase_other_once": 0.0,
              "repurchase_other_again": 0.0, "comeback_once": 0.0, "comeback_again": 0.0,
              "channel.search.new_share": 1.0, "channel.live.new_share": 1.0}


@pytest.mark.parametrize("silence", [
    {"channel.private.frequency": 0.0},
    {"channel.private.share": 0.0, "channel.search.share": 0.7, "channel.live.share": 0.3},
], ids=["no_messages", "no_budget_for_messages"])
@given(values=strategies.random_plans())
def test_without_rates_comeback_messages_and_returning_orders_nobody_repeats(silence, values):
    x = run(values, {**NO_REPEATS, **silence}).lines
    for key in ("repeat_orders", "repeats_booked", "woken", "returning"):
        assert np.all(x[key] == 0), key
    np.testing.assert_allclose(x["orders"], x["new_customers"], rtol=1e-12)


@given(strategies.random_plans(drivers=0))
def test_rates_of_0_without_returning_orders_leave_the_messages_orders(values):
    x = run(values, NO_REPEATS).lines
    assert np.all(x["repeat_orders"] == 0)
    np.testing.assert_allclose(x["orders"] - x["returning"], x["new_customers"], rtol=1e-12)


# --- traffic ------------------------------------------------------------------------------------------------------

@given(strategies.random_plans())
def test_zero_budget_and_zero_opening_exposure_win_no_paid_orders(values):
    nothing = {"budget": 0.0, "channel.search.opening_exposure": 0.0, "channel.live.opening_exposure": 0.0}
    result = run(values, nothing)
    for key in ("spend", "impressions", "clicks", "channel_orders", "new_customers", "gmv"):
        assert np.all(result.by_channel[key][:2] == 0), key
    assert np.all(result.by_channel["channel_orders"][2] == 0)


@example(cpm=50.0, ctr=0.04, cvr=0.025, saturation=1.0, shape=1.0, carry_over=0.0, inflation=0.0, price=1.0)
@given(cpm=st.floats(1, 300), ctr=st.floats(0.001, 0.2), cvr=st.floats(0.001, 0.2), saturation=st.floats(0.1, 10),
       shape=st.floats(1, 5), carry_over=st.floats(0, 0.9), inflation=st.floats(-0.2, 1), price=st.floats(0.5, 1.5))
def test_at_the_reference_exposure_in_an_ordinary_month_the_funnel_is_the_plain_one(
        cpm, ctr, cvr, saturation, shape, carry_over, inflation, price):
    spend, traffic_price = 50_000.0, (1 + inflation) * price
    plain = spend * 1000 / (cpm * traffic_price) * ctr * cvr
    result = run(plans.bare(), {
        "budget": 12 * spend, "inflation": inflation, "headline.traffic_price": price, "channel.ads.cpm": cpm,
        "channel.ads.ctr": ctr, "channel.ads.cvr": cvr, "channel.ads.saturation": saturation,
        "channel.ads.shape": shape, "channel.ads.carry_over": carry_over,
        "channel.ads.impressions_ref": spend * 1000 / (cpm * traffic_price)})
    np.testing.assert_allclose(result.by_channel["channel_orders"][0], plain, rtol=1e-12)


@given(strategies.random_plans(), st.floats(0.7, 1.4))
def test_dearer_traffic_and_a_smaller_paid_budget_win_the_same_orders(values, dearer):
    """15 % dearer traffic buys what 1 ÷ 1.15 of the paid spend buys; messages and the shop notice nothing."""
    values = values | {"headline.traffic_price": 1.0}
    budget = values["budget"]
    owned = values["channel.private.share"]
    smaller = budget * (owned + (1 - owned) / dearer)
    paid = ("channel.search.share", "channel.live.share")
    shares = {a: min(1.0, values[a] * budget / dearer / smaller) for a in paid}
    less_spent = run(values, {"budget": smaller, "channel.private.share": min(1.0, owned * budget / smaller), **shares})
    dear = run(values, {"headline.traffic_price": dearer})
    for key in ("impressions", "clicks", "channel_orders", "orders", "gmv", "contribution"):
        np.testing.assert_allclose(dear.by_channel[key], less_spent.by_channel[key], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(dear.by_channel["spend"][:2], less_spent.by_channel["spend"][:2] * dearer, rtol=1e-9)


# --- money --------------------------------------------------------------------------------------------------------

MONEY = [a for a in plans.numeric_addresses(plans.tiered())
         if driver_of(a).unit in (YUAN, YUAN_EACH, YUAN_PER_1000) and not a.startswith(("target", "last_year"))]
MONEY_LINES = [k for k, line in LINES.items() if line.unit == YUAN]


@given(strategies.random_plans())
def test_in_a_currency_of_half_the_worth_money_doubles_and_rates_stay(values):
    values = plans.tiered() | values
    doubled = {a: 2 * v for a in MONEY if (v := plans.number_at(values, a)) is not None}
    one, two = run(values), run(values, doubled)
    for key, line in LINES.items():
        factor = 2 if line.unit == YUAN else 1
        np.testing.assert_allclose(two.lines[key], factor * one.lines[key], rtol=1e-9, atol=1e-3, err_msg=key)
    for key, row in KPIS.items():
        factor = 2 if row.unit in (YUAN, YUAN_EACH) else 1
        np.testing.assert_allclose(kpi(two, key), factor * kpi(one, key), rtol=1e-9, atol=1e-3, err_msg=key)


def test_the_currency_is_in_every_price_and_cost():
    """What the doubling doubles; a new money driver belongs to it, by its unit."""
    assert {a.split(".")[-1] for a in MONEY} == {
        "budget", "budget_2", "budget_3", "cpm", "aov", "channel_fixed", "slot_fee", "fulfilment_cost", "return_cost", "service_cost",
        "compensation", "member_benefit", "join_cost", "technology", "supply_chain_reserve", "other_overhead",
        "monthly_cost", "cost_once", "cost_monthly", "benefit"}


COSTS = [a for a in plans.numeric_addresses(RICH) if driver_of(a).cost]
#: costs that the plan has switched off
IDLE = {a for a in COSTS if a.startswith("promotion.dropped.")}
BASE = run(RICH).lines["net_profit"].sum()


@each("address", COSTS)
def test_ten_per_cent_more_of_a_cost_lowers_the_years_profit(address):
    more = run(RICH, {address: 1.1 * plans.number_at(RICH, address)}).lines["net_profit"].sum()
    if address in IDLE:
        assert more == BASE
    else:
        assert more < BASE - 1e-6


def test_every_cost_driver_has_a_row_in_that_test():
    declared = {(table, key) for table, fields in TABLES.items() for key, row in fields.items() if row.cost}
    tried = {(a.split(".")[0] if "." in a else "business", a.split(".")[-1]) for a in COSTS}
    assert declared == tried


#: they enter the statement alone; dearer traffic and refunds move orders too
WITHOUT_CUSTOMERS = (
    "technology", "fulfilment_cost", "return_cost", "service_cost", "join_cost", "member_benefit", "surcharge",
    "payment_fee", "turnover_days", "carrying_rate", "write_off_rate", "income_tax", "dispute_rate", "compensation",
    "channel.live.creator_commission", "channel.search.platform_take", "team.service.monthly_cost")


@given(strategies.random_plans(st.just(12), drivers=0), st.sampled_from(WITHOUT_CUSTOMERS), st.floats(1, 1.5))
def test_a_cost_that_moves_no_customer_never_raises_profit(values, address, factor):
    more = {address: min(factor * plans.number_at(values, address), driver_of(address).high)}
    profit, dearer = (run(values, change).lines["net_profit"].sum() for change in ({}, more))
    assert dearer <= profit + 1e-6

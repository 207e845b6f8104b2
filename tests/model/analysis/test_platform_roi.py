"""The ROI to type into a platform: by hand, exact at any price of traffic, and with what won customers bring later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import by_hand
import plans
import strategies
from model.analysis.platform_roi import coming_value, left_by_orders, platform_roi, unordered_costs
from model.engine.evaluate import evaluate
from model.engine.kpis import kpi

WANTED = 0.1
#: halvings of the price's range: to the last digit
HALVINGS = 45


def months(result) -> list[slice]:
    return [slice(m, m + 1) for m in range(len(result.months))]


def by_arithmetic(name: str) -> dict[str, float]:
    """What a worked example's lines come to."""
    case = next(c for c in by_hand.everyone() if c.name == name)
    return {f"{row.line} {row.month}": case.worked_out(row) for row in case.rows}


def test_a_months_figures_by_hand():
    """The paid channel of the worked examples: 57,344 of spend bring 235,827.20 of paid GMV."""
    lines = by_arithmetic("paid_channel")
    left = lines["contribution 2027-01"] - lines["commission 2027-01"] - 0.005 * lines["net_revenue 2027-01"]
    case = next(c for c in by_hand.everyone() if c.name == "paid_channel")
    found = platform_roi(evaluate(case.scenario()), WANTED, [slice(0, 1), slice(None)])
    assert found.channels == ("ads",)
    for span in (0, 1):     # every month is alike, and so is the year
        assert found.now[0, span, 0] == pytest.approx(235_827.2 / 57_344, rel=1e-12)
        assert found.break_even[0, span, 0] == pytest.approx(235_827.2 / left, rel=1e-9)
        assert found.target[0, span, 0] == pytest.approx(235_827.2 / (left - WANTED * lines["net_revenue 2027-01"]), rel=1e-9)
        assert found.break_even_coming[0, span, 0] == pytest.approx(found.break_even[0, span, 0], rel=1e-12)  # nobody returns


def test_won_customers_by_hand():
    """100 orders of 100 yuan at half margin by new customers of whom 40 % return once, at 50 yuan: 50 + 20 are left of 100."""
    plan = {"budget": 60_000.0, "repurchase_other_once": 0.4}
    result = evaluate(plans.scenario(plans.bare(), plan))
    assert coming_value(result)[0, 0] == pytest.approx(20)
    found = platform_roi(result, 0.0, [slice(None)])
    assert found.break_even[0, 0, 0] == pytest.approx(2)
    assert found.break_even_coming[0, 0, 0] == pytest.approx(100 / 70)


def at_price(values, channel: str, factors: np.ndarray):
    """The plan with a channel's traffic at these multiples of its price, a draw each."""
    base = np.float64(values[f"channel.{channel}.cpm"])
    return evaluate(plans.scenario(values), {f"channel.{channel}.cpm": base * factors})


def test_at_the_break_even_roi_a_months_orders_leave_nothing():
    """By the model: the price of traffic at which a month's ROI is the one asked for, found by halving, a draw each; with
    tiers, promotions and two years."""
    values = plans.tiered() | {"months": 18}
    plan = evaluate(plans.scenario(values))
    asked, month, reached = platform_roi(plan, WANTED, months(plan)), np.tile(np.arange(18), 2), 0
    share = np.repeat([0.0, WANTED], 18)
    for i, channel in enumerate(asked.channels):
        roi = np.concatenate([asked.break_even[i, :, 0], asked.target[i, :, 0]])
        low, high = np.full(36, 0.02), np.full(36, 20.0)
        for _ in range(HALVINGS):
            middle = np.sqrt(low * high)
            by = at_price(values, channel, middle).by_channel
            now = (by["gmv"][i] / by["spend"][i])[month, range(36)]
            low, high = np.where(now < roi, low, middle), np.where(now < roi, middle, high)
        result = at_price(values, channel, middle)
        spend, revenue = (result.by_channel[k][i, month, range(36)] for k in ("spend", "net_revenue"))
        profit = left_by_orders(result)[i, month, range(36)] - spend - share * revenue
        there = np.isclose(now, roi, rtol=1e-11)        # out of reach where even cheap traffic brings too little
        assert np.abs(profit[there] / spend[there]).max() < 1e-9, channel
        reached += there.sum()
    assert reached > 36


@given(strategies.random_plans(), st.floats(0.5, 1.5))
def test_break_even_is_the_same_at_any_price_of_traffic(values, factor):
    """Months, promotions, tiers and channels drawn at random; what is left after the spend has the sign of now − break-even."""
    before, after = (evaluate(plans.scenario(values, {"headline.traffic_price": f})) for f in (1.0, factor))
    then, now = (platform_roi(r, WANTED, months(r)) for r in (before, after))
    for name in ("break_even", "target"):
        a, b = getattr(then, name), getattr(now, name)
        both = ~np.isnan(a) & ~np.isnan(b)
        np.testing.assert_allclose(a[both], b[both], rtol=1e-9)
    paid = len(now.channels)
    profit = (left_by_orders(after) - after.by_channel["spend"])[:paid]
    known = np.isfinite(now.now) & np.isfinite(now.break_even) & (np.abs(now.now - now.break_even) > 1e-9)
    assert np.array_equal((profit > 0)[known], (now.now > now.break_even)[known])


@given(strategies.random_plans())
def test_a_wanted_margin_asks_for_more_and_coming_repeats_for_less(values):
    result = evaluate(plans.scenario(values))
    found = platform_roi(result, WANTED, [slice(None), *months(result)])
    known = ~np.isnan(found.break_even)
    assert (found.target >= found.break_even)[known].all()
    gain = np.broadcast_to(coming_value(result)[:, None] >= 0, known.shape) & known
    assert (found.break_even_coming <= found.break_even * (1 + 1e-12))[gain].all()


def test_a_channel_without_orders_has_no_roi_and_one_that_loses_by_every_order_none_that_is_enough():
    result = evaluate(plans.scenario(plans.rich(), {"channel.live.goods_margin_rate": 0.0, "channel.search.share": 0.0,
                                                    "channel.search.opening_exposure": 0.0, "channel.private.share": 0.7}))
    found = platform_roi(result, 0.0, [slice(None)])
    search, live = (found.channels.index(c) for c in ("search", "live"))
    assert np.isnan(found.now[search, 0, 0]) and np.isnan(found.break_even[search, 0, 0])
    assert np.isinf(found.break_even[live, 0, 0])


def test_costs_that_no_order_causes_are_what_is_left_of_the_statement(rich):
    """Net revenue less orders' own costs, advertising, these and income tax is net profit."""
    revenue = rich.lines["net_revenue"].sum()
    ads = rich.lines["spend"].sum()
    income_tax = (rich.lines["taxes"] - rich.lines["net_revenue"] * rich.values.business["surcharge"]).sum()
    rest = left_by_orders(rich).sum() - ads - income_tax - unordered_costs(rich)[0] * revenue
    assert rest == pytest.approx(float(kpi(rich, "net_profit")[0]), rel=1e-9)

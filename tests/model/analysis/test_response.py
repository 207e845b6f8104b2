"""What a channel's next yuan brings: by hand where a curve can be written down, else against plans evaluated one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every import each

import plans
from model import evaluate, kpi, what_decides
from model.analysis.response import (
    MORE,
    POINTS,
    REACH,
    TODAY,
    break_even,
    ladder_of_spend,
    reference_elasticity,
    reference_spend,
    responses,
)
from samples import changed, sample

#: one channel, level months: 1,000,000 impressions at 50 yuan a thousand are 50,000 yuan a month, and 1,000 orders of 100
ADS = {"budget": 600_000.0, "vat": 0.0, "channel.ads.impressions_ref": 1e6, "channel.ads.saturation": 1.0}


def bare(**change):
    return plans.scenario(plans.bare(), ADS | {k.replace("__", "."): v for k, v in change.items()})


def spending_of(scenario, channel: str, yearly: float):
    """The same plan with another yearly spend in one channel and every other channel's yuan as they are."""
    budget = scenario.get("budget")
    spend = {c: budget * scenario.get(f"channel.{c}.share") for c in scenario.spending_channels} | {channel: yearly}
    total = sum(spend.values())
    return evaluate(scenario.with_values({"budget": total} | {f"channel.{c}.share": s / total for c, s in spend.items()}))


# --- by hand -----------------------------------------------------------------------------------------------------------

def test_a_saturating_channel_by_hand():
    """Orders = 2000 · z ÷ (1 + z), z = impressions ÷ reference: at 50,000 yuan 1,000 orders, at 125,000 yuan 1,428.57."""
    found = responses(bare())["ads"]
    assert found.today == pytest.approx(50_000) and found.spend[-1] == pytest.approx(REACH * 50_000)
    assert found.net_revenue[0] == 0 and found.at(found.today) == pytest.approx(1_000 * 100)
    assert found.net_revenue[-1] == pytest.approx(2_000 * 2.5 / 3.5 * 100)


def test_the_marginal_return_is_the_slope_by_hand():
    """d(200,000 · z ÷ (1 + z)) at z = 1 is 200,000 ÷ 4 a reference, a reference is 50,000 yuan: 1.00 yuan a yuan."""
    found = responses(bare())["ads"]
    assert found.mroas == pytest.approx(1.0, rel=2e-3)


def test_the_break_even_by_hand():
    """An order brings 50 after goods; 100,000 · z ÷ (1 + z) − 50,000 · z is largest at (1 + z)² = 2: z = 0.41421."""
    found = responses(bare())["ads"]
    assert found.break_even == pytest.approx(50_000 * (math.sqrt(2) - 1), rel=0.01)
    assert found.marginal == pytest.approx(0.5 - 1, rel=2e-3), "past it: half a yuan of goods margin for a yuan of spend"


def test_a_tenth_more_spend_by_hand():
    """1.1 ÷ 2.1 against 1 ÷ 2 is 4.76 % more orders; the rule of thumb for small changes says ε = 1 − Hill(1) = 0.5: 5 %."""
    scenario = bare()
    assert responses(scenario)["ads"].elasticity * MORE == pytest.approx(1.1 / 2.1 / 0.5 - 1)
    assert reference_elasticity(scenario, "ads") == pytest.approx(0.5)


@each("shape, saturation, expected", [(1.0, 1.6, 1.6 / 2.6), (1.0, 2.0, 2 / 3), (2.0, 1.0, 1.0)])
def test_the_elasticity_at_the_reference(shape, saturation, expected):
    """Hill(1 ÷ s) with n = 1 is 1 ÷ (1 + s), so that ε = s ÷ (1 + s); with n = 2 and s = 1 it is 2 · (1 − 1/2)."""
    scenario = bare(channel__ads__shape=shape, channel__ads__saturation=saturation)
    assert reference_elasticity(scenario, "ads") == pytest.approx(expected)


def test_break_even_between_the_points():
    """A parabola with its top at 3.3 is found from its points 0, 1, 2, …"""
    spend = np.arange(8.0)
    assert break_even(spend, 10 - (spend - 3.3) ** 2) == pytest.approx(3.3)
    assert break_even(spend, -spend) == 0.0 and break_even(spend, spend) is None


# --- against plans evaluated one by one ---------------------------------------------------------------------------------

@each("scenario", [sample(), plans.scenario(plans.rich()), changed(months=18, headline__budget=1.2)])
def test_every_point_is_the_plan_with_that_spend(scenario):
    found = responses(scenario)
    assert tuple(found) == scenario.spending_channels
    for channel, response in found.items():
        yearly = ladder_of_spend(scenario, channel)
        results = [spending_of(scenario, channel, yearly[i]) for i in (0, 5, POINTS - 1)]
        revenue, profit = ([float(r.lines[k].mean()) for r in results] for k in ("net_revenue", "net_profit"))
        assert response.net_revenue[[0, 5, -1]] == pytest.approx(np.array(revenue) - revenue[0], rel=1e-6, abs=1e-3)
        assert response.profit[[0, 5, -1]] == pytest.approx(np.array(profit) - profit[0], rel=1e-6, abs=1e-3)


def test_todays_point_is_the_plan():
    found, result = responses(sample()), evaluate(sample())
    for channel, response in found.items():
        i = result.channels.index(channel)
        assert response.today == response.spend[TODAY] == pytest.approx(result.by_channel["spend"][i].sum() / 12)


def test_the_marginal_profit_is_that_of_what_decides():
    """One number, computed twice: this page and the budget table of Simulate must not disagree."""
    decides = what_decides(sample()).marginal
    assert {c: r.marginal for c, r in responses(sample()).items()} == pytest.approx(decides, rel=1e-6)


def test_the_marginal_return_is_of_a_yuan_spent_whatever_the_months():
    """18 months: return and spend are both counted over the 18 months."""
    scenario = changed(months=18)
    before = evaluate(scenario)
    after = spending_of(scenario, "content", 1.001 * scenario.get("budget") * 0.14)
    more = [float(kpi(r, "net_revenue")[0]) for r in (before, after)]
    spent = float(after.lines["spend"].sum() - before.lines["spend"].sum())
    assert responses(scenario)["content"].mroas == pytest.approx((more[1] - more[0]) / spent, rel=0.01)


# --- edges -------------------------------------------------------------------------------------------------------------

def test_without_a_channel_to_spend_on_there_is_nothing():
    without = plans.scenario({a: v for a, v in plans.bare().items() if not a.startswith("channel.ads")})
    assert responses(without) == {}


def test_without_a_budget_the_curve_reaches_the_reference():
    found = responses(changed(budget=0.0))
    for channel, response in found.items():
        assert response.today == 0 and math.isfinite(response.mroas) and math.isnan(response.elasticity)
        assert response.spend[-1] * 12 == pytest.approx(reference_spend(sample(), channel))


def test_a_channel_without_a_share_has_a_curve_too():
    found = responses(changed(channel__content__share=0.0, channel__platform__share=0.62))["content"]
    assert found.today == 0 and found.net_revenue[-1] > 0 and np.isfinite(found.net_revenue).all()


def test_nothing_in_the_plan_gives_finite_numbers():
    found = responses(bare(budget=0.0, channel__ads__cvr=0.0))["ads"]
    assert np.isfinite(found.net_revenue).all() and found.break_even == 0.0

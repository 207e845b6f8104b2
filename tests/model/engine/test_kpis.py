"""KPIs, their periods, targets and last year: ratios of lines; what is undefined is a dash (nan), never 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every import each

import plans
from model.engine import kpis
from model.engine.evaluate import evaluate
from model.engine.kpis import KPIS, find_period, kpi, kpi_by_channel
from model.engine.lines import LINES
from model.errors import UnknownName

YEAR = tuple(f"2027-{m:02d}" for m in range(1, 13))
EIGHTEEN = tuple(f"{2027 + (m + 3) // 12}-{(m + 3) % 12 + 1:02d}" for m in range(18))     # April 2027 on


# --- periods ------------------------------------------------------------------------------------------------------

@each("text, months, period", [
    ("year", YEAR, slice(0, 12)), ("year2", YEAR, None), ("Q1", YEAR, slice(0, 3)), ("Q4", YEAR, slice(9, 12)),
    ("Q5", YEAR, None), ("2027-01", YEAR, slice(0, 1)), ("2027-12", YEAR, slice(11, 12)), ("2028-01", YEAR, None),
    ("2026-12", YEAR, None), ("year", YEAR[:6], slice(0, 6)), ("Q2", YEAR[:6], slice(3, 6)), ("Q2", YEAR[:5], None),
    ("year2", EIGHTEEN, slice(12, 18)), ("year3", EIGHTEEN, None), ("Q1", EIGHTEEN, slice(0, 3)),
    ("Q6", EIGHTEEN, slice(15, 18)), ("2027-04", EIGHTEEN, slice(0, 1)), ("2028-09", EIGHTEEN, slice(17, 18)),
])
def test_period(text, months, period):
    assert find_period(text, months) == period


# --- ratios -------------------------------------------------------------------------------------------------------

RATIOS = [key for key, row in KPIS.items() if row.bottom and not row.special]


@each("key", RATIOS)
@each("period", [slice(None), slice(3, 6), slice(10, 11)], ids=["year", "Q2", "november"])
def test_a_ratio_is_of_sums_not_a_mean_of_ratios(key, period, rich):
    row = KPIS[key]
    expected = rich.lines[row.top][period, 0].sum() / rich.lines[row.bottom][period, 0].sum()
    assert kpi(rich, key, period)[0] == pytest.approx(expected, rel=1e-12)


@each("key", RATIOS)
def test_without_orders_spend_or_revenue_a_ratio_is_a_dash(key):
    """The bare plan: nothing happens."""
    assert math.isnan(kpi(evaluate(plans.scenario(plans.bare())), key)[0])


def test_a_net_margin_without_revenue_is_a_dash_even_when_there_is_a_loss():
    result = evaluate(plans.scenario(plans.bare(), {"other_overhead": 1000.0}))
    assert kpi(result, "net_profit")[0] == -12_000
    assert math.isnan(kpi(result, "net_margin_rate")[0])


def test_by_channel_a_ratio_of_a_channel_without_spend_is_a_dash(rich):
    roas = kpi_by_channel(rich, "spend_to_gmv")
    assert roas.shape == (4, 1) and roas[rich.channels.index("shop"), 0] == 0
    assert math.isnan(kpi_by_channel(rich, "cac")[rich.channels.index("private"), 0])


def test_private_share_is_the_owned_channels_part_of_gmv(rich):
    expected = rich.by_channel["gmv"][rich.channels.index("private")].sum() / rich.lines["gmv"].sum()
    assert kpi(rich, "private_share")[0] == pytest.approx(expected)


def test_private_share_without_an_owned_channel_is_zero():
    assert kpi(evaluate(plans.scenario(plans.bare(), {"channel.shop.visits": 100.0})), "private_share")[0] == 0


def test_click_rate_is_of_bought_impressions(rich):
    """Visits of the shop are clicks without an impression: they do not raise the click rate."""
    bought = slice(0, 3)
    expected = rich.by_channel["clicks"][bought].sum() / rich.by_channel["impressions"][bought].sum()
    assert kpi(rich, "ctr")[0] == pytest.approx(expected)


def test_balances_are_the_last_months(rich):
    assert kpi(rich, "pool", slice(3, 6))[0] == rich.lines["pool"][5, 0]
    assert kpi(rich, "closing_cash", slice(0, 3))[0] == rich.lines["cash"][2, 0]
    assert kpi(rich, "lowest_cash")[0] == rich.lines["cash"].min()


def test_repurchase_rate_is_for_whole_plan_years_of_the_plan_only():
    two = evaluate(plans.scenario(plans.rich(), {"months": 24}))
    first, second, across = (kpi(two, "repurchase_rate_year", slice(a, a + 12))[0] for a in (0, 12, 6))
    assert 0 < first < 1 and 0 < second < 1 and math.isnan(across)
    assert math.isnan(kpi(two, "repurchase_rate_year")[0])
    assert math.isnan(kpi(two, "repurchase_rate_year", slice(0, 3))[0])
    drawn = evaluate(plans.scenario(plans.rich()), {"vat": np.array([0.1, 0.13])})
    assert np.all(np.isnan(kpi(drawn, "repurchase_rate_year")))


def test_repurchase_rate_of_a_shop_whose_customers_never_return_is_0_and_of_nobody_a_dash():
    once = evaluate(plans.scenario(plans.bare(), {"channel.shop.visits": 1000.0}))
    assert kpi(once, "repurchase_rate_year")[0] == 0
    assert math.isnan(kpi(evaluate(plans.scenario(plans.bare())), "repurchase_rate_year")[0])


def test_repurchase_rate_by_hand():
    """1,000 new customers a month, 30 % order again in the same month, none later: 30 % of the year's."""
    same_month = {"channel.shop.visits": 20_000.0, "repurchase_other_once": 0.3, "timing.00.share": 1.0}
    assert kpi(evaluate(plans.scenario(plans.bare(), same_month)), "repurchase_rate_year")[0] == pytest.approx(0.3)


def test_a_share_of_opening_customers_who_order_once_in_the_year_have_not_repeated():
    """200 people of the month before, half order once more and never again: one order each within the year."""
    opening = {"opening.x.group": "other", "opening.x.depth": "once", "opening.x.band": "1-3",
               "opening.x.people": 600.0, "repurchase_other_once": 0.5, "timing.01.share": 1.0}
    result = evaluate(plans.scenario(plans.bare(), opening))
    assert result.lines["repeat_orders"].sum() == pytest.approx(100)
    assert kpi(result, "repurchase_rate_year")[0] == pytest.approx(0, abs=1e-12)


@each("key", ["nonsense", "", "GMV"])
def test_an_unknown_kpi_is_refused(key, rich):
    with pytest.raises(UnknownName):
        kpi(rich, key)
    with pytest.raises(UnknownName):
        kpi_by_channel(rich, key)


def test_a_kpi_that_channels_do_not_have_is_refused_by_channel(rich):
    with pytest.raises(UnknownName):
        kpi_by_channel(rich, "net_profit")


@each("key", KPIS)
def test_a_kpi_is_of_lines_that_exist(key):
    row = KPIS[key]
    assert row.special or row.top in LINES
    assert row.bottom == "" or row.bottom in LINES
    assert not row.by_channel or LINES[row.top].channel and (not row.bottom or LINES[row.bottom].channel)
    assert row.equation and row.good in (1, -1)


@each("key", [k for k in KPIS if k != "repurchase_rate_year"])
def test_a_kpi_of_draws_is_that_of_each_draw(key):
    drawn = evaluate(plans.scenario(plans.rich()), {"channel.search.cvr": np.array([0.02, 0.03])})
    for i, cvr in enumerate((0.02, 0.03)):
        single = evaluate(plans.scenario(plans.rich(), {"channel.search.cvr": cvr}))
        assert kpi(drawn, key).shape == (2,)
        assert kpi(drawn, key)[i] == pytest.approx(kpi(single, key)[0], rel=1e-9, abs=1e-6)


# --- targets ------------------------------------------------------------------------------------------------------

def target_on(kpi_key: str, value: float, period: str = "year"):
    rows = {"target.t.kpi": kpi_key, "target.t.value": value, "target.t.period": period}
    base = {a: v for a, v in plans.rich().items() if not a.startswith("target.")}
    return kpis.targets(evaluate(plans.scenario(base, rows)))


@each("key, easier", [
    ("gmv", -1), ("net_margin_rate", -1), ("pool", -1), ("lowest_cash", -1), ("refund_rate", 1), ("cac_blended", 1),
    ("marketing_rate", 1), ("turnover_days", 1),
])
def test_a_target_is_hit_in_the_good_direction(key, easier, rich):
    reached = float(kpi(rich, key)[0])
    step = easier * (abs(reached) * 0.01 + 1e-6)
    hit, = target_on(key, reached + step)
    missed, = target_on(key, reached - step)
    assert hit.hit[0] and not missed.hit[0]
    assert hit.gap[0] == pytest.approx(-step)
    exactly, = target_on(key, reached)
    assert exactly.hit[0]


def test_a_target_for_a_quarter_is_of_that_quarter(rich):
    found, = target_on("gmv", 1.0, "Q2")
    assert found.actual[0] == pytest.approx(rich.lines["gmv"][3:6].sum())


def test_a_target_for_a_month_of_a_balance_is_its_end(rich):
    found, = target_on("pool", 1.0, "2027-03")
    assert found.actual[0] == rich.lines["pool"][2, 0]


def test_a_target_outside_the_plan_is_left_out():
    assert target_on("gmv", 1.0, "2028-01") == ()
    assert target_on("gmv", 1.0, "year2") == ()


def test_a_target_on_a_dash_is_missed():
    rows = {"target.t.kpi": "net_margin_rate", "target.t.value": 0.0}
    found, = kpis.targets(evaluate(plans.scenario(plans.bare(), rows)))
    assert math.isnan(found.actual[0]) and not found.hit[0]


# --- last year ----------------------------------------------------------------------------------------------------

def test_last_year_is_of_the_same_months(rich):
    assert kpis.last_year_kpi(rich, "gmv") == 12 * 6e6
    assert kpis.last_year_kpi(rich, "gmv", slice(3, 6)) == 3 * 6e6
    assert kpis.last_year_kpi(rich, "refund_rate") == pytest.approx(0.4)
    assert kpis.last_year_kpi(rich, "aov") == pytest.approx(6e6 / 27_000)
    assert kpis.last_year_kpi(rich, "net_margin_rate") == pytest.approx(2e5 / 3.2e6)
    assert kpis.last_year_kpi(rich, "pool") == 100_012
    assert kpis.last_year_kpi(rich, "pool", slice(0, 3)) == 100_003
    assert kpis.last_year_kpi(rich, "repurchase_rate_year") == 0.27


@each("key", ["marketing_rate", "cac_blended", "private_share", "turnover_days", "lowest_cash",
                                 "spend_to_gmv", "ctr", "cvr"])
def test_last_year_of_what_was_not_told_is_a_dash(key, rich):
    assert math.isnan(kpis.last_year_kpi(rich, key))


def test_last_year_with_a_month_missing_is_a_dash_for_the_year_and_known_for_other_quarters():
    rows = {a: v for a, v in plans.rich().items() if not a.startswith("last_year.2026-05.")}
    result = evaluate(plans.scenario(rows))
    assert math.isnan(kpis.last_year_kpi(result, "gmv"))
    assert math.isnan(kpis.last_year_kpi(result, "gmv", slice(3, 6)))
    assert kpis.last_year_kpi(result, "gmv", slice(0, 3)) == 18e6


def test_last_year_of_a_month_of_the_second_year_is_the_same_month_of_the_first():
    result = evaluate(plans.scenario(plans.rich(), {"months": 24}))
    assert kpis.last_year_kpi(result, "gmv", slice(14, 15)) == result.lines["gmv"][2, 0]
    assert math.isnan(kpis.last_year_kpi(result, "gmv", slice(6, 18))), "half told, half planned"
    assert math.isnan(kpis.last_year_kpi(evaluate(plans.scenario(plans.bare())), "repurchase_rate_year"))

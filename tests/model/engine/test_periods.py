"""One notion of a period: KPIs, targets and chances of a plan of any length, by its years and over all of them."""

from __future__ import annotations

import numpy as np
import pytest
from every import each

import plans
from model.analysis.compare import bridge
from model.analysis.goalseek import seek
from model.analysis.optimize import Objective
from model.analysis.risk.simulate import simulate
from model.analysis.sensitivity import what_decides
from model.engine.evaluate import evaluate
from model.engine.kpis import (
    ALL,
    KPIS,
    kpi,
    last_year,
    last_year_kpi,
    over,
    period_of,
    periods_of,
    target_of,
    targets,
    whole_targets,
    year_share,
)
from model.engine.part import part_of
from model.plan import lists as li

GMV = {"target.gmv.value": 9e7, "target.gmv_2.kpi": "gmv", "target.gmv_2.period": "year2", "target.gmv_2.value": 9.5e7,
       "target.gmv_3.kpi": "gmv", "target.gmv_3.period": "year3", "target.gmv_3.value": 1e8,
       "target.refunds.kpi": "refund_rate", "target.refunds.period": "year", "target.refunds.value": 0.4,
       "target.cash.kpi": "closing_cash", "target.cash.period": "year2", "target.cash.value": 1e6}
LENGTHS = {6: ("year",), 12: ("year",), 18: ("year", "year2", ALL), 24: ("year", "year2", ALL),
           36: ("year", "year2", "year3", ALL)}


def plan(months: int, **change: object):
    return plans.scenario(plans.rich(), {"months": months} | GMV | change)


@pytest.fixture(scope="module", params=LENGTHS)
def long(request):
    return evaluate(plan(request.param))


def test_a_plan_has_its_years_and_all_of_them_together(long):
    assert periods_of(len(long.months)) == LENGTHS[len(long.months)]
    for key, row in KPIS.items():
        if row.adds_up:
            years = [kpi(long, key, period_of(y, long.months))[0] for y in periods_of(len(long.months)) if y != ALL]
            assert sum(years) == pytest.approx(kpi(long, key)[0]), key


def test_a_target_is_of_the_months_that_its_value_is_of(long):
    for x in targets(long):
        assert x.actual[0] == over(long, x.kpi, x.period)[0], x.key


def test_only_sums_over_a_year_that_is_cut_are_scaled_and_by_the_budget_of_its_months(long):
    """The same months carry the same part of the year's budget: what is spent is as much of the budget as of the target."""
    for x in targets(long):
        span, given = period_of(x.period, long.months), long.scenario.get(f"target.{x.key}.value")
        cut = x.period.startswith("year") and span.stop - span.start < 12 and KPIS[x.kpi].adds_up
        spent = long.lines["spend"][span, 0].sum() / long.scenario.get("budget") if cut else 1.0
        assert x.target == pytest.approx(given * spent), x.key
        assert x.cut == cut and x.given == (given if cut else None)


def test_the_target_of_all_is_the_sum_of_its_years_where_each_has_one(long):
    months = len(long.months)
    found = target_of(whole_targets(long), "gmv", ALL)
    if months <= 12:
        assert whole_targets(long) == ()
        return
    years = [target_of(targets(long), "gmv", y).target for y in periods_of(months)[:-1]]
    assert found.target == pytest.approx(sum(years)) and found.actual[0] == kpi(long, "gmv")[0]
    assert {x.kpi for x in whole_targets(long)} == {"gmv"}, "rates and balances have no sum"
    assert whole_targets(evaluate(plan(months, **{"target.gmv_2.period": "Q1"}))) == ()


def test_chances_are_of_the_same_target_and_value(long):
    found = simulate(long.scenario, 256, plan=long, by_month=False)
    for x in (*targets(long), *whole_targets(long)):
        chance = found.chances[x.key]
        assert (chance.period, chance.target, chance.plan) == (x.period, x.target, x.actual[0]), x.key
        if x.kpi == "gmv" and x.period in periods_of(len(long.months)):
            assert chance.chance == pytest.approx(found.chance("gmv", x.target, x.period)[0], abs=1 / 256), x.key
            assert found.plan_value("gmv", x.period) == x.actual[0]


@each("months", LENGTHS)
def test_a_goal_of_a_year_is_reached_in_that_year(months):
    scenario = plan(months)
    for period in periods_of(months):
        target = 1.02 * over(evaluate(scenario), "gmv", period)[0]
        found = seek(scenario, Objective("gmv", period=period), target, ["headline.cvr"])
        assert found.hit and over(evaluate(found.scenario), "gmv", period)[0] == pytest.approx(target), period


def test_what_decides_a_year_and_the_bridge_between_two_are_of_that_year():
    scenario = plan(24)
    for period in periods_of(24):
        before = over(evaluate(scenario), "net_profit", period)[0]
        swing = next(s for s in what_decides(scenario, period=period).swings if s.key == "cvr")
        moved = scenario.with_values({"headline.cvr": 1.1})
        after = over(evaluate(moved), "net_profit", period)[0]
        assert swing.high == pytest.approx(after - before), period
        found = bridge(scenario, moved, "net_profit", period=period)
        assert (found.start, found.end) == (pytest.approx(before), pytest.approx(after)), period


def test_a_year_that_a_plan_does_not_reach_is_a_dash():
    result = evaluate(plan(12))
    assert np.isnan(over(result, "gmv", "year2")).all() and over(result, "gmv", ALL)[0] == kpi(result, "gmv")[0]
    assert target_of(targets(result), "gmv", "year2") is None


@each("months", LENGTHS)
def test_last_year_of_a_later_year_is_the_year_before_it_in_the_plan(months):
    """Of the first as told, of a cut year the same months, of all years together nothing."""
    result = evaluate(plan(months))
    assert last_year_kpi(result, "repurchase_rate_year", period_of("year", result.months)) == 0.27
    for period in periods_of(months)[1:]:
        span = period_of(period, result.months)
        before = slice(span.start - 12, span.stop - 12)
        for key in KPIS:
            then = last_year_kpi(result, key, span)
            wanted = np.nan if period == ALL else kpi(result, key, before)[0]
            assert np.array_equal(then, wanted, equal_nan=True), (key, period)
    for key, values in last_year(result).items():
        assert np.array_equal(values[12:], result.lines[key][:max(0, months - 12), 0]), key


def test_what_is_undefined_is_neither_hit_nor_missed_and_has_no_chance():
    scenario = plans.scenario(plans.bare(), {
        "target.t.kpi": "net_margin_rate", "target.t.value": -1.0, "target.u.kpi": "refund_rate", "target.u.value": 0.4})
    for x in targets(evaluate(scenario)):
        assert x.outcome == "undefined" and not x.hit[0] and not x.missed[0]
    assert all(np.isnan(c.chance) for c in simulate(scenario, 64).chances.values())


def test_a_part_of_a_result_has_the_months_of_its_period(long):
    for period in periods_of(len(long.months)):
        span = period_of(period, long.months)
        part = part_of(long, span)
        assert part.months == long.months[span]
        for key in ("gmv", "spend", "net_profit"):
            assert np.array_equal(part.lines[key], long.lines[key][span]), key
        assert np.array_equal(part.by_channel["gmv"], long.by_channel["gmv"][:, span])
        assert part.index["weight"].sum() == pytest.approx(long.index["weight"][span].sum())
    assert part_of(long, slice(0, len(long.months))) is long


def test_years_of_whole_months_are_not_scaled(long):
    assert year_share(long, "year") == 1.0 if len(long.months) >= 12 else 0 < year_share(long, "year") < 1
    assert set(li.TARGET_KPIS) > {k for k in li.TARGET_KPIS if KPIS[k].adds_up} == {
        "gmv", "net_revenue", "net_profit", "orders", "new_customers", "hero_spend"}

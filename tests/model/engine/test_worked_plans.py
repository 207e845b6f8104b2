"""Two whole plans, computed by an independent program from the same equations: every number of ours agrees to 1e-9."""

from __future__ import annotations

from functools import cache

import numpy as np
from every import each

import worked
from model.engine import kpis
from model.engine.checks import PASS, REVIEW, checks
from model.engine.customer_value import customer_book
from model.engine.evaluate import Result, evaluate

PLANS = ("worked_plan", "worked_plan_2")
#: the other program's names of months' rows, where ours differ
BY_CHANNEL = {"spend": "spend", "impressions": "impressions", "clicks": "clicks", "orders": "channel_orders",
              "new": "new_customers", "gmv": "gmv", "refunds": "refunds", "net_revenue": "net_revenue"}
TOTALS = {"gmv": "gmv", "refunds": "refunds", "net_sales": "net_sales", "net_revenue": "net_revenue",
          "cogs": "cost_of_goods", "take": "take", "fulfilment": "fulfilment", "gross_profit": "gross_profit",
          "contribution": "contribution", "marketing": "marketing", "stock": "stock", "inventory": "inventory",
          "overhead": "overhead", "taxes": "taxes", "net_profit": "net_profit", "cash_flow": "cash_flow"}
CUSTOMERS = {"repeat_orders": "repeat_orders", "booked_to_channels": "repeats_booked",
             "repeat_member": "repeats_member", "repeat_other": "repeats_other", "woken": "woken",
             "new_customers": "new_customers", "joiners": "joiners", "pool": "pool"}
INDEX = ("season", "promo", "price", "basket", "refund_lift", "traffic_price", "pulse")
KPIS = {"net_margin": "net_margin_rate", "gross_margin": "gross_margin_rate", "marketing_rate": "marketing_rate",
        "refund_rate": "refund_rate", "spend_to_gmv": "spend_to_gmv", "private_share": "private_share", "pool": "pool",
        "new_customers": "new_customers", "repeat_orders": "repeat_orders", "lowest_cash": "lowest_cash",
        "closing_cash": "closing_cash", "gmv": "gmv", "net_revenue": "net_revenue", "contribution": "contribution",
        "marketing": "marketing", "net_profit": "net_profit", "repurchase_rate_year": "repurchase_rate_year"}
SUMS = {"refunds": "refunds", "gross_profit": "gross_profit"}
BEYOND = ("people_gap", "woken_cut", "customer_book")


@cache
def case(name: str) -> tuple[dict, Result]:
    given = worked.load(name)
    return given, evaluate(worked.scenario(given["inputs"]))


def close(ours, theirs) -> None:
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=1e-9, atol=1e-9)


@each("theirs", BY_CHANNEL)
@each("plan", PLANS)
def test_channel_line(plan, theirs):
    given, result = case(plan)
    expected = [[row[theirs][c] for row in given["rows"]] for c in result.channels]
    close(result.by_channel[BY_CHANNEL[theirs]][:, :, 0], expected)


@each("theirs", TOTALS)
@each("plan", PLANS)
def test_total_line(plan, theirs):
    given, result = case(plan)
    close(result.lines[TOTALS[theirs]][:, 0], [row["totals"][theirs] for row in given["rows"]])


@each("theirs", CUSTOMERS)
@each("plan", PLANS)
def test_customer_line(plan, theirs):
    given, result = case(plan)
    close(result.lines[CUSTOMERS[theirs]][:, 0], [row[theirs] for row in given["rows"]])


@each("name", INDEX)
@each("plan", PLANS)
def test_index(plan, name):
    given, result = case(plan)
    close(result.index[name][:, 0], [row["index"][name] for row in given["rows"]])


@each("plan", PLANS)
def test_month_weights(plan):
    given, result = case(plan)
    close(result.index["weight"][:, 0], [row["weight"] for row in given["rows"]])


@each("theirs", KPIS)
@each("plan", PLANS)
def test_kpi(plan, theirs):
    given, result = case(plan)
    if theirs not in given["kpis"]:
        assert plan == "worked_plan_2" and theirs == "repurchase_rate_year", "18 months are no whole year"
        assert np.isnan(kpis.kpi(result, "repurchase_rate_year")[0])
        return
    close(kpis.kpi(result, KPIS[theirs])[0], given["kpis"][theirs])


@each("theirs", SUMS)
@each("plan", PLANS)
def test_sum_of_line(plan, theirs):
    given, result = case(plan)
    close(result.lines[SUMS[theirs]].sum(), given["kpis"][theirs])


@each("plan", PLANS)
def test_customer_book(plan):
    given, result = case(plan)
    close(customer_book(result)[0], given["kpis"]["customer_book"])


@each("plan", PLANS)
def test_nobody_is_lost_and_nobody_woken_twice(plan):
    given, result = case(plan)
    people = result.extra["closing_ladder"].sum()
    assert abs(result.extra["people_gap"].sum() - given["kpis"]["people_gap"]) < 1e-9 * people
    assert abs(result.extra["woken_cut"].sum() - given["kpis"]["woken_cut"]) < 1e-6


@each("plan", PLANS)
def test_nothing_in_the_worked_plan_is_left_uncompared(plan):
    given, _ = case(plan)
    row = given["rows"][0]
    assert set(row) == {*BY_CHANNEL, *CUSTOMERS, "index", "weight", "totals"}
    assert set(row["totals"]) == set(TOTALS)
    assert set(row["index"]) == set(INDEX)
    assert set(given["kpis"]) | {"repurchase_rate_year"} == {*KPIS, *SUMS, *BEYOND}


def test_every_check_passes_on_the_first_worked_plan():
    assert {c.status for c in checks(case("worked_plan")[1])} == {PASS}


def test_the_second_worked_plan_is_told_that_bookings_were_scaled_down():
    rows = {c.key: c.status for c in checks(case("worked_plan_2")[1])}
    assert rows.pop("bookings") == REVIEW
    assert set(rows.values()) == {PASS}

"""What an order brings: refunds and goods at their bounds, and one formula for the plan, the customer's value and the words."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import plans
from model.analysis.explain.derive import Ledger
from model.engine import order_economics
from model.engine.customer_value import first_order_value, repeat_order_value
from model.engine.evaluate import Result, evaluate
from model.plan.schema import driver_of

DRIVERS = (*order_economics.CHANNEL, *order_economics.BUSINESS)
#: promotions move prices and refunds, which a customer's value leaves out; without visits all of `shop` is repeats
CALM = {"promotion.618.on": False, "promotion.live_night.on": False, "channel.shop.visits": 0.0}


class InWords(Ledger):
    """Money up to contribution from the equations alone, which go down to drivers and orders."""

    def _read(self, kind, key, i):
        return self.computed(key, i) if key in MONEY and i is not None else super()._read(kind, key, i)


MONEY = {"gmv", "refunds", "net_sales", "net_revenue", "cost_of_goods", "gross_profit", "take", "fulfilment", "contribution"}


def of_an_order(result: Result) -> dict[str, list[float]]:
    """The first month's contribution of one order of `live`, and of one repeat left to `shop`: plan, customer, words."""
    live, shop = (result.channels.index(c) for c in ("live", "shop"))
    orders = np.array([result.by_channel["channel_orders"][live, 0, 0], result.lines["repeats_other"][0, 0]])
    words = InWords(result)
    return {"plan": [*result.by_channel["contribution"][[live, shop], 0, 0] / orders],
            "customer": [first_order_value(result, 0)[live, 0], repeat_order_value(result, 0)[1, 0]],
            "words": [*np.array([words.series("contribution", i)[0] for i in (live, shop)]) / orders]}


def test_the_plan_the_customers_value_and_the_words_move_alike_with_every_fee_and_cost():
    before = of_an_order(evaluate(plans.scenario(plans.rich(), CALM)))
    for driver in DRIVERS:
        prefix = ("channel.live.", "channel.shop.") if driver in order_economics.CHANNEL else ("",)
        now = plans.rich() | CALM
        change = {f"{p}{driver}": 0.9 * resolved(now, f"{p}{driver}") for p in prefix}
        after = of_an_order(evaluate(plans.scenario(plans.rich(), CALM | change)))
        for which in (0, 1):
            moved = {name: after[name][which] - before[name][which] for name in before}
            assert abs(moved["plan"]) > 1e-6, (driver, which)
            for name, values in after.items():
                assert values[which] == pytest.approx(after["plan"][which], rel=1e-12), (driver, which, name)
                assert moved[name] == pytest.approx(moved["plan"], rel=1e-6), (driver, which, name)


def resolved(values: dict[str, object], address: str) -> float:
    """A value of a plan as it says it, or its driver's default."""
    return values[address] if address in values else driver_of(address).default


def test_contribution_hangs_on_no_other_driver_and_no_other_index():
    """The lists that its callers read are its arguments."""
    given = set(inspect.signature(order_economics.contribution).parameters) - {"orders", "value_factor"}
    assert given == {*DRIVERS, *order_economics.INDICES}


def test_refunds_take_at_most_95_per_cent():
    out = order_economics.sales(10.0, 1.0, 100.0, 1.0, 0.9, 2.0, 0.13)
    assert out["refund"] == 0.95
    assert out["net_sales"] == pytest.approx(50)


def test_unshipped_refunds_cost_no_parcel():
    """One order, always refunded, never sent: only customer service."""
    assert order_economics.service(1.0, 1.0, 1.0, 6.5, 11.0, 1.2, 0.003, 30.0) == pytest.approx(1.2)


def test_goods_that_come_back_and_are_sold_again_cost_nothing():
    assert order_economics.goods(1.0, 1.0, 100.0, 1.0, 0.4, 1.0, 0.0, 1.0, 0.0) == 0
    assert order_economics.goods(1.0, 1.0, 100.0, 1.0, 0.4, 1.0, 0.0, 0.5, 0.0) == pytest.approx(30)

"""From plan to actual: it adds up, each changed driver gets its bar, and what no driver explains stands apart."""

from __future__ import annotations

import numpy as np
import pytest
from actual_months import measured
from every import each

import plans
from model import UnknownName, evaluate, kpi, review
from samples import ROOT, sample

SAMPLE = sample()


def of_june():
    return review.read_actuals((ROOT / "sample_data" / "actuals.csv").read_bytes(), SAMPLE)


def bars_of(scenario, changes, kpi_key, months=12):
    """The bars above rounding of months that the model computed from changed drivers; they add up, nothing is unexplained."""
    other = scenario.with_values(changes)
    actual = measured(scenario, evaluate(other), months)
    found = review.bridge(scenario, actual, kpi_key)
    scale = abs(found.start) + abs(found.end)
    assert found.end == pytest.approx(float(kpi(evaluate(other), kpi_key, slice(0, months))[0]), rel=1e-12)
    assert abs(sum(bar.value for bar in found.bars) - (found.end - found.start)) < 1e-9 * scale
    assert abs(found.unexplained) < 1e-9 * scale
    return {bar.group: {p.addresses[0]: p.value for p in bar.drivers} for bar in found.bars if abs(bar.value) > 1e-7 * scale}


@pytest.mark.deep
@each("address, factor, group", [
    ("channel.platform.cpm", 1.2, "traffic_price"), ("channel.private.cpm", 1.2, "traffic_price"),
    ("channel.content.ctr", 0.9, "traffic_volume"), ("channel.organic.visits", 0.9, "traffic_volume"),
    ("channel.platform.cvr", 0.9, "conversion"), ("channel.private.cvr", 1.1, "conversion"),
    ("channel.organic.cvr", 1.1, "conversion"), ("channel.own_live.aov", 1.1, "order_value"),
    ("channel.private.aov", 0.9, "order_value"), ("channel.platform.new_share", 1.2, "customers"),
    ("headline.repurchase_rate", 0.8, "customers")])
def test_a_changed_driver_of_the_funnel_gets_its_bar_and_no_other_does(address, factor, group):
    bars = bars_of(SAMPLE, {address: SAMPLE.get(address) * factor}, "gmv", 6)
    assert list(bars) == [group] and list(bars[group]) == [address]


@each("address, factor, group", [
    ("channel.platform.refund_rate", 1.2, "refunds"), ("fulfilment_cost", 1.0, ""), ("vat", 0.5, "taxes"), ("technology", 1.5, "overhead"),
    ("headline.goods_margin_rate", 0.9, "goods"), ("carrying_rate", 1.5, "stock"), ("surcharge", 2.0, "taxes")])
def test_a_changed_cost_gets_its_bar(address, factor, group):
    bars = bars_of(SAMPLE, {address: SAMPLE.get(address) * factor}, "net_profit")
    assert group in bars if group else bars == {}
    assert set(bars) <= {group, "goods", "fulfilment", "stock", "taxes"}


def test_a_smaller_budget_is_the_budget_of_every_channel():
    bars = bars_of(SAMPLE, {"budget": SAMPLE.get("budget") * 0.9}, "gmv", 3)
    assert list(bars) == ["budget"] and set(bars["budget"]) == {f"channel.{c}.share" for c in SAMPLE.spending_channels}


@each("name", ["rich", "steady", "wide"])
def test_plans_of_every_kind_are_explained_in_full(name):
    scenario = plans.scenario(getattr(plans, name)())
    changes = {f"headline.{k}": 1.1 for k in ("ctr", "cvr", "aov", "refund_rate", "traffic_price", "repurchase_rate", "budget")}
    for key in ("gmv", "net_profit"):
        assert bars_of(scenario, changes, key, 5)


def test_the_sample_months_add_up_and_the_unexplained_is_the_books_own_cent():
    for key, start, end in (("gmv", 50_667_847.98, 54_122_384.66), ("net_profit", 964_101.14, 347_168.32)):
        found = review.bridge(SAMPLE, of_june(), key)
        assert (found.start, found.end) == (pytest.approx(start, abs=0.01), pytest.approx(end, abs=0.001))
        assert sum(bar.value for bar in found.bars) == pytest.approx(end - start, abs=0.01)
        assert abs(found.unexplained) < 0.02
        assert all(sum(p.value for p in bar.drivers) == pytest.approx(bar.value) for bar in found.bars if bar.drivers)
    parts = sum(review.bridge(SAMPLE, of_june(), "gmv", quarter).end for quarter in ("Q1", "Q2"))
    assert parts == pytest.approx(54_122_384.66)


def test_what_the_lines_do_not_give_is_not_hidden_in_a_bar():
    actual = of_june().with_cells({("2027-03", review.SHOP, "net_profit"): 295_447.4})
    before, after = (review.bridge(SAMPLE, a, "net_profit") for a in (of_june(), actual))
    assert after.unexplained - before.unexplained == pytest.approx(100_000)
    assert [bar.value for bar in after.bars[:-1]] == pytest.approx([bar.value for bar in before.bars[:-1]])


@each("columns", [("gmv",), ("spend", "gmv"), ("orders", "gmv", "net_profit"), ("clicks", "refunds")])
def test_any_subset_of_columns_is_enough(columns):
    actual = of_june().with_cells({place: None for place in of_june().said if place[2] not in columns})
    found = review.bridge(SAMPLE, actual, "gmv")
    assert sum(bar.value for bar in found.bars) == pytest.approx(found.end - found.start)
    if "gmv" in columns:
        assert found.end == pytest.approx(54_122_384.66) and abs(found.unexplained) < 1e-6 * found.end


def test_what_was_not_booked_follows_from_what_was_taxes_and_cash_too():
    year = evaluate(SAMPLE.with_values({"headline.cvr": 1.2, "technology": 90_000.0}))
    actual = measured(SAMPLE, year, 12)
    actual = actual.with_cells({place: None for place in actual.said if place[2] in ("taxes", "net_profit", "contribution", "cash")})
    found = review.as_happened(SAMPLE, actual).booked.lines
    for key in ("contribution", "taxes", "net_profit", "gross_profit", "net_sales"):
        assert found[key][:, 0] == pytest.approx(year.lines[key][:, 0], rel=1e-9, abs=1e-3)
    anchored = review.as_happened(SAMPLE, of_june().with_cells({("2027-03", review.SHOP, "cash"): 1e6})).booked.lines
    assert anchored["cash"][2, 0] == pytest.approx(1e6)
    assert anchored["cash"][3, 0] - anchored["cash"][2, 0] == pytest.approx(anchored["cash_flow"][3, 0])


def test_the_shop_alone_is_enough_too():
    actual = of_june().with_cells({place: None for place in of_june().said if place[1] != review.SHOP})
    found = review.bridge(SAMPLE, actual, "net_profit")
    assert found.end == pytest.approx(347_168.32) and abs(found.unexplained) < 1


def test_without_months_there_is_no_bridge_and_unknown_names_are_refused():
    found = review.bridge(SAMPLE, review.Actuals.none(SAMPLE), "gmv")
    assert found.bars == () and found.reason == "nothing_closed" and np.isnan(found.unexplained)
    for key, period in (("gvm", "to_date"), ("gmv", "2028-01")):
        with pytest.raises(UnknownName):
            review.bridge(SAMPLE, of_june(), key, period)

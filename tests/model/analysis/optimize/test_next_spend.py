"""The next amount: no simple way to spend it on top earns more, no channel loses, and the sentence's figures are the plan's."""

from __future__ import annotations

import pytest

from model import evaluate, kpi
from model.analysis.optimize import Objective
from model.analysis.optimize.next_spend import next_spend
from model.analysis.optimize.search.objective import book_change
from samples import changed, sample


def on_top(scenario, more):
    """The plan with these yuan on top of today's, by channel."""
    budget = scenario.get("budget") * scenario.get("headline.budget")
    spends = {c: budget * scenario.get(f"channel.{c}.share") + more.get(c, 0.0) for c in scenario.spending_channels}
    total = sum(spends.values())
    return scenario.with_values({"budget": total / scenario.get("headline.budget")}
                                | {f"channel.{c}.share": y / total for c, y in spends.items()})


def profit(scenario) -> float:
    return float(kpi(evaluate(scenario), "net_profit")[0])


@pytest.mark.parametrize("scenario, amount", [(sample(), 100_000), (changed(months=24), 1_000_000), (changed(headline__budget=0.8), 50_000)],
                         ids=["sample", "24 months", "a smaller budget"])
def test_no_simple_way_to_spend_it_earns_more(scenario, amount):
    found, channels = next_spend(scenario, amount), scenario.spending_channels
    ways = [{c: amount} for c in channels] + [{a: amount / 2, b: amount / 2} for a in channels for b in channels if a < b]
    best = max(profit(on_top(scenario, way)) for way in ways) - profit(scenario)
    assert found.profit >= best - 0.01 and sum(found.split.values()) == pytest.approx(amount, rel=1e-3)
    assert profit(on_top(scenario, found.split)) - profit(scenario) == pytest.approx(found.profit, abs=50)
    assert profit(found.scenario) - profit(scenario) == pytest.approx(found.profit, abs=1e-6)


def test_what_the_won_customers_bring_is_the_change_of_the_customer_book():
    found = next_spend(sample(), 100_000, Objective("profit_and_book"))
    assert found.coming == pytest.approx(float((book_change(evaluate(found.scenario)) - book_change(evaluate(sample())))[0]))
    assert found.gmv > 0

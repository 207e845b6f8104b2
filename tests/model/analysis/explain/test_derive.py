"""Equations: every name in a formula is known, every walk down ends in drivers, and the values in it give the value shown."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every import each

import plans
import worked
from model import Scenario, evaluate
from model.analysis.explain import derive as de
from model.analysis.explain import formulas
from model.analysis.explain.derive import Node, derive, ledger
from model.analysis.explain.terms import FUNCTIONS, INDICES, TERMS
from model.engine.kpis import KPIS
from model.engine.lines import LINES
from model.errors import UnknownName
from samples import sample

WITH_FORMULA = [row.key for row in (*LINES.values(), *TERMS.values()) if row.formula]


def without_owned() -> Scenario:
    """The sample without its private domain: its share goes to search."""
    scenario = sample()
    owned = next(c for c, row in scenario.rows["channel"].items() if row["kind"] == "owned")
    share = scenario.get("channel.platform.share") + scenario.get(f"channel.{owned}.share")
    return scenario.with_values({"channel.platform.share": share, f"channel.{owned}": None})


PLANS = {
    "without a private domain": without_owned,
    "sample": sample, "rich": lambda: plans.scenario(plans.rich()), "steady": lambda: plans.scenario(plans.steady()),
    "worked": lambda: worked.scenario(worked.load("worked_plan")["inputs"]),
    "18 months": lambda: worked.scenario(worked.load("worked_plan_2")["inputs"]),
}


@pytest.fixture(scope="module", params=PLANS)
def result(request):
    return evaluate(PLANS[request.param]())


# --- names -------------------------------------------------------------------------------------------------------------

@each("kind, key", [("line", k) for k in LINES] + [("kpi", k) for k in KPIS] + [("term", k) for k in TERMS]
                         + [("index", k) for k in INDICES])
def test_every_name_in_every_formula_is_a_line_a_term_an_index_or_a_driver(kind, key):
    text, names = de.formula_of(kind, key)
    assert names, "made of nothing"
    for name in names:
        de.resolve(name.removesuffix("[m−1]"))


def test_an_unknown_name_in_a_formula_is_found():
    with pytest.raises(UnknownName):
        de.resolve("gvm")


def test_functions_are_not_names_and_names_are_not_functions():
    assert formulas.names_in("min(95 %, refund_rate · refund_lift)", FUNCTIONS) == [("refund_rate", False), ("refund_lift", False)]
    assert not set(FUNCTIONS) & (set(LINES) | set(TERMS) | set(INDICES))


# --- the way down ------------------------------------------------------------------------------------------------------

def leaves(result, node: Node, above: tuple = (), known: dict | None = None) -> set[Node]:
    """Where all ways down from a number end; fails on a cycle."""
    known = {} if known is None else known
    assert node not in above, f"in a circle: {[n.key for n in above]} → {node}"
    if node not in known:
        down = [child for _, child in derive(result, node).names if child]
        known[node] = set().union(*(leaves(result, c, (*above, node), known) for c in down)) if down else {node}
    return known[node]


@each("month", [0, 1, 2])
def test_every_walk_down_ends_in_drivers(month):
    found, known = evaluate(sample()), {}
    tops = [Node("line", k, row, month) for k, line in LINES.items() for row in ("", *(found.channels if line.channel else ()))]
    tops += [Node("kpi", k, "", month) for k in KPIS if k != "repurchase_rate_year" or not month]
    for top in tops:
        ends = {n for n in leaves(found, top, (), known) if not is_zero(n, found)}
        assert {n.kind for n in ends} == {"driver"} or is_zero(top, found) or not month and "cash" in top.key, (top, ends)


def is_zero(node: Node, result) -> bool:
    """A number that is 0 or 1 by its equation: organic visits cost nothing, only members are written to."""
    equations = derive(result, node).equations
    return bool(equations) and all(e in ("0", "1") for _, e in equations)


def test_the_walk_from_gmv_to_the_conversion_rate():
    """GMV ‹ own_gmv ‹ channel_orders ‹ demand ‹ cvr, of search in March."""
    found = evaluate(sample())
    node = Node("line", "gmv", "platform", 3)
    for step in ("own_gmv", "channel_orders", "demand", "cvr"):
        node = dict(derive(found, node).names)[step]
        assert (node.row, node.month) == ("platform", 3)
    assert node == Node("driver", "channel.cvr", "platform", 3)
    assert ledger(found).at(node).low == pytest.approx(float(found.values.channel["cvr"][found.channels.index("platform"), 0, 0]))


# --- values ------------------------------------------------------------------------------------------------------------

@each("key", WITH_FORMULA)
def test_the_values_in_an_equation_give_the_value_of_the_model(result, key):
    """Every line, by channel and month: the engine computed it, the formula is evaluated on the values that are shown."""
    book, row = ledger(result), LINES.get(key) or TERMS[key]
    for i in range(len(result.channels)) if row.channel else [None]:
        np.testing.assert_allclose(book.computed(key, i), book.series(key, i), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("key", KPIS)
def test_a_kpis_equation_gives_its_value(result, key):
    if key == "repurchase_rate_year" and len(result.months) != 12:
        pytest.skip("known of whole years only")
    book, node = ledger(result), Node("kpi", key)
    value = book.at(node).low
    names = {n: Node(*de.resolve(n)) for n in de.formula_of("kpi", key)[1]}

    def read(name, before):
        span = book.at(names[name])
        return span.low if span.one or key != "lowest_cash" else np.array([span.low, span.high])

    functions = {"mean": lambda x: x, "lowest": np.min}
    if key == "lowest_cash" or KPIS[key].equation.startswith("mean("):
        series = {n: book.series(n) for n in names}
        found = float({"lowest_cash": np.min}.get(key, np.mean)(*series.values()))
    else:
        found = formulas.value(KPIS[key].equation, read, functions)
    assert found == pytest.approx(value, rel=1e-9, nan_ok=True)


def test_where_an_equation_does_not_hold_of_totals_its_parts_add_up():
    found = evaluate(sample())
    book = ledger(found)
    for key, line in LINES.items():
        told = derive(found, Node("line", key))
        if line.kind == "balance" or told.holds:
            continue
        assert told.parts, key
        assert sum(book.at(p).low for p in told.parts) == pytest.approx(book.at(told.node).low, rel=1e-9, abs=1e-6), key


def test_equations_that_only_add_hold_of_totals():
    found = evaluate(sample())
    told = derive(found, Node("line", "net_profit"))
    assert told.holds and told.parts == ()
    values = {n: ledger(found).at(c).low for n, c in told.names}
    assert values.pop("contribution") - sum(values.values()) == pytest.approx(told.value.low)
    assert not derive(found, Node("line", "net_revenue", "platform")).holds


# --- what is not there -------------------------------------------------------------------------------------------------

@each("node", [Node("line", "gmv", "nobody"), Node("line", "gmv", "", 13), Node("line", "gvm"),
                                  Node("line", "overhead", "platform"), Node("driver", "channel.cvr", "nobody"),
                                  Node("driver", "channel.gvm"), Node("line", "gmv", "", -1), Node("what", "gmv")])
def test_what_the_plan_does_not_have_is_refused(node):
    with pytest.raises(UnknownName):
        derive(evaluate(sample()), node)


def test_the_first_month_stands_on_the_opening():
    found = evaluate(sample())
    names = dict(derive(found, Node("line", "pool", "", 1)).names)
    assert names["pool[m−1]"] == Node("term", "opening_members", "", 1)
    assert dict(derive(found, Node("line", "cash", "", 1)).names)["cash[m−1]"] is None
    assert math.isclose(ledger(found).at(names["pool[m−1]"]).low,
                        sum(r["people"] for r in found.scenario.rows["opening"].values() if r["group"] == "member"))

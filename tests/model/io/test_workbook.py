"""Workbooks out: every figure is what the model says, at writing and after cells were changed and counted anew."""

from __future__ import annotations

import math
import shutil

import numpy as np
import pytest
from books import broken, calculated, errors, opened, typed, written
from every import every, some
from odd_plans import ODD

from model import KPIS, LINES, Scenario, evaluate, kpi
from model.analysis.compare import differences
from model.analysis.explain import derive
from model.engine.kpis import find_period, periods_of
from model.io.workbook import read_workbook
from model.io.workbook.live import COMPUTED, FIRST_MONTH, RAMP, SERIES, STATEMENT, TOP
from model.io.workbook.writing import SHEETS, laid_out
from model.plan.schema import driver_of
from samples import changed, sample

#: a fee, a price, a refund rate, payroll, days of stock, a tax
MOVED = {"channel.creators.creator_commission": 0.31, "channel.platform.aov": 301.5, "channel.organic.refund_rate": 0.42,
         "team.design.monthly_cost": 9_250.5, "turnover_days": 97.0, "vat": 0.06}
NAMES = {key: key for key in SHEETS}


def moved(scenario: Scenario, addresses) -> dict[str, float]:
    """Another allowed number at each of them."""
    out = {}
    for address in addresses:
        driver, value = driver_of(address), scenario.get(address)
        out[address] = min(driver.high, max(driver.low, value * 1.07 if value else 0.01 * min(driver.high, 1000)))
    return out


def alone(scenario: Scenario) -> list[str]:
    return sorted(laid_out(evaluate(scenario), NAMES).alone())


@every(name=["sample", "24 months from July", "no team, no tiers", "three months"])
def test_what_the_model_computed_does_not_follow_the_assumptions_that_the_sheets_follow_alone(name):
    """Otherwise a changed cell would tell half of what it does."""
    scenario = sample() if name == "sample" else ODD[name]()
    live = laid_out(evaluate(scenario), NAMES)
    taken = [(row.key, row.channel, [v for _, v in row.cells]) for row in live.rows[COMPUTED] if row.kind != RAMP]
    for address, value in moved(scenario, live.alone()).items():
        book = derive.ledger(evaluate(scenario.with_values({address: value})))
        for key, channel, was in taken:
            now = book.series(key, book.result.channels.index(channel) if channel else None)
            assert np.allclose(now, was, rtol=1e-12, atol=1e-9), f"{address}: {key}"


def test_fees_prices_rates_payroll_and_taxes_are_followed():
    assert set(MOVED) <= set(alone(sample()))
    assert {"promotion", "season", "timing"}.isdisjoint(a.split(".")[0] for a in alone(sample()))


@every(name=["sample", *some(ODD, 6, 1)])
def test_every_formula_carries_its_value_and_none_is_an_error(name):
    assert broken(written(sample() if name == "sample" else ODD[name]())) == []


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_counted_anew_it_is_the_model(tmp_path):
    """One at a time, all together, every followed assumption at once, and plans of other shapes."""
    alone_of = {f"one{i}": (sample(), {a: MOVED[a]}) for i, a in enumerate([*MOVED][:5])}
    cases: dict[str, tuple[Scenario, dict[str, float]]] = {name: alone_of[name] for name in some(alone_of, 5)}
    cases |= {"all": (sample(), MOVED), "followed": (sample(), moved(sample(), alone(sample())))}
    for i, name in enumerate(some(("24 months from July", "organic only", "no team, no tiers"), 3)):
        cases[f"odd{i}"] = (ODD[name](), moved(ODD[name](), alone(ODD[name]())))
    files = {name: typed(written(scenario), scenario, values) for name, (scenario, values) in cases.items()}
    for name, data in calculated(files, tmp_path).items():
        scenario, values = cases[name]
        book, after = opened(data), scenario.with_values(values)
        wrong = [*_other_figures(book, after), *errors(book)]
        assert wrong == [], f"{name}: {wrong[:5]}"
        read = {d.address for d in differences((scenario, Scenario(read_workbook(data, "own").plan)))}
        assert read == {d.address for d in differences((scenario, after))}, name


def _other_figures(book, scenario: Scenario):
    """Cells of the statement and of the KPIs that are not the model's."""
    result = evaluate(scenario)
    periods = [find_period(p, result.months) for p in periods_of(len(result.months))]
    columns = [*(slice(m, m + 1) for m in range(len(result.months))), *periods]
    statement = {row[0].removeprefix("line."): row for row in book.get_sheet_by_name(STATEMENT).to_python()[TOP:]}
    for key, row in statement.items():
        for m, months in enumerate(columns):
            lines = result.lines[key][months, 0]
            yield from _apart(f"{key} {m}", row[FIRST_MONTH + m], lines[-1] if LINES[key].kind == "balance" else lines.sum())
    measures = {row[0].removeprefix("kpi."): row for row in book.get_sheet_by_name("kpis").to_python()[TOP:]}
    assert set(measures) == set(KPIS) and {"net_profit", "cash"} <= set(statement)
    for key, row in measures.items():
        for m, months in enumerate(columns):
            yield from _apart(f"{key} {m}", row[FIRST_MONTH + m], float(kpi(result, key, months)[0]))


def _apart(what: str, got: object, wanted: float):
    near = got == "" if math.isnan(wanted) else got == pytest.approx(wanted, rel=1e-9, abs=1e-6)
    return [] if near else [f"{what}: {got} for {wanted}"]


def test_the_statement_follows_the_plan_of_a_changed_scenario():
    """Headline factors, initiatives and tiers stand between a cell and what it does."""
    scenario = changed(headline__aov=1.1, headline__refund_rate=1.2)
    assert {"headline.aov", "headline.refund_rate"} <= set(alone(scenario))
    assert set(laid_out(evaluate(scenario), NAMES).rows) == set(SERIES)

"""From last year's net profit to this one's: the steps lead there to the cent, of whatever last year is known of."""

from __future__ import annotations

import pytest
from odd_plans import variant

from model import evaluate
from model.analysis.year_on_year import LEFT, year_on_year
from samples import changed, sample, sample_plan


def test_the_steps_of_the_sample_lead_from_last_year_to_the_plan():
    found = year_on_year(evaluate(sample()), "year")
    assert found is not None and [s.key for s in found.steps] == list(LEFT)
    assert found.before == pytest.approx(1_362_300) and found.before + sum(s.change for s in found.steps) == pytest.approx(found.now)
    rows = sample_plan().rows["last_year"].values()
    revenue = float(evaluate(sample()).lines["net_revenue"].sum()) - sum(row["net_revenue"] for row in rows)
    assert found.steps[0].change == pytest.approx(revenue)


def test_a_line_that_is_not_known_is_part_of_the_next_step():
    months = [f"last_year.{key}.gross_profit" for key in sample_plan().rows["last_year"]]
    found = year_on_year(evaluate(variant(tuple(months))), "year")
    assert found is not None and [s.key for s in found.steps] == [k for k in LEFT if k != "gross_profit"]
    assert found.before + sum(s.change for s in found.steps) == pytest.approx(found.now)


def test_of_a_later_year_last_year_is_the_plans_own_and_without_one_there_is_none():
    result = evaluate(changed(months=24))
    found = year_on_year(result, "year2")
    assert found is not None and found.before == pytest.approx(float(result.lines["net_profit"][:12].sum()))
    assert year_on_year(evaluate(variant(("last_year",))), "year") is None and year_on_year(result, "all") is None

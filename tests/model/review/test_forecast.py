"""Where the year will land: closed months stand, bands narrow, and on years drawn from the plan's own risks it holds."""

from __future__ import annotations

import importlib
from functools import cache

import numpy as np
import pytest
from actual_months import measured
from drawn_years import naive, scores, years
from every import each

import plans
from model import evaluate, review
from model.analysis.risk.simulate import simulate
from model.review.forecast import conditioned
from samples import ROOT, sample

SAMPLE = sample()


@cache
def of_june() -> review.Actuals:
    return review.read_actuals((ROOT / "sample_data" / "actuals.csv").read_bytes(), SAMPLE)


@cache
def after(months: int):
    return review.forecast(SAMPLE, of_june().up_to(months), 512)


def width(found, key="gmv") -> float:
    return float(found.year(key).point(90) - found.year(key).point(10))


def test_closed_months_are_as_they_were_in_every_draw():
    found = after(6)
    for key in ("gmv", "net_profit"):
        points = found.months(key).points
        assert np.allclose(points[:, :6], of_june().total(key)[:6], rtol=1e-5) and np.ptp(points[:, 6:], axis=0).min() > 0
    assert found.chances["gmv_q1"].chance in (0.0, 1.0) and 0 < found.chances["gmv_year"].chance < 1
    assert found.run.draws == 512 and found.scenario == SAMPLE


@pytest.mark.deep
def test_bands_narrow_with_each_month_that_is_known():
    for key in ("gmv", "net_profit"):
        widths = [width(simulate(SAMPLE, 512), key), *(width(after(months), key) for months in (1, 3, 6))]
        assert all(a > 1.05 * b for a, b in zip(widths, widths[1:], strict=False)), widths


def test_without_months_it_is_the_plans_own_risk_and_with_all_of_them_the_year():
    before = review.forecast(SAMPLE, review.Actuals.none(SAMPLE), 512)
    assert np.array_equal(before.year("gmv").points, simulate(SAMPLE, 512).year("gmv").points)
    year = evaluate(SAMPLE.with_values({"headline.cvr": 0.9}))
    whole = review.forecast(SAMPLE, measured(SAMPLE, year, 12), 128)
    assert width(whole) == pytest.approx(0, abs=20) and whole.year("gmv").mean == pytest.approx(year.lines["gmv"].sum(), rel=1e-6)


def test_the_same_draws_give_the_same_numbers():
    again = review.forecast(SAMPLE, of_june(), 512)
    assert np.array_equal(again.year("net_profit").points, after(6).year("net_profit").points)
    assert again.year("gmv").mean != review.forecast(SAMPLE, of_june(), 512, seed=1).year("gmv").mean


@each("name", ["rich", "tiered", "wide"])
def test_plans_of_every_kind_have_a_forecast(name):
    scenario = plans.scenario(getattr(plans, name)())
    found = review.forecast(scenario, measured(scenario, evaluate(scenario), 2), 64)
    assert all(np.isfinite(found.year(key).points).all() for key in ("gmv", "net_profit", "pool"))


@each("columns", [("gmv",), ("spend", "gmv"), ("orders",)])
def test_any_subset_of_columns_teaches_something(columns):
    actual = of_june().with_cells({place: None for place in of_june().said if place[2] not in columns})
    assert width(review.forecast(SAMPLE, actual, 512)) < 0.9 * width(simulate(SAMPLE, 512))


def test_on_years_drawn_from_the_plans_own_risks_it_beats_the_plan_and_its_bands_hold():
    """Few years, wide bounds: `make bench` has two hundred."""
    found = years(SAMPLE, 10, 4711)
    of = scores(SAMPLE, found, 6, 128)
    for key, planned in naive(SAMPLE, found, 6).items():
        assert of[key].error < 0.8 * planned[0] and of[key].cover >= 0.5


def test_the_sample_lands_in_the_same_place_however_many_steps_are_made(monkeypatch):
    """June bends the model between two of its months: steps that only go to and fro moved the chance of the year's GMV by six points."""
    found = []
    for steps in (5, 6, 7):
        monkeypatch.setattr(importlib.import_module("model.review.forecast"), "_STEPS", steps)
        conditioned.cache_clear()
        found.append(review.forecast(SAMPLE, of_june(), 512).year("net_profit").point(50))
    conditioned.cache_clear()
    assert max(found) - min(found) < 0.06 * abs(found[0])

"""Pictures of the settings of uncertainty: a curve is that of the draws, months are those of the AR(1), repairs are told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every import each
from scipy import stats

from model.analysis.risk import distributions as di
from model.analysis.risk.inputs import Monthly
from model.analysis.risk.pictures_data import PATHS, density, matrix, paths
from samples import changed, sample

SKEWED = {"price": di.pert(0.9, 1.0, 1.4), "linear": di.triangular(0, 1, 4), "sum": di.normal(10, 2),
          "value": di.lognormal(10, 5), "rate": di.beta(0.03, 0.006), "level": di.metalog(90, 100, 115)}


def area(curve) -> float:
    x, y = curve
    return float(np.trapezoid(y, x))


# --- a distribution -----------------------------------------------------------------------------------------------------

@each("name, likely", [("price", 1.0), ("linear", 1.0), ("sum", 10.0), ("rate", None), ("level", None),
                                          ("value", 10 / 1.25 ** 1.5)])
def test_the_most_likely_value_is_where_the_curve_is_highest(name, likely):
    drawn = density(SKEWED[name])
    x, y = drawn.curve
    assert abs(drawn.likely - x[np.argmax(y)]) < 0.02 * (x[-1] - x[0])
    assert likely is None or drawn.likely == pytest.approx(likely)
    assert y.max() == 1 and y[0] == y[-1] == 0 and not drawn.off and not drawn.flat


@each("marginal, exact", [
    (di.normal(10, 2), stats.norm(10, 2)), (di.pert(0, 1, 4), stats.beta(2, 4, scale=4)),
    (di.triangular(0, 1, 4), stats.triang(0.25, scale=4)),
    (di.lognormal(10, 5), stats.lognorm(math.sqrt(math.log(1.25)), scale=10 / 1.25 ** 0.5)),
    (di.normal(0.03, 0.03).within(0, 1), stats.truncnorm(-1, 970 / 30, 0.03, 0.03)),
])
def test_the_curve_is_the_density_and_its_points_are_the_quantiles(marginal, exact):
    drawn = density(marginal)
    x, y = (a[1:-1] for a in drawn.curve)
    assert np.max(np.abs(y - exact.pdf(x) / exact.pdf(x).max())) < 0.02
    assert drawn.points == pytest.approx(exact.ppf([0.1, 0.5, 0.9]), rel=1e-6)


def test_uniform_values_have_no_most_likely_one():
    drawn = density(di.uniform(1, 3))
    assert drawn.flat and drawn.likely is None and drawn.points == pytest.approx((1.2, 2, 2.8))


def test_a_curve_that_rises_to_both_ends_has_no_most_likely_value():
    assert density(di.beta(0.5, 0.45)).likely is None
    assert density(di.beta(0.03, 0.1)).likely == 0


def test_what_truncation_cuts_off_is_drawn_and_counted():
    """Mean 3 %, deviation 3 %, not below 0: 15.9 % of the normal curve lay below, and it ends where the other begins."""
    drawn = density(di.normal(0.03, 0.03).within(0, 1))
    assert drawn.below == pytest.approx(stats.norm.cdf(-1)) and drawn.above < 1e-9 and len(drawn.off) == 1
    x, y = drawn.off[0]
    assert x[-1] == 0 and np.all(x <= 0) and y[-1] == pytest.approx(drawn.curve[1][1], abs=0.02)
    assert 0 < area(drawn.off[0]) < area(drawn.curve) * drawn.below / (1 - drawn.below) * 1.02


def test_a_plan_s_bounds_beyond_the_curve_cut_off_nothing_that_is_seen():
    assert not density(di.normal(0.03, 0.003).within(0, 1)).off


# --- its monthly part ---------------------------------------------------------------------------------------------------

def test_months_lie_in_the_band_of_the_process_and_examples_stay_the_same():
    """Deviation 20 % a month: the 10 and 90 % points of a lognormal factor with mean 1."""
    drawn, sigma = paths(Monthly(0.2, 0.5), 12, 1000.0, 0.0, 1e9), math.sqrt(math.log(1.04))
    exact = 1000 * np.exp(sigma * stats.norm.ppf([[0.1], [0.5], [0.9]]) - sigma ** 2 / 2)
    assert np.max(np.abs(drawn.band / exact - 1)) < 0.02
    assert drawn.paths.shape == (PATHS, 12) and np.ptp(drawn.paths, axis=0).min() > 0
    assert np.array_equal(drawn.paths, paths(Monthly(0.2, 0.5), 12, 1000.0, 0.0, 1e9).paths)


def test_persistence_makes_a_year_s_months_alike_and_bounds_hold():
    calm, wild = (np.abs(np.diff(paths(Monthly(0.2, rho), 12, 1.0, 0.0, 9.0).paths)).mean() for rho in (0.95, 0.0))
    assert calm < 0.5 * wild
    assert paths(Monthly(0.4, 0.0), 12, 0.9, 0.0, 1.0).band.max() == 1.0


# --- correlations -------------------------------------------------------------------------------------------------------

def cell(found, a, b):
    return next(c for c in found.cells if {c.a, c.b} == {a, b})


def test_the_sample_s_correlations_are_used_as_entered():
    found = matrix(sample())
    assert not found.repairs and not found.idle and not found.left_out
    assert cell(found, "aov", "cvr").used == pytest.approx(-0.25) and cell(found, "cvr", "cvr").count == 15
    assert cell(found, "cpm", "cvr").used == 0 and not any(c.changed for c in found.cells)


def contradiction(rho: float):
    cvr, aov, cpm = (f"channel.platform.{k}" for k in ("cvr", "aov", "cpm"))
    rows = {"x": (cvr, aov, 0.9), "y": (aov, cpm, 0.9), "z": (cvr, cpm, rho)}
    return sample().with_values({f"correlation.{key}.{field}": value for key, row in rows.items()
                                 for field, value in zip(("a", "b", "rho"), row, strict=True)})


def test_a_contradiction_is_marked_in_the_cells_that_the_repair_changed():
    """Platform: conversion with order value 0.9, order value with CPM 0.9, conversion with CPM −0.9: not all at once."""
    found = matrix(contradiction(-0.9))
    worst = found.repairs[0]
    assert abs(worst.used - worst.asked) == max(abs(r.used - r.asked) for r in found.repairs) > 0.2
    for a, b in (("cvr", "aov"), ("aov", "cpm"), ("cvr", "cpm")):
        c = cell(found, f"channel.platform.{a}", f"channel.platform.{b}")
        assert c.changed and abs(c.asked) == pytest.approx(0.9) and abs(c.used) < 0.85
    assert not cell(found, "join", "join").changed


def test_a_correlation_of_what_is_certain_has_no_effect_and_is_told():
    found = matrix(changed(**{"correlation__n__a": "vat", "correlation__n__b": "cvr", "correlation__n__rho": 0.5}))
    assert found.idle == ("n",)


def test_of_very_many_names_the_repaired_ones_come_first():
    """Sixteen numbers of other channels correlated a little with the platform's conversion, beside the contradiction."""
    fields, channels = ("cvr", "aov", "refund_rate", "goods_margin_rate"), ("content", "creators", "own_live", "private")
    rows = {}
    for i, address in enumerate(f"channel.{c}.{f}" for c in channels for f in fields):
        rows |= {f"correlation.n{i}.a": address, f"correlation.n{i}.b": "channel.platform.cvr", f"correlation.n{i}.rho": 0.01}
    found = matrix(contradiction(-0.9).with_values(rows))
    assert found.left_out > 0 and {"channel.platform.aov", "channel.platform.cpm"} <= set(found.names)

"""The small quadratic programme inside the search: optimality conditions, prices of rows, contradictions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.analysis.optimize.search.quadratic import best_step, nearest


@st.composite
def programmes(draw):
    """slope, bend, and rows that a random point satisfies, some of them with nothing to spare."""
    n, m = draw(st.integers(1, 8)), draw(st.integers(0, 20))
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows, inside = chance.normal(size=(m, n)), chance.normal(size=n)
    room = chance.uniform(0, 1, m) * (chance.uniform(size=m) < 0.7)
    return chance.normal(size=n), 10 ** chance.uniform(-1, 3, n), rows, rows @ inside - room


@given(programmes())
def test_the_step_is_the_best_one(programme):
    """Karush, Kuhn and Tucker: within the rows, prices at least 0 and only where a row binds, and the slopes add up."""
    slope, bend, rows, least = programme
    found = best_step(slope, bend, rows, least)
    slack = rows @ found.step - least
    size = 1 + np.abs(least).max(initial=0)
    assert np.all(slack >= -1e-7 * size) and np.all(found.multiplier >= 0)
    assert found.multiplier * slack == pytest.approx(np.zeros(len(rows)), abs=1e-5 * size)
    assert slope - bend * found.step + rows.T @ found.multiplier == pytest.approx(
        np.zeros(slope.size), abs=1e-6 * (1 + np.abs(bend * found.step).max()))


def test_without_rows_the_step_is_newtons():
    found = best_step(np.array([2.0, -3.0]), np.array([4.0, 1.0]), np.empty((0, 2)), np.empty(0))
    assert found.step == pytest.approx([0.5, -3.0])


def test_the_price_of_a_row_is_the_gain_of_relaxing_it():
    slope, bend, rows = np.array([1.0, 1.5]), np.array([1.0, 1.0]), np.array([[-1.0, -1.0], [1.0, 0.0]])

    def best(room: float) -> float:
        d = best_step(slope, bend, rows, np.array([-room, 0.0])).step
        return float(slope @ d - (bend * d * d).sum() / 2)
    price = best_step(slope, bend, rows, np.array([-1.0, 0.0])).multiplier[0]
    assert price == pytest.approx((best(1 + 1e-4) - best(1 - 1e-4)) / 2e-4, rel=1e-6)


def test_a_contradiction_names_its_rows():
    rows = np.array([[1.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, -1.0]])
    found = best_step(np.zeros(2), np.ones(2), rows, np.array([3.0, -1.0, -1.0, -5.0]))
    assert found.step is None and (found.multiplier > 1e-9).tolist() == [True, True, True, False]


def test_the_nearest_point_of_one_inside_is_itself():
    rows = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert nearest(np.array([2.0, 3.0]), rows, np.zeros(2)).step == pytest.approx([0, 0], abs=1e-12)
    assert nearest(np.array([-2.0, 3.0]), rows, np.zeros(2)).step == pytest.approx([2, 0], abs=1e-12)

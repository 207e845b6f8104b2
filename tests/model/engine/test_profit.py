"""Stock, cash and taxes by themselves: fractions of months, months outside the plan, losses."""

from __future__ import annotations

import numpy as np
import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

from model.engine import profit

MONEY = st.floats(-1e6, 1e6)


def column(*values) -> np.ndarray:
    return np.array(values, float)[:, None]


def days(value) -> np.ndarray:
    return np.array([[float(value)]])


YEAR = column(*(10.0 * (m + 1) for m in range(12)))       # 10, 20, … 120


@each("number, months, stands_for", [
    (-1, 12, 11), (12, 12, 0), (23, 12, 11), (-2, 18, 10), (18, 18, 6), (29, 18, 17), (30, 18, 6), (36, 24, 12),
    (5, 18, 5), (-1, 6, 5), (6, 6, 5), (20, 6, 5), (0, 1, 0), (3, 1, 0),
])
def test_a_month_outside_the_plan_is_like_the_same_month_in_it(number, months, stands_for):
    assert profit.within_plan(months)(np.array([number]))[0] == stands_for


@each("turnover, opening, january, december", [
    (0, 0, 0, 0),
    (30, 10, 20, 10),                                      # the next month
    (45, 10 + 20 / 2, 20 + 30 / 2, 10 + 20 / 2),
    (10, 10 / 3, 20 / 3, 10 / 3),
    (360, 780, 780, 780),                                  # a whole year
    (720, 1560, 1560, 1560),
])
def test_stock_covers_the_days_ahead(turnover, opening, january, december):
    stock = profit.ahead(YEAR, profit.within_plan(12), days(turnover))[:, 0]
    assert stock[[0, 1, 12]].tolist() == pytest.approx([opening, january, december])


@each("credit, january, march", [
    (0, 10, 30), (30, 120, 20), (45, (120 + 110) / 2, (20 + 10) / 2), (10, 10 * 2 / 3 + 120 / 3, 30 * 2 / 3 + 20 / 3),
    (360, 10, 30),
])
def test_a_bill_is_paid_days_later_fractions_interpolated(credit, january, march):
    paid = profit.delayed(YEAR, profit.within_plan(12), days(credit))[:, 0]
    assert paid[[0, 2]].tolist() == pytest.approx([january, march])


@given(st.lists(MONEY, min_size=12, max_size=12), st.floats(0, 0.9))
def test_the_years_tax_is_the_rate_on_the_years_profit_or_nothing(before_tax, rate):
    taxes = profit.income_taxes(column(*before_tax), rate)
    assert taxes.sum() == pytest.approx(rate * max(0.0, sum(before_tax)), rel=1e-9, abs=1e-6)


def test_a_loss_then_a_profit_is_taxed_on_the_rest_and_a_new_year_starts_at_nothing():
    before_tax = column(-100, 60, 90, -20, *[0] * 8, -50, 80)
    taxes = profit.income_taxes(before_tax, 0.25)[:, 0]
    expected = [0, 0, 0.25 * 50, -0.25 * 20, *[0] * 8, 0, 0.25 * 30]
    assert taxes.tolist() == pytest.approx(expected)

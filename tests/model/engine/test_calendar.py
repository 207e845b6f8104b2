"""Which day of which promotion falls into which month: against counting the days one by one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from every import each
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from model.engine import calendar as cal


def days_by_month(first: str, last: str, start: str, months: int) -> tuple[list[float], list[int]]:
    """Days of a yearly window and days of the month, from the month before the plan on, counted one by one."""
    month = date(int(start[:4]), int(start[5:]), 1)
    month = (month - timedelta(days=1)).replace(day=1)
    inside, lengths = [], []
    for _ in range(months + 1):
        following = (month + timedelta(days=31)).replace(day=1)
        texts = [f"{month.month:02d}-{d + 1:02d}" for d in range((following - month).days)]
        inside.append(sum(first <= t <= last if first <= last else t >= first or t <= last for t in texts))
        lengths.append(len(texts))
        month = following
    return inside, lengths


@example("02-27", "03-02", "2028-02", 2)
@example("12-28", "01-03", "2027-01", 12)
@example("06-20", "06-10", "2027-01", 12)      # all year but nine days of June
@example("01-01", "12-31", "2028-01", 12)
@example("02-28", "02-28", "2028-01", 12)
@given(strategies.DAYS, strategies.DAYS, strategies.STARTS, st.integers(1, 36))
def test_days_of_a_promotion_are_those_counted_one_by_one(first, last, start, months):
    calendar = cal.build(start, months, ((first, last),))
    inside, lengths = days_by_month(first, last, start, months)
    np.testing.assert_allclose(calendar.days_share[0], np.array(inside) / lengths, rtol=1e-12)


@given(strategies.DAYS, strategies.DAYS, strategies.STARTS, st.sampled_from((12, 24, 36)))
def test_a_promotions_budget_is_spread_over_its_days_of_each_year(first, last, start, months):
    calendar = cal.build(start, months, ((first, last),))
    inside, _ = days_by_month(first, last, start, months)
    years = np.array(inside[1:]).reshape(-1, 12)
    expected = years / years.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(calendar.budget_days[0].reshape(-1, 12), expected, rtol=1e-12)


@each("start, months, last", [
    ("2027-01", 12, "2027-12"), ("2027-04", 18, "2028-09"), ("2027-12", 2, "2028-01"), ("2100-12", 1, "2100-12"),
])
def test_labels_run_over_the_turn_of_the_year(start, months, last):
    calendar = cal.build(start, months, (("06-01", "06-18"),))
    assert calendar.labels[0] == start and calendar.labels[-1] == last and calendar.months == months
    assert calendar.calendar_month[0] == int(start[5:]) - 1


def test_a_plan_without_promotions_has_a_calendar():
    calendar = cal.build("2027-01", 12, ())
    assert calendar.days_share.shape == (0, 13)


def test_the_year_changes_after_twelve_months_not_in_january():
    calendar = cal.build("2027-04", 18, (("06-01", "06-18"),))
    assert calendar.year.tolist() == [0] * 12 + [1] * 6


def test_weights_of_the_calendar_year_sum_to_the_total_over_any_twelve_months():
    calendar = cal.build("2027-11", 36, (("06-01", "06-18"),))
    index = cal.by_month(np.arange(1.0, 13.0)[:, None], calendar, 12.0)[:, 0]
    assert index[:2].tolist() == pytest.approx([11 / 6.5, 12 / 6.5])
    for first in range(25):
        assert index[first:first + 12].sum() == pytest.approx(12)

"""Yuan by channel and month: what is typed comes out, adds up, and goes on to follow budget and shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model import Scenario, evaluate, read_plan, write_plan
from model.analysis import month_budget as mb
from model.engine.checks import PASS, checks
from samples import codes, refused, sample

SPENDING = sample().spending_channels
LONG = sample().with_values({"months": 30, "start": "2027-04"})
yuan = st.integers(0, 3_000_000_00).map(lambda cents: cents / 100)


def amounts(months: int):
    return arrays.arrays(float, (len(SPENDING), months), elements=st.one_of(st.just(0.0), yuan))


def taken(scenario: Scenario, year: int, table) -> Scenario:
    return scenario.with_values(mb.typed(scenario, year, np.asarray(table, float)))


def now(scenario: Scenario, year: int) -> np.ndarray:
    return mb.spent(scenario, year)[:, :mb.covered(scenario, year)]


@settings(max_examples=25, deadline=None)
@given(table=amounts(12), lever=st.sampled_from([1.0, 0.73, 1.1]))
def test_typed_yuan_are_spent_to_the_cent_whatever_the_lever_says(table, lever):
    made = taken(sample().with_values({"headline.budget": lever}), 1, table)
    np.testing.assert_allclose(now(made, 1), table, rtol=1e-12, atol=1e-6)
    np.testing.assert_array_equal(mb.in_sight(now(made, 1)), table)
    assert made.get("budget") * lever == pytest.approx(table.sum())
    assert [c.key for c in checks(evaluate(made)) if c.status != PASS and c.key in ("budget", "shares")] == []


@settings(max_examples=15, deadline=None)
@given(second=amounts(12), third=amounts(6))
def test_each_year_has_its_own_also_a_part_of_one_and_a_plan_from_april(second, third):
    made = taken(taken(LONG, 2, second), 3, third)
    np.testing.assert_allclose(now(made, 1), now(LONG, 1), rtol=1e-12)
    np.testing.assert_array_equal(mb.in_sight(now(made, 2)), second)
    np.testing.assert_array_equal(mb.in_sight(now(made, 3)), third)
    np.testing.assert_allclose(now(made.with_values({"months": 36}), 3)[:, :6], third, atol=1e-6, err_msg="once the year is whole")


def test_a_silent_year_is_as_the_year_before():
    table = np.arange(len(SPENDING) * 12, dtype=float).reshape(-1, 12) * 1000
    made = taken(sample().with_values({"months": 36}), 2, table)
    np.testing.assert_allclose(now(made, 3), now(made, 2))
    assert mb.typed_years(made) == (2,)


def test_levers_shares_and_promotions_move_typed_months_in_proportion_or_not_at_all():
    table = np.full((len(SPENDING), 12), 100_000.0)
    made = taken(sample(), 1, table)
    np.testing.assert_allclose(now(made.with_values({"headline.budget": 1.2}), 1), table * 1.2)
    moved = made.with_values({f"channel.{SPENDING[0]}.share": made.get(f"channel.{SPENDING[0]}.share") + 0.1,
                              f"channel.{SPENDING[1]}.share": made.get(f"channel.{SPENDING[1]}.share") - 0.1})
    assert np.ptp(now(moved, 1), axis=1).max() < 1e-6, "each channel's months stay alike"
    off = made.with_values({f"promotion.{p}.on": False for p in made.rows["promotion"]} | {"season.01.season": 3.0})
    np.testing.assert_allclose(now(off, 1), table)


def test_back_to_the_season_keeps_budget_and_shares():
    table = np.full((len(SPENDING), 12), 100_000.0)
    for year in (1, 2):
        made = taken(sample().with_values({"months": 24}), year, table)
        back = made.with_values(mb.untyped(made, year))
        assert mb.typed_years(back) == ()
        np.testing.assert_allclose(now(back, year).sum(axis=1), table.sum(axis=1))
        np.testing.assert_allclose(now(back, year)[0] / now(back, year)[0].sum(), now(sample(), 1)[0] / now(sample(), 1)[0].sum())


@settings(max_examples=50, deadline=None)
@given(table=arrays.arrays(float, (3, 7), elements=st.floats(0, 1e6)))
def test_what_is_in_sight_adds_up(table):
    seen = mb.in_sight(table)
    assert abs(seen.sum() - table.sum()) <= 0.5 + 1e-6 and np.abs(seen - table).max() <= 2
    assert (seen >= 0).all() and (np.abs(seen.sum(axis=1) - table.sum(axis=1)) <= 1 + 1e-6).all()


def test_a_quarter_is_shared_out_over_its_months_to_the_last_digit():
    table = np.array([[10.0, 20.0, 30.0, 0.0, 0.0, 0.0, 5.0]])
    found = mb.edited(table, 3, {(0, 0): 100.0, (0, 1): 10.01})
    assert found.tolist() == [[17.0, 33.0, 50.0, 3.34, 3.34, 3.33, 5.0]]
    assert mb.by_period(found, 3).tolist() == [[100.0, 10.01, 5.0]]


def test_typed_months_survive_the_file_and_half_a_year_of_them_is_refused():
    made = taken(sample().with_values({"months": 24}), 2, np.full((len(SPENDING), 12), 1234.56))
    again = Scenario(read_plan(write_plan(made.as_plan("mine")).encode(), "mine"))
    np.testing.assert_array_equal(mb.in_sight(now(again, 2)), np.full((len(SPENDING), 12), 1234.56))
    half = {f"channel.{SPENDING[0]}.phasing_05_2": None}
    assert codes(refused(made.with_values, half)) == [("incomplete_series", f"channel.{SPENDING[0]}.phasing_*_2")]

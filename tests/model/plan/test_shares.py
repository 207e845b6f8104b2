"""Moving one share: the others give way in proportion, and all still sum to one."""

from __future__ import annotations

import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

import strategies
from model.plan.shares import ALL_LOCKED, ALONE, CLAMPED, moved, rescale

FOUR = ("a", "b", "c", "d")


@given(strategies.unit_sum(4), st.sampled_from(FOUR), st.floats(-0.5, 1.5), st.sets(st.sampled_from(FOUR)))
def test_shares_always_sum_to_one_and_locked_ones_stay(shares, moved, wanted, locked):
    before = dict(zip(FOUR, shares, strict=True))
    after, _ = rescale(before, moved, wanted, locked)
    assert sum(after.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= share <= 1 + 1e-9 for share in after.values())
    assert all(after[k] == before[k] for k in locked - {moved})


@each("wanted, after", [
    (0.4, {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}),
    (0.7, {"a": 0.7, "b": 0.15, "c": 0.1, "d": 0.05}),
    (1.0, {"a": 1.0, "b": 0.0, "c": 0.0, "d": 0.0}),
    (0.0, {"a": 0.0, "b": 0.5, "c": 0.333, "d": 0.167}),
])
def test_the_others_give_way_in_proportion(wanted, after):
    shares, why = rescale({"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}, "a", wanted)
    assert shares == pytest.approx(after, abs=1e-9) and why is None


def test_others_that_are_all_zero_share_equally():
    shares, why = rescale({"a": 1.0, "b": 0.0, "c": 0.0}, "a", 0.4)
    assert shares == pytest.approx({"a": 0.4, "b": 0.3, "c": 0.3}) and why is None


def test_locked_shares_leave_less_room():
    shares, why = rescale({"a": 0.4, "b": 0.3, "c": 0.3}, "a", 0.9, {"b"})
    assert shares == pytest.approx({"a": 0.7, "b": 0.3, "c": 0.0}) and why == CLAMPED


def test_when_all_others_are_locked_nothing_moves():
    before = {"a": 0.4, "b": 0.6}
    assert rescale(before, "a", 0.9, {"b"}) == (before, ALL_LOCKED)


def test_one_channel_has_it_all():
    assert rescale({"a": 1.0}, "a", 0.5) == ({"a": 1.0}, ALONE)


@each("amount, after", [
    (0.05, {"a": 0.35, "b": 0.35, "c": 0.2, "d": 0.1}),
    (0.0, {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}),
    (0.5, {"a": 0.0, "b": 0.7, "c": 0.2, "d": 0.1}),     # no more than there is
    (-0.1, {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}),
])
def test_a_part_moves_from_one_to_another_and_no_other_is_touched(amount, after):
    assert moved({"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}, "a", "b", amount) == pytest.approx(after, abs=1e-12)


def test_what_moves_to_where_it_is_stays():
    assert moved({"a": 0.4, "b": 0.6}, "a", "a", 0.2) == {"a": 0.4, "b": 0.6}

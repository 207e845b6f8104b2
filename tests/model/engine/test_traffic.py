"""Spend to orders by itself: the reference, the curve's slope, the audience line, messages."""

from __future__ import annotations

import numpy as np
import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

from model.engine import traffic

REFERENCE = 1_000_000.0
SATURATION, SHAPE = st.floats(0.2, 5), st.floats(1, 5)


def cell(value) -> np.ndarray:
    """One channel, one month, one draw."""
    return np.full((1, 1, 1), float(value))


def orders(exposure, saturation=1.0, shape=1.0, season=1.0, promo=1.0, fill=1.0):
    """At the reference exposure in an ordinary month: 1,000,000 × 4 % × 2.5 % = 1,000."""
    return traffic.paid_orders(cell(exposure), cell(0.04), cell(0.025), cell(REFERENCE), cell(saturation), cell(shape),
                               cell(season), cell(promo), cell(fill))[0, 0, 0]


@given(SATURATION, SHAPE)
def test_at_the_reference_exposure_the_curve_changes_nothing(saturation, shape):
    assert orders(REFERENCE, saturation, shape) == pytest.approx(1000, rel=1e-12)


def test_media_zero_wins_nothing():
    assert orders(0.0) == 0
    assert orders(0.0, shape=2.5, season=2.0) == 0


def test_season_zero_wins_nothing():
    assert orders(REFERENCE, season=0.0) == 0


@given(SATURATION, SHAPE)
def test_ten_per_cent_more_budget_brings_about_epsilon_times_ten_per_cent_more_orders(saturation, shape):
    """ε = n · (1 − Hill(1 / saturation)): the slope at the reference."""
    z = (1 / saturation) ** shape
    epsilon = shape * (1 - z / (1 + z))
    h = 1e-5
    slope = (orders(REFERENCE * (1 + h), saturation, shape) - orders(REFERENCE * (1 - h), saturation, shape)) / 2000 / h
    assert slope == pytest.approx(epsilon, rel=1e-5)


@given(SATURATION, SHAPE, st.floats(1e3, 1e8), st.floats(1.001, 2))
def test_more_exposure_never_wins_fewer_orders(saturation, shape, exposure, more):
    assert orders(exposure * more, saturation, shape) >= orders(exposure, saturation, shape) * (1 - 1e-12)


@given(SATURATION, st.floats(0.2, 5))
def test_when_spend_follows_the_season_orders_follow_it_one_to_one(saturation, season):
    assert orders(REFERENCE * season, saturation, season=season) == pytest.approx(1000 * season, rel=1e-12)


def test_a_promotion_enters_twice_people_and_conversion():
    """Twice the audience at twice the exposure, and twice as many of them convert."""
    assert orders(2 * REFERENCE, promo=2.0) == pytest.approx(2 * 2 * 1000, rel=1e-12)


def test_shortage_serves_its_part():
    assert orders(REFERENCE, fill=0.7) == pytest.approx(700, rel=1e-12)


@given(st.floats(0.05, 20), st.floats(1, 6), st.floats(1.05, 5))
def test_the_audience_is_the_best_of_those_from_one_to_todays(reach, audience, shape):
    def won(a):
        return a * traffic.hill(cell(reach / a), cell(shape))[0, 0, 0]
    chosen = traffic.best_audience(cell(reach), cell(audience), cell(shape))[0, 0, 0]
    assert 1 <= chosen <= audience
    assert all(won(chosen) >= won(a) * (1 - 1e-9) for a in np.linspace(1, audience, 200))


@each("audience", [0.3, 0.999, 1.0])
def test_an_audience_of_at_most_one_is_taken_as_it_is(audience):
    assert traffic.best_audience(cell(0.1), cell(audience), cell(3.0))[0, 0, 0] == audience


def test_carry_over_may_change_by_month():
    """exposure[m] = (1 − θ[m]) · impressions[m] + θ[m] · exposure[m − 1]."""
    theta = np.array([0.5, 0.25, 0.0]).reshape(1, 3, 1)
    exposure = traffic.carried(np.full((1, 3, 1), 100.0), theta, cell(40.0))
    assert exposure[0, :, 0].tolist() == pytest.approx([50 + 0.5 * 40, 75 + 0.25 * 70, 100])


def test_carry_over_of_one_plan_from_many_opening_exposures():
    exposure = traffic.carried(np.full((1, 2, 1), 100.0), cell(0.5), np.array([0.0, 40.0]).reshape(1, 1, 2))
    np.testing.assert_allclose(exposure[0], [[50, 70], [75, 85]])


@each("exponent", [0.5, 1, 1.3, 2])
def test_a_power_is_the_same_to_the_bit_whatever_the_block(exponent):
    base = np.linspace(0, 3, 3 * 12 * 4096, dtype=np.float32).reshape(3, 12, 4096)
    whole = traffic.power(base, np.full((3, 1, 1), exponent, np.float32))
    parts = [traffic.power(base[..., i:i + 300], np.full((3, 1, 1), exponent, np.float32)) for i in range(0, 4096, 300)]
    assert np.array_equal(np.concatenate(parts, axis=-1), whole)
    np.testing.assert_allclose(whole, base.astype(float) ** float(np.float32(exponent)), rtol=4e-6)


def test_hill_of_zero_and_one():
    assert traffic.hill(cell(0), cell(2))[0, 0, 0] == 0
    assert traffic.hill(cell(1), cell(2.7))[0, 0, 0] == 0.5


# --- messages -----------------------------------------------------------------------------------------------------

def owned(pool=1000.0, spend=100.0, reachable=1e9, frequency=4.0, response=1.0):
    one = np.ones(1)
    return [float(x[0]) for x in traffic.owned(pool * one, spend * one, 100.0 * one, 0.1 * one, 0.2 * one,
                                               frequency * one, one, one, one, response * one, reachable * one)]


def test_a_few_messages_are_nearly_all_seen_and_many_never_exceed_the_capacity():
    few, _, _ = owned(spend=0.4)                          # 4 messages for a capacity of 4,000
    assert few == pytest.approx(4, rel=1e-3) and few < 4
    many, _, _ = owned(spend=1e9)
    assert many == pytest.approx(1000 * 4, rel=1e-12)


def test_without_a_pool_or_messages_nobody_answers():
    assert owned(pool=0.0) == [0, 0, 0]
    assert owned(frequency=0.0) == [0, 0, 0]
    assert owned(spend=0.0) == [0, 0, 0]


def test_messages_win_at_most_the_reachable_members():
    assert owned(spend=1e9, reachable=7.0)[2] == 7

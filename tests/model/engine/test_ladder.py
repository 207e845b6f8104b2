"""The recency ladder by itself: chances from rates, one month by hand, a renewal process with a known answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.engine import ladder

#: a customer's orders by month after the first, each followed by another with chance 0.3 after a geometric delay of
#: chance 0.25 a month: u(t) = 0.3 · 0.25 · (1 − 0.25 · 0.7)^(t − 1), the closed form of the renewal process
RENEWAL = (0.075, 0.061875, 0.051046875, 0.042113671875, 0.034743779296875, 0.02866361791992187, 0.02364748478393554,
           0.01950917494674682, 0.01609506933106612, 0.01327843219812955, 0.01095470656345688, 0.00903763291485193)


def one_column(values) -> np.ndarray:
    return np.asarray(values, float)[..., None]


def both_depths(rate: float) -> np.ndarray:
    return np.full((2, 2, 1), rate)


def nobody() -> np.ndarray:
    return np.zeros((2, 2, 13, 1))


def a_month(people, hazard, timing_0=0.0, rate=None, stayed=((0.0,), (0.0,)), lost=((0.0,), (0.0,))):
    """One month of the ladder alone: repeats (2, 1) by group, and next month's people."""
    repeats = people * hazard
    idle = people - repeats
    orderers = repeats.sum(axis=(1, 2))
    rate = both_depths(0.0) if rate is None else rate
    stayed, lost = np.array(stayed), np.array(lost)
    after_repeat, after_first = ladder.same_month(orderers, stayed, np.array([timing_0]), rate)
    nxt = ladder.grow_older(idle, np.zeros((2, 2, 1)), orderers, after_first, stayed, lost)
    return orderers + after_repeat + after_first, nxt


# --- chances ------------------------------------------------------------------------------------------------------

@given(st.floats(0, 0.99), st.lists(st.integers(0, 50), min_size=13, max_size=13).filter(any))
def test_who_never_orders_again_is_one_minus_the_rate(rate, weights):
    timing = one_column(np.array(weights) / sum(weights))
    hazard = ladder.hazards(both_depths(rate), timing, np.zeros((2, 1)))
    same_month = rate * timing[0]
    never = (1 - same_month) * np.prod(1 - hazard[1, 0, :12], axis=0)
    assert never[0] == pytest.approx(1 - rate, rel=1e-9, abs=1e-12)


@given(st.floats(0, 0.99), st.floats(0, 1), st.floats(0, 5))
def test_chances_of_the_default_timing_are_chances(rate, same_month, decay):
    timing = ladder.default_timing(np.array([same_month]), np.array([decay]))
    hazard = ladder.hazards(both_depths(rate), timing, np.zeros((2, 1)))
    assert np.all(hazard >= 0) and np.all(hazard <= 1)


def test_default_timing_is_18_per_cent_at_once_and_the_rest_falls_as_a_plus_2_to_minus_1_4():
    timing = ladder.default_timing(np.array([0.18]), np.array([1.4]))[:, 0]
    curve = np.array([(a + 2) ** -1.4 for a in range(1, 13)])
    assert timing[0] == 0.18
    np.testing.assert_allclose(timing[1:], 0.82 * curve / curve.sum(), rtol=1e-12)
    assert timing.sum() == pytest.approx(1, rel=1e-12)


def test_lapsed_people_have_the_comeback_of_their_depth():
    hazard = ladder.hazards(both_depths(0.5), one_column([1 / 13] * 13), one_column([0.003, 0.008]))
    assert hazard[:, 0, 12, 0].tolist() == [0.003, 0.003]
    assert hazard[:, 1, 12, 0].tolist() == [0.008, 0.008]


def test_rate_0_gives_chance_0():
    hazard = ladder.hazards(both_depths(0.0), one_column([1 / 13] * 13), np.zeros((2, 1)))
    assert np.all(hazard == 0)


# --- renewal ------------------------------------------------------------------------------------------------------

def test_a_renewal_process_with_geometric_delay_has_the_closed_form_in_its_first_12_months():
    timing = one_column([0.0, *(0.25 * 0.75 ** (a - 1) for a in range(1, 13))])
    hazard = ladder.hazards(both_depths(0.3), timing, np.zeros((2, 1)))
    _, people = a_month(nobody(), hazard, stayed=((0.0,), (1.0,)))
    orders = []
    for _ in range(12):
        repeats, people = a_month(people, hazard)
        orders.append(repeats.sum())
    np.testing.assert_allclose(orders, RENEWAL, rtol=1e-12)
    np.testing.assert_allclose(sum(orders), 0.3 / 0.7 * (1 - (1 - 0.25 * 0.7) ** 12), rtol=1e-12)


# --- a month ------------------------------------------------------------------------------------------------------

def test_who_orders_stands_at_age_1_and_the_rest_one_month_older():
    people = nobody()
    people[1, 0, 0], people[1, 1, 11], people[0, 1, 12] = 100, 40, 50      # a = 1; a = 12; lapsed members
    hazard = nobody()
    hazard[1, 0, 0], hazard[1, 1, 11], hazard[0, 1, 12] = 0.2, 0.1, 0.02
    repeats, nxt = a_month(people, hazard)
    assert repeats[:, 0].tolist() == pytest.approx([50 * 0.02, 100 * 0.2 + 40 * 0.1])
    assert nxt[1, 1, 0, 0] == pytest.approx(24)         # ordered again: age 1, depth again
    assert nxt[1, 0, 1, 0] == pytest.approx(80)         # one month older
    assert nxt[1, 1, 12, 0] == pytest.approx(36)        # from 12 months to lapsed
    assert nxt[0, 1, 12, 0] == pytest.approx(49)        # lapsed people stay lapsed
    assert nxt.sum() == pytest.approx(190)


def test_new_customers_stand_at_age_1_unless_they_did_not_stay_or_ordered_again():
    rate = np.array([[[0.6], [0.5]], [[0.4], [0.3]]])
    repeats, nxt = a_month(nobody(), nobody(), 0.25, rate, stayed=((80.0,), (200.0,)), lost=((20.0,), (10.0,)))
    assert repeats[:, 0].tolist() == pytest.approx([80 * 0.6 * 0.25, 200 * 0.4 * 0.25])
    assert nxt[0, 0, 0, 0] == pytest.approx(80 - 12)
    assert nxt[0, 1, 0, 0] == pytest.approx(12)
    assert nxt[1, 0, 0, 0] == pytest.approx(200 - 20)
    assert nxt[1, 1, 0, 0] == pytest.approx(20)
    assert nxt[:, 0, 12, 0].tolist() == [20, 10]


def test_same_month_repeats_do_not_compound():
    people, hazard = nobody(), nobody()
    people[1, 1, 0], hazard[1, 1, 0] = 100, 0.5
    repeats, nxt = a_month(people, hazard, timing_0=0.4, rate=both_depths(0.5))
    assert repeats[1, 0] == pytest.approx(50 + 50 * 0.5 * 0.4)
    assert nxt[1, 1, 0, 0] == pytest.approx(50)


def test_members_of_every_age_leave_to_the_others_at_their_age():
    people = nobody()
    people[0, 0, 0], people[0, 1, 12], people[1, 1, 12] = 100, 50, 7
    ladder.leave_pool(people, np.array([0.1]))
    assert people[0, 0, 0, 0] == pytest.approx(90)
    assert people[1, 0, 0, 0] == pytest.approx(10)
    assert people[0, 1, 12, 0] == pytest.approx(45)
    assert people[1, 1, 12, 0] == pytest.approx(12)


# --- waking -------------------------------------------------------------------------------------------------------

def wake(idle, by_messages: float, by_ads: float, dormant_response: float):
    """Share of each group and class that is woken (2, 2), and how many by group (2,)."""
    weight = ladder.recency_weights(np.array([dormant_response]))
    share, woken = ladder.woken_shares(one_column(idle), np.array([by_messages]), np.array([by_ads]), weight)
    return share[..., 0], woken[..., 0]


def test_messages_wake_members_only_and_ads_wake_everybody_by_recency_weight():
    share, woken = wake([[100, 200], [300, 400]], 20, 35, 0.5)      # members, others: recent, dormant
    weighted = 100 + 0.5 * 200 + 300 + 0.5 * 400                   # 700: ads wake 35 ÷ 700 of a recent person
    ads, messages = 35 / weighted, 20 / (100 + 0.5 * 200)
    np.testing.assert_allclose(share, [[ads + messages, (ads + messages) / 2], [ads, ads / 2]])
    assert woken.tolist() == pytest.approx([20 + 35 * 200 / 700, 35 * 500 / 700])


def test_at_most_95_per_cent_of_a_cell_are_woken():
    share, woken = wake([[100, 0], [0, 0]], 99, 0, 0.3)
    assert share[0, 0] == 0.95
    assert woken.tolist() == [95, 0]


def test_dormant_people_who_never_answer_are_not_woken():
    share, woken = wake([[0, 100], [0, 100]], 5, 5, 0.0)
    assert share[:, 1].tolist() == [0, 0]
    assert woken.tolist() == [0, 0]


def test_nobody_to_wake_wakes_nobody():
    _, woken = wake([[0, 0], [0, 0]], 3, 4, 0.3)
    assert woken.tolist() == [0, 0]

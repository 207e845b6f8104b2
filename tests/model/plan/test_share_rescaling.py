"""More on moving one share: what is shown adds up to 100.0 %, proportions hold, nothing drifts."""

from __future__ import annotations

import math

import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

from model.plan.rules import SHARE_TOLERANCE
from model.plan.shares import ALL_LOCKED, ALONE, CLAMPED, STEP, give_way, rescale
from samples import sample

KEYS = ("a", "b", "c", "d", "e")


@st.composite
def cases(draw):
    """Shares in steps or not, the one moved, where to, and what is locked."""
    size = draw(st.integers(2, 5))
    parts = draw(st.lists(st.integers(0, 1000), min_size=size, max_size=size).filter(any))
    before = {k: p / sum(parts) for k, p in zip(KEYS, parts, strict=False)}
    moved = draw(st.sampled_from(list(before)))
    return before, moved, draw(st.floats(0, 1)), draw(st.sets(st.sampled_from(list(before))))


@given(cases())
def test_shares_sum_to_one_closely_enough_for_a_plan_and_a_check(case):
    before, moved, wanted, locked = case
    after, why = rescale(before, moved, wanted, locked)
    assert list(after) == list(before)
    assert math.fsum(after.values()) == pytest.approx(1, abs=1e-9) and SHARE_TOLERANCE >= 1e-9
    assert all(0 <= s <= 1 for s in after.values())
    assert all(after[k] == before[k] for k in locked - {moved})
    assert why in (None, CLAMPED, ALL_LOCKED)


@given(cases())
def test_the_moved_one_gets_what_is_asked_to_the_step_unless_the_locked_leave_less(case):
    before, moved, wanted, locked = case
    after, why = rescale(before, moved, wanted, locked)
    room = 1 - sum(v for k, v in before.items() if k in locked and k != moved)
    if why is None:
        assert abs(after[moved] - wanted) <= STEP / 2 + 1e-9 or after[moved] == pytest.approx(room, abs=1e-9)
    elif why == CLAMPED:
        assert wanted > room and after[moved] == pytest.approx(room, abs=1e-9)
        assert all(after[k] == pytest.approx(0, abs=1e-9) for k in before if k != moved and k not in locked)
    else:
        assert after == before and set(before) - {moved} <= locked


@given(cases())
def test_the_others_keep_their_proportions_to_the_step(case):
    before, moved, wanted, locked = case
    after, why = rescale(before, moved, wanted, locked)
    free = [k for k in before if k != moved and k not in locked]
    if why == ALL_LOCKED:
        return
    total, rest = sum(before[k] for k in free), sum(after[k] for k in free)
    for k in free:
        ideal = rest * before[k] / total if total else rest / len(free)
        assert abs(after[k] - ideal) <= STEP * 1.001


@given(cases())
def test_shares_in_steps_stay_in_steps_so_that_what_is_shown_adds_up(case):
    before, moved, wanted, _ = case
    stepped, _ = rescale(before, moved, before[moved])
    after, _ = rescale(stepped, moved, wanted)
    shown = [round(s * 100, 1) for s in after.values()]
    assert math.fsum(shown) == pytest.approx(100, abs=1e-9)
    assert all(abs(s * 1000 - round(s * 1000)) < 1e-6 for s in after.values())


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 200)), min_size=1, max_size=60),
       st.sets(st.sampled_from(KEYS), max_size=2))
def test_many_moves_in_a_row_do_not_drift(moves, locked):
    shares = dict.fromkeys(KEYS, 0.2)
    for moved, wanted in moves:
        shares, _ = rescale(shares, moved, wanted / 200, locked)
    assert math.fsum(shares.values()) == pytest.approx(1, abs=1e-12)
    assert [round(s * 1000, 6) % 1 for s in shares.values()] == [0] * 5


@given(cases())
def test_asking_for_what_is_there_changes_nothing(case):
    before, moved, _, locked = case
    stepped, _ = rescale(before, moved, before[moved])
    after, why = rescale(stepped, moved, stepped[moved], locked)
    assert after == pytest.approx(stepped, abs=1e-9) and why in (None, ALL_LOCKED)


def test_a_plan_takes_what_comes_out():
    shares = {c: r["share"] for c, r in sample().rows["channel"].items() if r["kind"] != "organic"}
    for wanted in (0.0, 0.123, 0.3337, 0.999, 1.0):
        after, _ = rescale(shares, "content", wanted, {"private"})
        assert sample().with_values({f"channel.{c}.share": s for c, s in after.items()})


@each("wanted, share", [(-3, 0.0), (7, 1.0), (0.12345, 0.123), (0.12351, 0.124)])
def test_what_is_asked_is_brought_to_a_possible_step(wanted, share):
    after, _ = rescale({"a": 0.5, "b": 0.5}, "a", wanted)
    assert after == pytest.approx({"a": share, "b": 1 - share})


def test_alone_is_told_from_all_locked():
    assert rescale({"a": 1.0}, "a", 0.2, {"a"})[1] == ALONE
    assert rescale({"a": 0.4, "b": 0.6}, "a", 0.2, {"a", "b"})[1] == ALL_LOCKED


@given(cases(), st.data())
def test_shares_that_nobody_asked_for_take_the_room_that_is_left(case, data):
    before = case[0]
    wanted = {k: data.draw(st.floats(0, 1)) / len(before) for k in data.draw(st.sets(st.sampled_from(list(before))))}
    given_way = give_way(before, wanted)
    assert set(given_way) in (set(), set(before) - set(wanted)) and all(v >= 0 for v in given_way.values())
    if given_way:
        assert math.isclose(sum(given_way.values()) + sum(wanted.values()), 1, abs_tol=SHARE_TOLERANCE)
    assert give_way(before, dict(list(before.items())[:1])) == {}, "what stays as it is moves nothing"
    assert give_way(before, dict.fromkeys(before, 1.0)) == {}, "nobody is left to give way"

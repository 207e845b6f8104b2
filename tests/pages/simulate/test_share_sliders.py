"""Shares of the budget: one moves, the others make room, locked ones stay."""

from __future__ import annotations

import math

import pytest
from odd_plans import ODD, SAMPLE_SHARES
from screens import again, app, move, scenario, shares, space

from pages.ui.kit import texts


@pytest.mark.parametrize("to", [60.0, 0.0, 100.0, 48.5])
def test_moving_a_share_rescales_the_others_and_all_sum_to_a_hundred(to):
    at = app()
    move(at, "share_platform", to)
    now = shares(at)
    assert now["platform"] == to and math.fsum(now.values()) == pytest.approx(100, abs=1e-9)
    rest = 100 - to
    for channel, before in SAMPLE_SHARES.items():
        if channel != "platform":
            assert now[channel] == pytest.approx(rest * before / 52, abs=0.11)
    assert sum(scenario(at).get(f"channel.{c}.share") for c in now) == pytest.approx(1, abs=1e-9)


def test_a_locked_share_stays():
    at = app()
    at.get_by_key("locks").set_value(["private"]).run()
    again(at)
    assert at.slider(key="share_private").disabled and space(at).locks == {"private"}
    move(at, "share_platform", 70.0)
    assert shares(at)["private"] == 8.0 and math.fsum(shares(at).values()) == pytest.approx(100)


def test_locked_shares_leave_less_room_and_the_page_says_so():
    at = app()
    at.get_by_key("locks").set_value(["private", "content"]).run()
    again(at)
    move(at, "share_platform", 95.0)
    assert shares(at) == {"platform": 78.0, "content": 14.0, "creators": 0.0, "own_live": 0.0, "private": 8.0}
    assert [i.value for i in at.info] == [texts.catalogue("en")["budget.clamped"]]


def test_with_all_others_locked_nothing_moves_and_the_page_says_why():
    at = app()
    at.get_by_key("locks").set_value(["content", "creators", "own_live", "private"]).run()
    again(at)
    move(at, "share_platform", 20.0)
    assert shares(at) == SAMPLE_SHARES and not space(at).changed
    assert [i.value for i in at.info] == [texts.catalogue("en")["budget.all_locked"]]
    at.get_by_key("locks").set_value([]).run()
    again(at)
    assert not at.info
    move(at, "share_platform", 20.0)
    assert shares(at)["platform"] == 20.0


def test_one_channel_has_it_all_and_the_page_says_so():
    at = app(scenario=ODD["one paid channel"]())
    move(at, "share_platform", 40.0)
    assert shares(at) == {"platform": 100.0} and [i.value for i in at.info] == [texts.catalogue("en")["budget.alone"]]

"""Every check row passes on a sound plan, and fails on a result that is tampered with in just its way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from every import each

import plans
from model.engine.checks import CHECKS, FAIL, PASS, REVIEW, checks
from model.engine.evaluate import Result, evaluate

KEYS = ("budget", "shares", "people", "profit", "clicks", "finite", "clamps", "bookings", "woken")


def status(result: Result) -> dict[str, str]:
    return {c.key: c.status for c in checks(result)}


def with_line(result: Result, key: str, value) -> Result:
    return replace(result, lines={**result.lines, key: value})


def with_channel(result: Result, key: str, value) -> Result:
    return replace(result, by_channel={**result.by_channel, key: value})


def with_extra(result: Result, key: str, value) -> Result:
    return replace(result, extra={**result.extra, key: value})


def with_values(result: Result, **changes) -> Result:
    return replace(result, values=replace(result.values, **changes))


def one_more(array: np.ndarray, amount: float) -> np.ndarray:
    out = array.copy()
    out.flat[0] += amount
    return out


def test_every_check_passes_on_a_sound_plan(rich, steady):
    for result in (rich, steady):
        assert status(result) == dict.fromkeys(KEYS, PASS)


def test_there_is_a_test_here_for_every_check():
    assert len(CHECKS) == len(KEYS)


#: what is done to a sound result: (the check that must notice, its verdict, the deed)
TAMPERED = {
    "a_cent_more_is_spent": ("budget", FAIL, lambda r: with_channel(r, "spend", one_more(r.by_channel["spend"], 0.01))),
    "a_cent_less_is_spent": ("budget", FAIL, lambda r: with_channel(
        r, "spend", one_more(r.by_channel["spend"], -0.01))),
    "a_share_is_a_millionth_larger": ("shares", FAIL, lambda r: with_values(
        r, channel={**r.values.channel, "share": one_more(r.values.channel["share"], 1e-6)})),
    "a_person_is_lost": ("people", FAIL, lambda r: with_extra(r, "people_gap", np.array([1.0]))),
    "people_are_nan": ("people", FAIL, lambda r: with_extra(r, "people_gap", np.array([np.nan]))),
    "a_cent_of_profit_comes_from_nowhere": ("profit", FAIL, lambda r: with_line(
        r, "net_profit", one_more(r.lines["net_profit"], 0.01))),
    "a_cost_is_forgotten": ("profit", FAIL, lambda r: with_line(r, "take", 0.9 * r.lines["take"])),
    "more_clicks_than_impressions": ("clicks", FAIL, lambda r: with_channel(
        r, "clicks", one_more(r.by_channel["clicks"], 1e9))),
    "a_line_is_nan": ("finite", FAIL, lambda r: with_line(r, "cash", one_more(r.lines["cash"], np.nan))),
    "a_line_is_infinite": ("finite", FAIL, lambda r: with_line(r, "cash", one_more(r.lines["cash"], np.inf))),
    "orders_are_negative": ("finite", FAIL, lambda r: with_line(r, "orders", -r.lines["orders"])),
    "the_pool_is_negative": ("finite", FAIL, lambda r: with_line(r, "pool", one_more(r.lines["pool"], -1e9))),
    "a_driver_was_held_back": ("clamps", REVIEW, lambda r: with_values(r, clamped=("ctr",))),
    "channels_claim_an_order_more_than_there_are": ("bookings", REVIEW, lambda r: with_extra(
        r, "claimed", r.lines["repeat_orders"] + 1)),
    "an_order_is_woken_from_nobody": ("woken", REVIEW, lambda r: with_extra(
        r, "woken_cut", one_more(r.extra["woken_cut"], 1.0))),
}


@each("deed", TAMPERED)
def test_tampering_is_noticed_by_its_check_and_no_other(deed, rich):
    key, verdict, tamper = TAMPERED[deed]
    assert status(tamper(rich)) == dict.fromkeys(KEYS, PASS) | {key: verdict}


@each("key, deed", [
    ("budget", lambda r: with_channel(r, "spend", r.by_channel["spend"] * np.nan)),
    ("clicks", lambda r: with_channel(r, "clicks", r.by_channel["clicks"] * np.nan)),
    ("bookings", lambda r: with_extra(r, "claimed", r.extra["claimed"] * np.nan)),
    ("woken", lambda r: with_extra(r, "woken_cut", r.extra["woken_cut"] * np.nan)),
    ("profit", lambda r: with_line(r, "take", r.lines["take"] * np.nan)),
    ("shares", lambda r: with_values(r, channel={**r.values.channel, "share": r.values.channel["share"] * np.nan})),
], ids=lambda x: x if isinstance(x, str) else "")
def test_nan_never_passes(key, deed, rich):
    assert status(deed(rich))[key] != PASS


def test_a_part_of_a_year_is_checked_too(rich):
    half = evaluate(plans.scenario(plans.rich(), {"months": 6}))
    assert status(half)["budget"] == PASS
    assert status(with_channel(half, "spend", one_more(half.by_channel["spend"], 0.01)))["budget"] == FAIL


def test_a_budget_that_no_channel_may_spend_fails():
    rows = {a: v for a, v in plans.bare().items() if not a.startswith("channel.ads.")}
    assert status(evaluate(plans.scenario(rows, {"budget": 100.0})))["budget"] == FAIL
    assert status(evaluate(plans.scenario(rows)))["budget"] == PASS


def test_a_headline_that_meets_a_bound_is_reviewed_with_the_drivers_name():
    held = {"headline.goods_margin_rate": 1.5, "channel.shop.goods_margin_rate": 0.9}
    result = evaluate(plans.scenario(plans.rich(), held))
    row = next(c for c in checks(result) if c.key == "clamps")
    assert (row.status, row.worst, row.detail) == (REVIEW, 1, "goods_margin_rate")
    assert result.values.channel["goods_margin_rate"].max() == 0.99


def test_checks_come_in_the_same_order_for_draws():
    result = evaluate(plans.scenario(plans.rich()), {"vat": np.array([0.06, 0.13])})
    assert [c.key for c in checks(result)] == list(KEYS)
    assert {c.status for c in checks(result)} == {PASS}


def test_the_largest_plan_that_may_be_written_adds_up_within_rounding():
    """A hundred thousand million of budget: the checks are of the arithmetic, not of the size."""
    large = {"budget": 1e11, "channel.shop.visits": 1e9, "channel.search.impressions_ref": 1e11,
             "channel.live.impressions_ref": 1e11, "channel.search.opening_exposure": 1e11,
             "channel.live.opening_exposure": 1e11}
    rows = status(evaluate(plans.scenario(plans.rich(), large)))
    assert [k for k, s in rows.items() if s == FAIL] == []

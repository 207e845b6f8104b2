"""What a customer is worth after the first order: by hand, where an order is worth 50 yuan and times are short."""

from __future__ import annotations

import numpy as np
import pytest
from every import each

import plans
from model.engine.customer_value import customer_book, lifetime_values, payback_months
from model.engine.evaluate import evaluate

#: an order of 113 yuan is 100 without tax, its goods cost half of that: it contributes 50; repeats come a month later
FIFTY = {"vat": 0.13, "channel.ads.aov": 113.0, "channel.shop.aov": 113.0, "timing.01.share": 1.0}


def run(**change):
    return evaluate(plans.scenario(plans.bare(), FIFTY | {k.replace("__", "."): v for k, v in change.items()}))


def values(result, channel: str = "ads") -> list[float]:
    return lifetime_values(result)[:, result.channels.index(channel), 0].tolist()


def test_without_repeats_a_customer_is_worth_the_first_order():
    assert values(run()) == pytest.approx([50] * 13)


def test_half_order_again_a_month_later_and_then_never():
    assert values(run(repurchase_other_once=0.5)) == pytest.approx([50] + [50 + 0.5 * 50] * 12)


def test_half_order_again_and_again_half_of_those():
    """50 · (1 + 1/2 + 1/4 + …): twice 50, less what lies beyond the months."""
    expected = [100 * (1 - 0.5 ** (m + 1)) for m in range(13)]
    assert values(run(repurchase_other_once=0.5, repurchase_other_again=0.5)) == pytest.approx(expected)


def test_same_month_repeats_are_worth_their_money_at_once():
    same = evaluate(plans.scenario(plans.bare(), FIFTY | {
        "timing.01.share": 0.0, "timing.00.share": 1.0, "repurchase_other_once": 0.4, "repurchase_other_again": 0.9}))
    assert values(same) == pytest.approx([50 + 0.4 * 50] * 13)


def test_members_repeat_as_members_and_leave_to_the_others():
    """30 % join, of whom half repeat in the first month, and a tenth leaves before; of the others a fifth repeats."""
    result = run(channel__ads__join=0.3, repurchase_member_once=0.5, repurchase_other_once=0.2, leave=0.1)
    stays = 0.3 * (0.9 * 0.5 + 0.1 * 0.2)
    assert values(result)[12] == pytest.approx(50 + 50 * (stays + 0.7 * 0.2))


def test_who_does_not_stay_comes_back_as_a_lapsed_customer():
    result = run(channel__ads__stay=0.0, comeback_once=0.1)
    assert values(result)[:3] == pytest.approx([50, 55, 50 + 50 * (1 - 0.9**2)])


def test_a_repeat_is_worth_more_and_costs_the_same_parcel():
    result = run(repurchase_other_once=0.5, repeat_value_factor=1.2, fulfilment_cost=4.0, payment_fee=0.01)
    own = 50 - 1.13 - 4
    repeat = (50 - 1.13) * 1.2 - 4
    assert values(result)[12] == pytest.approx(own + 0.5 * repeat)


def test_refunds_come_off_every_order():
    """30 % refunded, half of it never sent; of what comes back 80 % is sold again."""
    result = run(channel__ads__refund_rate=0.3, unshipped=0.5, resale=0.8, fulfilment_cost=4.0, return_cost=10.0,
                 service_cost=1.0, dispute_rate=0.01, compensation=20.0, channel__ads__platform_take=0.05)
    goods = 50 * (1 - 0.3 * (0.5 + 0.5 * 0.8))
    shipped, returned = 1 - 0.3 * 0.5, 0.3 * 0.5
    expected = 70 - goods - 0.05 * 0.7 * 113 - shipped * (4 + 0.01 * 20) - returned * 10 - 1
    assert values(result)[0] == pytest.approx(expected)


def test_the_owned_channel_wins_no_first_orders(rich):
    worth = lifetime_values(rich)
    assert worth.shape == (13, 4, 1)
    assert np.all(np.isnan(worth[:, rich.channels.index("private")]))
    assert np.all(np.isfinite(np.delete(worth, rich.channels.index("private"), axis=1)))


def test_the_season_and_promotions_do_not_move_a_lifetime_value():
    other = evaluate(plans.scenario(plans.rich(), {"season.01.season": 2.0, "promotion.618.uplift": 1.0}))
    np.testing.assert_allclose(lifetime_values(other), lifetime_values(evaluate(plans.scenario(plans.rich()))))


# --- payback ------------------------------------------------------------------------------------------------------

#: 50,000 yuan a month; half of the customers order again and again
RETURNING = {"budget": 600_000.0, "repurchase_other_once": 0.5, "repurchase_other_again": 0.5}


@each("cpm, months", [(50.0, 0), (60.0, 1), (74.9, 1), (75.1, 2), (99.0, 6), (101.0, None)])
def test_payback_is_the_month_in_which_the_customers_contribution_reaches_the_cost(cpm, months):
    """A customer costs cpm yuan (1,000 impressions win one order); 50, 75, 87.5, … after 0, 1, 2 months, never 100."""
    result = run(**RETURNING | {"channel__ads__cpm": cpm, "channel__ads__impressions_ref": 50_000 * 1000 / cpm})
    assert payback_months(result)[0] == months


def test_a_channel_that_wins_nobody_never_pays_back():
    assert payback_months(run())[0] is None


# --- the book -----------------------------------------------------------------------------------------------------

OPENING = {"opening__x__group": "other", "opening__x__depth": "once", "opening__x__band": "1-3",
           "opening__x__people": 600.0}


def test_an_empty_ladder_is_worth_nothing():
    assert customer_book(run())[0] == 0


def test_the_book_after_a_month_by_hand():
    """200 people of the month before, half reorder in the plan's month; of these 40 % in the month after, and so on."""
    result = run(**OPENING, months=1, repurchase_other_once=0.5, repurchase_other_again=0.4)
    assert result.lines["repeat_orders"][0, 0] == pytest.approx(100)
    assert customer_book(result)[0] == pytest.approx(100 * 50 * sum(0.4**m for m in range(1, 13)))


def test_the_book_goes_with_the_season_after_the_plan():
    """One month later is February, with half the season of the year's mean."""
    result = run(**OPENING, months=1, repurchase_other_once=0.5, repurchase_other_again=0.4,
                 season__02__season=0.5, season__03__season=1.5)
    february = 0.4 * 0.5
    march = february * 0.4 * 1.5
    rest = march * sum(0.4**m for m in range(1, 11))
    assert customer_book(result)[0] == pytest.approx(100 * 50 * (february + march + rest))


def test_lapsed_people_count_by_their_comeback():
    result = run(**OPENING | {"opening__x__band": "lapsed"}, months=1, comeback_once=0.01)
    left = 600 * 0.99
    assert customer_book(result)[0] == pytest.approx(50 * left * (1 - 0.99**12))

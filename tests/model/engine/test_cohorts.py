"""Cohorts: added up they are the ladder and the statement again; one by one they are what the rates promise."""

from __future__ import annotations

import numpy as np
import pytest

import plans
from model.engine.cohorts import cohorts, segments
from model.engine.evaluate import evaluate
from samples import changed, sample

SCENARIOS = {"sample": sample(), "rich": plans.scenario(plans.rich()), "tiers": plans.scenario(plans.tiered()),
             "36 months": changed(months=36), "one month": changed(months=1),
             "shortage": changed(**{"month__2027-06__fill": 0.5}), "no budget": changed(budget=0.0)}
each = pytest.mark.parametrize("which", SCENARIOS)
#: 1,000 new customers a month from level visits, nobody before; repeats come a month later
LEVEL = {"channel.shop.visits": 20_000.0, "timing.01.share": 1.0}


def level(**change):
    return evaluate(plans.scenario(plans.bare(), LEVEL | {k.replace("__", "."): v for k, v in change.items()}))


# --- conservation and agreement -----------------------------------------------------------------------------------------

@each
def test_cohorts_are_the_people_of_the_ladder(which):
    result = evaluate(SCENARIOS[which])
    found = cohorts(result)
    assert found.people[:, -1].sum() == pytest.approx(result.extra["closing_ladder"].sum(), rel=1e-12)
    arrived = np.cumsum(result.lines["new_customers"][:, 0])
    assert found.people.sum(axis=0) == pytest.approx(result.extra["opening_ladder"].sum() + arrived, rel=1e-12)
    assert found.size[1:] == pytest.approx(result.lines["new_customers"][:, 0], rel=1e-12)


@each
def test_nobody_leaves_a_cohort(which):
    found = cohorts(evaluate(SCENARIOS[which]))
    months = found.people.shape[1]
    for cohort in range(1, months + 1):
        assert found.people[cohort, :cohort - 1] == pytest.approx(0)
        assert found.people[cohort, cohort - 1:] == pytest.approx(found.size[cohort])


@each
def test_orders_of_cohorts_are_the_repeat_and_woken_orders_of_the_statement(which):
    result = evaluate(SCENARIOS[which])
    lines = {k: v[:, 0] for k, v in result.lines.items()}
    expected = lines["repeat_orders"] + lines["woken"] - result.extra["woken_cut"][:, 0]
    assert cohorts(result).orders.sum(axis=0) == pytest.approx(expected, rel=1e-12, abs=1e-9)


@each
def test_segments_are_the_pool(which):
    result = evaluate(SCENARIOS[which])
    found = segments(cohorts(result))
    assert found.new + found.active + found.dormant == pytest.approx(result.lines["pool"][:, 0], rel=1e-12)
    assert found.new + found.active == pytest.approx(result.extra["segment_active"][:, 0], rel=1e-12)
    assert all((s >= -1e-9).all() for s in (found.new, found.active, found.dormant))


@each
def test_the_share_that_ordered_again_only_grows(which):
    share = cohorts(evaluate(SCENARIOS[which])).again_rate
    for row in share:
        known = row[np.isfinite(row)]
        assert (np.diff(known) >= -1e-12).all() and ((known >= 0) & (known <= 1 + 1e-12)).all()


# --- by hand -----------------------------------------------------------------------------------------------------------

def test_half_order_again_a_month_later():
    """All repeats come in month 1: a cohort of 1,000 has 500 who ordered again from then on."""
    share = cohorts(level(repurchase_other_once=0.5)).again_rate
    assert share[0, :4] == pytest.approx([0, 0.5, 0.5, 0.5]) and share[3, :4] == pytest.approx([0, 0.5, 0.5, 0.5])
    assert np.isnan(share[11, 1:]).all()


def test_orders_of_one_cohort():
    """1,000 · 1/2 in month 1; half of those 500 again in month 2, then 125, …"""
    found = cohorts(level(repurchase_other_once=0.5, repurchase_other_again=0.5))
    assert found.orders[1, :5] == pytest.approx([0, 500, 250, 125, 62.5])


def test_twelve_months_after_the_first_order_the_rate_is_reached():
    """Without season, promotions or messages the triangle ends at the 12-month rate itself."""
    result = evaluate(plans.scenario(plans.bare(), {
        "channel.shop.visits": 20_000.0, "repurchase_other_once": 0.28, "timing_same_month": 0.18, "timing_decay": 1.4,
        "months": 14}))
    share = cohorts(result).again_rate
    assert share[0, 12] == pytest.approx(0.28) and share[0, 0] == pytest.approx(0.18 * 0.28)


def test_new_active_and_dormant_by_hand():
    """Everybody joins and nobody repeats: 1,000 new each month, those of the 2 months before active, older ones dormant."""
    found = segments(cohorts(level(channel__shop__join=1.0)))
    assert found.new == pytest.approx([1000] * 12)
    assert found.active[:5] == pytest.approx([0, 1000, 2000, 2000, 2000])
    assert found.dormant[:5] == pytest.approx([0, 0, 0, 1000, 2000])


def test_who_refunds_the_first_order_is_dormant_at_once():
    found = segments(cohorts(level(channel__shop__join=1.0, channel__shop__stay=0.4)))
    assert found.new[0] == pytest.approx(400) and found.dormant[0] == pytest.approx(600)


def test_months_without_new_customers_have_no_share():
    share = cohorts(evaluate(plans.scenario(plans.bare()))).again_rate
    assert np.isnan(share).all()

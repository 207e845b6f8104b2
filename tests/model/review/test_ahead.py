"""The months left: one number alone brings the KPI by as much as asked, the best split moves nothing that is over."""

from __future__ import annotations

import numpy as np
import pytest

from model import evaluate, from_json, kpi, review, to_json
from model.analysis.optimize import Limits
from model.engine.kpis import period_of
from model.review import record
from model.review.actuals import Actuals
from model.review.ahead import ahead_of, best_moves, needed
from model.review.kept import actuals_of, plan_of_record, with_actuals
from samples import june, sample

ACTUALS = actuals_of(june())


@pytest.fixture(scope="module")
def ahead():
    return ahead_of(sample(), ACTUALS)


def test_where_the_months_point_to_is_the_middle_of_the_forecast_and_known_months_stand(ahead):
    found = ahead.result({})
    assert found.lines["gmv"][:6, 0] == pytest.approx(ACTUALS.total("gmv")[:6])
    middle = review.forecast(sample(), ACTUALS, 512).year("gmv").point(50)
    assert float(found.lines["gmv"].sum()) == pytest.approx(float(middle), rel=0.01)
    assert ahead_of(sample(), Actuals.none(sample())) is None


@pytest.mark.parametrize("key, more", [("gmv", 4e6), ("net_margin_rate", 0.004)])
def test_each_number_alone_adds_what_was_asked(ahead, key, more):
    span = period_of("year", ahead.plan.months)
    base = kpi(ahead.result({}), key, span)[0]
    found = needed(ahead, key, "year", more)
    reached = [x for x in found if x.value is not None]
    assert len(reached) >= 4 and found[0].plausible and [x.value is None for x in found] == sorted(x.value is None for x in found)
    for x in reached:
        moved = ahead.times(x.lever.address, np.array([x.value / x.lever.today]))
        assert kpi(ahead.result(moved), key, span)[0] - base == pytest.approx(more, rel=1e-6), x.lever.address


def test_the_best_split_keeps_what_is_over_the_total_and_the_limits(ahead):
    moves = best_moves(ahead, limits=Limits(move=0.3, locked=frozenset({"private"})))
    before, after = evaluate(sample()), evaluate(moves.scenario)
    assert after.by_channel["spend"][:, :6] == pytest.approx(before.by_channel["spend"][:, :6])
    assert after.lines["spend"] == pytest.approx(before.lines["spend"]), "each month spends what was planned"
    share = moves.after / moves.before
    assert np.all(np.abs(share - 1) <= 0.3 + 1e-6) and share[moves.channels.index("private")] == pytest.approx(1)
    assert np.ptp(share) > 0.1 and moves.gain > 0


def test_what_the_split_adds_is_what_the_forecast_says_of_it(ahead):
    moves = best_moves(ahead)
    means = [review.forecast(s, ACTUALS, 512).year("net_profit").mean for s in (sample(), moves.scenario)]
    assert means[1] - means[0] == pytest.approx(moves.gain, rel=0.1)
    assert best_moves(ahead, limits=Limits(move=0.0)).gain == pytest.approx(0, abs=1e-3)


@pytest.fixture(scope="module")
def taken(ahead):
    """The plan with its months, and the same with the best split of the months left taken."""
    return june(), with_actuals(best_moves(ahead).scenario, ACTUALS)


def test_a_split_taken_moves_no_month_that_is_over(taken):
    """Neither the plan they are held against, nor why they differ, nor what was believed after each of them, to the last bit; what
    was not measured of them neither (but for stock, which in the model foresees the sales to come)."""
    plan, moved = taken
    assert plan_of_record(moved) == plan and moved.changes != plan.changes
    for key in ("gmv", "net_profit"):
        assert review.bridge(moved, ACTUALS, key) == review.bridge(plan, ACTUALS, key)
    told = [record.steps(s, ACTUALS.up_to(1), 64) for s in (plan, moved)]
    assert told[0][0] == told[1][0] and told[0][1] != told[1][1], "the last one is of the months left"
    half = ACTUALS.with_cells({place: None for place in ACTUALS.said if place[2] not in ("clicks", "gmv")})
    for known, keys in ((ACTUALS, ("gmv", "net_profit")), (half, ("gmv", "net_revenue"))):
        first, second = (review.forecast(s, known, 64) for s in taken)
        for key in keys:
            a, b = (found.months(key).points for found in (first, second))
            assert np.array_equal(a[:, :6], b[:, :6]) and not np.array_equal(a[:, 6:], b[:, 6:]), key


def test_a_split_taken_travels_with_the_plan_and_is_counted_from_the_plan_of_record(taken):
    plan, moved = taken
    assert from_json(to_json(moved)) == moved
    again = best_moves(ahead_of(moved, ACTUALS))
    assert again.gain == pytest.approx(0, abs=1e-3), "nothing more within the limits"
    more = best_moves(ahead_of(moved, ACTUALS), limits=Limits(move=0.4))
    first = evaluate(plan).by_channel["spend"][:5, 6:, 0].sum(axis=1)
    assert more.gain > 0 and np.all(np.abs(more.after / first - 1) <= 0.4 + 1e-6)
    assert plan_of_record(more.scenario).changes == plan.changes, "the second one does not become the plan of record"
    assert plan_of_record(moved.with_values({"target.gmv_year.value": 1.2e8})).get("target.gmv_year.value") == 1.2e8


def test_a_plan_that_has_no_place_for_the_split_any_more_is_its_own_plan_of_record(taken):
    shares = {f"channel.{c}.share": s for c, s in (("platform", 0.5), ("content", 0.2), ("own_live", 0.2), ("private", 0.1))}
    other = taken[1].with_values({"channel.creators": None, **shares})
    assert plan_of_record(other).changes == other.changes and review.forecast(other, actuals_of(other), 64).run.draws == 64

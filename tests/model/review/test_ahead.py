"""The months left: one number alone brings the KPI by as much as asked, the best split moves nothing that is over."""

from __future__ import annotations

import numpy as np
import pytest

from model import evaluate, kpi, review
from model.analysis.optimize import Limits
from model.engine.kpis import period_of
from model.plan.book import EMPTY
from model.review.actuals import Actuals
from model.review.ahead import ahead_of, best_moves, needed
from model.review.kept import actuals_of
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
    assert means[1] - means[0] == pytest.approx(moves.gain, rel=0.1) and moves.scenario.book == EMPTY
    assert best_moves(ahead, limits=Limits(move=0.0)).gain == pytest.approx(0, abs=1e-3)

"""Refunds that are still to come: known curves are undone, curves are read from exports, sums stay sums."""

from __future__ import annotations

import numpy as np
import pytest
from actual_months import measured
from drawn_years import years
from every import each

from model import evaluate, review
from model.review.maturity import look_complete
from samples import refused, sample

SAMPLE = sample()
LAG = (0.6, 0.85, 0.95, 1.0)


def booked(closed: int, lag=LAG, draw: float = 1.0) -> tuple[review.Actuals, review.Actuals]:
    """The first months in the end, and as they are booked on the day after the last one."""
    result = evaluate(SAMPLE.with_values({"headline.refund_rate": draw}))
    end = measured(SAMPLE, result, closed)
    cells = {}
    for (month, channel, column), value in end.said.items():
        age = closed - 1 - end.months.index(month)
        share = lag[age] if age < len(lag) else 1.0
        if column == "refunds":
            cells[month, channel, column] = value * share
        if column == "net_revenue":
            gmv, refunds = (end.said[month, review.SHOP, k] for k in ("gmv", "refunds"))
            cells[month, channel, column] = value * (gmv - refunds * share) / (gmv - refunds)
    return end, end.with_cells(cells)


def test_a_known_curve_gives_the_month_on_the_day_after_its_end():
    end, now = booked(4)
    found = review.mature(now, LAG)
    for column in ("refunds", "net_revenue"):
        assert found.of(column)[:4] == pytest.approx(end.of(column)[:4], rel=1e-12)
    assert abs(now.of("net_revenue")[3] / end.of("net_revenue")[3] - 1) > 0.1


def test_months_that_are_not_there_yet_are_provisional_and_the_sums_stay_sums():
    _, now = booked(6)
    found = review.mature(now, LAG)
    assert [found.status(m) for m in found.months[:7]] == ["closed"] * 3 + ["provisional"] * 3 + ["open"]
    m = 5
    parts = [found.of(c)[m] for c in ("net_revenue", "cost_of_goods", "take", "fulfilment", "contribution")]
    change = now.of("contribution")[m] - parts[4]
    assert change == pytest.approx(sum(s * (now.of(c)[m] - found.of(c)[m]) for c, s in
                                       (("net_revenue", 1), ("cost_of_goods", -1), ("take", -1))))
    assert now.of("net_profit")[m] - found.of("net_profit")[m] == pytest.approx(change)
    assert sum(found.of("refunds", c)[m] for c in found.channels) == pytest.approx(found.of("refunds")[m])


def test_a_month_that_is_closed_while_others_are_provisional_gets_no_further_refunds():
    """April of six months is 95 % booked by the curve alone; who tells provisional months from closed ones has closed it."""
    _, now = booked(6)
    april = now.months[3]
    assert review.mature(now, LAG).total("refunds")[3] > now.total("refunds")[3]
    told = now.with_status(now.months[5], "provisional").with_status(now.months[4], "provisional")
    found = review.mature(told, LAG)
    assert found.said.items() >= {p: v for p, v in now.said.items() if p[0] == april}.items() and found.status(april) == "closed"
    assert (found.total("refunds")[4:6] > now.total("refunds")[4:6]).all() and review.booked_share(told, april, LAG) == 1


def test_a_curve_that_is_off_still_brings_the_month_five_times_nearer():
    end, now = booked(3, (0.65, 0.88, 0.96, 1.0))
    found = review.mature(now, (0.63, 0.87, 0.95, 1.0))
    off, before = (abs(x.of("net_revenue")[2] / end.of("net_revenue")[2] - 1) for x in (found, now))
    assert off < 0.03 and off < before / 5


def test_refunds_never_grow_above_their_sales():
    actual = review.Actuals.none(SAMPLE).with_cells({("2027-01", "private", "gmv"): 100.0, ("2027-01", "private", "refunds"): 90.0})
    assert review.mature(actual, (0.5, 1.0)).of("refunds", "private")[0] == 100


def test_a_curve_is_read_from_exports_of_the_same_months():
    exports = [booked(closed)[1] for closed in (3, 4, 5, 6)]
    assert review.lag_of(exports) == pytest.approx(LAG)
    assert review.lag_of(exports[:1]) == pytest.approx(review.LAG)


@each("lag", [(0.0, 1.0), (0.9, 0.8), (1.2,), (np.nan,)])
def test_a_curve_that_cannot_be_is_refused(lag):
    assert refused(review.mature, booked(2)[1], lag)


def test_refunds_of_months_made_up_later_look_complete_and_those_still_coming_do_not():
    """On years whose drivers vary by 5 % from month to month."""
    found, plan = years(SAMPLE, 12, 99, 0.05), evaluate(SAMPLE)
    for year in range(12):
        for closed in (1, 2, 6):
            end = measured(SAMPLE, found, closed, year)
            now = end.with_cells({p: v * review.booked_share(end, p[0]) for p, v in end.said.items() if p[2] == "refunds"})
            assert look_complete(plan, end) and not look_complete(plan, now), (year, closed)
    assert look_complete(plan, now.with_cells({p: None for p in now.said if p[2] == "refunds"})), "nothing is known of them"

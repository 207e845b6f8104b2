"""Two-way what-if: every cell is the plan with those two values."""

from __future__ import annotations

import numpy as np
import pytest
from every import each

from model import evaluate, kpi
from model.analysis.optimize import Impossible
from model.analysis.twoway import POINTS, two_way
from samples import sample


def value(values, key) -> float:
    return float(kpi(evaluate(sample().with_values(values)), key)[0])


@each("key, x, y", [
    ("net_profit", "headline.cvr", "headline.aov"), ("gmv", "budget", "vat"), ("marketing_rate", "channel.platform.cpm", "halo"),
])
def test_every_cell_is_the_plan_with_these_values(key, x, y):
    found = two_way(sample(), key, x, y)
    assert found.values.shape == (POINTS, POINTS) == (found.y.size, found.x.size)
    for i, j in ((0, 0), (0, -1), (-1, 0), (7, 13)):
        assert found.values[i, j] == pytest.approx(value({x: float(found.x[j]), y: float(found.y[i])}, key), rel=1e-9)


def test_todays_point_is_the_plan():
    found = two_way(sample(), "net_profit", "headline.cvr", "channel.platform.share")
    assert found.today == pytest.approx((1.0, 0.48, value({}, "net_profit")))


def test_values_of_ones_own_are_sorted_and_kept():
    found = two_way(sample(), "gmv", "vat", "halo", [0.13, 0.06], [0.0, 0.1, 0.4])
    assert found.x.tolist() == [0.06, 0.13] and found.y.tolist() == [0.0, 0.1, 0.4] and found.values.shape == (3, 2)


def test_two_shares_leave_the_rest_to_the_others():
    found = two_way(sample(), "gmv", "channel.platform.share", "channel.content.share", [0.3, 0.4], [0.1, 0.2])
    rest = {c: r["share"] for c, r in sample().rows["channel"].items()
            if r["kind"] != "organic" and c not in ("platform", "content")}
    shares = {f"channel.{c}.share": s / sum(rest.values()) * 0.4 for c, s in rest.items()}
    there = value(shares | {"channel.platform.share": 0.4, "channel.content.share": 0.2}, "gmv")
    assert found.values[1, 1] == pytest.approx(there, rel=1e-9)


def test_two_shares_that_exceed_one_are_scaled_back():
    found = two_way(sample(), "gmv", "channel.platform.share", "channel.content.share", [0.5, 1.0], [0.5, 1.0])
    assert found.values[1, 1] == pytest.approx(found.values[0, 0], rel=1e-12)


def test_an_undefined_kpi_is_nan():
    found = two_way(sample(), "net_margin_rate", "headline.cvr", "channel.organic.cvr")
    assert np.isfinite(found.values).all()


@each("x, y", [("vat", "vat"), ("vat", "months"), ("nothing", "vat"), ("vat", "channel.platform.name_en")])
def test_addresses_that_are_no_axes(x, y):
    with pytest.raises(Impossible, match="not_a_lever"):
        two_way(sample(), "gmv", x, y)

"""Months with anything in them that is not refused: they are explained, they add up, and the year has a forecast."""

from __future__ import annotations

import random

import numpy as np
from actual_months import measured
from every import as_many, every

import plans
from model import InvalidInput, evaluate, review
from samples import sample

BASES = (sample(), plans.scenario(plans.rich()), plans.scenario(plans.tiered()))
#: seeds of months that once failed: no spend with impressions, clicks without orders, prices beyond all bounds
KNOWN = (42, 55, 60, 117, 153, 219)


def odd(seed: int) -> tuple:
    """A plan, and some of its months' figures, some of them multiplied by anything."""
    chance = random.Random(seed)
    scenario = chance.choice(BASES)
    whole = measured(scenario, evaluate(scenario), chance.randint(1, 12))
    cells, keep = dict(whole.said), chance.random()
    if keep < 0.5:
        cells = {k: v for k, v in cells.items() if chance.random() < keep * 2 + 0.05}
    for place in chance.sample(sorted(cells), min(len(cells), chance.randint(0, 12))):
        cells[place] *= chance.choice((0, 0, 1e-6, 1e-3, 0.1, 0.5, 2, 10, 1e3, -1))
    return scenario, whole, cells


@every(seed=(*KNOWN, *range(1000, 1000 + as_many(1, 200))))
def test_what_is_accepted_can_be_explained_and_carried_on(seed):
    scenario, whole, cells = odd(seed)
    try:
        actual = review.Actuals(whole.months, whole.kinds, tuple(cells.items()))
    except InvalidInput:
        return
    with np.errstate(all="raise", under="ignore"):
        found = review.as_happened(scenario, actual)
        assert all(np.isfinite(line).all() for line in found.booked.lines.values())
        bridge = review.bridge(scenario, actual, "net_profit")
        assert abs(sum(bar.value for bar in bridge.bars) - (bridge.end - bridge.start)) < 1e-8 * (1 + abs(bridge.start) + abs(bridge.end))
        forecast = review.forecast(scenario, review.mature(actual), 64)
        assert all(np.isfinite(forecast.year(key).points).all() for key in ("gmv", "net_profit", "pool", "closing_cash"))

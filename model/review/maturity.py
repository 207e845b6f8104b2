"""Refunds that are still to come: a month's go on being booked for weeks after it, the last months look better than they are.

Unless the books were made up later: then nothing is to come, and the rates themselves say so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.engine.evaluate import Result
from model.errors import InvalidInput
from model.plan.book import lag_problems
from model.review.actuals import PROVISIONAL, SHOP, Actuals, Place

#: share of a month's refunds that is booked by its end, a month later, … (a judgement, until two exports of one month say more)
LAG = (0.72, 0.93, 0.98, 1.0)
#: by how much the plan's refund rate may be off where no earlier months are known, in deviations of a month's own rate
_OFF = 3.0
#: lines of the shop that fall with net sales; sums that fall by as much as their parts
_WITH_SALES, _SUMS = ("net_revenue", "cost_of_goods", "take"), ("contribution", "net_profit")


def mature(actuals: Actuals, lag: Sequence[float] = LAG) -> Actuals:
    """The months as they will stand once all refunds are booked; months that are not there yet are provisional.

    lag: share of a month's refunds booked by the end of the month, of the next, … The last month measured has just ended.
    Net revenue, goods and take fall with net sales, as those of the refunds booked so far did. Raises InvalidInput for
    a curve that falls or leaves 0 … 1.
    """
    if bad := lag_problems(lag, "lag"):
        raise InvalidInput(bad)
    out, cells = actuals, dict[Place, float | None]()
    for month in actuals.measured:
        booked = booked_share(actuals, month, lag)
        if booked < 1:
            cells |= _grown(actuals, month, booked)
            out = out.with_status(month, PROVISIONAL)
    return out.with_cells(cells)


def booked_share(actuals: Actuals, month: str, lag: Sequence[float] = LAG) -> float:
    """What part of a month's refunds is booked, on the day after the last month measured: all of a month that is closed while
    others are provisional.
    """
    if actuals.provisional and month not in actuals.provisional:
        return 1.0
    age = actuals.closed - 1 - actuals.months.index(month)
    return lag[age] if age < len(lag) else 1.0


def look_complete(plan: Result, actuals: Actuals, lag: Sequence[float] = LAG) -> bool:
    """Whether the refunds of the last months look booked in full: beside the plan's rates, theirs are no lower than those of the
    months before (of the first months: than the plan's), or by less than the curve would have it.
    """
    found = [(actuals.months.index(month), booked_share(actuals, month, lag)) for month in actuals.measured]
    refunds, gmv = actuals.total("refunds"), actuals.total("gmv")
    planned = (plan.lines["refunds"] / np.maximum(plan.lines["gmv"], 1.0))[:, 0]
    seen = [(np.log(refunds[m] / gmv[m] / planned[m]), np.log(share)) for m, share in found
            if refunds[m] > 0 and gmv[m] > 0 and planned[m] > 0]
    if not any(share for _, share in seen):
        return True
    rates, shares = np.array(seen).T
    return _uneven(rates) < _uneven(rates - shares)


def _uneven(rates: np.ndarray) -> float:
    """How far logarithms of rates over planned ones are apart, and their middle from 0."""
    middle = rates.sum() / (len(rates) + _OFF ** -2)
    return float(((rates - middle) ** 2).sum() + (middle / _OFF) ** 2)


def _grown(actuals: Actuals, month: str, booked: float) -> dict[Place, float]:
    """A month's cells that further refunds change."""
    said, cells = actuals.said, dict[Place, float]()
    for channel in (*actuals.channels, SHOP):
        place = (month, channel, "refunds")
        if place in said:
            cells[place] = min(said[place] / booked, said.get((month, channel, "gmv"), np.inf))
    more = [cells[month, c, "refunds"] - said[month, c, "refunds"] for c in actuals.channels if (month, c, "refunds") in cells]
    shop, at = (month, SHOP, "refunds"), actuals.months.index(month)
    if shop in cells and len(more) == len(actuals.channels):  # the sum of its channels, each held to its sales
        cells[shop] = said[shop] + sum(more)
    before, gmv = actuals.total("refunds")[at], actuals.total("gmv")[at]
    after = cells.get(shop, before + sum(more))
    left = (gmv - after) / (gmv - before) if gmv > before else np.nan
    return cells | (_after(actuals, month, left) if np.isfinite(left) else {})


def _after(actuals: Actuals, month: str, left: float) -> dict[Place, float]:
    """Lines of the shop once only a part of the net sales booked so far is left."""
    said = actuals.said
    cells = {p: said[p] * left for key in _WITH_SALES if (p := (month, SHOP, key)) in said}
    loss = {p[2]: said[p] - value for p, value in cells.items()}
    less = loss.get("net_revenue", 0.0) - loss.get("cost_of_goods", 0.0) - loss.get("take", 0.0)
    return cells | {p: said[p] - less for key in _SUMS if (p := (month, SHOP, key)) in said}


def lag_of(exports: Sequence[Actuals]) -> tuple[float, ...]:
    """The curve that exports of the same months show, each made when its last month had just ended (chain ladder).

    Of a step that no two of them show, the usual one is taken; a sum that stands to the cent was not said anew.
    """
    steps: dict[int, list[tuple[float, float]]] = {}
    for first in exports:
        for second in exports:
            if second.closed == first.closed + 1:
                for m, (a, b) in enumerate(zip(first.total("refunds"), second.total("refunds"), strict=True)):
                    if a > 0 and b > 0 and a != b:
                        steps.setdefault(first.closed - 1 - m, []).append((a, b))
    curve = [1.0]
    for age in reversed(range(len(LAG) - 1)):
        seen = steps.get(age)
        grown = sum(b for _, b in seen) / sum(a for a, _ in seen) if seen else LAG[age + 1] / LAG[age]
        curve.insert(0, curve[0] / max(1.0, grown))
    return tuple(curve)

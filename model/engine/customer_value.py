"""Customers over the year: who ordered twice, what they are worth later (ltv_12m, payback, the customer book)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from model.engine import ladder, order_economics, profit
from model.engine.evaluate import Result, rates
from model.plan import drivers as d


def _one(array: np.ndarray, month: int) -> np.ndarray:
    """Month `month` of (…, months or 1, D)."""
    return array[..., month if array.shape[-2] > 1 else 0, :]


def _of_one_order(result: Result, month: int, value_factor, channels) -> np.ndarray:
    """Contribution of one order of each of these channels, season 1 and no promotions: (channels, D), yuan."""
    v = result.values
    found = order_economics.contribution(
        1.0, value_factor, price=1.0, basket=1.0, refund_lift=1.0,
        **{k: _one(v.channel[k], month)[channels] for k in order_economics.CHANNEL},
        **{k: _one(v.business[k], month) for k in order_economics.BUSINESS})
    return found["contribution"]


def first_order_value(result: Result, month: int) -> np.ndarray:
    """Contribution of one own order by channel (C, D), yuan."""
    return _of_one_order(result, month, 1.0, slice(None))


def repeat_order_value(result: Result, month: int) -> np.ndarray:
    """Contribution of a repeat order left to owned and organic, by group (2, D), yuan."""
    homes = [result.values.paid if result.values.has_owned else -1, -1]
    return _of_one_order(result, month, _one(result.values.business["repeat_value_factor"], month), homes)


@lru_cache(maxsize=64)
def year_counts(result: Result, year: int) -> tuple[float, float]:
    """Customers with two orders or more, and with one or more, in a whole plan year (model.md section 5).

    For the plan, not for draws. New customers who did not stay count once; on return they start at none.
    """
    e, first = result.extra, year * 12
    people = e["months"][first][0]
    counts = np.zeros((2, *people.shape))
    counts[0] = people
    arrived = lost_early = 0.0
    for m in range(first, first + 12):
        _, chance, share, leave = e["months"][m]
        stayed, lost = e["stayed"][:, m], e["lost"][:, m]
        rate = _one(e["rate"], m)
        counts = ladder.orders_by_count(ladder.order_share(chance, share), counts, rate[:, ladder.AGAIN] * e["timing_0"],
                                        rate[:, ladder.ONCE] * e["timing_0"], stayed, lost, leave)
        arrived, lost_early = arrived + stayed.sum() + lost.sum(), lost_early + lost.sum()
    none, one = counts.sum(axis=(1, 2, 3, 4))
    ever = people.sum() + arrived - none
    return float(ever - one), float(ever + lost_early)


def customer_book(result: Result) -> np.ndarray:
    """Contribution of everybody on the ladder over the 12 months after the plan, own repeats only (draws,).

    Season as pulse; no spend, promotions, arrivals or departures (model.md section 5).
    """
    v = result.values
    season = result.extra["season_of_year"]
    season = season / season.mean(axis=0)
    first = (v.calendar.calendar_month[-1] + 1) % 12
    pulses = [season[(first + i) % 12] for i in range(12)]
    value = ladder.future_value(result.extra["hazard_after"], pulses, result.extra["rate_after"],
                                result.extra["timing_0"], repeat_order_value(result, -1), np.zeros(1))[0]
    return (value * result.extra["closing_ladder"]).sum(axis=(0, 1, 2))


def lifetime_values(result: Result) -> np.ndarray:
    """Contribution of a new customer's first order and repeats within 0 … 12 months, by channel: (13, C, D).

    Season 1, no promotions, prices of the plan's first month. nan for the owned channel, which wins no first orders.
    """
    v = result.values
    rate, timing, comeback = rates(v)
    rate, comeback = rate[:, :, 0], comeback[:, 0]
    hazard = ladder.hazards(rate, timing, comeback)
    worth = repeat_order_value(result, 0)
    leave = _one(v.business["leave"], 0)
    ahead = ladder.future_value(hazard, [np.ones(1)] * 12, rate, timing[0], worth, leave)[::-1]
    first = first_order_value(result, 0)
    join, stay = (_one(v.channel[k], 0) for k in ("join", "stay"))
    size = (len(v.channels), max(v.draws, worth.shape[-1]))
    out = np.empty((13, *size))
    for months in range(13):
        later = ahead[months - 1].copy() if months else np.zeros_like(ahead[0])
        later[ladder.MEMBER] += (later[ladder.OTHER] - later[ladder.MEMBER]) * leave
        out[months] = first
        for g, part in ((ladder.MEMBER, join), (ladder.OTHER, 1 - join)):
            again = rate[g, ladder.ONCE] * timing[0]
            kept = again * (worth[g] + later[g, ladder.AGAIN, 0]) + (1 - again) * later[g, ladder.ONCE, 0]
            out[months] += part * (stay * kept + (1 - stay) * later[g, ladder.ONCE, ladder.LAPSED])
    kinds = [v.scenario.rows[d.CHANNEL][c]["kind"] for c in v.channels]
    out[:, [i for i, kind in enumerate(kinds) if kind == d.OWNED]] = np.nan
    return out


def payback_months(result: Result) -> tuple[int | None, ...]:
    """First month (0 … 12) in which a new customer's contribution covers the channel's CAC, by channel; None if never.

    For the plan, not for draws (model.md section 6).
    """
    values = lifetime_values(result)[:, :, 0]
    cac = profit.ratio(result.by_channel["media"].sum(axis=1), result.by_channel["new_customers"].sum(axis=1))[:, 0]
    return tuple(next((m for m in range(13) if values[m, i] >= cac[i]), None) for i in range(len(cac)))

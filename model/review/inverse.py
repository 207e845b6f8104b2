"""Single equations of the model solved for what drove them: each is asked of a result and of what was measured instead."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.engine.evaluate import Result

#: messages seen by nearly everybody: their cost is not told by more of them
_ALL = 1 - 1e-13


def over(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """top ÷ bottom, nan where there is no bottom."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = top / bottom
    return np.where(np.isfinite(found), found, np.nan)


def or_one(factor: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(factor), factor, 1.0)


def _opening_pool(result: Result, measured: np.ndarray) -> np.ndarray:
    """Members at the start of each month (M, D): as the month before was measured, where it was, so that no month waits for those
    before it to be right."""
    opening = result.extra["opening_ladder"][:1].sum(axis=(0, 1, 2))[None]
    known = np.where(np.isfinite(measured), measured, result.lines["pool"])
    return np.concatenate([opening, known[:-1]])


def message_cost(result: Result, off: Mapping[str, np.ndarray], i: int, pool: np.ndarray) -> np.ndarray:
    """Of the owned channel's cost: impressions = capacity · (1 − exp(−1000 · spend ÷ (CPM · capacity))). pool: as measured."""
    v = result.values
    capacity = _opening_pool(result, pool) * v.channel["frequency"][i]
    seen = np.minimum(over(result.by_channel["impressions"][i] * off["impressions"][i], capacity), _ALL)
    spend = result.by_channel["spend"][i] * off["spend"][i]
    return over(-1000 * spend, capacity * np.log1p(-seen) * v.channel["cpm"][i])


def apart(result: Result, owned: np.ndarray, repeats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orders that the owned channel made itself beyond those computed, and repeats beyond those computed, relatively.

    owned: its orders (M, 1) as measured; repeats: left to organic visits. Two lines say both: with M, O the repeats of members
    and of others, K of M + O claimed by channels, a of each own order o among them, owned orders are
    o + M · (1 − K ÷ (M + O)), and left to organic visits are O · (1 − K ÷ (M + O)).
    """
    left = [result.lines[key] for key in ("repeats_member", "repeats_other")]
    total = result.lines["repeat_orders"]
    members, others = (line * or_one(over(total, total - result.lines["repeats_booked"])) for line in left)
    more = repeats - left[1]
    if not result.values.has_owned:
        return np.zeros_like(total), np.nan_to_num(over(more, others))
    i = result.values.paid
    anyway = result.values.channel["anyway"][i]
    claims, orders = anyway * np.nan_to_num(over(members, members + others)), owned - result.by_channel["orders"][i]
    own = np.where(np.isfinite(more), orders - np.nan_to_num(more) * over(members, others), orders / (1 - claims))
    scale = over(np.where(np.isfinite(orders), (1 - claims) * more + (anyway - claims) * orders, more), others)
    return np.nan_to_num(own), np.nan_to_num(scale)


def surcharge(result: Result, measured: np.ndarray) -> np.ndarray:
    """The surcharge that leaves the taxes measured, month by month: it lowers the profit that income tax is due on."""
    lines, v = result.lines, result.values
    profit = lines["contribution"] - lines["marketing"] - lines["inventory"] - lines["overhead"]
    rate = np.broadcast_to(v.business["income_tax"], profit.shape)
    owed, so_far = v.business["surcharge"] * lines["net_revenue"], 0.0
    for m, taxes in enumerate(measured[:, 0]):
        so_far = so_far if m % 12 else 0.0
        after, tax = so_far + profit[m, 0], rate[m, 0]
        if np.isfinite(taxes):
            of_profit = (taxes - tax * (after - max(0.0, so_far))) / (1 - tax)
            owed[m] = of_profit if after > of_profit else taxes + tax * max(0.0, so_far)
        so_far = after - owed[m, 0]
    return over(owed, lines["net_revenue"])


def joined(result: Result, measured: np.ndarray) -> np.ndarray:
    """Joiners that the pool asks for ÷ those computed: pool[m] = (pool[m − 1] + joiners) · (1 − leave share)."""
    computed, joiners = _opening_pool(result, result.lines["pool"]), result.lines["joiners"]
    wanted = measured * over(computed + joiners, result.lines["pool"]) - _opening_pool(result, measured)
    return over(np.maximum(wanted, 0.0), joiners)

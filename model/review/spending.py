"""What a plan spends by channel and month, and as shares of its budget: shares by month move no month that they do not say."""

from __future__ import annotations

import numpy as np

from model.engine.evaluate import Result


def spend_of(result: Result) -> np.ndarray:
    """Yuan by spending channel and month (C, months)."""
    return result.by_channel["spend"][_spending(result), :, 0]


def planned_shares(result: Result) -> dict[str, np.ndarray]:
    """Each spending channel's share by its address, by month (months, 1)."""
    share = np.broadcast_to(result.values.channel["share"], (len(result.channels), len(result.months), 1))
    return dict(zip(_addresses(result), share[_spending(result)], strict=True))


def shares_that_spend(result: Result, spend: np.ndarray) -> dict[str, np.ndarray]:
    """Shares by month with which a plan spends these yuan (C, months, D), whatever its own are."""
    weight = np.broadcast_to(result.index["weight_by_channel"], (len(result.channels), len(result.months), 1))
    per_share = result.values.business["budget"] * weight[_spending(result)]
    share = np.divide(spend, per_share, out=np.zeros(spend.shape), where=per_share > 0)
    return dict(zip(_addresses(result), share, strict=True))


def _spending(result: Result) -> list[int]:
    return [result.channels.index(c) for c in result.scenario.spending_channels]


def _addresses(result: Result) -> list[str]:
    return [f"channel.{c}.share" for c in result.scenario.spending_channels]

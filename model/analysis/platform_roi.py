"""The ROI to type into an ad platform: from which one on a channel pays, and which one leaves a wanted margin.

A platform's ROI is the paid GMV of the orders that it claims, before refunds and tax included, over what it was paid: in the
model a paid channel's GMV over its spend (model.md section 6). It knows neither refunds nor costs, which stand here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.engine.customer_value import first_order_value, lifetime_values
from model.engine.evaluate import Result
from model.engine.profit import ratio

#: months over which won customers come back
_COMING = 12


@dataclass(frozen=True, slots=True)
class PlatformRoi:
    """Yuan of paid GMV a yuan of spend, by paid channel and span of months (channels, spans, draws).

    now: what the plan reaches; nan without spend. break_even: below it the orders leave less than nothing once their own
    costs and the spend are paid; target: it leaves the wanted share of net revenue. *_coming: the same where what the won
    customers bring over the next 12 months counts as well. inf where no ROI is enough, nan where there are no orders.
    """

    channels: tuple[str, ...]
    now: np.ndarray
    break_even: np.ndarray
    target: np.ndarray
    break_even_coming: np.ndarray
    target_coming: np.ndarray


def platform_roi(result: Result, wanted: float, spans: Sequence[slice]) -> PlatformRoi:
    """What a platform would show, and what it has to, over each of these spans of months.

    wanted: share of net revenue that the orders of a channel shall leave once their costs and the spend are paid, before
    costs that no order causes (`unordered_costs`) and income tax. An order's costs: refunds, VAT, goods, platform and payment
    fees, fulfilment, returns, service, disputes, creators' commission, surcharges. Coming repeats: `coming_value` of each new
    customer. All but the coming repeats are the same share of GMV at any price of traffic, so break_even is exact; with
    them where the ladder has as many repeats as the channels claim.
    """
    paid = result.values.paid
    series = *(result.by_channel[k] for k in ("spend", "gmv", "net_revenue", "new_customers")), left_by_orders(result)
    spend, gmv, revenue, new, left = (np.stack([a[:paid, span].sum(axis=1) for span in spans], axis=1) for a in series)
    coming = left + new * coming_value(result)[:, None]
    return PlatformRoi(result.channels[:paid], ratio(gmv, spend), *(
        _needed(gmv, value - share * revenue) for value in (left, coming) for share in (0.0, wanted)))


def left_by_orders(result: Result) -> np.ndarray:
    """What orders leave before advertising, by channel: contribution less commission and surcharges (channels, M, D), yuan."""
    by = result.by_channel
    return by["contribution"] - by["commission"] - by["net_revenue"] * result.values.business["surcharge"]


def coming_value(result: Result) -> np.ndarray:
    """What a won customer's repeats bring within 12 months, by paid channel: ltv_12m less the first order (channels, D), yuan."""
    paid = result.values.paid
    return lifetime_values(result)[_COMING, :paid] - first_order_value(result, 0)[:paid]


def unordered_costs(result: Result) -> np.ndarray:
    """Costs that no order causes as a share of net revenue over the plan (D,): channels' fixed fees, members' benefits, what
    joining costs, inventory, overhead."""
    total = {k: result.lines[k].sum(axis=0) for k in ("marketing", "spend", "commission", "inventory", "overhead", "net_revenue")}
    return ratio(total["marketing"] - total["spend"] - total["commission"] + total["inventory"] + total["overhead"],
                 total["net_revenue"])


def _needed(gmv: np.ndarray, left: np.ndarray) -> np.ndarray:
    """GMV a yuan that may be spent: spend is what is left; inf where nothing is, nan without GMV."""
    enough = left > 0
    return np.where(gmv > 0, np.where(enough, gmv / np.where(enough, left, 1.0), np.inf), np.nan)

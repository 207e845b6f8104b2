"""What orders bring, from GMV to contribution (model.md section 6): the one formula, for many orders or a single one.

`evaluate` asks it for the orders of a month, the customer's value for one order at a time (season 1, no promotions), and the
Method page shows the same equations in words, which stand below. numpy only; every argument is named by its driver.

Orders are streams: a channel's own, or the repeats left to the owned or the organic channel. Arrays broadcast, usually
(streams or 1, months or 1, draws or 1); amounts are yuan, costs positive, shares 0…1.
"""

from __future__ import annotations

import numpy as np

#: what an order's contribution hangs on: drivers of its channel, of the whole business, indices of its month
CHANNEL = ("aov", "refund_rate", "goods_margin_rate", "platform_take")
BUSINESS = ("vat", "unshipped", "resale", "payment_fee", "fulfilment_cost", "return_cost", "service_cost", "dispute_rate",
            "compensation")
INDICES = ("price", "basket", "refund_lift")
#: refunds never take more than this share of a stream's GMV
REFUND_CAP = 0.95


def sales(orders, value_factor, aov, price, refund_rate, refund_lift, vat):
    """GMV, refunds, net sales and net revenue (yuan), and the share of GMV that is refunded."""
    refund = np.minimum(REFUND_CAP, refund_rate * refund_lift)
    gmv = orders * aov * (price * value_factor)  # what is small in brackets: fewer passes over many draws
    refunds = gmv * refund
    net_sales = gmv - refunds
    return {"refund": refund, "gmv": gmv, "refunds": refunds, "net_sales": net_sales,
            "net_revenue": net_sales / (1 + vat)}


def goods(orders, value_factor, aov, basket, goods_margin_rate, refund, unshipped, resale, vat):
    """Cost of goods that do not come back in saleable condition, yuan without VAT."""
    lost = 1 - refund * (unshipped + (1 - unshipped) * resale)
    return orders * aov * (basket * value_factor / (1 + vat)) * (1 - goods_margin_rate) * lost


def service(orders, refund, unshipped, fulfilment_cost, return_cost, service_cost, dispute_rate, compensation):
    """Fulfilment, returns, customer service and disputes, yuan."""
    shipped_cost = fulfilment_cost + dispute_rate * compensation
    per_order = shipped_cost + service_cost + refund * ((1 - unshipped) * return_cost - unshipped * shipped_cost)
    return orders * per_order


def contribution(orders, value_factor, *, price, basket, refund_lift, aov, refund_rate, goods_margin_rate, platform_take,
                 vat, unshipped, resale, payment_fee, fulfilment_cost, return_cost, service_cost, dispute_rate, compensation):
    """Every line from GMV to contribution of these orders, by the line's key; what creators are paid is marketing, not here.

    value_factor: of repeats, their order value as a multiple of the channel's. price, basket, refund_lift: 1 without promotions.
    """
    out = sales(orders, value_factor, aov, price, refund_rate, refund_lift, vat)
    refund = out.pop("refund")
    out["vat_paid"] = out["net_sales"] - out["net_revenue"]
    out["cost_of_goods"] = goods(orders, value_factor, aov, basket, goods_margin_rate, refund, unshipped, resale, vat)
    out["gross_profit"] = out["net_revenue"] - out["cost_of_goods"]
    out["take"] = out["net_sales"] * (platform_take + payment_fee)
    out["fulfilment"] = service(orders, refund, unshipped, fulfilment_cost, return_cost, service_cost, dispute_rate, compensation)
    out["contribution"] = out["gross_profit"] - out["take"] - out["fulfilment"]
    return out


# --- the same in words ---------------------------------------------------------------------------------------------------
# {orders}, {price}, {basket}, {refund_lift}, {refund}: the names of the stream's own, as the lines and terms have them

REFUND_IN_WORDS = f"min({REFUND_CAP * 100:g} %, refund_rate · {{refund_lift}})"
GMV_IN_WORDS = "{orders} · aov · {price}"
GOODS_IN_WORDS = ("{orders} · aov ÷ (1 + vat) · {basket} · (1 − goods_margin_rate)"
                  " · (1 − {refund} · (unshipped + (1 − unshipped) · resale))")
TAKE_IN_WORDS = "net_sales · (platform_take + payment_fee)"
SERVICE_IN_WORDS = ("shipped · (fulfilment_cost + dispute_rate · compensation) + returned · return_cost"
                    " + orders · service_cost")

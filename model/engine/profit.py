"""Orders to GMV to net profit and cash (model.md section 6). numpy only; every argument is named by its driver.

A stream is a channel's own orders, or the repeats booked to the owned or the organic channel. Shapes: (streams or
channels, months, draws), totals (months, draws), any of them 1. Costs are positive.
"""

from __future__ import annotations

import numpy as np

#: refunds never take more than this share of a stream's GMV
REFUND_CAP = 0.95


def sales(orders, value_factor, aov, price, refund_rate, refund_lift, vat):
    """GMV, refunds, net sales and net revenue of each stream."""
    refund = np.minimum(REFUND_CAP, refund_rate * refund_lift)
    gmv = orders * aov * (price * value_factor)  # what is small in brackets: fewer passes over many draws
    refunds = gmv * refund
    net_sales = gmv - refunds
    return {"refund": refund, "gmv": gmv, "refunds": refunds, "net_sales": net_sales,
            "net_revenue": net_sales / (1 + vat)}


def goods(orders, value_factor, aov, basket, goods_margin_rate, refund, unshipped, resale, vat):
    """Cost of goods that do not come back in saleable condition."""
    lost = 1 - refund * (unshipped + (1 - unshipped) * resale)
    return orders * aov * (basket * value_factor / (1 + vat)) * (1 - goods_margin_rate) * lost


def service(orders, refund, unshipped, fulfilment_cost, return_cost, service_cost, dispute_rate, compensation):
    """Fulfilment, returns, customer service and disputes."""
    shipped_cost = fulfilment_cost + dispute_rate * compensation
    per_order = shipped_cost + service_cost + refund * ((1 - unshipped) * return_cost - unshipped * shipped_cost)
    return orders * per_order


def ahead(monthly, outside, days):
    """Sum of the `days` ÷ 30 months after each month, the month before the plan first: (M + 1, D).

    monthly: (M, D). outside: function from month numbers to the plan months that stand for them.
    """
    span = days / 30
    first = np.arange(monthly.shape[0] + 1)
    lead = np.broadcast_to(span, (monthly.shape[0], span.shape[-1]))
    total = np.zeros((first.size, max(monthly.shape[1], lead.shape[1])), monthly.dtype)
    lead = np.concatenate([lead[:1], lead])
    for j in range(int(np.ceil(np.max(span)))):
        total = total + monthly[outside(first + j)] * np.clip(lead - j, 0, 1)
    return total


def delayed(monthly, outside, days):
    """Each month's amount paid `days` ÷ 30 months later, fractions interpolated: (M, D)."""
    span = days / 30
    months = np.arange(monthly.shape[0])
    total = 0
    for k in range(int(np.ceil(np.max(span))) + 1):
        weight = np.clip(1 - np.abs(span - k), 0, 1)
        if np.any(weight):
            total = total + monthly[outside(months - k)] * weight
    return total


def within_plan(months):
    """Function from any month number to the plan month that stands for it (± 12; the last one in a shorter plan)."""
    def outside(numbers):
        if months < 12:
            return np.where((numbers < 0) | (numbers >= months), months - 1, numbers)
        last_year = months - 12 + (numbers - months) % 12
        return np.where(numbers < 0, numbers % 12, np.where(numbers >= months, last_year, numbers))
    return outside


def income_taxes(before_tax, income_tax):
    """Tax of each month on the profit cumulated over each 12 months of the plan; no loss is carried over."""
    due = np.empty_like(before_tax)
    for year in range(0, before_tax.shape[0], 12):
        cumulated = np.maximum(0, np.cumsum(before_tax[year:year + 12], axis=0))
        due[year:year + 12] = np.diff(cumulated, axis=0, prepend=np.zeros_like(cumulated[:1]))
    return due * income_tax


def cash_flow(net_revenue, cost_of_goods, stock, take, fulfilment, marketing, carrying, overhead, taxes, outside,
              settlement_days, credit_days):
    """Cash by month: receipts settle late, purchases are paid on credit, write-offs cost no cash.

    stock: (M + 1, D) with the opening stock first.
    """
    late = settlement_days / 30
    months = np.arange(net_revenue.shape[0])
    receipts = (1 - late) * net_revenue + late * net_revenue[outside(months - 1)]
    purchases = cost_of_goods + stock[1:] - stock[:-1]
    paid = delayed(purchases, outside, credit_days)
    return receipts - paid - take - fulfilment - marketing - carrying - overhead - taxes


def ratio(top, bottom):
    """top ÷ bottom, nan where the bottom is 0: an undefined rate is a dash, never 0."""
    shape = np.broadcast_shapes(np.shape(top), np.shape(bottom))
    return np.divide(top, bottom, out=np.full(shape, np.nan), where=np.not_equal(bottom, 0))

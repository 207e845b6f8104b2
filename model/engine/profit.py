"""Stock, taxes and cash (model.md section 6). numpy only; every argument is named by its driver.

Amounts are yuan of a month, (months, draws), any of them 1; costs are positive. What an order brings: order_economics.py.
"""

from __future__ import annotations

import numpy as np


def ahead(monthly, outside, days):
    """Sum of the `days` ÷ 30 months after each month, the month before the plan first: (M + 1, D), in the unit of `monthly`.

    monthly: (M, D). outside: function from month numbers to the plan months that stand for them. days: (M or 1, D or 1).
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
    """Each month's amount paid `days` ÷ 30 months later, fractions interpolated: (M, D), in the unit of `monthly`."""
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
    """Tax of each month (M, D), yuan, on the profit cumulated over each 12 months of the plan; no loss is carried over."""
    due = np.empty_like(before_tax)
    for year in range(0, before_tax.shape[0], 12):
        cumulated = np.maximum(0, np.cumsum(before_tax[year:year + 12], axis=0))
        due[year:year + 12] = np.diff(cumulated, axis=0, prepend=np.zeros_like(cumulated[:1]))
    return due * income_tax


def cash_flow(net_revenue, cost_of_goods, stock, take, fulfilment, marketing, carrying, overhead, taxes, outside,
              settlement_days, credit_days):
    """Cash by month (M, D), yuan: receipts settle late, purchases are paid on credit, write-offs cost no cash.

    All amounts yuan (M, D), costs positive; stock: (M + 1, D) with the opening stock first. settlement_days: at most 30.
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

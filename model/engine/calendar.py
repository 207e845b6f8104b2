"""Months, seasons and promotions (model.md sections 2 and 3): which day of which promotion falls into which month.

What depends on dates alone is built once per plan (`build`); what depends on values (`indices`, `month_weights`)
takes draws.
"""

from __future__ import annotations

import calendar as civil
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.plan.rules import day_of, month_number


@dataclass(frozen=True, eq=False)
class Calendar:
    """months M of the plan and the promotions' days in them (E promotions).

    labels: "YYYY-MM" of each month. calendar_month: 0…11 (M,). year: m // 12 (M,). days_share: days of the promotion
    in the month ÷ days of the month (E, M + 1), the month before the plan first. budget_days: days of the promotion in
    the month ÷ its days in that plan year (E, M).
    """

    labels: tuple[str, ...]
    calendar_month: np.ndarray
    year: np.ndarray
    days_share: np.ndarray
    budget_days: np.ndarray

    @property
    def months(self) -> int:
        return len(self.labels)


@lru_cache(maxsize=256)
def build(start: str, months: int, windows: tuple[tuple[str, str], ...]) -> Calendar:
    """The calendar of `months` months from `start` ("YYYY-MM") with promotions' (first, last) days ("MM-DD")."""
    first = month_number(start)
    full = -(-months // 12) * 12
    numbers = range(first - 1, first + full)
    lengths = np.array([civil.monthrange(n // 12, n % 12 + 1)[1] for n in numbers])
    days = np.array([_days_in(n, window) for window in windows for n in numbers], float).reshape(-1, len(numbers))
    by_year = days[:, 1:].reshape(len(windows), full // 12, 12)
    total = by_year.sum(axis=2, keepdims=True)
    budget_days = (by_year / np.where(total > 0, total, 1)).reshape(len(windows), full)
    plan = np.array(numbers[1:months + 1])
    return Calendar(
        labels=tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in plan),
        calendar_month=plan % 12,
        year=np.arange(months) // 12,
        days_share=(days / lengths)[:, :months + 1],
        budget_days=budget_days[:, :months],
    )


def _days_in(number: int, window: tuple[str, str]) -> int:
    """Days of a yearly window that fall into month `number`; a window may run over the turn of the year."""
    length = civil.monthrange(number // 12, number % 12 + 1)[1]
    first, last = (day_of(day) for day in window)
    month = number % 12 + 1
    lower = first[1] if month == first[0] else 1
    upper = last[1] if month == last[0] else length
    if first > last and month == first[0] == last[0]:  # almost a year, closed only in between
        return length - first[1] + 1 + last[1]
    inside = first[0] <= month <= last[0] if first <= last else month >= first[0] or month <= last[0]
    return max(0, upper - lower + 1) if inside else 0


def by_month(weights: np.ndarray, calendar: Calendar, total: float) -> np.ndarray:
    """Twelve weights by calendar month (…, 12, D) as indices of the plan's months that sum to `total` over 12."""
    return (weights * (total / weights.sum(axis=-2, keepdims=True)))[..., calendar.calendar_month, :]


def indices(calendar: Calendar, on: np.ndarray, cover: np.ndarray, *, uplift, price_response, discount, basket_uplift,
            refund_uplift, traffic_price_uplift, pull_forward, absence) -> dict[str, np.ndarray]:
    """Month indices of the promotions, one row for every set of promotions.

    on: (E,) bool. cover: (S, E) bool, the promotions each set sees. The values: (E, 1, D).
    Returns promo, price, basket, refund_lift, traffic_price_lift, each (S, M, D).
    """
    share = calendar.days_share[..., None].astype(uplift.dtype, copy=False)
    share, before = share[:, 1:], share[:, :-1]
    lift = uplift + price_response * discount
    pulled = pull_forward * lift * before
    out: dict[str, list[np.ndarray]] = {name: [] for name in ("promo", "price", "basket", "refund_lift", "traffic_price_lift")}
    for row in cover:
        live, dark = row & on, row & ~on
        days = share[live]
        basket = 1 + basket_uplift[live] * days
        promo = np.maximum(0, product(1 + lift[live] * days) - pulled[live].sum(axis=0))
        out["promo"].append(promo * product(1 - absence[dark] * share[dark]))
        out["price"].append(product(basket * (1 - discount[live] * days)))
        out["basket"].append(product(basket))
        out["refund_lift"].append(product(1 + refund_uplift[live] * days))
        out["traffic_price_lift"].append(product(1 + traffic_price_uplift[live] * days))
    return {name: np.array(rows) for name, rows in out.items()}


def product(factors: np.ndarray) -> np.ndarray:
    """Product over promotions (E, M, D) -> (M, D), 1 where there is none."""
    return np.multiply.reduce(factors, axis=0)


def month_weights(calendar: Calendar, on: np.ndarray, cover: np.ndarray, budget_share: np.ndarray,
                  phasing: np.ndarray) -> np.ndarray:
    """Share of the year's budget by month (S, M, D): phasing outside the promotions' own budgets, their days inside.

    budget_share: (E, 1, D). phasing: (S or 1, M, D), sums to 1 over 12 months.
    """
    share = np.where((cover & on)[:, :, None, None], budget_share, 0)
    days = calendar.budget_days[:, :, None].astype(budget_share.dtype, copy=False)
    return (1 - share.sum(axis=1)) * phasing + (share * days).sum(axis=1)

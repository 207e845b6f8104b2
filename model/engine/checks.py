"""Named identities of every result: PASS, REVIEW or FAIL, with the figure that decided it (model.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result
from model.engine.lines import LINES, WATERFALL

PASS, REVIEW, FAIL = "PASS", "REVIEW", "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """text of a check: `check.<key>.label`, its advice `check.<key>.advice` in the locales. worst: the deciding figure."""

    key: str
    status: str
    worst: float = 0.0
    detail: str = ""


def _verdict(key: str, worst: float, limit: float, bad: str = FAIL, detail: str = "") -> Check:
    fine = np.isfinite(worst) and worst <= limit
    return Check(key, PASS if fine else bad, float(worst), "" if fine else detail)


def budget_adds_up(result: Result) -> Check:
    """Spend of each whole plan year is its budget, to the cent; a part of a year spends its months' part."""
    weight = result.index["weight_by_channel"].sum(axis=1) if len(result.months) < 12 else None
    budget = np.broadcast_to(result.values.business["budget"], (len(result.months), result.draws))
    spend, worst = result.by_channel["spend"], 0.0
    if not np.any(result.values.channel["share"]):
        return _verdict("budget", float(np.max(budget)), 0.005)
    if weight is not None:
        due = (budget[0] * result.values.channel["share"][:, 0] * weight).sum(axis=0)
        worst = np.max(np.abs(spend.sum(axis=(0, 1)) - due))
    for first in range(0, len(result.months) - 11, 12):
        worst = np.maximum(worst, np.max(np.abs(spend[:, first:first + 12].sum(axis=(0, 1)) - budget[first])))
    return _verdict("budget", worst, 0.005)


def shares_sum_to_one(result: Result) -> Check:
    """Budget shares of the channels sum to 1, where there are any."""
    total = result.values.channel["share"].sum(axis=0)
    return _verdict("shares", np.max(np.abs(total - 1)) if np.any(total) else 0.0, 1e-9)


def people_conserved(result: Result) -> Check:
    """Opening people and new customers are all people at the end, to a billionth (model.md section 5)."""
    people = np.abs(result.extra["people_gap"]) / np.maximum(1.0, result.extra["closing_ladder"].sum(axis=(0, 1, 2)))
    return _verdict("people", np.max(people), 1e-9)


def profit_adds_up(result: Result) -> Check:
    """GMV and the steps of the waterfall, with their signs, are the net profit of every month, to half a cent."""
    gap = sum(LINES[k].sign * result.lines[k] for k in WATERFALL[:-1]) - result.lines["net_profit"]
    return _verdict("profit", np.max(np.abs(gap)), 0.005)


def clicks_within_impressions(result: Result) -> Check:
    """Channels that show something have at most as many clicks as impressions."""
    bought = slice(0, result.values.paid + result.values.has_owned)
    gap = result.by_channel["clicks"][bought] - result.by_channel["impressions"][bought] * (1 + 1e-12)
    return _verdict("clicks", np.max(gap, initial=0.0), 0.0)


def nothing_negative(result: Result) -> Check:
    """Quantities that cannot be below zero, and every line finite."""
    keys = ("spend", "impressions", "clicks", "orders", "new_customers", "gmv", "refunds", "net_revenue", "pool")
    lowest = min(float(np.min(result.lines[k])) for k in keys)
    finite = all(np.all(np.isfinite(line)) for line in result.lines.values())
    return _verdict("finite", -lowest if finite else np.nan, 1e-6)


def no_clamp(result: Result) -> Check:
    """No driver's value is held at its bound by factors on it (model.md section 1); detail names them."""
    held = result.values.clamped
    return Check("clamps", REVIEW if held else PASS, float(len(held)), ", ".join(held))


def bookings_within_repeats(result: Result) -> Check:
    """Channels claim at most the repeats that there are; beyond it their bookings are scaled down."""
    gap = result.extra["claimed"] - result.lines["repeat_orders"]
    return _verdict("bookings", np.max(gap, initial=0.0), 1e-6, REVIEW)


def woken_within_people(result: Result) -> Check:
    """Channels wake at most the ladder's cap of the people not reordering; what it cuts is the check's size."""
    return _verdict("woken", np.max(result.extra["woken_cut"], initial=0.0), 1e-6, REVIEW)


CHECKS = (budget_adds_up, shares_sum_to_one, people_conserved, profit_adds_up, clicks_within_impressions,
          nothing_negative, no_clamp, bookings_within_repeats, woken_within_people)


def checks(result: Result) -> tuple[Check, ...]:
    """All check rows of a result, always in the same order."""
    return tuple(check(result) for check in CHECKS)

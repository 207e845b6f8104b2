"""What a plan says that is legal and can hardly be meant: a wrong unit, a promotion that ends before it begins, more refunds
than sales. Warnings, each with its place: shown before a plan is taken, and on the badge of checks after.

Slips of one driver's own unit are in `meaning.py`; here is what its row or another value tells.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.errors import Violation
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.meaning import meant, unusual
from model.plan.schema import ONLY, TABLES, Rows

#: days over the turn of the year beyond which the first and last day of a promotion are likely the wrong way round
LONG_PROMOTION = 60
#: KPIs of targets that are shares, and those that are a shop's yearly money
_SHARES = ("net_margin_rate", "gross_margin_rate", "marketing_rate", "spend_to_gmv", "refund_rate", "cvr", "private_share",
           "repurchase_rate_year", "dispute_rate")
_SALES = ("gmv", "net_revenue")
_LEAST_SALES = 10_000
#: figures of last year that are sums of what was sold, spent or counted
_NEVER_NEGATIVE = ("gmv", "refunds", "marketing", "spend", "media", "orders", "new_customers", "pool")


def questions(rows: Rows) -> list[Violation]:
    """All of them, of rows that break no rule."""
    return [*_budget(rows), *_targets(rows), *_promotions(rows), *_last_year(rows)]


def _question(code: str, place: str, got: str, allowed: str) -> Violation:
    return Violation(code, place, got, allowed, "warning")


def _budget(rows: Rows) -> Iterable[Violation]:
    driver, value = TABLES[d.BUSINESS]["budget"], rows[d.BUSINESS][ONLY].get("budget")
    if value is not None and unusual(driver, value):
        likely = meant(driver, value)
        yield _question("unit_question", "budget", f"{value:.12g}", "" if likely is None else f"{likely:.12g}")


def _targets(rows: Rows) -> Iterable[Violation]:
    for key, row in rows.get(li.TARGET, {}).items():
        kpi, value, place = row["kpi"], row["value"], f"target.{key}.value"
        if kpi in _SHARES and abs(value) > 1:
            said, likely = (f"{v:.12g} ({v * 100:.12g} %)" for v in (value, value / 100))
            yield _question("unit_question", place, said, likely)
        elif kpi in _SALES and value < 0:
            yield _question("unusual_low", place, f"{value:.12g}", "≥ 0")
        elif kpi in _SALES and 0 < value < _LEAST_SALES:
            yield _question("unit_question", place, f"{value:.12g}", f"{value * 10_000:.12g}")


def _promotions(rows: Rows) -> Iterable[Violation]:
    for key, row in rows.get(li.PROMOTION, {}).items():
        days = _days_over_new_year(row["first"], row["last"])
        if days > LONG_PROMOTION:
            yield _question("promotion_turned", f"promotion.{key}", f"{row['first']} … {row['last']}", str(days))


def _days_over_new_year(first: str, last: str) -> int:
    """Days of a promotion that runs over the turn of the year; 0 where it does not."""
    if first <= last:
        return 0
    return int((np.datetime64(f"2027-{last}") - np.datetime64(f"2026-{first}")).astype(int)) + 1


def _last_year(rows: Rows) -> Iterable[Violation]:
    for key, row in rows.get(li.LAST_YEAR, {}).items():
        for field in _NEVER_NEGATIVE:
            if (row.get(field) or 0) < 0:
                yield _question("unusual_low", f"last_year.{key}.{field}", f"{row[field]:.12g}", "≥ 0")
        gmv, refunds = row.get("gmv"), row.get("refunds")
        if gmv is not None and refunds is not None and refunds > gmv:
            yield _question("part_above_whole", f"last_year.{key}.refunds", f"{refunds:.12g}", f"≤ {gmv:.12g}")

"""Months of a plan in words: short along an axis or over columns, whole in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui.kit.formats import month
from pages.ui.kit.texts import t


def month_labels(months: Sequence[str]) -> list[str]:
    """Write each month short: Mar; 27/03 where the plan has a month twice."""
    return [month(m) if len(months) <= 12 else f"{m[2:4]}/{m[5:]}" for m in months]


def month_said(label: str, months: Sequence[str]) -> str:
    """Write one of these months in a sentence: Mar; Mar 2027 where there are several years."""
    return month(label) if len(months) <= 12 else month_of_year(label)


def month_of_year(label: str) -> str:
    """Write a month with its year: Mar 2027."""
    return t("plan.month_of_year", year=label[:4], month=month(label))

"""Months of a plan in words: short along an axis or over columns, whole in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from os.path import commonprefix

from pages.ui.kit.formats import month
from pages.ui.kit.texts import listed, t


def month_labels(months: Sequence[str]) -> list[str]:
    """Write each month short: Mar; 27/03 where the plan has a month twice."""
    return [month(m) if len(months) <= 12 else f"{m[2:4]}/{m[5:]}" for m in months]


def month_said(label: str, months: Sequence[str]) -> str:
    """Write one of these months in a sentence: Mar; Mar 2027 where there are several years."""
    return month(label) if len(months) <= 12 else month_of_year(label)


def month_of_year(label: str) -> str:
    """Write a month with its year: Mar 2027."""
    return t("plan.month_of_year", year=label[:4], month=month(label))


def months_said(months: Iterable[str]) -> str:
    """Write months in a sentence, those of a year that follow each other as one: Apr–Jun 2027."""
    runs = groupby(enumerate(sorted(months)), lambda at: (at[1][:4], int(at[1][5:]) - at[0]))
    return listed(_run([label for _, label in run]) for _, run in runs)


def _run(months: list[str]) -> str:
    if len(months) == 1:
        return month_of_year(months[0])
    first, last = month(months[0]), month(months[-1])
    word = commonprefix([first[::-1], last[::-1]])[::-1]  # 4–6月, what the months share once; Jan–Jun share no word
    number = first.removesuffix(word)
    return t("plan.months_of_year", year=months[0][:4], first=number if number.isdigit() else first, last=last)

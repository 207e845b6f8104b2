"""Which year of a longer plan the pages speak of: one choice for all of them, kept with the work; and its words.

A plan of up to a year has only its one period, and no choice is shown.
"""

from __future__ import annotations

import math
from functools import lru_cache

import streamlit as st

from model import Result
from model.engine.kpis import ALL, YEAR, find_period, over, periods_of, years_of
from model.engine.kpis import ALL as ALL_MONTHS
from model.engine.part import part_of
from pages.ui.kit import views
from pages.ui.kit.texts import inside, t
from pages.ui.session import state
from pages.ui.words import periods
from pages.ui.words.month_labels import month_of_year


def chosen(months: int = 0) -> str:
    """The reader's choice where a plan of so many months (default: the one at hand) has such a year, else its first."""
    space = state.workspace()
    return space.period if space.period in periods_of(months or space.scenario.get("months")) else YEAR


def whole(months: int) -> str:
    """All months of a plan."""
    return periods_of(months)[-1]


def suffix(period: str) -> str:
    """For the key of a field that each period has of its own."""
    return "" if period == YEAR else f"_{period}"


def choice(months: int = 0) -> None:
    """The choice of year, where there are several; in one line with what it is: above the answer each line counts."""
    months = months or state.workspace().scenario.get("months")
    offered = periods_of(months)
    if len(offered) > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(t("period.choice"), help=t("period.choice_help"), width="content")
            views.show(st.segmented_control, t("period.choice"), offered, key="period", value=chosen(months), required=True,
                       on_change=_choose, width="content", format_func=lambda p: name(p, months), label_visibility="collapsed")


def all_months() -> None:
    """Where figures do not follow the choice: what they are over."""
    months = state.workspace().scenario.get("months")
    if len(periods_of(months)) > 1:
        st.caption(t("period.all_months", count=months))


def _choose() -> None:
    state.workspace().period = st.session_state["period"]
    state.remember()


def value(result: Result, key: str, period: str) -> float:
    """A KPI of the plan over a period, nan where the plan does not reach it."""
    return float(over(result, key, period)[0])


def covered(result: Result, period: str) -> int:
    """How many months of a period a plan has; 0 where it does not reach it."""
    span = find_period(period, result.months)
    return 0 if span is None else len(result.months[span])


def change(result: Result, before: Result, key: str, period: str) -> float:
    """By how much a KPI differs from another plan's; nan where the two have unequal months: their sums are not comparable."""
    if covered(result, period) != covered(before, period):
        return math.nan
    return value(result, key, period) - value(before, key, period)


def apart(result: Result, before: Result, period: str) -> str:
    """Why two plans are not compared over a period, in brackets; "" where they are."""
    months, others = covered(result, period), covered(before, period)
    if months == others:
        return ""
    return t("period.apart", others=months, count=others) if others else t("period.apart_none")


def with_months(text: str, result: Result) -> str:
    """A text, and over how many months it is."""
    return t("period.of_months", text=text, count=len(result.months))


@lru_cache(maxsize=64)
def months_of(result: Result, period: str) -> Result:
    """The months of a period, for tables and pictures; all of them where the plan does not reach it."""
    span = find_period(period, result.months)
    return result if span is None else part_of(result, span)


def labelled(kpi: str, period: str, months: int) -> str:
    """A KPI's name or a title, with the period it is over where that is not simply the year."""
    return kpi if months == 12 else t("period.of", kpi=kpi, name=name(period, months))


def count(period: str, months: int) -> int:
    """How many months of a plan lie in a period."""
    if period == ALL:
        return months
    year = years_of(months).index(period) if period in years_of(months) else 0
    return min(12, months - 12 * year)


def name(period: str, months: int) -> str:
    """A year of a plan of so many months as the head of a column: the year, year 2 (6 months), all 24 months."""
    if period == ALL or months < 12:
        return t("plan.of_all_months" if period == ALL else "period.short", count=months)
    if months == 12:
        return t("plan.year")
    year = t("plan.year_n", count=int(period[4:] or 1))
    covered = count(period, months)
    return year if covered == 12 else t("plan.short_period", name=year, count=covered)


def span(period: str, months: int) -> str:
    """The same in the middle of a sentence: for the year, in year 2, over 6 months."""
    if months == 12:
        return t("verdict.year")
    if period == ALL or months < 12:
        return t("verdict.months", count=months)
    return t("verdict.year_n", name=inside(name(period, months)))


def period_name(text: str, months: int = 12) -> str:
    """A target's period in words, in a plan of so many months."""
    if text == ALL_MONTHS or text.startswith(YEAR):
        return periods.name(text, months)
    return text if text.startswith("Q") else month_of_year(text)

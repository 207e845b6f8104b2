"""What the customers page shows: the answer, who is in the pool, where repeats come from, cohorts, and what a new
customer is worth against what it costs to win one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import streamlit as st

from model import KPIS, Result, Scenario, kpi, kpi_by_channel, lifetime_values, payback_months
from model import units as u
from model.analysis.blended import blended, once_rate
from model.engine.cohorts import Segments, segments
from model.io.industry import Benchmark
from pages.ui.customers import specs as pictures
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, amount, figures, word, worded
from pages.ui.frame.industry import against, industry
from pages.ui.kit import charts, page_look
from pages.ui.kit.formats import DASH, counted, number, rate
from pages.ui.kit.texts import inside, language, listed, own_source, plain, rules, t, together
from pages.ui.session import results, state
from pages.ui.words.channel_names import channel_name, channel_names
from pages.ui.words.month_labels import month_labels

SOURCES = ("repeats_member", "repeats_other", "repeats_booked", "woken")
RATE_KEYS = ("repurchase_member_once", "repurchase_member_again", "repurchase_other_once", "repurchase_other_again")


@lru_cache(maxsize=64)
def worth_of(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, tuple[int | None, ...]]:
    """Value of a new customer by months since (13, C), CAC by channel (C,), payback month by channel."""
    result = results.result_of(scenario)
    return lifetime_values(result)[:, :, 0], kpi_by_channel(result, "cac")[:, 0], payback_months(result)


def _axis(name: str, value: float) -> float:
    return charts.hold(state.workspace().axes, f"{name}.{language()}", value)


def roughly(share: float) -> str:
    """A share to the next 5 %, for text alternatives: a chart whose alternative changes is embedded anew."""
    return rate(round(share * 20) / 20, 0) if math.isfinite(share) else DASH


def _chart(key: str, title: str, alt: str, spec: dict, data, ink: bool = True) -> None:
    with st.container(gap="xsmall", key=f"{'ink' if ink else 'cells'}_{key}"):
        st.markdown(f"**{title}**")
        st.vega_lite_chart(data, spec, key=f"chart_{key}", alt=alt, width="stretch")


# --- the answer --------------------------------------------------------------------------------------------------------

def answer(result: Result) -> None:
    """Whether they come back, in two sentences: how many, and whether a new customer pays for itself."""
    found = industry()["all", "repurchase_rate"]
    once, year = blended(result, "repurchase_rate"), float(kpi(result, "repurchase_rate_year")[0])
    words = {"rate": rate(once), "low": rate(found.low, 0), "high": rate(found.high, 0), "grade": found.grade}
    text = [t("customers.answer_rate", **words)]
    if math.isfinite(year):
        text.append(t("customers.answer_year", rate=rate(year)))
    text += [_answer_pool(result), _answer_payback(result)]
    st.subheader(together(s for s in text if s), anchor=False)


def _answer_pool(result: Result) -> str:
    pool, active = float(result.lines["pool"][-1, 0]), float(result.extra["segment_active"][-1, 0])
    if pool < 0.5:
        return t("customers.answer_no_pool")
    return t("customers.answer_pool", pool=counted(pool, "customers.people"), dormant=rate(1 - active / pool))


def paid_rows(result: Result) -> list[int]:
    """Places of the channels that win customers and cost something for it."""
    _, cac, _ = worth_of(result.scenario)
    rows = result.scenario.rows["channel"]
    return [i for i, c in enumerate(result.channels) if math.isfinite(cac[i]) and rows[c]["kind"] == "paid"]


def _answer_payback(result: Result) -> str:
    values, cac, payback = worth_of(result.scenario)
    places = paid_rows(result)
    names = {i: plain(channel_name(result.scenario, result.channels[i])) for i in places}
    never = [t("customers.short_by", name=names[i], short=number(cac[i] - values[12, i], u.YUAN_EACH))
             for i in places if payback[i] is None]
    if not places:
        return ""
    if not never:
        slowest = max(places, key=lambda i: payback[i] or 0)
        return t("customers.answer_all_pay", name=names[slowest], months=payback[slowest])
    return t("customers.answer_never", failing=len(never), count=len(places), names=listed(never[:3]))


# --- pool and repeats --------------------------------------------------------------------------------------------------

def pool_picture(result: Result) -> None:
    found: Segments = segments(results.cohorts_of(result.scenario))
    divisor, unit = rules().people_axis
    labels = month_labels(result.months)
    series = (found.dormant, found.active, found.new)
    words = tuple(t(f"customers.{k}") for k in ("dormant", "active", "new"))
    pool = found.dormant + found.active + found.new
    high = _axis("pool", max(float(pool.max()), 1.0) / divisor)
    share = found.dormant[-1] / pool[-1] if pool[-1] > 0 else math.nan
    title = t("customers.pool_title", pool=counted(float(pool[-1]), "customers.people"), dormant=rate(share))
    if not pool.max() > 0:
        title = t("customers.pool_none")
    _chart("pool", title, t("customers.pool_alt", dormant=roughly(share)),
           pictures.segments_spec(high, tuple(labels), words, unit),
           pictures.segments_data(labels, series, words, high, divisor))


def repeats_picture(result: Result) -> None:
    divisor, unit = rules().orders_axis
    labels = month_labels(result.months)
    series = [result.lines[k][:, 0] for k in SOURCES]
    words = tuple(t(f"customers.{k}") for k in SOURCES)
    total = sum(float(s.sum()) for s in series)
    high = _axis("repeats", max(float(sum(series[1:], series[0]).max()), 1.0) / divisor)
    largest = max(range(len(SOURCES)), key=lambda i: series[i].sum())
    title = t("customers.repeats_title", total=counted(total, "customers.orders"), source=inside(words[largest]),
              share=rate(float(series[largest].sum()) / total if total else math.nan))
    if not total:
        title = t("customers.repeats_none")
    _chart("repeats", title, t("customers.repeats_alt", source=words[largest]),
           pictures.sources_spec(high, tuple(labels), words, unit),
           pictures.sources_data(labels, series, words, divisor))


def months_grid(result: Result) -> Grid:
    """Pool, segments and repeats by month."""
    found = segments(results.cohorts_of(result.scenario))
    columns = [worded(t("customers.month")), *(figures(t(f"customers.{k}"), u.PEOPLE, t(f"customers.{k}_note"))
                                               for k in ("new", "active", "dormant")),
               figures(t("line.pool.label"), u.PEOPLE, t("line.pool.help")),
               *(figures(t(f"customers.{k}"), u.ORDERS, t(f"line.{k}.help")) for k in SOURCES)]
    rows = [[Cell(label, result.months[m]), *(amount(float(s[m]), u.PEOPLE) for s in (found.new, found.active, found.dormant)),
             amount(float(result.lines["pool"][m, 0]), u.PEOPLE),
             *(amount(float(result.lines[k][m, 0]), u.ORDERS) for k in SOURCES)]
            for m, label in enumerate(month_labels(result.months))]
    return Grid("customer_months", columns, rows)


# --- cohorts -----------------------------------------------------------------------------------------------------------

def triangle_picture(result: Result) -> None:
    share = results.cohorts_of(result.scenario).again_rate
    labels = month_labels(result.months)
    known = share[np.isfinite(share)]
    top = _axis("triangle", max(float(known.max(initial=0.0)), 0.05))
    title, reached = _triangle_message(share, labels)
    _chart("triangle", title, t("customers.triangle_alt", share=roughly(reached)),
           pictures.triangle_spec(top, tuple(labels), (t("customers.since"), t("customers.again"), t("customers.since_cells")),
                                  charts.HEAT[page_look.theme()]),
           pictures.triangle_data(labels, share), ink=False)


def _triangle_message(share: np.ndarray, labels: Sequence[str]) -> tuple[str, float]:
    """What the first month's new customers come to, and how many of them ordered again."""
    first = next((m for m in range(len(share)) if np.isfinite(share[m, 0])), None)
    if first is None:
        return t("customers.triangle_nobody"), math.nan
    since = min(len(share) - 1 - first, pictures.SINCE)
    reached = float(share[first, since])
    return t("customers.triangle_title", month=labels[first], count=since, share=rate(reached)), reached


def triangle_grid(result: Result) -> Grid:
    """The triangle, every month of it, with the size of each cohort."""
    found = results.cohorts_of(result.scenario)
    share, labels = found.again_rate, month_labels(result.months)
    columns = [worded(t("customers.cohort")), figures(t("line.new_customers.label"), u.PEOPLE),
               *(figures(str(k), u.RATE, filed=t("file.again_after", count=k)) for k in range(len(labels)))]
    rows = [[Cell(label, result.months[m]), amount(float(found.size[m + 1]), u.PEOPLE),
             *(amount(float(v), u.RATE) if np.isfinite(v) else Cell("", None) for v in share[m])]
            for m, label in enumerate(labels)]
    return Grid("cohorts", columns, rows)


# --- worth -------------------------------------------------------------------------------------------------------------

def payback_picture(result: Result) -> None:
    places = paid_rows(result)
    title = _payback_message(result, places)
    if not places:
        st.markdown(f"**{title}**")
        return
    shown = _most_new(result, places)
    values, cac, _ = worth_of(result.scenario)
    names = channel_names(result)
    left = values[:, shown] - cac[shown]
    extent = max(float(np.abs(left).max()), 1.0)
    high, low = (_axis(f"worth_{side}", max(float((sign * left).max()), 0.15 * extent)) for side, sign in (
        ("high", 1), ("low", -1)))
    words = (t("customers.since"), t("customers.axis_left"), t("customers.paid_back"))
    _chart("payback", title, t("customers.payback_alt", name=_best(result, places)),
           pictures.payback_spec(-low, high, tuple(names.values()), words),
           pictures.payback_data([names[result.channels[i]] for i in shown], left, -low, high))
    if len(shown) < len(places):
        st.caption(t("customers.payback_some", shown=len(shown), total=len(places)))


def _most_new(result: Result, places: Sequence[int]) -> list[int]:
    """As many channels as can be told apart, those with the most new customers, in the order of the plan."""
    new = result.by_channel["new_customers"].sum(axis=(1, 2))
    return sorted(sorted(places, key=lambda i: -new[i])[:pictures.LABELLED])


def _best(result: Result, places: Sequence[int]) -> str:
    """The channel whose new customers bring most beyond their cost."""
    values, cac, _ = worth_of(result.scenario)
    return channel_name(result.scenario, result.channels[max(places, key=lambda i: values[12, i] - cac[i])])


def _payback_message(result: Result, places: Sequence[int]) -> str:
    """Who pays back first, and how many never do within a year."""
    _, _, payback = worth_of(result.scenario)
    soon = sorted((payback[i], i) for i in places if payback[i] is not None)
    if not places:
        return t("customers.payback_nobody")
    if not soon:
        return t("customers.payback_none", count=len(places))
    name = plain(channel_name(result.scenario, result.channels[soon[0][1]]))
    return t("customers.payback_title", name=name, months=soon[0][0], never=len(places) - len(soon))


def worth_grid(result: Result) -> Grid:
    """First order, twelve months and cost of a new customer, by channel that wins any."""
    values, cac, payback = worth_of(result.scenario)
    columns = [worded(t("channel.name")), *(figures(t(f"customers.{k}"), unit, t(f"customers.{k}_note")) for k, unit in (
        ("first_value", u.YUAN_EACH), ("year_value", u.YUAN_EACH), ("cac", u.YUAN_EACH), ("left", u.YUAN_EACH),
        ("payback", u.MONTHS)))]
    rows = []
    for i, c in enumerate(result.channels):
        if math.isfinite(values[0, i]):
            cost = cac[i] if math.isfinite(cac[i]) else math.nan
            rows.append([word(channel_name(result.scenario, c)), amount(values[0, i], u.YUAN_EACH),
                         amount(values[12, i], u.YUAN_EACH), amount(cost, u.YUAN_EACH),
                         amount(values[12, i] - cost, u.YUAN_EACH), _payback_cell(payback[i], values[12, i] - cost)])
    return Grid("customer_worth", columns, rows)


def _payback_cell(months: int | None, left: float) -> Cell:
    """left: value within 12 months less the cost; where that is below zero, by how much it misses."""
    if not math.isfinite(left):
        return Cell(DASH, None)
    if months is None:
        return Cell(t("customers.never", short=number(-left, u.YUAN_EACH)), None)
    return Cell(t("customers.at_once") if months == 0 else t("customers.in_month", count=months), float(months))


# --- rates -------------------------------------------------------------------------------------------------------------

def rates_grid(result: Result) -> Grid:
    """The two repurchase rates and what they are made of, each with what it says."""
    columns = [worded(t("customers.which")), figures(t("customers.value"), u.RATE), figures(t("customers.industry"), u.RATE),
               worded(t("customers.meaning"))]
    found: Benchmark = industry()["all", "repurchase_rate"]
    once, year = blended(result, "repurchase_rate"), float(kpi(result, "repurchase_rate_year")[0])
    rows = [[word(t("customers.rate_cohort")), amount(once, u.RATE), against(once, found, u.RATE),
             word(t("customers.rate_cohort_note"))],
            [word(t("customers.rate_year")), amount(year, KPIS["repurchase_rate_year"].unit), Cell(DASH, None),
             word(t("customers.rate_year_note"))]]
    for key in RATE_KEYS:
        group, depth = key.removeprefix("repurchase_").split("_")
        value = once_rate(result, group) if depth == "once" else float(result.values.business[key].mean())
        rows.append([word(t(f"driver.business.{key}.label")), amount(value, u.RATE),
                     against(value, found, u.RATE) if key.endswith("_once") else Cell(DASH, None),
                     word(t(f"driver.business.{key}.help"))])
    return Grid("repurchase_rates", columns, rows)


def rates(result: Result) -> None:
    """Both repurchase rates by name, and why they differ."""
    st.markdown(t("customers.rates_text"))
    grids.show(rates_grid(result))
    found = industry()["all", "repurchase_rate"]
    st.caption(t("customers.rates_source", source=plain(own_source(found.source))))


def effective(result: Result) -> Mapping[str, str]:
    """The members' rates and benefit that the model works with."""
    b = result.values.business
    return {"once": rate(float(b["repurchase_member_once"].mean())), "again": rate(float(b["repurchase_member_again"].mean())),
            "benefit": number(float(b["member_benefit"].mean()), u.YUAN_EACH)}

"""The chapters of what is wanted: the answer, targets by year and quarter, the market."""

from __future__ import annotations

import math

import numpy as np

from model import KPIS, last_year_kpi
from model.engine.kpis import NOT_DRAWN, YEAR, last_year, period_of
from model.io.document.outline import BEFORE, COLUMNS, NOW, Block, Chapter, Chart, Series, Table, Text
from model.io.industry import benchmark
from model.plan import lists as li
from pages.ui.channels import view as channels
from pages.ui.document.work import Work, aim, aims, joined, known, lead, note, of_grid, table, unknown
from pages.ui.frame.industry import industry
from pages.ui.kit.formats import DASH, between, difference, money, money_unit, number, rate
from pages.ui.kit.texts import listed, t, together
from pages.ui.risk import view as risk
from pages.ui.session import results
from pages.ui.simulate import pictures, summary
from pages.ui.words import periods, reach
from pages.ui.words.channel_names import channel_name
from pages.ui.words.figures import CARDS
from pages.ui.words.month_labels import month_labels


def answer(work: Work) -> Chapter:
    """The verdict, what the draws say of it, the figures that leadership asks for first."""
    return Chapter(t("document.chapter.answer"), [
        lead(verdict(work)), *(Text(s) for s in risk.sentences(work.found, work.period)), figures(work), *months(work),
        months_table(work)])


def verdict(work: Work, whole: bool = True) -> str:
    """The sentence of Simulate; not whole: GMV and net margin against their targets alone."""
    decides = results.decides_of(work.scenario, work.period)
    if whole:
        return summary.sentence(work.result, work.result, decides, work.period)
    return "".join(text for text, _ in summary.sentences(work.result, work.result, decides, work.period)[:3])


def figures(work: Work) -> Table:
    """The cards of Simulate: plan, last year, target, chance, range."""
    head = [t("compare.kpi"), t("document.plan"), t("plan.last_year"), t("chart.target"), t("print.chance_head"), t("risk.band")]
    return table("", head, [_figure(work, key) for key in CARDS], (21, 14, 14, 14, 19, 26))


def _figure(work: Work, key: str) -> list[str]:
    unit, target = KPIS[key].unit, work.target(key)
    before = last_year_kpi(work.result, key, period_of(work.period, work.result.months))
    year = None if key in NOT_DRAWN else work.found.year(key, work.period)
    low, high = (float(year.point(p)) for p in (10, 90)) if year else (math.nan, math.nan)
    band = between(low, high, unit) if math.isfinite(low) else DASH
    return [t(f"kpi.{key}.label"), work.value(key), known(number(before, unit)),
            unknown() if target is None else reach.aim(target), work.likely(target), band]


def months(work: Work) -> list[Chart]:
    """GMV by month beside last year's where that is known, and net profit."""
    divisor, unit = money_unit()
    names, before = month_labels(work.year.months), _before(work)
    gmv = [Series(t("document.plan"), list(work.year.lines["gmv"][:, 0] / divisor))]
    if np.isfinite(before).all():
        gmv.insert(0, Series(t("plan.last_year"), list(before / divisor), BEFORE))
    profit = [Series(t("line.net_profit.label"), list(work.year.lines["net_profit"][:, 0] / divisor))]
    return [Chart(pictures.months_title(work.year), COLUMNS, names, gmv, unit),
            Chart(t("document.profit_months"), COLUMNS, names, profit, unit)]


def months_table(work: Work) -> Table:
    """The charts' numbers."""
    gmv, profit = (work.year.lines[k][:, 0] for k in ("gmv", "net_profit"))
    rows = [[label, *(known(money(float(x))) for x in values)] for label, *values in zip(
        month_labels(work.year.months), gmv, _before(work), profit, strict=True)]
    head = [t("plan.month"), t("document.gmv_plan"), t("document.gmv_before"), t("line.net_profit.label")]
    return table("", head, rows, (16, 28, 28, 28))


def _before(work: Work) -> np.ndarray:
    """GMV of the year before, by month; nan where that is not known."""
    return last_year(work.result)["gmv"][period_of(work.period, work.result.months)]


# --- targets -----------------------------------------------------------------------------------------------------------

def targets(work: Work) -> Chapter:
    given = work.scenario.rows[li.TARGET]
    by_quarter: list[Block] = [quarter_chart(work), quarters(work)] if work.quarters else []
    blocks: list[Block] = [
        lead(t("document.sentence", text=joined([aim(work, "gmv"), quarter_shares(work)])), "gmv"),
        *by_quarter,
        Text(aims(work, "new_customers", "pool", "repurchase_rate_year"), parts=("customers",)),
        Text(aims(work, "gross_margin_rate", "marketing_rate", "net_margin_rate"), parts=("margins",)),
        Text(aims(work, "cvr", "aov"), parts=("conversion",)),
        Text(aims(work, "turnover_days", "dispute_rate", "store_rating"), parts=("stock_service",)),
        Text(aims(work, "private_share"), parts=("private_share",))]
    if given:
        blocks += [every_target(work), note(t("document.chance_note"))]
    return Chapter(t("document.chapter.targets"), blocks)


def quarter_shares(work: Work) -> str:
    """What part of the year's GMV each quarter has."""
    whole = periods.value(work.result, "gmv", work.period)
    if not work.quarters or not whole:
        return ""
    parts = {q: periods.value(work.result, "gmv", q) / whole for q in work.quarters}
    shares = [t("document.quarter_share", quarter=q, share=rate(part)) for q, part in parts.items()]
    return t("document.quarters", shares=listed(shares))


def quarters(work: Work) -> Table:
    """Each quarter: GMV, its target and chance, its part of the year, net profit, budget."""
    whole = periods.value(work.result, "gmv", work.period)
    rows = []
    for q in work.quarters:
        target, gmv = work.target("gmv", q), periods.value(work.result, "gmv", q)
        spend = float(work.result.lines["spend"][period_of(q, work.result.months)].sum())
        rows.append([q, work.value("gmv", q), unknown() if target is None else reach.aim(target), work.likely(target),
                     rate(gmv / whole) if whole else DASH, work.value("net_profit", q), number(spend, KPIS["gmv"].unit)])
    head = [t("document.quarter"), t("document.gmv_plan"), t("document.gmv_target"), t("print.chance_head"), t("plan.weight"),
            t("line.net_profit.label"), t("line.spend.label")]
    return table(t("document.quarters_title"), head, rows, (11, 17, 16, 18, 12, 16, 16))


def quarter_chart(work: Work) -> Chart:
    divisor, unit = money_unit()
    series = [Series(t("document.plan"), [periods.value(work.result, "gmv", q) / divisor for q in work.quarters], NOW)]
    known_aims = [work.target("gmv", q) for q in work.quarters]
    if all(known_aims):
        series.insert(0, Series(t("chart.target"), [x.target / divisor for x in known_aims if x], BEFORE))
    return Chart(t("document.quarter_chart"), COLUMNS, work.quarters, series, unit)


def every_target(work: Work, period: str = "") -> Table:
    """All targets as Plan lists them, those missed first; period: those over it alone."""
    found, given = {x.key: x for x in results.targets_of(work.result)}, work.scenario.rows[li.TARGET]
    keys = [k for k, row in given.items() if not period or row.get("period", YEAR) == period]
    rows = [_target(work, k, found) for k in sorted(keys, key=lambda k: k not in found or found[k].outcome != "missed")]
    head = [t("driver.target.kpi.label"), t("driver.target.period.label"), t("chart.target"), t("document.plan"), t("plan.gap"),
            t("plan.outcome"), t("print.chance_head")]
    return table(reach.tally(tuple(found.values())), head, rows, (16, 15, 13, 13, 17, 17, 16), words=2, left=(5,))


def _target(work: Work, key: str, found: dict) -> list[str]:
    row, x = work.scenario.rows[li.TARGET][key], found.get(key)
    unit = KPIS[row["kpi"]].unit
    first = [t(f"kpi.{row['kpi']}.label"), periods.period_name(row.get("period", YEAR), len(work.result.months))]
    if x is None:
        return [*first, number(row["value"], unit), DASH, DASH, t("plan.outside"), DASH]
    return [*first, reach.aim(x), number(float(x.actual[0]), unit), difference(float(x.gap[0]), unit), reach.outcome(x),
            work.likely(x)]


# --- the market --------------------------------------------------------------------------------------------------------

def market(work: Work) -> Chapter:
    """What traffic costs more, and where the funnel is below the industry's."""
    below = [channel_name(work.scenario, c) for i, c in enumerate(work.result.channels) if _side(work, i, c) < 0]
    said = t("document.below", names=listed(below)) if below else t("document.none_below")
    grid = channels.funnel_grid(work.result)
    return Chapter(t("document.chapter.market"), [
        lead(t("document.traffic", inflation=rate(work.scenario.get("inflation")), said=said), "traffic"),
        of_grid(t("document.funnel"), grid, (0, 2, 3, 5, 6, 10), (18, 12, 26, 12, 26, 14), left=(0, 2, 4)),
        note(together([t("document.funnel_note"), t("document.over_all", count=len(work.result.months))]))])


def _side(work: Work, i: int, channel: str) -> int:
    """−1 where a channel's conversion is below the industry's range."""
    found, value = benchmark(industry(), work.scenario, channel, "cvr"), channels.rates_of(work.result, i)["cvr"]
    return 0 if found is None or not math.isfinite(value) else found.side(value)

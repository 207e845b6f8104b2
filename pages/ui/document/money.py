"""The chapters of money: budget and split and why, profit against last year, cash."""

from __future__ import annotations

import math
from functools import lru_cache

from model import KPIS, Scenario, kpi_by_channel
from model import units as u
from model.analysis import statement as sheet
from model.analysis.optimize import Impossible, Limits, Objective
from model.analysis.optimize.split import SplitResult
from model.analysis.year_on_year import YearOnYear, year_on_year
from model.engine.kpis import period_of
from model.io.document.outline import BARS, COLUMNS, STEPS, Chapter, Chart, Series, Table, Text
from pages.ui.channels import view as channels
from pages.ui.document.work import Work, joined, lead, note, table, unknown
from pages.ui.kit.formats import DASH, difference, money, money_unit, number, rate
from pages.ui.kit.texts import inside, listed, t, unmarked
from pages.ui.optimize import best_split
from pages.ui.optimize.form import Ask
from pages.ui.plan import statement
from pages.ui.simulate import pictures
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels

#: channels that have a bar of their own
_DRAWN = 9
#: lines of the statement that a quarter's table shows
_LINES = ("gmv", "net_revenue", "gross_profit", "contribution", "marketing", "inventory", "overhead", "taxes", "net_profit",
          "cash_flow", "cash")


# --- budget and split --------------------------------------------------------------------------------------------------

def budget(work: Work) -> Chapter:
    """How much, where, and why: what the next yuan does, which split would be better."""
    return Chapter(t("document.chapter.budget"), [
        lead(said(work), "budget"), split(work), *split_chart(work), Text(why(work)), Text(better(work)), *quarterly(work),
        note(t("channels.answer_limit"))])


def said(work: Work) -> str:
    """The year's spend, what of it is kept back, what technology costs."""
    year, months = work.year, len(work.year.months)
    monthly = {k: work.scenario.get(k) for k in ("supply_chain_reserve", "technology")}
    costs = [t("document.monthly", name=t(f"plan.part.{k}"), month=money(cost), total=money(cost * months))
             for k, cost in monthly.items()]
    total = float(year.lines["spend"].sum())
    words = t("document.budget", span=periods.span(work.period, len(work.result.months)), total=money(total),
              share=work.value("spend_to_gmv"))
    return t("document.sentence", text=joined([words if total else t("document.no_budget", unknown=unknown()), *costs]))


def split(work: Work) -> Table:
    """Each channel: spend and share, GMV, net ROAS, cost of a new customer, what the next yuan earns."""
    year, found = work.year, channels.responses_of(work.scenario)
    spend = pictures.spend_of(year)
    total, by = sum(spend.values()), {k: kpi_by_channel(year, k)[:, 0] for k in ("gmv", "roas_net", "cac")}
    rows = []
    for i, c in enumerate(year.channels):
        next_yuan = difference(found[c].marginal, u.YUAN_EACH) if c in found else DASH
        figures = (number(float(by[k][i]), KPIS[k].unit) for k in ("gmv", "roas_net", "cac"))
        share = rate(spend[c] / total) if total else DASH
        rows.append([channel_name(work.scenario, c), money(spend[c]), share, *figures, next_yuan])
    sums = [t("channel.total"), money(total), rate(1.0) if total else DASH, *map(work.value, ("gmv", "roas_net", "cac")), DASH]
    head = [t("channel.name"), t("line.spend.label"), t("budget.share"), t("kpi.gmv.label"), t("kpi.roas_net.label"),
            t("kpi.cac.label"), t("document.next_yuan")]
    return table(t("document.split_title"), head, [*rows, sums], (19, 15, 11, 16, 13, 13, 16), total=True)


def split_chart(work: Work) -> list[Chart]:
    """Spend by channel, the largest first; none without spend."""
    spend, (divisor, unit) = pictures.spend_of(work.year), money_unit()
    keys = sorted((c for c in work.year.scenario.spending_channels if spend.get(c)), key=lambda c: -spend[c])
    bars = {channel_name(work.scenario, c): spend[c] / divisor for c in keys[:_DRAWN]}
    if keys[_DRAWN:]:
        bars[t("print.others", count=len(keys) - _DRAWN)] = sum(spend[c] for c in keys[_DRAWN:]) / divisor
    series = Series(t("line.spend.label"), list(bars.values()))
    return [Chart(t("document.split_chart"), BARS, list(bars), [series], unit)] if keys else []


def why(work: Work) -> str:
    """Where the next yuan does most and least."""
    found = {c: r for c, r in channels.responses_of(work.scenario).items() if math.isfinite(r.marginal)}
    return unmarked(channels.answer_said(work.scenario, found)) if found else t("document.no_next")


def better(work: Work) -> str:
    """The split that earns most with the same budget, no channel far from what it has."""
    found = best_of(work.scenario)
    if found is None:
        return t("document.no_split")
    said = t("document.best_split", move=rate(Limits().move or 0.0, 0), said=unmarked(best_split.headline(found)))
    return t("document.sentence", text=said)


@lru_cache(maxsize=16)
def best_of(scenario: Scenario) -> SplitResult | None:
    """What Optimize answers when it opens; None where there is nothing to move."""
    try:
        return best_split.found_of(scenario, Ask(Objective("net_profit"), Limits(), False))
    except Impossible:
        return None


def quarterly(work: Work) -> list[Table]:
    """Spend by channel and quarter."""
    quarters, result = work.quarters, work.result
    keys = [c for c in result.channels if c in result.scenario.spending_channels]
    if not quarters or not keys:
        return []
    by = {c: [float(result.by_channel["spend"][result.channels.index(c), period_of(q, result.months)].sum()) for q in quarters]
          for c in keys}
    rows = [[channel_name(work.scenario, c), *map(money, v), money(sum(v))] for c, v in by.items()]
    sums = [sum(column) for column in zip(*by.values(), strict=True)]
    head = [t("channel.name"), *quarters, t("channel.total")]
    return [table(t("document.spend_quarters"), head, [*rows, [t("channel.total"), *map(money, sums), money(sum(sums))]],
                  (22, *[16] * len(quarters), 17), total=True)]


# --- profit ------------------------------------------------------------------------------------------------------------

def profit(work: Work) -> Chapter:
    """The statement by quarter, what became of a hundred yuan, and the way from last year."""
    amounts = pictures.falls(work.year)
    found = year_on_year(work.result, work.period)
    return Chapter(t("document.chapter.profit"), [
        lead(pictures.fall_title(amounts)), *([quarter_statement(work)] if work.quarters else []), _fall(amounts),
        _fall_table(amounts),
        *([Text(bridge_said(found)), bridge_chart(found), bridge_table(found)] if found else [
            Text(t("document.no_last_year", unknown=unknown()))])])


def quarter_statement(work: Work) -> Table:
    """The statement's own rows, a quarter a column; the year last."""
    rows = {r.line: r for r in sheet.statement(work.result) if not r.part}
    spans = [*(period_of(q, work.result.months) for q in work.quarters), period_of(work.period, work.result.months)]
    lines = [[t(f"line.{k}.label"), *(money(sheet.total(rows[k], s)) for s in spans)] for k in _LINES]
    head = [t("plan.line"), *work.quarters, periods.name(work.period, len(work.result.months))]
    return table(t("document.statement"), head, lines, (20, *[16] * len(work.quarters), 17))


def _fall(amounts: list[float]) -> Chart:
    divisor, unit = money_unit()
    return Chart(t("document.fall"), STEPS, [t(f"chart.fall_{k}") for k in pictures.WATERFALL],
                 [Series(t("print.amount"), [a / divisor for a in amounts])], unit)


def _fall_table(amounts: list[float]) -> Table:
    rows = [[t(f"chart.fall_{k}"), money(a), rate(a / amounts[0]) if amounts[0] else DASH]
            for k, a in zip(pictures.WATERFALL, amounts, strict=True)]
    return table("", ["", t("print.amount"), t("document.of_gmv")], rows, (40, 30, 30), total=True)


def bridge_said(found: YearOnYear) -> str:
    """How net profit differs from last year's, and the largest reasons."""
    steps = sorted(found.steps, key=lambda s: -abs(s.change))[:2]
    named = {inside(t(f"document.step.{s.key}")): difference(s.change, u.YUAN) for s in steps}
    reasons = listed(t("document.because", name=name, change=change) for name, change in named.items())
    change = difference(found.now - found.before, u.YUAN)
    return t("document.bridge", before=money(found.before), now=money(found.now), change=change, reasons=reasons)


def bridge_chart(found: YearOnYear) -> Chart:
    divisor, unit = money_unit()
    names = [t("plan.last_year"), *(t(f"document.step.{s.key}") for s in found.steps), t("document.plan")]
    values = [found.before, *(s.change for s in found.steps), found.now]
    series = Series(t("line.net_profit.label"), [v / divisor for v in values])
    return Chart(t("document.bridge_chart"), STEPS, names, [series], unit)


def bridge_table(found: YearOnYear) -> Table:
    steps = [[t(f"document.step.{s.key}"), difference(s.change, u.YUAN)] for s in found.steps]
    rows = [[t("plan.last_year"), money(found.before)], *steps, [t("document.plan"), money(found.now)]]
    return table("", [t("line.net_profit.label"), t("print.amount")], rows, (60, 40), total=True)


# --- cash --------------------------------------------------------------------------------------------------------------

def cash(work: Work) -> Chapter:
    """When cash is lowest, month by month."""
    result = work.result
    lines = (result.lines[k][:, 0] for k in ("cash_flow", "cash"))
    rows = [[label, *(money(float(x)) for x in amounts)] for label, *amounts in zip(
        month_labels(result.months), *lines, strict=True)]
    head = [t("plan.month"), t("line.cash_flow.label"), t("line.cash.label")]
    return Chapter(t("document.chapter.cash"), [
        lead(statement.cash_title(result)), cash_chart(work), table("", head, rows, (20, 40, 40)), note(t("plan.cash_help"))])


def cash_chart(work: Work) -> Chart:
    result, (divisor, unit) = work.result, money_unit()
    return Chart(t("document.cash_chart"), COLUMNS, month_labels(result.months),
                 [Series(t("line.cash.label"), list(result.lines["cash"][:, 0] / divisor))], unit)

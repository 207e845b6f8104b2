"""The team of a plan and what it costs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import Result, Scenario
from model.engine.kpis import ALL
from model.plan import lists as li
from pages.ui.frame import downloads
from pages.ui.kit import sections, tables
from pages.ui.kit.formats import DASH, money, rate
from pages.ui.kit.texts import inside, t
from pages.ui.plan.row_files import table_of_rows
from pages.ui.rows import row_editor as rows
from pages.ui.rows import row_rules
from pages.ui.words import periods
from pages.ui.words.driver_labels import driver_label

Redraw = Callable[[], None]


def draw(result: Result, period: str) -> None:
    """Heads and cost of a month, and what they come to over a period."""
    scenario = result.scenario
    if not scenario.rows[li.TEAM]:
        st.info(t("plan.no_team"))
        return
    downloads.message(title(result, period), "team", lambda: table_of_rows(scenario, li.TEAM))
    columns = [tables.Column(t("plan.position")), *(tables.Column(driver_label(li.TEAM, f), help=t(f"driver.team.{f}.help"))
                                                  for f in ("heads", "monthly_cost")),
               tables.Column(t("plan.per_month")), tables.Column(_total_name(result, period))]
    cells = rows_of(result, period)
    lines = [tables.Line(k, row) for k, row in zip(scenario.rows[li.TEAM], cells, strict=False)]
    tables.table("team", t("plan.team"), columns, [*lines, tables.Line(".", cells[-1], mark="sum")])


def _team(scenario: Scenario) -> list[tuple[str, float, float]]:
    """Key, heads and monthly cost of one, of each position."""
    return [(k, scenario.get(f"team.{k}.heads"), scenario.get(f"team.{k}.monthly_cost")) for k in scenario.rows[li.TEAM]]


def title(result: Result, period: str = ALL) -> str:
    """How many people, and what they cost over a period."""
    team, months = _team(result.scenario), periods.covered(result, period)
    heads, monthly = sum(h for _, h, _ in team), sum(h * c for _, h, c in team)
    share = monthly * months / max(periods.value(result, "net_revenue", period), 1e-9)
    return t("plan.team_title", heads=t("plan.heads", count=f"{heads:g}"), monthly=money(monthly),
             months=_span(result, period), total=money(monthly * months), share=rate(share) if share < 10 else DASH)


def _span(result: Result, period: str) -> str:
    months = len(result.months)
    return inside(periods.name(period, months)) if period != ALL and months > 12 else t("period.short", count=months)


def _total_name(result: Result, period: str) -> str:
    months = len(result.months)
    return periods.name(period, months) if period != ALL and months > 12 else t("plan.over_plan", count=months)


def rows_of(result: Result, period: str = ALL) -> list[list[str]]:
    """Each position: heads, monthly cost of one, of all, over a period; their sum last."""
    scenario, months = result.scenario, periods.covered(result, period)
    team = _team(scenario)
    heads, monthly = sum(h for _, h, _ in team), sum(h * c for _, h, c in team)
    rows = [[row_rules.row_name(scenario, li.TEAM, k), f"{h:g}", *map(money, (c, h * c, h * c * months))] for k, h, c in team]
    return [*rows, [t("channel.total"), f"{heads:g}", "", money(monthly), money(monthly * months)]]


def edit(redraw: Redraw) -> None:
    sections.drawer(t("plan.edit_team"), "edit_team", lambda: rows.editor(li.TEAM, redraw))

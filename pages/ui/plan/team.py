"""The team of a plan and what it costs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import Result, Scenario
from model.plan import lists as li
from pages.ui.frame import downloads
from pages.ui.kit import sections, tables
from pages.ui.kit.formats import DASH, money, rate
from pages.ui.kit.texts import t
from pages.ui.plan.row_files import table_of_rows
from pages.ui.rows import row_editor as rows
from pages.ui.rows import row_rules
from pages.ui.words.driver_labels import driver_label

Redraw = Callable[[], None]


def draw(result: Result) -> None:
    scenario = result.scenario
    if not scenario.rows[li.TEAM]:
        st.info(t("plan.no_team"))
        return
    months = len(result.months)
    downloads.message(title(result), "team", lambda: table_of_rows(scenario, li.TEAM))
    columns = [tables.Column(t("plan.position")), *(tables.Column(driver_label(li.TEAM, f), help=t(f"driver.team.{f}.help"))
                                                  for f in ("heads", "monthly_cost")),
               tables.Column(t("plan.per_month")), tables.Column(t("plan.over_plan", count=months))]
    cells = rows_of(result)
    lines = [tables.Line(k, row) for k, row in zip(scenario.rows[li.TEAM], cells, strict=False)]
    tables.table("team", t("plan.team"), columns, [*lines, tables.Line(".", cells[-1], mark="sum")])


def _team(scenario: Scenario) -> list[tuple[str, float, float]]:
    """Key, heads and monthly cost of one, of each position."""
    return [(k, scenario.get(f"team.{k}.heads"), scenario.get(f"team.{k}.monthly_cost")) for k in scenario.rows[li.TEAM]]


def title(result: Result) -> str:
    """How many people, and what they cost."""
    team, months = _team(result.scenario), len(result.months)
    heads, monthly = sum(h for _, h, _ in team), sum(h * c for _, h, c in team)
    share = monthly * months / max(float(result.lines["net_revenue"].sum()), 1e-9)
    return t("plan.team_title", heads=t("plan.heads", count=f"{heads:g}"), monthly=money(monthly),
             months=t("period.short", count=months), total=money(monthly * months), share=rate(share) if share < 10 else DASH)


def rows_of(result: Result) -> list[list[str]]:
    """Each position: heads, monthly cost of one, of all, over the plan; their sum last."""
    scenario, months = result.scenario, len(result.months)
    team = _team(scenario)
    heads, monthly = sum(h for _, h, _ in team), sum(h * c for _, h, c in team)
    rows = [[row_rules.row_name(scenario, li.TEAM, k), f"{h:g}", *map(money, (c, h * c, h * c * months))] for k, h, c in team]
    return [*rows, [t("channel.total"), f"{heads:g}", "", money(monthly), money(monthly * months)]]


def edit(redraw: Redraw) -> None:
    sections.drawer(t("plan.edit_team"), "edit_team", lambda: rows.editor(li.TEAM, redraw))

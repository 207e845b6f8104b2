"""The team of a plan and what it costs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import Result
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
    team = [(k, scenario.get(f"team.{k}.heads"), scenario.get(f"team.{k}.monthly_cost")) for k in scenario.rows[li.TEAM]]
    heads, monthly = sum(h for _, h, _ in team), sum(h * c for _, h, c in team)
    months = len(result.months)
    share = monthly * months / max(float(result.lines["net_revenue"].sum()), 1e-9)
    title = t("plan.team_title", heads=t("plan.heads", count=f"{heads:g}"), monthly=money(monthly),
              months=t("period.short", count=months), total=money(monthly * months), share=rate(share) if share < 10 else DASH)
    downloads.message(title, "team", lambda: table_of_rows(scenario, li.TEAM))
    columns = [tables.Column(t("plan.position")), *(tables.Column(driver_label(li.TEAM, f), help=t(f"driver.team.{f}.help"))
                                                  for f in ("heads", "monthly_cost")),
               tables.Column(t("plan.per_month")), tables.Column(t("plan.over_plan", count=months))]
    lines = [tables.Line(k, [row_rules.row_name(scenario, li.TEAM, k), f"{h:g}", money(c), money(h * c),
                           money(h * c * months)]) for k, h, c in team]
    lines.append(tables.Line(".", [t("channel.total"), f"{heads:g}", "", money(monthly), money(monthly * months)],
                           mark="sum"))
    tables.table("team", t("plan.team"), columns, lines)


def edit(redraw: Redraw) -> None:
    sections.drawer(t("plan.edit_team"), "edit_team", lambda: rows.editor(li.TEAM, redraw))

"""Initiatives of a plan: switches, a table with what each brings, costs and works on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import Result, Scenario
from model.analysis.effects import SwitchEffect
from model.plan import lists as li
from model.plan.schema import Row
from pages.ui.frame import downloads
from pages.ui.kit import sections, tables
from pages.ui.kit.formats import money
from pages.ui.kit.texts import plain, t
from pages.ui.plan.row_files import table_of_rows, works_on
from pages.ui.plan.switched import effect_cells, effect_columns, found_effects, switchable, title_of
from pages.ui.rows import row_editor as rows
from pages.ui.rows import row_rules
from pages.ui.words import periods
from pages.ui.words.driver_labels import driver_label

Redraw = Callable[[], None]
_COLUMNS = ("cost_once", "cost_monthly")


def draw(result: Result, period: str, redraw: Redraw) -> None:
    """What each brings over a period."""
    scenario = result.scenario
    if not scenario.rows[li.INITIATIVE]:
        st.info(t("plan.no_initiatives"))
        return
    title = periods.labelled(title_of(scenario, li.INITIATIVE, period), period, len(result.months))
    downloads.message(plain(title), "initiatives", lambda: table_of_rows(scenario, li.INITIATIVE), t("plan.initiatives_help"))
    rows.switches(li.INITIATIVE, t("plan.initiatives_on"), redraw)
    columns = [tables.Column(t("plan.initiative")), *effect_columns(period, len(result.months)),
               tables.Column(driver_label(li.INITIATIVE, "start"), "text"), *(
        tables.Column(driver_label(li.INITIATIVE, f), help=t(f"driver.initiative.{f}.help")) for f in _COLUMNS),
        tables.Column(t("plan.works_on"), "wide")]
    effects = found_effects(scenario, li.INITIATIVE, period)
    lines = [switchable(key, _initiative_cells(scenario, key, row, effects[key]), effects[key])
             for key, row in scenario.rows[li.INITIATIVE].items()]
    tables.table("initiatives", t("plan.initiatives"), columns, lines)


def _initiative_cells(scenario: Scenario, key: str, row: Row, effect: SwitchEffect) -> list[str]:
    return [row_rules.row_name(scenario, li.INITIATIVE, key), *effect_cells(effect), periods.period_name(row["start"]),
            *(money(scenario.get(f"initiative.{key}.{f}")) for f in _COLUMNS), works_on(scenario, key)]


def edit(redraw: Redraw) -> None:
    sections.drawer(t("plan.edit_initiatives"), "edit_initiative", lambda: _initiative_editor(redraw))


def _initiative_editor(redraw: Redraw) -> None:
    chosen = rows.editor(li.INITIATIVE, redraw)
    if chosen:
        st.markdown(f"**{t('plan.effects')}**", help=t("driver.effect.effect.help"))
        rows.editor(li.EFFECT, redraw, owner=chosen)

"""Promotions of a plan: switches, a time line, a table with what each brings."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import Result
from model import units as u
from model.plan import lists as li
from model.plan.schema import Row
from pages.ui.frame import downloads
from pages.ui.kit import sections, tables
from pages.ui.kit.charts import GREY, INDIGO
from pages.ui.kit.formats import difference
from pages.ui.kit.texts import plain, t
from pages.ui.plan import specs
from pages.ui.plan.row_files import table_of_rows
from pages.ui.plan.statement import ink
from pages.ui.plan.switched import effect_cells, effect_columns, found_effects, switchable, title_of
from pages.ui.rows import row_editor as rows
from pages.ui.rows import row_rules
from pages.ui.words import channel_names, periods
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.month_labels import month_labels
from pages.ui.words.place_names import shown

Redraw = Callable[[], None]
#: columns beside a name, days and effects
_COLUMNS = ("budget_share", "uplift", "discount", "traffic_price_uplift")


def draw(result: Result, period: str, redraw: Redraw) -> None:
    """What each brings over a period; the time line is of all months."""
    scenario = result.scenario
    if not scenario.rows[li.PROMOTION]:
        st.info(t("plan.no_promotions"))
        return
    title = periods.labelled(title_of(scenario, li.PROMOTION, period), period, len(result.months))
    downloads.message(plain(title), "promotions", lambda: table_of_rows(scenario, li.PROMOTION), t("plan.promotions_help"))
    rows.switches(li.PROMOTION, t("plan.promotions_on"), redraw)
    _timeline(result, period, title)
    _table(result, period)


def timeline(result: Result, period: str) -> list[specs.Span]:
    """Every time of every promotion within the plan; with it, what it brings over a period."""
    scenario, effects, out = result.scenario, found_effects(result.scenario, li.PROMOTION, period), []
    names = {k: row_rules.row_name(scenario, li.PROMOTION, k) for k in scenario.rows[li.PROMOTION]}
    for key, row in scenario.rows[li.PROMOTION].items():
        label = t("plan.span_label", change=difference(effects[key].net_profit, u.YUAN))
        for start, end in specs.spans(result.months[0], len(result.months), row["first"], row["last"]):
            out.append(specs.Span(names[key], start, end, t("plan.on" if row.get("on", True) else "plan.off"), days(row), label))
    return out


def days(row: Row) -> str:
    """Its first and last day."""
    return t("plan.days", first=row["first"], last=row["last"])


def _timeline(result: Result, period: str, title: str) -> None:
    found = timeline(result, period)
    if not found:
        st.caption(t("plan.promotions_outside"))
        return
    colours = ((t("plan.on"), INDIGO), (t("plan.off"), GREY))
    spec = specs.timeline_spec(tuple(month_labels(result.months)), len({s.name for s in found}), colours, ink())
    st.vega_lite_chart(specs.timeline_data(found, len(result.months)), spec, key="chart_timeline",
                       alt=t("plan.timeline_alt", title=title), width="stretch")


def _table(result: Result, period: str) -> None:
    scenario = result.scenario
    fields = [(f, driver_label(li.PROMOTION, f), t(f"driver.promotion.{f}.help")) for f in _COLUMNS]
    columns = [tables.Column(t("plan.promotion")), *effect_columns(period, len(result.months)),
               tables.Column(t("plan.dates"), "text"), tables.Column(driver_label(li.PROMOTION, "channels"), "text"),
               *(tables.Column(label, help=note) for _, label, note in fields)]
    effects, lines = found_effects(scenario, li.PROMOTION, period), []
    for key, row in scenario.rows[li.PROMOTION].items():
        cells = [row_rules.row_name(scenario, li.PROMOTION, key), *effect_cells(effects[key]), days(row),
                 channel_names.channel_words(scenario, str(row.get("channels") or row_rules.ALL)),
                 *(shown(f"promotion.{key}.{f}", scenario.get(f"promotion.{key}.{f}")) for f in _COLUMNS)]
        lines.append(switchable(key, cells, effects[key]))
    tables.table("promotions", t("plan.promotions"), columns, lines)


def edit(redraw: Redraw) -> None:
    sections.drawer(t("plan.edit_promotions"), "edit_promotion", lambda: rows.editor(li.PROMOTION, redraw),
                    ":material/edit_calendar:")

"""What a planner can do in the year: promotions on a time line, initiatives, team. Each with what it brings or costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from model import Result, Scenario
from model import units as u
from model.analysis.effects import SwitchEffect, switch_effects
from model.plan import lists as li
from model.plan.schema import Driver, Row
from pages.ui.frame import downloads
from pages.ui.kit import csv_tables, tables, texts
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import DASH, difference, money, rate
from pages.ui.kit.texts import plain, t
from pages.ui.plan import specs
from pages.ui.plan.statement import ink, month_names
from pages.ui.rows import row_editor as rows
from pages.ui.rows import row_rules
from pages.ui.words import channel_names, driver_labels, periods
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.place_names import shown

Redraw = Callable[[], None]
effects_of = lru_cache(maxsize=256)(switch_effects)
#: of a promotion, beside its name, days and effects
_PROMOTION_COLUMNS = ("budget_share", "uplift", "discount", "traffic_price_uplift")
_INITIATIVE_COLUMNS = ("cost_once", "cost_monthly")


def found_effects(scenario: Scenario, table: str) -> dict[str, SwitchEffect]:
    return {e.key: e for e in effects_of(scenario) if e.table == table}


def _title(scenario: Scenario, table: str) -> str:
    """Which row brings the most profit and which the least, of those that are on."""
    effects = [e for e in found_effects(scenario, table).values() if e.on and math.isfinite(e.net_profit)]
    if not effects:
        return t(f"plan.{table}_all_off")
    best, worst = (pick(effects, key=lambda e: e.net_profit) for pick in (max, min))
    words = {"best": row_rules.row_name(scenario, table, best.key), "gain": difference(best.net_profit, u.YUAN),
             "worst": row_rules.row_name(scenario, table, worst.key), "loss": difference(worst.net_profit, u.YUAN)}
    return t(f"plan.{table}_one", name=words["best"], gain=words["gain"]) if best is worst else t(f"plan.{table}_title", **words)


def _effect_columns() -> list[tables.Column]:
    return [tables.Column(t("plan.effect_gmv"), help=t("plan.effect_help")),
            tables.Column(t("plan.effect_profit"), help=t("plan.effect_help"))]


def _effect_cells(effect: SwitchEffect) -> list[str]:
    return [difference(effect.gmv, u.YUAN), difference(effect.net_profit, u.YUAN)]


def _moods(effect: SwitchEffect, first: int) -> tuple[tuple[int, str], ...]:
    values = ((first, effect.gmv), (first + 1, effect.net_profit))
    return tuple((i, "good" if v > 0 else "bad") for i, v in values if math.isfinite(v) and abs(v) >= 0.5)


# --- promotions --------------------------------------------------------------------------------------------------------

def draw_promotions(result: Result, redraw: Redraw) -> None:
    scenario = result.scenario
    downloads.heading(t("plan.promotions"), "promotions", _table_of(scenario, li.PROMOTION), t("plan.promotions_help"))
    if not scenario.rows[li.PROMOTION]:
        st.info(t("plan.no_promotions"))
        return
    title = _title(scenario, li.PROMOTION)
    st.markdown(f"**{plain(title)}**")
    rows.switches(li.PROMOTION, t("plan.promotions_on"), redraw)
    _timeline(result, title)
    _promotion_table(scenario)


def timeline(result: Result) -> list[specs.Span]:
    """Every time of every promotion within the plan."""
    scenario, effects, out = result.scenario, found_effects(result.scenario, li.PROMOTION), []
    names = {k: row_rules.row_name(scenario, li.PROMOTION, k) for k in scenario.rows[li.PROMOTION]}
    for key, row in scenario.rows[li.PROMOTION].items():
        label = t("plan.span_label", change=difference(effects[key].net_profit, u.YUAN))
        for start, end in specs.spans(result.months[0], len(result.months), row["first"], row["last"]):
            out.append(specs.Span(names[key], start, end, bool(row.get("on", True)), _days(row), label))
    return out


def _days(row: Row) -> str:
    return t("plan.days", first=row["first"], last=row["last"])


def _timeline(result: Result, title: str) -> None:
    found = timeline(result)
    if not found:
        st.caption(t("plan.promotions_outside"))
        return
    on, off = t("plan.on"), t("plan.off")
    spec = specs.timeline_spec(tuple(month_names(result.months)), len({s.name for s in found}), on, off, ink())
    st.vega_lite_chart(specs.timeline_data(found, len(result.months), on, off), spec, key="chart_timeline",
                       alt=t("plan.timeline_alt", title=title), width="stretch")


def _promotion_table(scenario: Scenario) -> None:
    fields = [(f, driver_label(li.PROMOTION, f), t(f"driver.promotion.{f}.help")) for f in _PROMOTION_COLUMNS]
    columns = [tables.Column(t("plan.promotion")), *_effect_columns(), tables.Column(t("plan.dates"), "text"),
               tables.Column(driver_label(li.PROMOTION, "channels"), "text"),
               *(tables.Column(label, help=note) for _, label, note in fields)]
    effects, lines = found_effects(scenario, li.PROMOTION), []
    for key, row in scenario.rows[li.PROMOTION].items():
        cells = [row_rules.row_name(scenario, li.PROMOTION, key), *_effect_cells(effects[key]), _days(row),
                 channel_names.channel_words(scenario, str(row.get("channels") or row_rules.ALL)),
                 *(shown(f"promotion.{key}.{f}", scenario.get(f"promotion.{key}.{f}")) for f in _PROMOTION_COLUMNS)]
        lines.append(_switchable(key, cells, effects[key]))
    tables.table("promotions", t("plan.promotions"), columns, lines)


def _switchable(key: str, cells: list[str], effect: SwitchEffect) -> tables.Line:
    if not effect.on:
        cells[0] = t("plan.is_off", name=cells[0])
    return tables.Line(key, cells, mark="" if effect.on else "off", moods=_moods(effect, 1))


def edit_promotions(redraw: Redraw) -> None:
    rows.drawer(t("plan.edit_promotions"), "edit_promotion", lambda: rows.editor(li.PROMOTION, redraw),
                ":material/edit_calendar:")


# --- initiatives -------------------------------------------------------------------------------------------------------

def draw_initiatives(result: Result, redraw: Redraw) -> None:
    scenario = result.scenario
    downloads.heading(t("plan.initiatives"), "initiatives", _table_of(scenario, li.INITIATIVE), t("plan.initiatives_help"))
    if not scenario.rows[li.INITIATIVE]:
        st.info(t("plan.no_initiatives"))
        return
    st.markdown(f"**{plain(_title(scenario, li.INITIATIVE))}**")
    rows.switches(li.INITIATIVE, t("plan.initiatives_on"), redraw)
    columns = [tables.Column(t("plan.initiative")), *_effect_columns(),
               tables.Column(driver_label(li.INITIATIVE, "start"), "text"), *(
        tables.Column(driver_label(li.INITIATIVE, f), help=t(f"driver.initiative.{f}.help")) for f in _INITIATIVE_COLUMNS),
        tables.Column(t("plan.works_on"), "wide")]
    effects = found_effects(scenario, li.INITIATIVE)
    lines = [_switchable(key, _initiative_cells(scenario, key, row, effects[key]), effects[key])
             for key, row in scenario.rows[li.INITIATIVE].items()]
    tables.table("initiatives", t("plan.initiatives"), columns, lines)


def _initiative_cells(scenario: Scenario, key: str, row: Row, effect: SwitchEffect) -> list[str]:
    return [row_rules.row_name(scenario, li.INITIATIVE, key), *_effect_cells(effect), periods.period_name(row["start"]),
            *(money(scenario.get(f"initiative.{key}.{f}")) for f in _INITIATIVE_COLUMNS), works_on(scenario, key)]


def works_on(scenario: Scenario, key: str) -> str:
    """The effects of an initiative in words."""
    found = [scenario.rows[li.EFFECT][e] for e in row_rules.parts_of(scenario, li.INITIATIVE, key)]
    words = [t("plan.works", driver=driver_labels.adjustable_label(row["driver"]), change=_relative(row["effect"]),
               where=channel_names.channel_words(scenario, row.get("channel", row_rules.ALL))) for row in found]
    return texts.listed(words) or DASH


def _relative(effect: float) -> str:
    return ("+" if effect > 0 else "") + rate(effect)


def edit_initiatives(redraw: Redraw) -> None:
    rows.drawer(t("plan.edit_initiatives"), "edit_initiative", lambda: _initiative_editor(redraw))


def _initiative_editor(redraw: Redraw) -> None:
    chosen = rows.editor(li.INITIATIVE, redraw)
    if chosen:
        st.markdown(f"**{t('plan.effects')}**", help=t("driver.effect.effect.help"))
        rows.editor(li.EFFECT, redraw, owner=chosen)


# --- team --------------------------------------------------------------------------------------------------------------

def draw_team(result: Result) -> None:
    scenario = result.scenario
    downloads.heading(t("plan.team"), "team", _table_of(scenario, li.TEAM))
    if not scenario.rows[li.TEAM]:
        st.info(t("plan.no_team"))
        return
    team = [(k, scenario.get(f"team.{k}.heads"), scenario.get(f"team.{k}.monthly_cost")) for k in scenario.rows[li.TEAM]]
    heads, monthly = sum(h for _, h, _ in team), sum(h * c for _, h, c in team)
    months = len(result.months)
    share = monthly * months / max(float(result.lines["net_revenue"].sum()), 1e-9)
    title = t("plan.team_title", heads=t("plan.heads", count=f"{heads:g}"), monthly=money(monthly),
              months=t("period.short", count=months), total=money(monthly * months), share=rate(share) if share < 10 else DASH)
    st.markdown(f"**{title}**")
    columns = [tables.Column(t("plan.position")), *(tables.Column(driver_label(li.TEAM, f), help=t(f"driver.team.{f}.help"))
                                                  for f in ("heads", "monthly_cost")),
               tables.Column(t("plan.per_month")), tables.Column(t("plan.over_plan", count=months))]
    lines = [tables.Line(k, [row_rules.row_name(scenario, li.TEAM, k), f"{h:g}", money(c), money(h * c),
                           money(h * c * months)]) for k, h, c in team]
    lines.append(tables.Line(".", [t("channel.total"), f"{heads:g}", "", money(monthly), money(monthly * months)],
                           mark="sum"))
    tables.table("team", t("plan.team"), columns, lines)


def edit_team(redraw: Redraw) -> None:
    rows.drawer(t("plan.edit_team"), "edit_team", lambda: rows.editor(li.TEAM, redraw))


# --- files -------------------------------------------------------------------------------------------------------------

def _table_of(scenario: Scenario, table: str) -> Callable[[], Table] | None:
    return (lambda: moves_table(scenario, table)) if scenario.rows[table] else None


def moves_table(scenario: Scenario, table: str) -> Table:
    """A table of the plan, with what each row brings and, for initiatives, what it works on."""
    effects = found_effects(scenario, table) if table in (li.PROMOTION, li.INITIATIVE) else {}
    name = t({li.PROMOTION: "plan.promotion", li.INITIATIVE: "plan.initiative", li.TEAM: "plan.position"}[table])
    drivers = [d for f, d in row_rules.TABLES[table].items() if f not in ("name_zh", "name_en")]
    fields = [Field(name), Field(t("file.key", label=name)), *(_field(table, d) for d in drivers)]
    fields += [Field(t(f"plan.effect_{k}"), u.YUAN, change=True) for k in ("gmv", "profit")] if effects else []
    fields += [Field(t("plan.works_on"))] if table == li.INITIATIVE else []
    rows = []
    for key in scenario.rows[table]:
        row = [row_rules.row_name(scenario, table, key), key, *(_value(scenario, table, key, d.key) for d in drivers)]
        row += [effects[key].gmv, effects[key].net_profit] if effects else []
        rows.append(row + ([works_on(scenario, key)] if table == li.INITIATIVE else []))
    return Table(fields, rows)


def _field(table: str, driver: Driver) -> Field:
    return Field(driver_label(table, driver.key), driver.unit if driver.unit.is_number else None)


def _value(scenario: Scenario, table: str, key: str, field: str) -> csv_tables.Cell:
    """As the plan keeps it; channels by their names."""
    value = scenario.get(f"{table}.{key}.{field}")
    return channel_names.channel_words(scenario, str(value or row_rules.ALL)) if field == "channels" else value

"""Targets: reached or missed by how much; and a yearly target split over the months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from model import KPIS, Result, Scenario
from model.analysis import topdown
from model.engine.kpis import TargetResult, years_of
from model.plan import lists as li
from model.plan.schema import Driver, Value
from model.units import RATE, Unit
from pages.ui.frame import downloads
from pages.ui.kit import fields, sections, tables
from pages.ui.kit.csv_tables import OF_ROW, Field, Table
from pages.ui.kit.formats import DASH, difference, number, rate
from pages.ui.kit.texts import t
from pages.ui.rows import row_editor as rows
from pages.ui.rows import row_rules
from pages.ui.session import results, state
from pages.ui.words import periods, reach

if TYPE_CHECKING:
    from model.analysis.risk.simulate import Chance

Redraw = Callable[[], None]


# --- targets -----------------------------------------------------------------------------------------------------------

def draw_targets(result: Result) -> None:
    found = {x.key: x for x in results.targets_of(result)}
    given = result.scenario.rows[li.TARGET]
    chances = results.risk_of(result.scenario).chances if given else {}
    if not given:
        st.info(t("plan.no_targets"))
        return
    missed = [k for k, x in found.items() if x.outcome == "missed"]
    months = len(result.months)
    tally = periods.labelled(reach.tally(tuple(found.values())), periods.whole(months), months)
    downloads.message(tally, "targets", lambda: target_table(result, chances), t("plan.targets_help"))
    notes = [note for year in years_of(len(result.months)) if (note := reach.cut_note(result, year))]
    if notes:
        st.caption("  \n".join(notes))
    columns = [tables.Column(t("driver.target.kpi.label"), help=t("driver.target.kpi.help")),
               tables.Column(t("driver.target.period.label"), "text"), tables.Column(t("plan.outcome"), "text"),
               tables.Column(t("reach.chance_head"), help=t("reach.chance_help")),
               tables.Column(t("plan.gap"), help=t("plan.gap_help")), tables.Column(t("driver.target.value.label")),
               tables.Column(t("plan.reached"))]
    ordered = sorted(given, key=lambda k: k not in missed)
    lines = [_target(k, result, found.get(k), chances.get(k)) for k in ordered]
    tables.table("targets", t("plan.targets"), columns, lines)


def _target(key: str, result: Result, found: TargetResult | None, chance: Chance | None) -> tables.Line:
    row = result.scenario.rows[li.TARGET][key]
    unit, note = KPIS[row["kpi"]].unit, t(f"kpi.{row['kpi']}.help")
    first = [t(f"kpi.{row['kpi']}.label"), periods.period_name(row.get("period", "year"), len(result.months))]
    if found is None:
        return tables.Line(key, [*first, t("plan.outside"), DASH, DASH, number(row["value"], unit), DASH], mark="off", help=note)
    cells = [reach.outcome(found), reach.chance_alone(chance), difference(float(found.gap[0]), unit), reach.aim(found),
             number(float(found.actual[0]), unit)]
    mood = reach.mood(found)
    return tables.Line(key, [*first, *cells], help=note, moods=((2, mood), (4, mood)) if mood else ())


def target_table(result: Result, chances: Mapping[str, Chance]) -> Table:
    """Every target with what the plan reaches, in the unit of its KPI: what the plan is held against is a part of a cut year's
    target; empty where it lies outside the plan.
    """
    found, kpi = {x.key: x for x in results.targets_of(result)}, t("driver.target.kpi.label")
    fields = [Field(kpi), Field(t("file.key", label=kpi)), Field(t("driver.target.period.label")), Field(t("file.unit")),
              *(Field(t(k), OF_ROW) for k in ("driver.target.value.label", "plan.reached", "plan.gap")), Field(t("plan.outcome")),
              Field(t("reach.chance_head"), RATE)]
    rows = []
    for key, row in result.scenario.rows[li.TARGET].items():
        x = found.get(key)
        reached = (row["value"], None, None, None, None) if x is None else (
            x.target, float(x.actual[0]), float(x.gap[0]), reach.outcome(x), chances[key].chance)
        rows.append([t(f"kpi.{row['kpi']}.label"), row["kpi"],
                     periods.period_name(row.get("period", "year"), len(result.months)), KPIS[row["kpi"]].unit, *reached])
    return Table(fields, rows)


def edit_targets(redraw: Redraw) -> None:
    sections.drawer(t("plan.edit_targets"), "edit_target", lambda: rows.editor(li.TARGET, redraw))


# --- a yearly target over the months -----------------------------------------------------------------------------------

def draw_split(result: Result, redraw: Redraw) -> None:
    """What each month would have to reach, beside what the plan reaches; taken as monthly targets in one step."""
    key, year, way, total = _asked(result)
    found, unit = topdown.split_year(result, key, year, way, total), KPIS[key].unit
    gap = difference(round(float(found.gap.sum())), unit)
    title = periods.labelled(t("plan.split_title", below=int((found.gap < 0).sum()), count=len(found.months), gap=gap),
                         year, len(result.months))
    st.markdown(f"**{title}**", help=t("plan.split_help"))
    columns = [tables.Column(t("plan.month")), tables.Column(t("plan.weight"), help=t(f"plan.way_{way}_help")),
               tables.Column(t("plan.month_target")), tables.Column(t("plan.reached")), tables.Column(t("plan.gap"))]
    tables.table("split", t("plan.split"), columns, _split_lines(found, unit))
    with st.container(horizontal=True, gap="small"):
        st.button(t("plan.take", count=len(found.months)), key="split_take", type="primary", icon=":material/flag:",
                  on_click=_take, args=(key, found.targets, redraw), help=t("plan.take_help"))
        downloads.csv_button("split", lambda: split_table(found))


def _split_lines(found: topdown.Split, unit: Unit) -> list[tables.Line]:
    lines = []
    for month, share, target, plan, gap in zip(found.months, found.share, found.target, found.plan, found.gap, strict=True):
        cells = [periods.period_name(month), rate(share), *(number(float(v), unit) for v in (target, plan)),
                 difference(float(gap), unit)]
        lines.append(tables.Line(month, cells, moods=((4, "good" if gap >= 0 else "bad"),)))
    total, plan = float(found.target.sum()), float(found.plan.sum())
    return [*lines, tables.Line("sum", [t("channel.total"), rate(1.0), number(total, unit), number(plan, unit),
                                      difference(round(plan - total), unit)], mark="sum")]


def split_table(found: topdown.Split) -> Table:
    unit = KPIS[found.kpi].unit
    fields = [Field(t("plan.month")), Field(t("plan.weight"), RATE), Field(t("plan.month_target"), unit),
              Field(t("plan.reached"), unit), Field(t("plan.gap"), unit)]
    return Table(fields, list(zip(found.months, found.share, found.target, found.plan, found.gap, strict=True)))


def _asked(result: Result) -> tuple[str, str, str, float]:
    """(KPI, year, way, yearly figure) as chosen: a view, not part of the plan."""
    years = [p for p in row_rules.periods_of(result.scenario) if p.startswith("year")]
    with st.grid(4, min_column_width=170, gap="small"):
        kpis = {k: t(f"kpi.{k}.label") for k in topdown.splittable()}
        key = rows.choose(t("driver.target.kpi.label"), kpis, "split_kpi")
        year = rows.choose(t("plan.which_year"), {y: periods.period_name(y, len(result.months)) for y in years}, "split_year")
        way = rows.choose(t("plan.way"), {w: t(f"plan.way_{w}") for w in topdown.WAYS}, "split_way")
        start = yearly_target(result, key, year)
        unit = t(f"unit.{KPIS[key].unit.key}.label")
        total = fields.kept(t("rows.label", label=t("plan.yearly"), unit=unit), f"split_total_{key}_{year}_{start:.0f}",
                            Driver(key, KPIS[key].unit, None, high=1e12), start)
    return key, year, way, total


def yearly_target(result: Result, key: str, year: str) -> float:
    """The plan's own target of the year, else what it reaches."""
    given = [x.target for x in results.targets_of(result) if (x.kpi, x.period) == (key, year)]
    start = given[0] if given else row_rules.reached(result.scenario, key, year)
    return float(max(0.0, round(start)))


def monthly_targets(scenario: Scenario, key: str, wanted: dict[str, float]) -> dict[str, Value]:
    """The values that make these the KPI's targets of the months: those that stand are changed, the others added."""
    have = {row["period"]: k for k, row in scenario.rows[li.TARGET].items() if row["kpi"] == key}
    out: dict[str, Value] = {}
    for month, value in wanted.items():
        row = have.get(month) or row_rules.free_key(scenario, li.TARGET, f"{key}_{month}")
        out |= {f"target.{row}.kpi": key, f"target.{row}.period": month, f"target.{row}.value": value}
    return out


def _take(key: str, wanted: dict[str, float], redraw: Redraw) -> None:
    rows.take(monthly_targets(state.workspace().scenario, key, wanted), redraw)

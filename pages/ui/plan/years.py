"""What each year of the plan has of its own: budget, shares, growth and yearly targets, typed or pasted as a grid of years.

An empty cell of a later year is as the year before. Shares of a year always add up to 100 %: those that are typed stand, the
others share what is left in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from model import KPIS, Result, Scenario, Violation
from model import units as u
from model.engine.kpis import years_of
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.schema import TABLES, Driver, Value
from model.units import RATE, shown_of
from pages.ui.kit.formats import DASH, fixed, money, money_power, money_unit, percent_change
from pages.ui.kit.texts import listed, plain, t
from pages.ui.rows import number_grid, row_rules
from pages.ui.rows.number_grid import Numbers, Place, Refused, Typed
from pages.ui.session import state
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name
from pages.ui.words.driver_labels import driver_label

Redraw = Callable[[], None]
BUDGET, SHARE, GROWTH = "budget", "share", "growth"
#: typed shares that add up to 100 % but for rounding are scaled to it; a hundredth of a point is none
_ROUNDING = 0.005


def draw(result: Result, redraw: Redraw) -> None:
    """What the years spend, the grid of assumptions, the grid of targets."""
    scenario = result.scenario
    st.markdown(f"**{plain(_title(result))}**", help=t("years.help"))
    st.caption(t("years.note"))
    lever = scenario.get("headline.budget")
    if lever != 1:
        st.caption(t("years.lever", change=percent_change(lever - 1)))
    number_grid.show(assumptions(result, redraw))
    st.markdown(f"**{t('years.targets')}**", help=t("years.targets_help"))
    kpis = target_kpis(scenario)
    number_grid.show(targets(result, kpis, redraw)) if kpis else st.info(t("years.no_targets"))


def _title(result: Result) -> str:
    spend = result.lines["spend"][:, 0]
    names = _columns(result)
    return listed([t("years.spends", year=name, amount=money(float(spend[12 * i:12 * i + 12].sum())))
                   for i, name in enumerate(names.values())])


def _columns(result: Result) -> dict[str, str]:
    """The years of the plan, by number, as columns."""
    months = len(result.months)
    return {str(i): periods.name(period, months) for i, period in enumerate(years_of(months), 1)}


# --- assumptions -------------------------------------------------------------------------------------------------------

def assumptions(result: Result, redraw: Redraw) -> Numbers:
    """A row each for the budget, the channels' shares and the organic growth."""
    scenario = result.scenario
    rows = {BUDGET: t("years.of_unit", label=driver_label(d.BUSINESS, "budget"), unit=money_unit()[1])}
    rows |= {f"{SHARE}.{c}": t("years.share", channel=channel_name(scenario, c)) for c in scenario.spending_channels}
    rows |= {f"{GROWTH}.{c}": t("years.of_unit", label=driver_label(d.CHANNEL, GROWTH), unit="%")
             for c, row in scenario.rows[d.CHANNEL].items() if row["kind"] == d.ORGANIC}
    sides = _columns(result)
    values = {(row, y): scenario.get(address(row, int(y))) for row in rows for y in sides}
    return Numbers("edit_years", t("years.item"), rows, None, sides,
                   lambda row, y: (_driver(row, int(y)), money_power() if row == BUDGET else 0), values, take, redraw,
                   t("years.as_before"))


def address(row: str, year: int) -> str:
    """Where a row of the grid stands in the plan."""
    field, _, channel = row.partition(".")
    return f"channel.{channel}.{d.of_year(field, year)}" if channel else d.of_year(field, year)


def _driver(row: str, year: int) -> Driver:
    field = row.partition(".")[0]
    return TABLES[d.BUSINESS if row == BUDGET else d.CHANNEL][d.of_year(field, year)]


def take(typed: Typed) -> Refused:
    """All cells of an edit as one step."""
    scenario = state.workspace().scenario
    values: dict[Place, dict[str, Value]] = {}
    refused: dict[Place, Violation] = {}
    for year in sorted({int(y) for _, y in typed}):
        column = {row: value for (row, y), value in typed.items() if y == str(year)}
        shares = {row: column.pop(row) for row in list(column) if row.startswith(SHARE)}
        found, wrong = shares_of(scenario, year, {row.partition(".")[2]: value for row, value in shares.items()})
        refused |= {(row, str(year)): wrong for row in shares} if wrong else {}
        if found:
            if BUDGET in column or year > 1 and None not in found.values():  # a year's split comes with its budget
                found[address(BUDGET, year)] = column.pop(BUDGET) if BUDGET in column else before(scenario, BUDGET, year)
            values[next(iter(shares)), str(year)] = found
        values |= {(row, str(year)): {address(row, year): value} for row, value in column.items()}
    return {**refused, **number_grid.committed(values)}


def before(scenario: Scenario, row: str, year: int) -> Any:
    """What counts in a year: its own value, or that of the last year before it that has one."""
    own = (scenario.get(address(row, y)) for y in range(year, 0, -1))
    return next((value for value in own if value is not None), None)


def shares_of(scenario: Scenario, year: int, typed: Mapping[str, float | None]) -> tuple[dict[str, Value], Violation | None]:
    """A year's shares with the typed ones, by address, or what is wrong with these: all of them emptied are none of its own."""
    channels = scenario.spending_channels
    fixed_now = {c: v for c, v in typed.items() if v is not None}
    if not fixed_now:
        if set(typed) == set(channels) and channels:
            return {address(f"{SHARE}.{c}", year): None for c in channels}, None
        return {}, Violation("missing_value", "", "") if typed else None
    free = {c: before(scenario, f"{SHARE}.{c}", year) or 0.0 for c in channels if c not in fixed_now}
    total, rest = sum(fixed_now.values()), sum(free.values())
    room = 1 - total
    if room < -_ROUNDING or (not free and room > _ROUNDING):
        return {}, Violation("shares_not_one", "", f"{fixed(shown_of(total, RATE), 2)}%", "100%")
    if not free or room < 0:
        new = {c: v / total for c, v in fixed_now.items()} | dict.fromkeys(free, 0.0)
    else:
        new = fixed_now | {c: room * (v / rest if rest else 1 / len(free)) for c, v in free.items()}
    return {address(f"{SHARE}.{c}", year): round(v, 12) for c, v in new.items()}, None


# --- targets -----------------------------------------------------------------------------------------------------------

def target_kpis(scenario: Scenario) -> list[str]:
    """KPIs with a target for some year, in the planner's order."""
    return list(dict.fromkeys(row["kpi"] for row in scenario.rows[li.TARGET].values() if _year_of(row)))


def _year_of(row: Mapping[str, Value]) -> str:
    """The year that a target is for, "" for a quarter's or a month's."""
    period = str(row.get("period", "year"))
    return (period[4:] or "1") if period.startswith("year") else ""


def _rows(scenario: Scenario) -> dict[Place, str]:
    """Keys of yearly targets, by KPI and year."""
    return {(row["kpi"], year): key for key, row in scenario.rows[li.TARGET].items() if (year := _year_of(row))}


def targets(result: Result, kpis: list[str], redraw: Redraw) -> Numbers:
    """A row a KPI that has a target in some year."""
    scenario, known, sides = result.scenario, _rows(result.scenario), _columns(result)
    values = {(k, y): scenario.get(f"target.{known[k, y]}.value") if (k, y) in known else None for k in kpis for y in sides}
    return Numbers("edit_year_targets", t("driver.target.kpi.label"), {k: _kpi_label(k) for k in kpis}, None, sides,
                   lambda kpi, _: (_aim(kpi), _power(kpi)), values, take_targets, redraw, DASH)


def _power(kpi: str) -> int:
    return money_power() if KPIS[kpi].unit == u.YUAN else 0


def _kpi_label(kpi: str) -> str:
    unit = money_unit()[1] if KPIS[kpi].unit == u.YUAN else t(f"unit.{KPIS[kpi].unit.key}.label")
    label = t(f"kpi.{kpi}.label")
    return t("years.of_unit", label=label, unit=unit) if unit else label


def _aim(kpi: str) -> Driver:
    value = TABLES[li.TARGET]["value"]
    return Driver("value", KPIS[kpi].unit, None, low=value.low, high=value.high, optional=True)


def take_targets(typed: Typed) -> Refused:
    """Targets that are changed, set anew, or taken away where the cell was emptied."""
    scenario = state.workspace().scenario
    known = _rows(scenario)
    values: dict[Place, dict[str, Value]] = {}
    for (kpi, y), value in typed.items():
        period = "year" if y == "1" else f"year{y}"
        key = known.get((kpi, y)) or row_rules.free_key(scenario, li.TARGET, f"{kpi}_{period}")
        new: dict[str, Value] = {f"target.{key}.kpi": kpi, f"target.{key}.period": period, f"target.{key}.value": value}
        values[kpi, y] = {f"target.{key}": None} if value is None else new
    return number_grid.committed(values)

"""The budget in yuan by channel and month or quarter, a year of the plan at a time: with its sums in sight, typed and pasted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from model import InvalidInput, Result, Scenario
from model import units as u
from model.analysis import month_budget
from model.engine.kpis import YEAR, years_of
from model.plan.schema import Driver
from pages.ui.frame import downloads
from pages.ui.kit import sections, tables, views
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import DASH, fixed, money, rate
from pages.ui.kit.texts import plain, t, together
from pages.ui.plan.statement import period_names
from pages.ui.rows import number_grid
from pages.ui.session import state
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name

Redraw = Callable[[], None]
#: what may stand in a cell; an emptied one is nothing spent
AMOUNT = Driver("amount", u.YUAN, None, high=1e10, optional=True)
#: months of a column
SIZES = {"month": 1, "quarter": 3}
_SIZE = "budget_size"


def draw(result: Result, redraw: Redraw) -> None:
    """What is spent, with its sums; below it the grid to type it in."""
    if not result.scenario.spending_channels:
        st.info(t("month_budget.none"))
        return
    year = chosen_year(result)
    _size_choice()
    downloads.message(plain(_title(result, year)), "month_budget", lambda: table_of(result), t("month_budget.help"))
    _table(result, year)
    if not year:
        st.caption(t("month_budget.choose"))
        return
    st.caption(together([t(f"month_budget.rule_{_rule(result.scenario, year)}"), *_cut(result, year)]))
    sections.drawer(t("month_budget.edit", year=_name(result, year)), "edit_budget", lambda: _editor(result, year, redraw))


def chosen_year(result: Result) -> int:
    """The year of the plan (1, 2, 3) that the page speaks of; 0 for all of them."""
    offered, period = years_of(len(result.months)), periods.chosen()
    return offered.index(period) + 1 if period in offered else 0


def _period(year: int) -> str:
    return YEAR if year == 1 else f"{YEAR}{year}"


def _name(result: Result, year: int) -> str:
    return periods.name(_period(year), len(result.months))


def _size() -> str:
    size = st.session_state.get(f"_{_SIZE}")
    return size if size in SIZES else "month"


def _size_choice() -> None:
    views.show(st.segmented_control, t("plan.period"), list(SIZES), key=_SIZE, value=_size(), required=True, width="content",
               format_func=lambda size: t(f"plan.by_{size}"), on_change=_sized)


def _sized() -> None:
    st.session_state[f"_{_SIZE}"] = st.session_state[_SIZE]


# --- what is spent -----------------------------------------------------------------------------------------------------

def in_sight(scenario: Scenario, year: int) -> np.ndarray:
    """Yuan by spending channel and month of a year that the plan has (C, M), as they are shown."""
    return month_budget.in_sight(month_budget.spent(scenario, year)[:, :month_budget.covered(scenario, year)])


def _title(result: Result, year: int) -> str:
    total = money(float(result.lines["spend"][_months(result, year)].sum()))
    if not year:
        return t("month_budget.title", year=t("plan.of_all_months", count=len(result.months)), total=total)
    return t("month_budget.title", year=_name(result, year), total=total)


def _months(result: Result, year: int) -> slice:
    return slice(12 * (year - 1), 12 * year) if year else slice(0, len(result.months))


def _rule(scenario: Scenario, year: int) -> str:
    """What the year's months follow: typed amounts, those of the year before, or the season."""
    typed = [y for y in month_budget.typed_years(scenario) if y <= year]
    return "season" if not typed else "typed" if typed[-1] == year else "before"


def _cut(result: Result, year: int) -> list[str]:
    """Of a year that the plan has a part of: what its budget is."""
    have = month_budget.covered(result.scenario, year)
    budget = float(result.values.business["budget"][-1 if year > 1 else 0, 0])
    return [t("month_budget.cut", count=have, budget=money(budget))] if have < 12 else []


def _columns(result: Result, year: int) -> list[tuple[str, str, slice]]:
    """(name, which months, span of the plan) of the table's columns: months or quarters of a year, or all years."""
    of = _months(result, year)
    return [c for c in period_names(result, _size() if year else "year") if of.start <= c[2].start < of.stop]


def _amounts(result: Result, year: int) -> np.ndarray:
    """(C, columns) as they are shown."""
    if year:
        return month_budget.by_period(in_sight(result.scenario, year), SIZES[_size()])
    years = range(1, len(years_of(len(result.months))) + 1)
    return np.stack([in_sight(result.scenario, y).sum(axis=1) for y in years], axis=1)


def yuan(value: float) -> str:
    """To the cent where it has some."""
    return fixed(value, 0 if round(value, 2) == round(value) else 2)


def _table(result: Result, year: int) -> None:
    amounts, total = _amounts(result, year), t("channel.total")
    head = [tables.Column(t("channel.name")), tables.Column(t("month_budget.total")), tables.Column(t("month_budget.share")),
            *(tables.Column(name, help=months) for name, months, _ in _columns(result, year))]
    rows = [*zip(result.scenario.spending_channels, amounts, strict=True), ("", amounts.sum(axis=0))]
    whole = float(amounts.sum())
    lines = [tables.Line(key or ".", [channel_name(result.scenario, key) if key else total, yuan(float(row.sum())),
                                      rate(float(row.sum()) / whole) if whole else DASH, *(yuan(float(x)) for x in row)],
                         mark="" if key else "sum") for key, row in rows]
    tables.table("month_budget", t("month_budget.name"), head, lines)


def table_of(result: Result) -> Table:
    """All months of the plan, a row a channel."""
    spend, name = result.by_channel["spend"][:, :, 0], t("channel.name")
    fields = [Field(name), Field(t("file.key", label=name)), *(Field(month, u.YUAN) for month in result.months)]
    return Table(fields, [[channel_name(result.scenario, c), c, *map(float, spend[result.channels.index(c)])]
                          for c in result.scenario.spending_channels])


# --- what is typed -----------------------------------------------------------------------------------------------------

def _editor(result: Result, year: int, redraw: Redraw) -> None:
    """The grid; a cell that is typed makes all of the year in sight the plan."""
    st.caption(t("month_budget.edit_help"))
    number_grid.show(grid_of(result, year, redraw))
    if _rule(result.scenario, year) == "typed":
        st.button(t("month_budget.back"), key="budget_back", icon=":material/restart_alt:", on_click=_back, args=(year, redraw),
                  help=t("month_budget.back_help"))


def grid_of(result: Result, year: int, redraw: Redraw) -> number_grid.Numbers:
    """A row a channel, a column a month or quarter."""
    rows, size = {c: channel_name(result.scenario, c) for c in result.scenario.spending_channels}, _size()
    sides = {str(i): name for i, (name, _, _) in enumerate(_columns(result, year))}
    values: dict[number_grid.Place, float | None] = {
        (c, side): float(x) for c, row in zip(rows, _amounts(result, year), strict=True)
        for side, x in zip(sides, row, strict=True)}
    return number_grid.Numbers("edit_budget_cells", t("channel.name"), rows, None, sides, lambda row, side: (AMOUNT, 0), values,
                               lambda typed: _take(typed, year, SIZES[size]), redraw)


def _take(typed: number_grid.Typed, year: int, months: int) -> number_grid.Refused:
    """The year with these cells, as one step; none of them where the plan can not have them."""
    scenario = state.workspace().scenario
    rows = scenario.spending_channels
    cells = {(rows.index(c), int(side)): value or 0.0 for (c, side), value in typed.items()}
    amounts = month_budget.edited(in_sight(scenario, year), months, cells)
    try:
        state.commit(scenario.with_values(month_budget.typed(scenario, year, amounts)))
    except InvalidInput as problem:
        return dict.fromkeys(typed, problem.violations[0])
    return {}


def _back(year: int, redraw: Redraw) -> None:
    scenario = state.workspace().scenario
    state.commit(scenario.with_values(month_budget.untyped(scenario, year)))
    redraw()

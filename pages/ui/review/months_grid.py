"""Actual months typed or pasted: one month at a time, by channel and of the shop, beside what the plan has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from model import InvalidInput, Result, Violation
from model.plan.numbers import written
from model.plan.schema import Driver
from model.review import CLOSED, OPEN, PROVISIONAL, SHOP, Actuals
from model.review.actuals import CHANNEL_COLUMNS, SHOP_COLUMNS, SIGNED, UNITS, columns_of
from pages.ui.kit import tables, views
from pages.ui.kit.formats import DASH
from pages.ui.kit.texts import t
from pages.ui.review import entering
from pages.ui.rows import number_grid
from pages.ui.rows.number_grid import Numbers, Place
from pages.ui.session import state
from pages.ui.words import actual_months
from pages.ui.words.month_labels import month_of_year

_MOST = 1e15


def draw() -> None:
    actuals = entering.booked()
    if actuals is None:
        return
    plan = entering.plan_of(state.workspace().scenario)
    _overview(actuals)
    month = _chosen(actuals)
    st.caption(t("review.grid_help"))
    _by_channel(plan, actuals, month)
    _of_shop(plan, actuals, month)
    entering.ask_unit(plan.scenario, [p for p in actuals.said if p[0] == month], actuals)


def _overview(actuals: Actuals) -> None:
    """Each known month: its status and how many figures it has."""
    if not actuals.measured:
        return
    rows = []
    for month in actuals.measured:
        own = [place for place, _ in actuals.cells if place[0] == month]
        rows.append([month_of_year(month), t(f"review.status_{actuals.status(month)}"),
                     str(sum(p[1] != SHOP for p in own)), str(sum(p[1] == SHOP for p in own))])
    tables.plain("review_known", [t(f"review.{k}") for k in ("month", "status", "of_channels", "of_shop")], rows, words=(0, 1))


def _chosen(actuals: Actuals) -> str:
    """The month to fill in: the first that is not known yet, unless the reader chose another."""
    waiting = next((m for m in actuals.months if actuals.status(m) == OPEN), actuals.months[-1])
    kept = st.session_state.get("_review_month")
    month = kept if kept in actuals.months else waiting
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        views.show(st.selectbox, t("review.which_month"), actuals.months, key="review_month", value=month, on_change=_choose,
                   format_func=month_of_year, width=200)
        if actuals.status(month) != OPEN:
            views.show(st.segmented_control, t("review.status"), (PROVISIONAL, CLOSED), key="review_status",
                       value=actuals.status(month), required=True, on_change=partial(_set_status, month),
                       format_func=lambda s: t(f"review.status_{s}"), help=t("review.status_help"), width="content")
    return month


def _choose() -> None:
    st.session_state["_review_month"] = st.session_state["review_month"]


def _set_status(month: str) -> None:
    actuals = entering.of(state.workspace().scenario)
    entering.keep(actuals.with_status(month, st.session_state["review_status"]))
    st.rerun()


def _driver(column: str) -> tuple[Driver, int]:
    low = -_MOST if column in SIGNED else 0.0
    return Driver(column, UNITS[column], None, low=low, high=_MOST, optional=True), 0


def _by_channel(plan: Result, actuals: Actuals, month: str) -> None:
    scenario, at = plan.scenario, actuals.months.index(month)
    rows = {c: actual_months.row_name(scenario, c) for c in (*actuals.channels, SHOP)}
    order = list(plan.values.channels)
    planned = [_said("gmv", float(plan.by_channel["gmv"][order.index(c), at, 0])) for c in actuals.channels]
    head = t("rows.label", label=t("review.plan_gmv"), unit=t(f"unit.{UNITS['gmv'].key}.label"))
    planned.append(_said("gmv", float(plan.lines["gmv"][at, 0])))
    number_grid.show(Numbers(
        "review_channels", t("channel.name"), rows, (head, planned),
        {c: _with_unit(c) for c in CHANNEL_COLUMNS}, lambda _, column: _driver(column),
        {(c, column): actuals.said.get((month, c, column)) for c in rows for column in CHANNEL_COLUMNS},
        partial(_keep, month, False), st.rerun))


def _of_shop(plan: Result, actuals: Actuals, month: str) -> None:
    at = actuals.months.index(month)
    planned = [_said(c, float(plan.lines[c][at, 0])) if c in plan.lines else DASH for c in SHOP_COLUMNS]
    number_grid.show(Numbers(
        "review_shop", t("review.of_shop_lines"), {c: _with_unit(c) for c in SHOP_COLUMNS}, (t("review.plan"), planned),
        {"value": t("review.actual")}, lambda column, _: _driver(column),
        {(c, "value"): actuals.said.get((month, SHOP, c)) for c in SHOP_COLUMNS}, partial(_keep, month, True), st.rerun))


def _with_unit(column: str) -> str:
    return t("rows.label", label=actual_months.column_name(column), unit=t(f"unit.{UNITS[column].key}.label"))


def _keep(month: str, of_shop: bool, values: Mapping[Place, float | None]) -> Mapping[Place, Violation]:
    """In a callback: the figures that can be, as one step; the others by their cell."""
    actuals = entering.of(state.workspace().scenario)
    wanted = {((month, SHOP, row) if of_shop else (month, row, column)): value for (row, column), value in values.items()}
    kinds = {SHOP: SHOP, **dict(actuals.kinds)}
    refused = {p: Violation("no_such_cell", "", _said(p[2], v)) for p, v in wanted.items()
               if p[2] not in columns_of(kinds[p[1]]) and v is not None}
    good = {p: v for p, v in wanted.items() if p not in refused and p[2] in columns_of(kinds[p[1]])}
    made, more = _possible(actuals, good)
    if actuals.status(month) == OPEN and made.status(month) != OPEN:
        made = made.with_status(month, PROVISIONAL)  # a month that is being typed is not closed by its first figure
    if made != actuals:
        entering.keep(made)
        st.session_state["_review_month"] = month
    refused |= more
    return {((p[2], "value") if of_shop else (p[1], p[2])): v for p, v in refused.items()}


def _possible(actuals: Actuals, wanted: Mapping[tuple[str, str, str], float | None]):
    """With all of these figures, or one after the other those that contradict no other; and the rules that the others break."""
    try:
        return actuals.with_cells(wanted), {}
    except InvalidInput:
        refused: dict[tuple[str, str, str], Violation] = {}
    for place, value in wanted.items():
        try:
            actuals = actuals.with_cells({place: value})
        except InvalidInput as problem:
            refused[place] = problem.violations[0]
    return actuals, refused


def _said(column: str, value: float | None) -> str:
    """As the cells beside it are typed."""
    return "" if value is None else written(round(value), UNITS[column])

"""Goal seek on the Optimize page: which numbers may move and how far, and what would have to be true."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from model import Scenario
from model.analysis.goalseek import Sought, seek
from model.analysis.optimize.levers import Lever, levers_of
from model.plan.schema import driver_of
from pages.ui import changes, grids, optimize_form, periods, state
from pages.ui.downloads import OF_ROW
from pages.ui.grids import Cell, Grid, figures, measured, of_unit, ranges
from pages.ui.optimize_limits import kept, remembered, several
from pages.ui.optimize_parts import button, computed, measured_label, take, value
from pages.ui.texts import has, plain, t

_RANGES = "_goal_ranges"


@st.cache_data(max_entries=20, show_spinner=False, hash_funcs={Scenario: hash})
def levers(scenario: Scenario) -> tuple[Lever, ...]:
    """Every number of the plan that may move."""
    return levers_of(scenario)


def goal_answer(scenario: Scenario) -> None:
    periods.choice()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = kept(st.selectbox, t("compare.kpi"), optimize_form.EVERY, key="goal_kpi", default="net_profit", width=220,
                   format_func=lambda k: t(f"kpi.{k}.label"))
        period = periods.chosen()
        objective = optimize_form.measured(key, "goal", scenario, period)
        if not math.isfinite(optimize_form.today_of(scenario, key, period)):
            st.caption(t("optimize.two_undefined", kpi=t(f"kpi.{key}.label")))
            return
        if objective.measure == "chance":
            target = kept(st.number_input, t("optimize.chance_wanted"), 0.0, 100.0, key="goal_chance", default=80.0,
                          width=220) / 100
        else:
            target = optimize_form.typed(t("optimize.target"), key, f"goal_value_{key}{periods.suffix(period)}",
                                         optimize_form.target_of(scenario, key, period))
    known = {lv.address: lv for lv in levers(scenario)}
    chosen = several(t("optimize.levers"), {a: changes.place_name(a) for a in known}, "goal_levers", st.multiselect,
                     ["headline.cvr"], help=t("optimize.levers_help"), placeholder=t("optimize.choose"))
    if not chosen:
        st.caption(t("optimize.no_lever"))
        return
    ranges = _ranges([known[a] for a in chosen])
    about = (scenario, objective, target, tuple(ranges.items()))
    button("goal", about, t("optimize.go_goal"))
    found = computed("goal", about, lambda progress, stop: seek(
        scenario, objective, target, ranges, state.first_draws(scenario), progress, stop), t("optimize.searching"))
    if found is not None:
        _goal(found)


def shown_in(address: str) -> tuple[float, float, str]:
    """How a number of the plan is typed and drawn: (offset, scale, unit): (value − offset) · scale. Factors as changes in %."""
    if address.startswith("headline."):
        return 1.0, 100.0, t("optimize.change_unit")
    unit = driver_of(address).unit
    label = "%" if unit.scale == 100 else t(f"unit.{unit.key}.label") if has(f"unit.{unit.key}.label") else ""
    return 0.0, float(unit.scale), label


def named_in(address: str) -> str:
    """A number's name with the unit it is typed in."""
    unit = shown_in(address)[2]
    return t("optimize.in_unit", label=changes.place_name(address), unit=unit) if unit else changes.place_name(address)


def _ranges(levers: list[Lever]) -> dict[str, tuple[float, float]]:
    """How far each number may move: its plausible range, unless the planner says otherwise."""
    own = st.session_state.get(_RANGES, {})

    def made() -> pd.DataFrame:
        rows = [(named_in(lv.address), *((v - offset) * scale for v in (lv.today, *own.get(lv.address, (lv.low, lv.high)))))
                for lv in levers for offset, scale, _ in [shown_in(lv.address)]]
        return pd.DataFrame(rows, columns=["name", "now", "low", "high"])
    key, frame = remembered("goal_ranges", tuple((lv, named_in(lv.address)) for lv in levers), made)
    column = st.column_config.NumberColumn
    edited = st.data_editor(frame, key=key, hide_index=True, width="stretch", column_config={
        "name": st.column_config.TextColumn(t("desk.assumption"), disabled=True, pinned=True),
        "now": column(t("optimize.today"), disabled=True, format="%.4g"),
        "low": column(t("optimize.range_low"), format="%.4g", required=True),
        "high": column(t("optimize.range_high"), format="%.4g", required=True)})
    out = {}
    for lv, before, row in zip(levers, frame.itertuples(), edited.itertuples(), strict=True):
        offset, scale, _ = shown_in(lv.address)
        typed = [lv_end if pd.isna(new) or new == old and lv.address not in own else new / scale + offset
                 for lv_end, old, new in ((lv.low, before.low, row.low), (lv.high, before.high, row.high))]
        out[lv.address] = (float(typed[0]), float(typed[1]))
    st.session_state[_RANGES] = own | {a: r for a, r in out.items() if r != next((lv.low, lv.high) for lv in levers
                                                                                  if lv.address == a)}
    return out


def _lever_row(lever: Lever, needed: float) -> list[Cell]:
    def shown(value: float) -> str:
        return changes.shown(lever.address, value)
    return [of_unit(changes.place_name(lever.address), driver_of(lever.address).unit), Cell(shown(lever.today), lever.today),
            Cell(shown(needed), needed), Cell(f"{shown(lever.low)} – {shown(lever.high)}", (lever.low, lever.high))]


def _goal(found: Sought) -> None:
    words = {"kpi": measured_label(found.objective, found.scenario), "target": value(found.objective, found.target),
             "start": value(found.objective, found.start), "reached": value(found.objective, found.reached)}
    outcome = "already" if found.already else "hit" if found.hit else "stopped" if found.stopped else "missed"
    st.subheader(t(f"optimize.goal_{outcome}", **words), anchor=False)
    columns = [measured(t("desk.assumption")), figures(t("optimize.today"), OF_ROW), figures(t("optimize.needed"), OF_ROW),
               ranges(t("lever.plausible"), OF_ROW)]
    grids.show(Grid("goal", columns, [_lever_row(lv, found.values[lv.address]) for lv in found.levers]))
    if found.stopped and found.hit:
        st.caption(t("optimize.stopped"))
    for limit in found.limited_by:
        st.markdown(t(f"optimize.limited_{limit.why}", driver=plain(changes.place_name(limit.address))))
    if found.others:
        address = found.levers[0].address
        st.caption(t("optimize.others", values=", ".join(changes.shown(address, v) for v in found.others)))
    st.button(t("optimize.take_goal"), key="goal_take", icon=":material/check:", on_click=take, args=(found.scenario,),
              disabled=found.already)

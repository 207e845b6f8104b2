"""Goal seek on the Optimize page: which numbers may move and how far, and what would have to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from model import Scenario
from model import units as u
from model.analysis.goalseek import Sought, seek
from model.analysis.optimize.search.levers import Lever, levers_of
from model.plan.numbers import written
from model.plan.schema import Driver, driver_of
from model.units import Unit
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, figures, measured, of_unit, ranges
from pages.ui.kit import fields, sections
from pages.ui.kit.csv_tables import OF_ROW
from pages.ui.kit.texts import listed, plain, t
from pages.ui.optimize import form, needed
from pages.ui.optimize.parts import button, computed, measured_label, take, value
from pages.ui.optimize.split_limits import kept, several
from pages.ui.rows import number_grid
from pages.ui.session import results
from pages.ui.words import periods, place_names

_RANGES = "_goal_ranges"
_CHANCE = Driver("chance", u.RATE, None)


@st.cache_data(max_entries=20, show_spinner=False, hash_funcs={Scenario: hash})
def levers(scenario: Scenario) -> tuple[Lever, ...]:
    """Every number of the plan that may move."""
    return levers_of(scenario)


def goal_answer(scenario: Scenario) -> None:
    """The plan's own target first; any other question below, opened on demand."""
    needed.needed_answer(scenario)
    sections.drawer(t("needed.own"), "goal_own", lambda: _own_question(scenario), ":material/tune:")


def _own_question(scenario: Scenario) -> None:
    periods.choice()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = kept(st.selectbox, t("compare.kpi"), form.EVERY, key="goal_kpi", default="net_profit", width=220,
                   format_func=lambda k: t(f"kpi.{k}.label"))
        period = periods.chosen()
        objective = form.measured(key, "goal", scenario, period)
        if not math.isfinite(form.today_of(scenario, key, period)):
            st.caption(t("optimize.two_undefined", kpi=t(f"kpi.{key}.label")))
            return
        if objective.measure == "chance":
            target = fields.kept(t("optimize.chance_wanted"), "goal_chance", _CHANCE, 0.8, width=220)
        else:
            target = form.typed(t("optimize.target"), key, f"goal_value_{key}{periods.suffix(period)}",
                                         form.target_of(scenario, key, period))
    known = {lv.address: lv for lv in levers(scenario)}
    chosen = several(t("optimize.levers"), {a: place_names.place_name(a) for a in known}, "goal_levers", st.multiselect,
                     ["headline.cvr"], help=t("optimize.levers_help"), placeholder=t("optimize.choose"))
    if not chosen:
        st.caption(t("optimize.no_lever"))
        return
    ranges = _ranges([known[a] for a in chosen])
    about = (scenario, objective, target, tuple(ranges.items()))
    button("goal", about, t("optimize.go_goal"))
    found = computed("goal", about, lambda progress, stop: seek(
        scenario, objective, target, ranges, results.first_draws(scenario), progress, stop), t("optimize.searching"))
    if found is not None:
        _goal(found)


def shown_in(address: str) -> tuple[float, Unit, str]:
    """How a number of the plan is typed and drawn: value − offset in a unit, and its word. Factors as changes in %."""
    if address.startswith("headline."):
        return 1.0, u.RATE, t("optimize.change_unit")
    unit = driver_of(address).unit
    return 0.0, unit, t(f"unit.{unit.key}.label")


def named_in(address: str) -> str:
    """A number's name with the unit it is typed in."""
    unit = shown_in(address)[2]
    return t("optimize.in_unit", label=place_names.place_name(address), unit=unit) if unit else place_names.place_name(address)


def _ranges(levers: list[Lever]) -> dict[str, tuple[float, float]]:
    """How far each number may move: its plausible range, unless the planner says otherwise."""
    own, known = st.session_state.setdefault(_RANGES, {}), {lv.address: lv for lv in levers}
    found = {a: own.get(a, (lv.low, lv.high)) for a, lv in known.items()}

    def keep(typed: Mapping[tuple[str, str], float | None]) -> dict:
        """An end that is emptied is the plausible one again."""
        for (address, side), end in typed.items():
            lever, (low, high) = known[address], own.get(address, found[address])
            end = None if end is None else end + shown_in(address)[0]
            own[address] = (lever.low if end is None else end, high) if side == "low" else (
                low, lever.high if end is None else end)
        return {}

    number_grid.show(number_grid.Numbers(
        "goal_ranges", t("desk.assumption"), {a: named_in(a) for a in known},
        (t("optimize.today"), [written(lv.today - shown_in(a)[0], shown_in(a)[1]) for a, lv in known.items()]),
        {side: t(f"optimize.range_{side}") for side in ("low", "high")}, lambda address, _: (_asked(address), 0),
        {(a, side): end - shown_in(a)[0] for a, ends in found.items() for side, end in zip(("low", "high"), ends, strict=True)},
        keep))
    return found


def _asked(address: str) -> Driver:
    """What may be typed as an end of a number's range: what the number itself may be, as it is counted here."""
    driver, (offset, unit, _) = driver_of(address), shown_in(address)
    return replace(driver, unit=unit, low=driver.low - offset, high=driver.high - offset, soft=None, optional=True)


def _lever_row(lever: Lever, needed: float) -> list[Cell]:
    def shown(value: float) -> str:
        return place_names.shown(lever.address, value)
    plausible = " – ".join(place_names.shown_ends(lever.address, lever.low, lever.high))
    return [of_unit(place_names.place_name(lever.address), driver_of(lever.address).unit), Cell(shown(lever.today), lever.today),
            Cell(shown(needed), needed), Cell(plausible, (lever.low, lever.high))]


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
        st.markdown(t(f"optimize.limited_{limit.why}", driver=plain(place_names.place_name(limit.address))))
    if found.others:
        address = found.levers[0].address
        st.caption(t("optimize.others", values=listed(place_names.shown(address, v) for v in found.others)))
    st.button(t("optimize.take_goal"), key="goal_take", icon=":material/check:", on_click=take, args=(found.scenario,),
              disabled=found.already)

"""What would have to be true: for the plan's own target that it misses, each lever alone, the least change of several, and
how likely the target then is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from model import KPIS, Result, Scenario
from model.analysis.blended import blended
from model.analysis.goalseek import Sought, seek
from model.analysis.needed import Alone, alone, even_aim
from model.analysis.optimize import Objective
from model.analysis.optimize.search.levers import ONE_BY_ONE, levers_of
from model.analysis.risk.simulate import Chance, RiskResult
from model.engine.kpis import TargetResult
from model.plan.schema import driver_of, split
from model.units import RATE, Unit
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, estimates, figures, measured, of_unit, ranges, word, worded
from pages.ui.kit import views
from pages.ui.kit.csv_tables import OF_ROW
from pages.ui.kit.formats import DASH, ends, growth, number, size
from pages.ui.kit.texts import inside, listed, plain, t, together
from pages.ui.optimize.form import QUICK_CELLS
from pages.ui.optimize.parts import answered, followed, take
from pages.ui.session import results
from pages.ui.words import periods, place_names, reach
from pages.ui.words.lever_units import UNITS, span

#: a target less likely than this is open; levers that must reach it plausibly before other numbers of the business are asked
_EVEN, _ENOUGH, _OTHERS = 0.5, 3, 4
_CHOICE = "_needed_target"
#: what reaching a target means
PLAN, EVEN = "plan", "even"


@dataclass(frozen=True, slots=True)
class After:
    """What takes longer: the least change of several, and each scenario's chance of the target (of several last)."""

    several: Sought | None
    chances: Mapping[Scenario, Chance]


def needed_answer(scenario: Scenario) -> None:
    plan = results.result_of(scenario)
    aims = {x.key: x for x in results.aims_of(plan) if x.outcome != "undefined"}
    if not aims:
        st.caption(t("needed.no_targets"))
        return
    risk = results.risk_of(scenario)
    missing = [key for key, x in aims.items() if is_open(x, risk)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        aim = aims[_chosen(plan, aims, missing, risk)]
        meant = _meant(aim, risk) if aim.key in missing else ""
    if not meant:
        kind = "met" if missing else "all_met"
        st.subheader(t(f"needed.{kind}", count=len(aims), aim=aim_said(plan, aim), **_words(aim, risk)), anchor=False)
        return
    wanted = aim.target if meant == PLAN else even(scenario, aim.kpi, aim.period, aim.target)
    found = _alone(scenario, aim, wanted)
    if found is not None:
        _answer(plan, aim, wanted, risk, found)


def is_open(x: TargetResult, risk: RiskResult) -> bool:
    """Missed by the plan, or less likely than not."""
    chance = risk.chances.get(x.key)
    return x.outcome == "missed" or chance is not None and chance.chance < _EVEN


def _chosen(plan: Result, aims: Mapping[str, TargetResult], missing: Sequence[str], risk: RiskResult) -> str:
    """The target asked for: the reader's, else the first that is open."""
    keys, own = list(aims), str(st.session_state.get(_CHOICE))
    first = own if own in aims else next(iter(missing), keys[0])
    views.show(st.selectbox, t("needed.target"), keys, key="needed_target", value=first, width=640, on_change=_choose,
               format_func=lambda k: t("needed.offered", aim=aim_said(plan, aims[k]), reach=reach.pair(aims[k], risk)))
    return first


def _choose() -> None:
    st.session_state[_CHOICE] = st.session_state["needed_target"]


def _meant(aim: TargetResult, risk: RiskResult) -> str:
    """Whether the plan's own figure shall reach the target, or the target be as likely as not, which asks for more."""
    chance = risk.chances.get(aim.key)
    if aim.outcome != "missed":
        return EVEN
    if chance is None or not 0 <= chance.chance < _EVEN:
        return PLAN
    return views.show(st.segmented_control, t("needed.meant"), (PLAN, EVEN), key="needed_meant", required=True, width="content",
                      value=st.session_state.get("needed_meant") or PLAN, format_func=lambda m: t(f"needed.meant_{m}"),
                      help=t("needed.meant_help"))


def aim_said(plan: Result, x: TargetResult) -> str:
    """A target by name: KPI, period, figure."""
    period = periods.period_name(x.period, len(plan.months))
    return t("needed.aim", kpi=t(f"kpi.{x.kpi}.label"), period=period, target=reach.aim(x))


def _words(x: TargetResult, risk: RiskResult) -> dict[str, str]:
    unit = KPIS[x.kpi].unit
    return {"actual": number(float(x.actual[0]), unit), "gap": size(float(x.gap[0]), unit),
            "chance": reach.chance_alone(risk.chances.get(x.key)), "likely": _likely(risk.chances.get(x.key))}


def _likely(chance: Chance | None) -> str:
    """The chance at the end of a sentence; "" where none is known."""
    text = reach.chance_alone(chance)
    return "" if text == DASH else t("needed.likely", chance=text)


# --- what is found -------------------------------------------------------------------------------------------------------

@lru_cache(maxsize=64)
def even(scenario: Scenario, kpi: str, period: str, target: float) -> float:
    """What the plan's own figure has to be for a target that it reaches to be as likely as not."""
    with results.COMPUTING:
        return even_aim(scenario, Objective(kpi, period=period), target, results.first_draws(scenario))


def _alone(scenario: Scenario, aim: TargetResult, wanted: float) -> tuple[Alone, ...] | None:
    cells = len(scenario.spending_channels) * scenario.get("months")
    if aim.kpi not in ONE_BY_ONE and cells <= QUICK_CELLS:
        return answered(lambda: each_alone(scenario, aim.kpi, aim.period, wanted))
    return answered(lambda: followed("alone", (scenario, aim.key, wanted), lambda progress, stop: each_alone(
        scenario, aim.kpi, aim.period, wanted), t("optimize.searching")))


@lru_cache(maxsize=64)
def each_alone(scenario: Scenario, kpi: str, period: str, wanted: float) -> tuple[Alone, ...]:
    """The headline levers, and where hardly any of them is enough those numbers of the business that are by themselves."""
    objective = Objective(kpi, period=period)
    with results.COMPUTING:
        found = [x for x in alone(scenario, objective, wanted, levers_of(scenario, ("headline",))) if x.moves]
        if sum(x.plausible for x in found) < _ENOUGH:
            others = alone(scenario, objective, wanted, levers_of(scenario, ("business",)))
            found += sorted((x for x in others if x.plausible), key=lambda x: x.change)[:_OTHERS]
    return tuple(sorted(found, key=lambda x: (not x.plausible, x.change)))


def _after(scenario: Scenario, aim: TargetResult, wanted: float, found: Sequence[Alone]) -> After | None:
    """Beside the page, with progress."""
    several = [x.lever.address for x in found if x.lever.address.startswith("headline.")]

    def work(progress, stop) -> After:
        objective, out = Objective(aim.kpi, period=aim.period), {}
        least = seek(scenario, objective, wanted, several, stop=stop) if len(several) > 1 else None
        ways = [x.scenario for x in found if x.scenario] + ([least.scenario] if least and least.hit else [])
        for i, way in enumerate(ways):
            if stop():
                break
            out[way] = results.common_risk_of(way, way.base, results.first_draws(way)).chances[aim.key]
            progress((i + 1) / len(ways))
        return After(least, out)
    return answered(lambda: followed("needed", (scenario, aim.key, wanted), work, t("needed.chances")))


# --- what is shown -------------------------------------------------------------------------------------------------------

def _answer(plan: Result, aim: TargetResult, wanted: float, risk: RiskResult, found: Sequence[Alone]) -> None:
    st.subheader(answer_said(plan, aim, wanted, risk, found), anchor=False)
    table, below = st.container(), st.container()
    with below:
        after = _after(plan.scenario, aim, wanted, found)
    with table:
        if found:
            grids.show(grid(plan, aim, found, after))
        if after and after.several:
            _several(plan, aim, after)
        _take_buttons(plan, aim, found, after)


def answer_said(plan: Result, aim: TargetResult, wanted: float, risk: RiskResult, found: Sequence[Alone]) -> str:
    """How far the target is, and the lever that has to change least."""
    return together([_head(plan, aim, wanted, risk), _least(plan, aim, found)])


def _head(plan: Result, aim: TargetResult, wanted: float, risk: RiskResult) -> str:
    head = t("needed.missed" if aim.outcome == "missed" else "needed.unlikely", aim=aim_said(plan, aim), **_words(aim, risk))
    return head if wanted == aim.target else together([head, t("needed.even", wanted=number(wanted, KPIS[aim.kpi].unit))])


def _least(plan: Result, aim: TargetResult, found: Sequence[Alone]) -> str:
    """The lever that has to change least, of those that are enough within their plausible ranges."""
    best = found[0] if found else None
    if best is None or best.scenario is None or not best.plausible:
        return t("needed.by_none")
    address = best.lever.address
    return t("needed.by_one", name=inside(_name(address)), **_from_to(plan, aim, address, best.scenario))


def _name(address: str) -> str:
    return plain(place_names.place_name(address))


def _key(address: str) -> str:
    """Of a headline factor its key, which says what it leads to; "" of a number that is shown as it stands."""
    a = split(address)
    return a.field if a.table == "headline" else ""


def _unit(address: str) -> Unit:
    return UNITS.get(_key(address)) or driver_of(address).unit


def _value(result: Result, aim: TargetResult, address: str) -> float:
    """What a number is over the target's period: of a headline factor the blended value it leads to there."""
    key = _key(address)
    return blended(periods.months_of(result, aim.period), key) if key else float(result.scenario.get(address))


def _from_to(plan: Result, aim: TargetResult, address: str, to: Scenario) -> dict[str, str]:
    """Both values, counted alike."""
    values = _value(plan, aim, address), _value(results.result_of(to), aim, address)
    before, after = ends(*values, _unit(address))
    return {"before": before, "after": after}


def grid(plan: Result, aim: TargetResult, found: Sequence[Alone], after: After | None) -> Grid:
    """Each lever by itself: today, needed, whether that is plausible, and how likely the target then is."""
    columns = [measured(t("desk.assumption")), figures(t("optimize.today"), OF_ROW), figures(t("optimize.needed"), OF_ROW),
               figures(t("risk.change"), RATE), ranges(t("lever.plausible"), OF_ROW), worded(t("needed.verdict")),
               estimates(t("reach.chance_head"), RATE)]
    return Grid("needed", columns, [_row(plan, aim, x, after) for x in found])


def _row(plan: Result, aim: TargetResult, x: Alone, after: After | None) -> list[Cell]:
    address, unit = x.lever.address, _unit(x.lever.address)
    now, key = _value(plan, aim, address), _key(address)
    to = None if x.scenario is None else _value(results.result_of(x.scenario), aim, address)
    change = None if to is None or not now else to / now - 1
    low, high = x.lever.low, x.lever.high
    if key:
        low, high = span(key, periods.months_of(plan, aim.period), low, high)
    chance = after.chances.get(x.scenario) if after and x.scenario else None
    return [of_unit(place_names.place_name(address), unit), Cell(number(now, unit), now), Cell(number(to, unit), to),
            Cell(DASH if change is None else growth(change), change),
            Cell(" – ".join(ends(low, high, unit)), (low, high)), word(_verdict(aim, x)),
            Cell(reach.chance_alone(chance), (None, None) if chance is None else (chance.chance, 2 * chance.error))]


def _verdict(aim: TargetResult, x: Alone) -> str:
    if x.value is None:
        return t("needed.not_alone", best=number(x.best, KPIS[aim.kpi].unit))
    return t("needed.plausible" if x.plausible else "needed.beyond")


def _several(plan: Result, aim: TargetResult, after: After) -> None:
    """The least change of several together, or that they do not reach it."""
    found = after.several
    if found is None:
        return
    if not found.hit:
        st.markdown(t("needed.several_short", best=number(found.reached, KPIS[aim.kpi].unit)))
        return
    moves = {lv.address: _from_to(plan, aim, lv.address, found.scenario) for lv in found.levers}
    parts = [t("needed.part", name=inside(_name(a)), **m) for a, m in moves.items() if m["before"] != m["after"]]
    st.markdown(t("needed.several", parts=listed(parts), likely=_likely(after.chances.get(found.scenario))))


def _take_buttons(plan: Result, aim: TargetResult, found: Sequence[Alone], after: After | None) -> None:
    """One press takes a way over: each lever that is enough, and several together."""
    ways = [(t("needed.way", name=_name(x.lever.address), **_from_to(plan, aim, x.lever.address, x.scenario)), x.scenario)
            for x in found if x.plausible and x.scenario]
    if after and after.several and after.several.hit:
        ways.append((t("needed.together"), after.several.scenario))
    if not ways:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("needed.take"), width="content")
        for i, (name, way) in enumerate(ways):
            st.button(name, key=f"needed_take_{i}", icon=":material/check:", on_click=_take, args=(way, aim.key))


def _take(way: Scenario, key: str) -> None:
    """The target stays the one asked about, to see that it is met."""
    st.session_state[_CHOICE] = key
    take(way)

"""What the answers of the Optimize page share: work in the background, refusals in words, taking an answer over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from model import KPIS, InvalidInput, Scenario
from model.analysis.optimize import Impossible, Limits, Objective
from model.units import Unit
from pages.ui.frame import grids, levers
from pages.ui.kit import charts, jobs
from pages.ui.kit.csv_tables import OF_ROW
from pages.ui.kit.formats import difference, money, money_unit, number
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import t
from pages.ui.optimize.form import objective_label
from pages.ui.optimize.refusals import refused
from pages.ui.session import state
from pages.ui.words import periods


def tabs(key: str, names: Mapping[str, str]) -> Sequence[Any]:
    """Tabs of which the open one stays open when its name changes with the language: the browser knows it by its name."""
    known, labels = str(st.session_state.get(f"_{key}")), list(names.values())
    if st.session_state.get(key) not in labels:
        st.session_state[key] = names.get(known, labels[0])
    found = st.tabs(labels, key=key, on_change="rerun")
    st.session_state[f"_{key}"] = next((k for k, box in zip(names, found, strict=True) if box.open), known)
    return found


def computed(key: str, about: tuple, work, label: str, limits: Limits | None = None) -> Any:
    """The answer to what was asked, once it is there; its refusal in words, of these limits."""
    if st.session_state.get(f"_asked_{key}") != about:
        if st.session_state.get(f"_asked_{key}") is not None:
            st.caption(t("optimize.changed"))
        return None
    return answered(lambda: followed(key, about, work, label), limits)


def followed(key: str, about: tuple, work, label: str) -> Any:
    """What work in the background found, with its progress until then; raises what it raised."""
    job = jobs.current(key)
    if not jobs.running(key, about) and (job is None or job.of != about):
        jobs.start(key, about, lambda progress, stop: work(lambda part: progress(int(part * 1000), 1000), stop))
    if jobs.running(key, about):
        jobs.watch(key, label)
        return None
    return jobs.result(key, about)


def answered(ask: Callable[[], Any], limits: Limits | None = None) -> Any:
    """What `ask` gives; its refusal in words, of these limits."""
    try:
        return ask()
    except Impossible as problem:
        refused(problem, limits, take)
    except InvalidInput as problem:
        show_problem(problem, "optimize.impossible")
    return None


def button(key: str, about: tuple, label: str) -> None:
    pressed = st.button(label, key=f"go_{key}", type="primary", icon=":material/play_arrow:")
    if st.session_state.pop(f"_again_{key}", False) or pressed:
        jobs.forget(key)
        st.session_state[f"_asked_{key}"] = about


def again(key: str) -> None:
    """In a callback that changes what is asked: ask the same again."""
    st.session_state[f"_again_{key}"] = True


def take(scenario: Scenario) -> None:
    """Make it the scenario at hand, and say so."""
    state.adopt(levers.by_lever(state.workspace().scenario, scenario))
    st.session_state["_notice"] = ("success", t("optimize.taken"))


def value(objective: Objective, x: float) -> str:
    """A figure of the objective in its unit."""
    return number(x, unit_of(objective))


def change(objective: Objective, x: float) -> str:
    return difference(x, unit_of(objective))


def measured_label(objective: Objective, scenario: Scenario) -> str:
    """What an objective measures, by name: the KPI of the plan, or which point, average or chance of its draws; and when."""
    label = periods.labelled(objective_label(objective.key), objective.period, scenario.get("months"))
    if objective.measure == "plan":
        return label
    unit = KPIS[objective.key if objective.key in KPIS else "net_profit"].unit
    aim = number(objective.target, unit) if objective.measure == "chance" else ""
    return t(f"optimize.goal_of_{objective.measure}", kpi=label, aim=aim)


def unit_of(objective: Objective) -> Unit:
    """The unit of what an objective measures: a chance is a rate."""
    if objective.measure == "chance":
        return KPIS["net_margin_rate"].unit
    return KPIS[objective.key if objective.key in KPIS else "net_profit"].unit


# --- before and after ----------------------------------------------------------------------------------------------------

def split_bars(names: Sequence[str], before: Mapping[str, float], after: Mapping[str, float], channels: Sequence[str],
               key: str) -> None:
    """Budgets by channel (yuan a year), before and after beside each other."""
    divisor, unit = money_unit()
    words = (t("optimize.before"), t("optimize.after"))
    high = charts.nice(max(*before.values(), *after.values(), 1.0) * 1.1 / divisor)
    months = state.workspace().scenario.get("months")
    st.markdown(f"**{t('optimize.split_title', total=money(sum(after.values())))}**")
    if months != 12:
        st.caption(t("optimize.by_year", count=months))
    st.vega_lite_chart(charts.split_data(names, before, after, channels, divisor, words, high),
                       charts.split_spec(unit, *words, len(names)), key=key, width="stretch", alt=t("optimize.split_alt"))


def kpi_table(key: str, before: Mapping[str, float], after: Mapping[str, float]) -> None:
    months = state.workspace().scenario.get("months")
    title = periods.labelled(t("compare.kpi"), periods.whole(months), months)
    columns = [grids.measured(title), *(grids.figures(t(k), OF_ROW) for k in (
        "optimize.before", "optimize.after", "risk.change"))]
    rows = [[grids.of_unit(t(f"kpi.{k}.label"), KPIS[k].unit), grids.amount(old, KPIS[k].unit),
             grids.amount(after[k], KPIS[k].unit), grids.change(after[k] - old, KPIS[k].unit)] for k, old in before.items()]
    grids.show(grids.Grid(key, columns, rows))

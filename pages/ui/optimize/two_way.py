"""Two-way what-if on the Optimize page: any KPI over any two numbers of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from model import KPIS, InvalidInput, Scenario
from model.analysis.twoway import TwoWay, two_way
from model.units import NUMBER, Unit, shown_of
from pages.ui.frame import downloads
from pages.ui.kit import page_look
from pages.ui.kit.charts import HEAT
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import ends, number
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import t, together, unique
from pages.ui.optimize import form, specs
from pages.ui.optimize.goal_seek import levers, named_in, shown_in
from pages.ui.optimize.split_limits import kept
from pages.ui.session import results
from pages.ui.words import periods, place_names, reach


def two_way_answer(scenario: Scenario) -> None:
    periods.choice()
    period = periods.chosen()
    names = unique({lv.address: place_names.place_name(lv.address) for lv in levers(scenario)})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = kept(st.selectbox, t("compare.kpi"), form.EVERY, key="two_kpi", default="net_profit", width=200,
                   format_func=lambda k: t(f"kpi.{k}.label"))
        x, y = (_axis(side, names, default) for side, default in (("across", "headline.traffic_price"), ("up", "headline.cvr")))
        opens = form.target_of(scenario, key, period)
        target = form.typed(t("optimize.target"), key, f"two_target_{key}{periods.suffix(period)}", opens)
    if x == y:
        st.caption(t("optimize.two_different"))
        return
    try:
        found = _two_way(scenario, key, x, y, period)
    except InvalidInput as problem:
        show_problem(problem, "optimize.impossible")
        return
    if not np.isfinite(found.values).any():
        st.caption(t("optimize.two_undefined", kpi=t(f"kpi.{key}.label")))
        return
    example = target == opens and reach.target(results.result_of(scenario), key, period) is None
    _heatmap(found, target, periods.labelled(t(f"kpi.{key}.label"), period, scenario.get("months")), example)


def _axis(side: str, names: dict[str, str], default: str) -> str:
    """One of the two numbers; one that is no longer in the plan gives way to the usual one."""
    key = f"two_{side}"
    for name in (key, f"_kept_{key}"):
        if st.session_state.get(name, default) not in names:
            st.session_state.pop(name, None)
    return kept(st.selectbox, t(f"optimize.{side}"), list(names), key=key, default=default, width=280,
                format_func=lambda a: names.get(a, a))


@st.cache_data(max_entries=50, show_spinner=False, hash_funcs={Scenario: hash})
def _two_way(scenario: Scenario, key: str, x: str, y: str, period: str) -> TwoWay:
    return two_way(scenario, key, x, y, period=period)


def _shown(address: str, values) -> np.ndarray:
    offset, unit, _ = shown_in(address)
    return np.array([shown_of(float(v) - offset, unit) for v in np.atleast_1d(values)])


def _heatmap(found: TwoWay, target: float, label: str, example: bool) -> None:
    unit, word = KPIS[found.kpi].unit, form.counted_in(found.kpi)[1]
    (x_at, y_at), names = (found.x_lever.address, found.y_lever.address), [
        named_in(lv.address) for lv in (found.x_lever, found.y_lever)]
    xs, ys = _shown(x_at, found.x), _shown(y_at, found.y)
    today = [float(_shown(at, found.today[i])[0]) for i, at in enumerate((x_at, y_at))]
    low, high = ends(float(np.nanmin(found.values)), float(np.nanmax(found.values)), unit)
    title = t("optimize.two_title", kpi=label, now=number(found.today[2], unit), low=low, high=high)
    st.markdown(f"**{title}**", help=t("optimize.two_help"))
    line = specs.iso_line(xs, ys, found.values, target)
    data = specs.heat_data(xs, ys, np.vectorize(partial(form.counted, found.kpi))(found.values), today, line)
    st.vega_lite_chart(data, specs.heat_spec(*names, word, t("optimize.today"), HEAT[page_look.theme()]), key="chart_two_way",
                       width="stretch", alt=title)
    words = [t("optimize.iso" if line else "optimize.no_iso", target=number(target, unit))]
    st.caption(together([*words, t("optimize.example_target")] if example else words))
    downloads.csv_button("two_way", lambda: two_way_table(found, names, unit))


def two_way_table(found: TwoWay, names: Sequence[str], unit: Unit) -> Table:
    """Every pair of the two numbers, which are named with their units, and what it leads to."""
    fields = [Field(name, NUMBER) for name in names] + [Field(t(f"kpi.{found.kpi}.label"), unit)]
    xs, ys = _shown(found.x_lever.address, found.x), _shown(found.y_lever.address, found.y)
    return Table(fields, [[float(x), float(y), float(found.values[j, i])] for j, y in enumerate(ys) for i, x in enumerate(xs)])

"""The bridge between two scenarios: what makes the difference, group by group, each opening into its drivers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from model import KPIS, Scenario
from model.analysis import compare
from model.analysis.risk.simulate import simulate
from model.engine.kpis import find_period
from pages.ui.compare import comparison
from pages.ui.compare.comparison import BRIDGED, Side, group_label
from pages.ui.kit import bridge_chart, jobs, tables, views
from pages.ui.kit.formats import difference, money_unit, number
from pages.ui.kit.texts import plain, t
from pages.ui.session import results
from pages.ui.words import periods, place_names

#: what of a KPI the bridge explains: the plan's value, or a point of its draws in per cent
POINTS = {"plan": 0, "median": 50, "p5": 5}


def controls(sides: list[Side]) -> tuple[int, int, str, str]:
    """From which scenario to which, of what, and which point of it."""
    numbers = list(range(len(sides)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = []
        for key, label, default in (("compare_from", t("compare.from"), 0), ("compare_to", t("compare.to"), len(sides) - 1)):
            now = st.session_state.get(key)
            chosen.append(views.show(st.selectbox, label, numbers, key=key, value=now if now in numbers else default,
                                    format_func=lambda i: sides[i].name, width=260))
        kpi_key = st.segmented_control(t("compare.of"), BRIDGED, key="compare_of", default=BRIDGED[0], required=True,
                                       format_func=lambda k: t(f"kpi.{k}.label"))
        point = st.segmented_control(t("compare.point"), list(POINTS), key="compare_point", default="plan", required=True,
                                     format_func=lambda p: t(f"compare.point_{p}"), help=t("compare.point_help"))
    return *chosen, kpi_key, point


def bridge_at(sides: list[Side], start: int, end: int, kpi_key: str, point: str,
              period: str) -> compare.Bridge | None:
    """The bridge of a point of the draws, computed beside the page; None until it is there or where it was stopped."""
    a, b = sides[start].scenario, sides[end].scenario
    if any(find_period(period, results.result_of(s).months) is None for s in (a, b)):
        st.caption(t("compare.not_reached"))
        return None
    first, last = (float(results.risk_of(s).year(kpi_key, period).point(POINTS[point])) for s in (a, b))
    ends = (first, last)
    about = (a, b, a.base, b.base, kpi_key, point, period, ends)
    if jobs.running("bridge", about):
        jobs.watch("bridge", t("compare.bridging"))
        return None
    job = jobs.current("bridge")
    if job is None or job.of != about:
        draws = min(map(results.first_draws, (a, b)))
        jobs.start("bridge", about, lambda progress, stop: _sampled(
            ends, draws, a, b, (kpi_key, period), POINTS[point], progress, stop))
        jobs.watch("bridge", t("compare.bridging"))
        return None
    found = jobs.result("bridge", about)
    if found is None:
        st.info(t("compare.stopped"))
    return found


class _Stopped(Exception):
    pass


def _sampled(ends: tuple[float, float], draws: int, a: Scenario, b: Scenario, of: tuple[str, str], per_cent: int,
             progress, stop) -> compare.Bridge | None:
    """of: KPI and period. ends: what every page says of the two; the mixes between them stand on the first one's draws."""
    def mixed(scenario: Scenario) -> float:
        return float(simulate(scenario, draws, base=a.base, by_month=False).year(*of).point(per_cent))

    def value(scenarios) -> np.ndarray:
        out = []
        for i, scenario in enumerate(scenarios):
            if stop():
                raise _Stopped
            known = [end for end, s in zip(ends, (a, b), strict=True) if scenario.rows == s.rows]
            out.append(known[0] if known else mixed(scenario))
            progress(i + 1, len(scenarios))
        return np.array(out)

    try:
        return replace(compare.bridge_of(value, a, b, effort=0), kpi=of[0])
    except _Stopped:
        return None


def draw(bridge: compare.Bridge, sides: list[Side], start: int, end: int, period: str) -> None:
    unit = KPIS[bridge.kpi].unit
    bars = sorted(bridge.bars, key=lambda b: -abs(b.value))
    label = periods.labelled(t(f"kpi.{bridge.kpi}.label"), period, comparison.longest(sides))
    words = {"kpi": label, "start": sides[start].name, "end": sides[end].name,
             "first": number(bridge.start, unit), "last": number(bridge.end, unit),
             "difference": difference(bridge.end - bridge.start, unit)}
    st.markdown(f"**{plain(t('compare.bridge_title', **words))}**")
    if not bars:
        st.caption(t(f"compare.{bridge.reason or 'no_bars'}"))
        return
    divisor, word = money_unit() if unit.key == "yuan" else (1 / unit.scale, t("format.pp"))
    labels = [difference(b.value, unit) for b in bars] + [difference(bridge.end - bridge.start, unit)]
    data = bridge_chart.bridge_data([(group_label(b.group), b.value) for b in bars], t("compare.difference"), labels, divisor)
    ends = bridge_chart.bridge_ends([b.value for b in bars], divisor)
    spec = bridge_chart.bridge_spec(word, len(bars) + 1, 1 if divisor > 1 else 2, *ends)
    st.vega_lite_chart(data, spec, key="compare_bridge",
                       width="stretch", alt=t("compare.bridge_alt", group=group_label(bars[0].group), part=labels[0], **words))
    if not bridge.exact:
        error = max(e for b in bars for e in (b.error, *(x.error for x in b.drivers)))
        st.caption(t("compare.sampled", error=number(error, unit)))
    bars = [b for b in bars if b.drivers]
    if bars:
        _drivers(bars, unit, sides[start], sides[end])


def _drivers(bars, unit, *sides: Side) -> None:
    """One group opened into its drivers."""
    groups = [b.group for b in bars]
    chosen = st.pills(t("compare.open_bar"), groups, key="compare_group", format_func=group_label, default=groups[0])
    bar = next((b for b in bars if b.group == chosen), bars[0])
    head = [t("desk.assumption"), *(s.name for s in sides), t("compare.part")]
    rows = []
    for driver in sorted(bar.drivers, key=lambda d: -abs(d.value)):
        rows.append([comparison_name(driver, sides), *_values(driver, sides), difference(driver.value, unit)])
    rows.append([group_label(bar.group), *("" for _ in sides), difference(bar.value, unit)])
    tables.plain("compare_drivers", head, rows, total=True)


def comparison_name(driver, sides) -> str:
    scenarios = [s.scenario for s in sides]
    if len(driver.addresses) == 1:
        return place_names.place_name(driver.addresses[0], *scenarios)
    return t("compare.together", first=place_names.place_name(driver.addresses[0], *scenarios), count=len(driver.addresses) - 1)


def _values(driver, sides) -> list[str]:
    """What stands in each scenario, where the driver is one figure."""
    if len(driver.addresses) != 1:
        return ["…" for _ in sides]
    return [comparison.value_at(s.scenario, driver.addresses[0]) for s in sides]



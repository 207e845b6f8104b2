"""What decides the outcome on the Risk page: by either measure, at the ends of each driver's range, any one against any KPI."""

from __future__ import annotations

import numpy as np
import streamlit as st

from model import KPIS, evaluate, kpi
from model.analysis.risk.inputs import deciding
from model.analysis.risk.shares import swings
from model.analysis.risk.simulate import RiskResult
from model.engine.kpis import period_of
from model.plan.schema import driver_of, split
from pages.ui.frame import decides
from pages.ui.kit import charts, views
from pages.ui.kit.formats import difference, ends, fixed, signed
from pages.ui.kit.texts import inside, plain, t, unmarked
from pages.ui.risk import specs
from pages.ui.risk.view import KPIS_SHOWN, of_period, scale
from pages.ui.session import state
from pages.ui.words import place_names
from pages.ui.words.driver_labels import driver_label

BARS, POINTS_SHOWN = 12, 600


def drivers(found: RiskResult, period: str) -> None:
    """What decides the chosen KPI, by one of two measures."""
    decides.choice("risk")
    seen = decides.picture("risk", found.scenario, st.session_state.get("risk_kpi", "net_profit"), period, lambda: found)
    st.markdown(f"**{seen.title}**", help=seen.help or None)
    if seen.spec is not None:
        st.vega_lite_chart(seen.data, seen.spec, key=seen.key, width="stretch", alt=seen.alt)
    if seen.why:
        st.caption(seen.why)


def tornado(found: RiskResult, period: str) -> None:
    """A KPI at each driver's 10 and 90 % point, in all channels together, the others at their medians."""
    key = st.session_state.get("risk_kpi", "net_profit")
    together_by: dict[str, list[str]] = {}
    for address in deciding(found.scenario, found.uncertain.marginals, key):
        together_by.setdefault(driver_label(split(address).table, split(address).field), []).append(address)
    if not together_by:
        return
    bars = _swings(found, key, period, together_by)[:BARS]
    divisor, unit = scale(key)
    kpi_unit = KPIS[key].unit
    extent = charts.hold(state.workspace().axes, f"risk_swing.{key}", max(max(abs(b.low), abs(b.high)) for b in bars) / divisor)
    less, more = t("risk.at_10"), t("risk.at_90")
    low, high = ends(bars[0].low, bars[0].high, kpi_unit, difference)
    title = t("risk.tornado_title", first=plain(bars[0].name), kpi=inside(of_period(found, key, period)),
              low=low, high=high)
    st.markdown(f"**{title}**", help=t("risk.tornado_help"))
    data = charts.tornado_data([b.name for b in bars], [b.low for b in bars], [b.high for b in bars], divisor, less, more,
                               extent)
    st.vega_lite_chart(data, charts.tornado_spec(unit, less, more), key="chart_risk_tornado",
                       width="stretch", alt=unmarked(title))


def _swings(found: RiskResult, key: str, period: str, groups: dict[str, list[str]]) -> tuple:
    def outcome(inputs):
        return {key: kpi(evaluate(found.scenario, inputs), key, period_of(period, found.plan.months))}

    return swings(outcome, found.uncertain.marginals, key, groups)


def scatter(found: RiskResult, period: str) -> None:
    """Any driver against any KPI."""
    addresses = list(deciding(found.scenario, found.uncertain.marginals, ""))
    if not addresses:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = st.session_state.get("risk_x")
        x = views.show(st.selectbox, t("risk.scatter_x"), addresses, key="risk_x", format_func=place_names.place_name, width=320,
                       value=x if x in addresses else _strongest(found, addresses, KPIS_SHOWN[0], period))
        y = views.choose(t("risk.scatter_y"), KPIS_SHOWN, key="risk_y", format_func=lambda k: t(f"kpi.{k}.label"), width=180)
    divisor, unit = scale(y)
    first, second = found.driver_draws(x)[:POINTS_SHOWN], found.draws(y, period)[:POINTS_SHOWN] / divisor
    at = driver_of(x).unit
    word_x = t(f"unit.{at.key}.label") if at.scale != 100 else "%"
    label = place_names.place_name(x)
    r = _correlation(first, second)
    title = t("risk.scatter_title", driver=plain(label), kpi=inside(of_period(found, y, period)),
              r=signed(fixed(r, 2, "+")))
    st.markdown(f"**{title}**")
    st.vega_lite_chart(specs.scatter_data(first * at.scale, second),
                       specs.scatter_spec(f"{label} ({word_x})" if word_x else label, f"{t(f'kpi.{y}.label')} ({unit})"),
                       key="chart_scatter", width="stretch", alt=unmarked(title))


def _strongest(found: RiskResult, addresses: list[str], key: str, period: str) -> str:
    """The driver that goes most with a KPI."""
    scores, outcome = found.scores(), found.draws(key, period)  # scores once, as in draws_file
    return max(addresses, key=lambda a: abs(_correlation(scores.value(a, found.uncertain.marginals[a]), outcome)))


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Of two series of draws; 0 where one does not move."""
    return float(np.corrcoef(x, y)[0, 1]) if np.ptp(x) > 0 and np.ptp(y) > 0 else 0.0

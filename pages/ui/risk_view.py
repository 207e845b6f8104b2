"""What the Risk page shows: the answer, fans, distributions, what decides, the register, stress tests."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from model import KPIS, Scenario, evaluate, kpi
from model.analysis.risk.inputs import deciding
from model.analysis.risk.portrait import told
from model.analysis.risk.register import Register, StressResult, register, stress
from model.analysis.risk.shares import swings, variance_shares
from model.analysis.risk.simulate import RiskResult, simulate
from model.plan.schema import driver_of, split
from model.units import RATE
from pages.ui import changes, charts, charts_risk, grids, jobs, state
from pages.ui.downloads import OF_ROW
from pages.ui.formats import difference, money_unit, month, number, rate, size, sure, with_error
from pages.ui.grids import Cell, Grid, amount, change, estimates, figures, measured, of_unit, word, worded
from pages.ui.levers import driver_label
from pages.ui.risk_pictures import repair_sentence
from pages.ui.row_rules import period_name
from pages.ui.texts import inside, own_name, plain, t, together

PRECISIONS = (4096, 16_384, 65_536, 262_144, 1_048_576)
FANS = ("gmv", "net_profit", "cash")
KPIS_SHOWN = ("net_profit", "gmv", "net_revenue", "net_margin_rate", "lowest_cash")
TABLED = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "refund_rate", "marketing_rate", "roas_net", "lowest_cash")
_VERDICTS = {"worth": "risk.worth_yes", "not_worth": "risk.not_worth", "unclear": "risk.unclear"}
BARS, POINTS_SHOWN = 12, 600


# --- which draws ---------------------------------------------------------------------------------------------------------

def current() -> RiskResult:
    """The result at hand, the one that every page shows of this scenario."""
    return state.risk_of(state.workspace().scenario, by_month=True)


def precision() -> None:
    """How many draws; more than the first ones run beside the page, with progress and a stop that keeps what is there."""
    scenario = state.workspace().scenario
    first, job = state.first_draws(scenario), jobs.current(state.FINER)
    offered = (first, *(n for n in PRECISIONS if n > first))
    if "risk_draws" not in st.session_state and job is not None and job.of[0] == scenario and job.of[1] in offered:
        st.session_state["risk_draws"] = job.of[1]  # back on the page, or after an undo: what was asked for of this scenario
    if st.session_state.get("risk_draws", first) not in offered:
        del st.session_state["risk_draws"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draws = st.selectbox(t("risk.draws"), offered, key="risk_draws", format_func=lambda n: f"{n:,}", width=180,
                             help=t("risk.draws_help"), on_change=_fewer)
        found = current()
        st.caption(t("risk.draws_made", draws=f"{found.run.draws:,}", scrambles=found.run.scrambles), width="content")
    repairs = told(found.run.correlation.repairs)
    if repairs:
        st.caption(f":material/warning: {repair_sentence(scenario, repairs)}")
    if draws == first or jobs.result(state.FINER, (scenario, draws)) is not None:
        return
    if not jobs.running(state.FINER, (scenario, draws)):
        jobs.start(state.FINER, (scenario, draws), lambda progress, stop: simulate(
            scenario, draws, base=scenario.base, progress=progress, stop=stop))
    jobs.watch(state.FINER, t("risk.drawing", draws=f"{draws:,}"))


def _fewer() -> None:
    """Back to the first draws: the more precise result goes, on every page."""
    if st.session_state["risk_draws"] == state.first_draws(state.workspace().scenario):
        jobs.forget(state.FINER)


# --- the answer ----------------------------------------------------------------------------------------------------------

def verdict(found: RiskResult) -> None:
    """Do we reach the target, how sure are we, what is the loss if it goes wrong."""
    st.subheader(together(sentences(found)), anchor=False)
    worst, worst_error = found.shortfall("net_profit")
    unit = KPIS["net_profit"].unit
    st.caption(t("risk.shortfall", worst=number(worst, unit), error=number(2 * worst_error, unit)))


def sentences(found: RiskResult) -> list[str]:
    """The chance of the GMV target where there is one, of a loss, and the average beside the plan."""
    unit, year = KPIS["net_profit"].unit, found.year("net_profit")
    target = next((c for c in found.chances.values() if c.kpi == "gmv" and c.period == "year"), None)
    profit, error = found.chance("net_profit", 0.0)
    words = []
    if target is not None:
        words.append(t("risk.verdict_target", target=number(target.target, KPIS["gmv"].unit),
                       chance=sure(target.chance, target.error)))
    words.append(t("risk.verdict_loss", chance=sure(1 - profit, error)))
    mean, planned = float(year.mean), found.plan_value("net_profit")
    words.append(t("risk.mean_below" if mean < planned else "risk.mean_above", mean=number(mean, unit),
                   plan=number(planned, unit), gap=size(mean - planned, unit)))
    return words


def _scale(key: str) -> tuple[float, str]:
    """What a KPI's axis counts in."""
    unit = KPIS[key].unit
    if unit.key == "yuan":
        return money_unit()
    return 1 / unit.scale, "%" if unit.scale == 100 else t(f"unit.{unit.key}.label")


# --- pictures ------------------------------------------------------------------------------------------------------------

def fan(found: RiskResult) -> None:
    """Monthly or cumulative, with bands."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.segmented_control(t("risk.fan_of"), FANS, key="risk_fan", default="gmv", required=True,
                                   format_func=lambda k: t(f"line.{k}.label"))
        total = st.toggle(t("risk.so_far"), value=True, key="risk_so_far")
    summary = found.so_far(key) if total else found.months(key)
    divisor, unit = money_unit()
    lines = found.plan.lines["cash_flow" if key == "cash" else key][:, 0]
    own = np.cumsum(lines) if total else lines
    marks = _fan_targets(found, key, total)
    everything = np.concatenate([summary.points.ravel(), own, [m for m in marks if m is not None] or [own[0]]]) / divisor
    axes = state.workspace().axes
    high = charts.hold(axes, f"fan.{key}.{total}", max(float(everything.max()), 1e-6))
    low = min(0.0, -charts.hold(axes, f"fan_low.{key}.{total}", -float(everything.min()))) if everything.min() < 0 else 0.0
    months = [month(m) if len(found.plan.months) <= 12 else f"{m[2:4]}/{m[5:]}" for m in found.plan.months]
    words = (t("risk.band"), t("risk.median"), t("risk.plan"), t("chart.target"))
    last = summary.points[:, -1]
    title = t("risk.fan_title", line=t(f"line.{key}.label"), low=number(float(last[1]), KPIS["gmv"].unit),
              high=number(float(last[5]), KPIS["gmv"].unit), month=months[-1])
    st.markdown(f"**{title}**", help=t("risk.fan_help"))
    st.vega_lite_chart(charts_risk.fan_data(months, summary.points, own, marks, divisor),
                       charts_risk.fan_spec(low, high, unit, words), key="chart_fan", width="stretch", alt=title)


def _fan_targets(found: RiskResult, key: str, total: bool) -> list[float | None]:
    """Targets that a month's point of the fan can be held against: of the year to date, or of single months."""
    months, out = found.plan.months, [None] * len(found.plan.months)
    for chance in found.chances.values():
        if chance.kpi != key:
            continue
        if total and chance.period == "year" and len(months) >= 12:
            out[11] = chance.target
        elif not total and chance.period in months:
            out[months.index(chance.period)] = chance.target
    return out


def distribution(found: RiskResult) -> None:
    """The year's distribution with the plan, the average and targets drawn in."""
    key = st.segmented_control(t("risk.distribution_of"), KPIS_SHOWN, key="risk_kpi", default="net_profit", required=True,
                               format_func=lambda k: t(f"kpi.{k}.label"))
    divisor, unit = _scale(key)
    unit_of, summary = KPIS[key].unit, found.year(key)
    marks = [("plan", t("risk.plan"), found.plan_value(key)), ("mean", t("risk.mean"), float(summary.mean))]
    marks += [("target", t("chart.target"), c.target) for c in found.chances.values() if c.kpi == key and c.period == "year"]
    marks = [m for m in marks if math.isfinite(m[2])]
    title = t("risk.distribution_title", kpi=t(f"kpi.{key}.label"), low=number(float(summary.point(10)), unit_of),
              high=number(float(summary.point(90)), unit_of))
    st.markdown(f"**{title}**")
    data, ends = charts_risk.histogram_data(found.draws(key), marks, divisor)
    words = t("risk.share_of_draws"), t("risk.below_zero"), t("risk.not_below")
    st.vega_lite_chart(data, charts_risk.histogram_spec(*ends, unit, words), key="chart_distribution", width="stretch",
                       alt=title)


def quantiles(found: RiskResult) -> None:
    """KPIs by quantile, each with the error of its computation."""
    shown = (5, 10, 50, 90, 95)
    columns = [measured(t("compare.kpi")), figures(t("risk.plan"), OF_ROW), figures(t("risk.mean"), OF_ROW),
               *(figures(f"{p}%", OF_ROW, filed=f"P{p}") for p in shown),
               figures(t("risk.error"), OF_ROW, t("risk.error_help"))]
    rows = []
    for key in TABLED:
        summary, unit = found.year(key), KPIS[key].unit
        rows.append([_kpi(key), amount(found.plan_value(key), unit), amount(float(summary.mean), unit),
                     *(amount(float(summary.point(p)), unit) for p in shown),
                     Cell(f"± {size(2 * float(summary.point_error(5)), unit)}", 2 * float(summary.point_error(5)))])
    grids.show(Grid("risk_quantiles", columns, rows))


def _kpi(key: str) -> Cell:
    return of_unit(t(f"kpi.{key}.label"), KPIS[key].unit)


def chances(found: RiskResult) -> None:
    """Every target with its chance."""
    if not found.chances:
        st.caption(t("risk.no_targets"))
        return
    columns = [measured(t("compare.kpi")), worded(t("risk.period")), estimates(t("risk.chance"), RATE),
               figures(t("chart.target"), OF_ROW), figures(t("risk.plan"), OF_ROW)]
    rows = [[_kpi(c.kpi), word(period_name(c.period)), Cell(sure(c.chance, c.error), (c.chance, 2 * c.error)),
             amount(c.target, KPIS[c.kpi].unit), amount(c.plan, KPIS[c.kpi].unit)] for c in found.chances.values()]
    grids.show(Grid("risk_chances", columns, rows))


# --- what decides --------------------------------------------------------------------------------------------------------

def drivers(found: RiskResult) -> None:
    """Shares of the variance; a driver of several channels or rows is one bar."""
    key = st.session_state.get("risk_kpi", "net_profit")
    parts = variance_shares(found, key)
    grouped: dict[str, float] = {}
    for name, share in parts.shares.items():
        grouped[driver_name(found.scenario, name)] = grouped.get(driver_name(found.scenario, name), 0.0) + share
    top = sorted(grouped.items(), key=lambda kv: -kv[1])[:BARS]
    top = [(n, s) for n, s in top if s > 5e-4]
    if not top:
        st.caption(t("risk.nothing_uncertain"))
        return
    title = t("risk.shares_title", first=plain(top[0][0]), share=rate(top[0][1]), kpi=inside(t(f"kpi.{key}.label")))
    st.markdown(f"**{title}**", help=t("risk.shares_help", rest=rate(parts.rest)))
    st.vega_lite_chart(charts_risk.shares_data([n for n, _ in top], [s for _, s in top]),
                       charts_risk.shares_spec(len(top), 125 * top[0][1], t("risk.share_of_variance")), key="chart_shares",
                       width="stretch", alt=title)


def tornado(found: RiskResult) -> None:
    """A KPI at each driver's 10 and 90 % point, in all channels together, the others at their medians."""
    key = st.session_state.get("risk_kpi", "net_profit")
    together_by: dict[str, list[str]] = {}
    for address in deciding(found.scenario, found.uncertain.marginals, key):
        together_by.setdefault(driver_name(found.scenario, address), []).append(address)
    if not together_by:
        return
    bars = _swings(found, key, together_by)[:BARS]
    divisor, unit = _scale(key)
    kpi_unit = KPIS[key].unit
    extent = charts.hold(state.workspace().axes, f"risk_swing.{key}", max(max(abs(b.low), abs(b.high)) for b in bars) / divisor)
    less, more = t("risk.at_10"), t("risk.at_90")
    title = t("risk.tornado_title", first=plain(bars[0].name), kpi=inside(t(f"kpi.{key}.label")),
              low=difference(bars[0].low, kpi_unit), high=difference(bars[0].high, kpi_unit))
    st.markdown(f"**{title}**", help=t("risk.tornado_help"))
    data = charts.tornado_data([b.name for b in bars], [b.low for b in bars], [b.high for b in bars], divisor, less, more)
    st.vega_lite_chart(data, charts.tornado_spec(extent, len(bars), unit, less, more), key="chart_risk_tornado",
                       width="stretch", alt=title)


def _swings(found: RiskResult, key: str, groups: dict[str, list[str]]) -> tuple:
    def outcome(inputs):
        return {key: kpi(evaluate(found.scenario, inputs), key)}

    return swings(outcome, found.uncertain.marginals, key, groups)


def driver_name(scenario: Scenario, name: str) -> str:
    """An input of the draws in words: the driver over all its rows, an event by its name."""
    if name.startswith("event."):
        key = name.removeprefix("event.")
        return own_name(scenario.rows["event"].get(key, {}), key)
    address, _, monthly = name.partition(" by month")
    a = split(address)
    label = driver_label(a.table, a.field)
    return t("risk.by_month", driver=label) if name.endswith(" by month") else label if monthly == "" else name


def scatter(found: RiskResult) -> None:
    """Any driver against any KPI."""
    addresses = list(deciding(found.scenario, found.uncertain.marginals, ""))
    if not addresses:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.session_state.get("risk_x") not in addresses:
            st.session_state["risk_x"] = _strongest(found, addresses, KPIS_SHOWN[0])
        x = st.selectbox(t("risk.scatter_x"), addresses, key="risk_x", format_func=changes.place_name, width=320)
        y = st.selectbox(t("risk.scatter_y"), KPIS_SHOWN, key="risk_y", format_func=lambda k: t(f"kpi.{k}.label"), width=180)
    divisor, unit = _scale(y)
    first, second = found.driver_draws(x)[:POINTS_SHOWN], found.draws(y)[:POINTS_SHOWN] / divisor
    at = driver_of(x).unit
    word_x = t(f"unit.{at.key}.label") if at.scale != 100 else "%"
    label = changes.place_name(x)
    r = _correlation(first, second)
    title = t("risk.scatter_title", driver=plain(label), kpi=inside(t(f"kpi.{y}.label")), r=f"{r:+.2f}".replace("-", "−"))
    st.markdown(f"**{title}**")
    st.vega_lite_chart(charts_risk.scatter_data(first * at.scale, second),
                       charts_risk.scatter_spec(f"{label} ({word_x})" if word_x else label, f"{t(f'kpi.{y}.label')} ({unit})"),
                       key="chart_scatter", width="stretch", alt=title)


def _strongest(found: RiskResult, addresses: list[str], key: str) -> str:
    """The driver that goes most with a KPI."""
    scores, outcome = found.scores(), found.draws(key)  # once: of many draws they are not kept
    return max(addresses, key=lambda a: abs(_correlation(scores.value(a, found.uncertain.marginals[a]), outcome)))


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Of two series of draws; 0 where one does not move."""
    return float(np.corrcoef(x, y)[0, 1]) if np.ptp(x) > 0 and np.ptp(y) > 0 else 0.0


# --- register and stress tests -------------------------------------------------------------------------------------------

def register_of(scenario: Scenario) -> Register | None:
    """The register once it is computed; starts it and shows its progress until then."""
    about = ("register", scenario)
    found = jobs.result("register", about)
    if found is not None:
        return found
    if not jobs.running("register", about):
        jobs.start("register", about, lambda progress, stop: register(
            scenario, state.first_draws(scenario), base=scenario.base, progress=progress, stop=stop))
    jobs.watch("register", t("risk.registering"))
    return None


def register_tables(scenario: Scenario, found: Register) -> None:
    if found.stopped:
        st.warning(t("risk.stopped"))
    unit = KPIS["net_profit"].unit
    events, guards = scenario.rows["event"], scenario.rows["mitigation"]
    columns = [worded(t("table.event.label")), figures(t("risk.chance"), RATE),
               estimates(t("risk.loss"), unit, t("risk.loss_help")), figures(t("risk.loss_if"), unit, t("risk.loss_if_help")),
               estimates(t("risk.tail_share"), RATE, t("risk.tail_help"))]
    rows = [[word(own_name(events[r.key], r.key)), Cell(rate(r.chance), r.chance),
             Cell(with_error(r.loss, 2 * r.loss_error), (r.loss, 2 * r.loss_error)), amount(r.loss_if, unit),
             Cell(f"{rate(r.tail_share)} ± {rate(2 * r.tail_share_error)}", (r.tail_share, 2 * r.tail_share_error))]
            for r in found.events]
    grids.show(Grid("risk_register", columns, rows))
    if not found.mitigations:
        return
    st.markdown(f"**{t('risk.mitigations')}**", help=t("risk.mitigations_help"))
    columns = [worded(t("table.mitigation.label")), worded(t("table.event.label")), worded(t("risk.taken")),
               figures(t("risk.cost"), unit), estimates(t("risk.worth"), unit), estimates(t("risk.worth_at_5"), unit),
               worded(t("risk.answer"))]
    rows = [[word(own_name(guards[r.key], r.key)), word(own_name(events[r.event], r.event)),
             word(t("changes.on" if r.on else "changes.off")), amount(r.cost, unit),
             Cell(with_error(r.worth, 2 * r.worth_error, plus="+"), (r.worth, 2 * r.worth_error)),
             Cell(with_error(r.worth_at_5, 2 * r.worth_at_5_error, plus="+"), (r.worth_at_5, 2 * r.worth_at_5_error)),
             word(t(_VERDICTS[r.verdict]))]
            for r in found.mitigations]
    grids.show(Grid("risk_mitigations", columns, rows))


def stress_table(scenario: Scenario) -> None:
    """Named sets of shocks on the plan itself."""
    found: tuple[StressResult, ...] = stress(scenario)
    if not found:
        st.caption(t("risk.no_stress"))
        return
    columns = [worded(t("table.stress.label"))]
    shown = ("gmv", "net_profit", "net_margin_rate", "lowest_cash")
    for key in shown:
        label, unit = t(f"kpi.{key}.label"), KPIS[key].unit
        columns += [figures(label, unit), figures(t("risk.change"), unit, change=True, filed=t("file.change_of", label=label))]
    rows = []
    for r in found:
        cells = [word(own_name(scenario.rows["stress"][r.key], r.key))]
        for key in shown:
            unit = KPIS[key].unit
            cells += [amount(r.kpis[key], unit), change(r.change[key], unit)]
        rows.append(cells)
    grids.show(Grid("risk_stress", columns, rows))

"""What the Risk page shows: the answer, fans, distributions, the register, stress tests."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from model import KPIS, Scenario
from model.analysis.risk.pictures_data import told
from model.analysis.risk.register import Register, StressResult, register, stress
from model.analysis.risk.simulate import Chance, RiskResult, simulate
from model.analysis.risk.summary import POINTS
from model.engine.kpis import ALL, YEAR, period_of
from model.units import RATE
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, amount, change, estimates, figures, measured, of_unit, word, worded
from pages.ui.kit import charts, fan_chart, jobs, views
from pages.ui.kit.csv_tables import OF_ROW
from pages.ui.kit.formats import axis_unit, ends, fixed, money_unit, number, rate, size, sure, with_error
from pages.ui.kit.texts import name_of, t, together
from pages.ui.risk import specs
from pages.ui.risk.editor_pictures import repair_sentence
from pages.ui.session import results, state
from pages.ui.words import periods, reach
from pages.ui.words.month_labels import month_labels
from pages.ui.words.periods import period_name

PRECISIONS = (4096, 16_384, 65_536, 262_144, 1_048_576)
FANS = ("gmv", "net_profit", "cash")
KPIS_SHOWN = ("net_profit", "gmv", "net_revenue", "net_margin_rate", "lowest_cash")
TABLED = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "refund_rate", "marketing_rate", "roas_net", "lowest_cash")
_VERDICTS = {"worth": "risk.worth_yes", "not_worth": "risk.not_worth", "unclear": "risk.unclear"}


# --- which draws ---------------------------------------------------------------------------------------------------------

def current() -> RiskResult:
    """The result at hand, the one that every page shows of this scenario."""
    return results.risk_of(state.workspace().scenario, by_month=True)


def precision() -> None:
    """How many draws; more than the first ones run beside the page, with progress and a stop that keeps what is there."""
    scenario = state.workspace().scenario
    first, job = results.first_draws(scenario), jobs.current(results.FINER)
    offered = (first, *(n for n in PRECISIONS if n > first))
    asked = job.of[1] if job is not None and job.of[0] == scenario else first
    # back on the page, or after an undo: what was asked for of this scenario
    draws = st.session_state.get("risk_draws", asked)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draws = views.show(st.selectbox, t("risk.draws"), offered, key="risk_draws", value=draws if draws in offered else first,
                           format_func=lambda n: fixed(n, 0), width=180, help=t("risk.draws_help"), on_change=_fewer)
        found = current()
        st.caption(t("risk.draws_made", draws=fixed(found.run.draws, 0), scrambles=found.run.scrambles), width="content")
    repairs = told(found.run.correlation.repairs)
    if repairs:
        st.caption(f":material/warning: {repair_sentence(scenario, repairs)}")
    if draws == first or jobs.result(results.FINER, (scenario, draws)) is not None:
        return
    if not jobs.running(results.FINER, (scenario, draws)):
        jobs.start(results.FINER, (scenario, draws), lambda progress, stop: simulate(
            scenario, draws, base=scenario.base, progress=progress, stop=stop))
    jobs.watch(results.FINER, t("risk.drawing", draws=fixed(draws, 0)))


def _fewer() -> None:
    """Back to the first draws: the more precise result goes, on every page."""
    if st.session_state["risk_draws"] == results.first_draws(state.workspace().scenario):
        jobs.forget(results.FINER)


# --- the answer ----------------------------------------------------------------------------------------------------------

def verdict(found: RiskResult, period: str) -> None:
    """Do we reach the target, how sure are we, what is the loss if it goes wrong."""
    note = reach.cut_note(found.plan, period)
    st.subheader(together([*sentences(found, period), *([note] if note else [])]), anchor=False)
    worst, worst_error = found.shortfall("net_profit", period)
    st.caption(t("risk.shortfall", worst=with_error(worst, 2 * worst_error)))


def sentences(found: RiskResult, period: str) -> list[str]:
    """What the plan does of the GMV target and its chance where there is one, of a loss, and the average beside the plan."""
    unit, year = KPIS["net_profit"].unit, found.year("net_profit", period)
    span = periods.span(period, len(found.plan.months))
    words = []
    target = reach.target(found.plan, "gmv", period)
    if target is not None:
        words.append(t("risk.verdict_target", span=span, target=number(target.target, KPIS["gmv"].unit),
                       reach=reach.pair(target, found)))
    elif period == ALL:
        words.append(t("reach.no_whole", count=len(found.plan.months)))
    profit, error = found.chance("net_profit", 0.0, period)
    words.append(t("risk.verdict_loss", span=span, chance=sure(1 - profit, error)))
    mean, planned = float(year.mean), found.plan_value("net_profit", period)
    words.append(t("risk.mean_below" if mean < planned else "risk.mean_above", mean=number(mean, unit),
                   plan=number(planned, unit), gap=size(mean - planned, unit)))
    return words


def scale(key: str) -> tuple[float, str]:
    """What a KPI's axis counts in."""
    return axis_unit(KPIS[key].unit)


# --- pictures ------------------------------------------------------------------------------------------------------------

def fan(found: RiskResult, period: str) -> None:
    """Month by month over a period or added up from its first month, with bands."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.segmented_control(t("risk.fan_of"), FANS, key="risk_fan", default="gmv", required=True,
                                   format_func=lambda k: t(f"line.{k}.label"))
        total = st.toggle(t("risk.so_far"), value=True, key="risk_so_far")
    span, (divisor, unit) = period_of(period, found.plan.months), money_unit()
    points, own, marks = _bands(found, key, total, span), _own(found, key, total, span), _fan_targets(found, key, total, period)
    everything = np.concatenate([points.ravel(), own, [m for m in marks if m is not None] or [own[0]]]) / divisor
    axes, of = state.workspace().axes, f"{key}.{total}.{period}"
    high = charts.hold(axes, f"fan.{of}", max(float(everything.max()), 1e-6))
    low = min(0.0, -charts.hold(axes, f"fan_low.{of}", -float(everything.min()))) if everything.min() < 0 else 0.0
    months, title = month_labels(found.plan.months)[span], fan_title(found, key, total, period)
    words = (t("risk.band"), t("risk.median"), t("risk.plan"), t("chart.target"))
    st.markdown(f"**{title}**", help=t("risk.fan_help"))
    st.vega_lite_chart(fan_chart.fan_data(months, points, own, marks, divisor),
                       fan_chart.fan_spec(low, high, unit, words), key="chart_fan", width="stretch", alt=title)


def fan_title(found: RiskResult, key: str, total: bool, period: str) -> str:
    """Where eight draws of ten lie at the period's last month, or in it."""
    span = period_of(period, found.plan.months)
    last = _bands(found, key, total, span)[:, -1]
    low, high = ends(float(last[POINTS.index(10)]), float(last[POINTS.index(90)]), KPIS["gmv"].unit)
    line = periods.labelled(t(f"line.{_line(key, total)}.label"), period, len(found.plan.months)) if total else t(
        f"line.{_line(key, total)}.label")
    return t("risk.fan_title" if total else "risk.fan_month", line=line, low=low, high=high,
             month=month_labels(found.plan.months)[span][-1])


def _line(key: str, total: bool) -> str:
    """Of cash, a month has what flows in it."""
    return "cash_flow" if key == "cash" and not total else key


def _bands(found: RiskResult, key: str, total: bool, span: slice) -> np.ndarray:
    """Points of the distribution by month of the period (7, M)."""
    if total and span.start and key != "cash":
        return found.so_far(key, 1 + span.start // 12).points
    return (found.so_far(key) if total else found.months(key)).points[:, span]


def _own(found: RiskResult, key: str, total: bool, span: slice) -> np.ndarray:
    """The plan's own line by month of the period; cash is added up since the plan began."""
    line = found.plan.lines[_line(key, total)][span, 0]
    return np.cumsum(line) if total and key != "cash" else line


def _fan_targets(found: RiskResult, key: str, total: bool, period: str) -> list[float | None]:
    """Targets that a month's point of the fan can be held against: of what is added up at its end, or of single months."""
    months, span = found.plan.months, period_of(period, found.plan.months)
    out: list[float | None] = [None] * len(months)
    summed = (YEAR, ALL) if period == ALL else (period,)
    for chance in found.chances.values():
        if chance.kpi != key:
            continue
        if total and chance.period in summed:
            out[period_of(chance.period, months).stop - 1] = chance.target
        elif not total and chance.period in months:
            out[months.index(chance.period)] = chance.target
    return out[span]


def distribution(found: RiskResult, period: str) -> None:
    """The year's distribution with the plan, the average and its target drawn in."""
    key = st.segmented_control(t("risk.distribution_of"), KPIS_SHOWN, key="risk_kpi", default="net_profit", required=True,
                               format_func=lambda k: t(f"kpi.{k}.label"))
    divisor, unit = scale(key)
    unit_of, summary = KPIS[key].unit, found.year(key, period)
    marks = [("plan", t("risk.plan"), found.plan_value(key, period)), ("mean", t("risk.mean"), float(summary.mean))]
    marks += [("target", t("chart.target"), c.target) for c in found.chances.values() if (c.kpi, c.period) == (key, period)]
    marks = [m for m in marks if math.isfinite(m[2])]
    low, high = ends(float(summary.point(10)), float(summary.point(90)), unit_of)
    title = t("risk.distribution_title", kpi=of_period(found, key, period), low=low, high=high)
    st.markdown(f"**{title}**")
    data, scaled = specs.histogram_data(found.draws(key, period), marks, divisor)
    words = t("risk.share_of_draws"), t("risk.below_zero"), t("risk.not_below")
    st.vega_lite_chart(data, specs.histogram_spec(*scaled, unit, words), key="chart_distribution", width="stretch",
                       alt=title)


def of_period(found: RiskResult, key: str, period: str) -> str:
    """A KPI's name, with the period it is over where that is not simply the year."""
    return periods.labelled(t(f"kpi.{key}.label"), period, len(found.plan.months))


def quantiles(found: RiskResult, period: str) -> None:
    """KPIs by quantile, each with the error of its computation."""
    shown = (5, 10, 50, 90, 95)
    columns = [measured(t("compare.kpi")), figures(t("risk.plan"), OF_ROW), figures(t("risk.mean"), OF_ROW),
               *(figures(f"{p}%", OF_ROW, filed=f"P{p}") for p in shown),
               figures(t("risk.error"), OF_ROW, t("risk.error_help"))]
    rows = []
    for key in TABLED:
        summary, unit = found.year(key, period), KPIS[key].unit
        rows.append([_kpi(key), amount(found.plan_value(key, period), unit), amount(float(summary.mean), unit),
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
    columns = [measured(t("compare.kpi")), worded(t("risk.period")), worded(t("plan.outcome")),
               estimates(t("reach.chance_head"), RATE), figures(t("chart.target"), OF_ROW), figures(t("risk.plan"), OF_ROW)]
    months = len(found.plan.months)
    rows = [[_kpi(x.kpi), word(period_name(x.period, months)), word(reach.outcome(x)), _chance(found.chances[x.key]),
             amount(x.target, KPIS[x.kpi].unit), amount(float(x.actual[0]), KPIS[x.kpi].unit)]
            for x in results.aims_of(found.plan)]
    grids.show(Grid("risk_chances", columns, rows))


def _chance(found: Chance) -> Cell:
    return Cell(reach.chance_alone(found), (found.chance, 2 * found.error))


# --- register and stress tests -------------------------------------------------------------------------------------------

def register_of(scenario: Scenario) -> Register | None:
    """The register once it is computed; starts it and shows its progress until then."""
    found, about = results.register_known(scenario), (results.REGISTER, scenario)
    if found is not None:
        return found
    if not jobs.running(results.REGISTER, about):
        jobs.start(results.REGISTER, about, lambda progress, stop: register(
            scenario, results.first_draws(scenario), base=scenario.base, progress=progress, stop=stop))
    jobs.watch(results.REGISTER, t("risk.registering"))
    return None


def register_tables(scenario: Scenario, found: Register) -> None:
    if found.stopped:
        st.warning(t("risk.stopped"))
    grids.show(events_grid(scenario, found))
    if not found.mitigations:
        return
    st.markdown(f"**{t('risk.mitigations')}**", help=t("risk.mitigations_help"))
    grids.show(mitigations_grid(scenario, found))


def events_grid(scenario: Scenario, found: Register) -> Grid:
    """Events by what they cost."""
    unit, events = KPIS["net_profit"].unit, scenario.rows["event"]
    columns = [worded(t("table.event.label")), figures(t("risk.chance"), RATE),
               estimates(t("risk.loss"), unit, t("risk.loss_help")), figures(t("risk.loss_if"), unit, t("risk.loss_if_help")),
               estimates(t("risk.tail_share"), RATE, t("risk.tail_help"))]
    rows = [[word(name_of(events, r.key)), Cell(rate(r.chance), r.chance),
             Cell(with_error(r.loss, 2 * r.loss_error), (r.loss, 2 * r.loss_error)), amount(r.loss_if, unit),
             Cell(sure(r.tail_share, r.tail_share_error), (r.tail_share, 2 * r.tail_share_error))]
            for r in found.events]
    return Grid("risk_register", columns, rows)


def mitigations_grid(scenario: Scenario, found: Register) -> Grid:
    """Mitigations by what they are worth."""
    unit, events, guards = KPIS["net_profit"].unit, scenario.rows["event"], scenario.rows["mitigation"]
    columns = [worded(t("table.mitigation.label")), worded(t("table.event.label")), worded(t("risk.taken")),
               figures(periods.labelled(t("risk.cost"), ALL, int(scenario.get("months"))), unit),
               estimates(t("risk.worth"), unit), estimates(t("risk.worth_at_5"), unit),
               worded(t("risk.answer"))]
    rows = [[word(name_of(guards, r.key)), word(name_of(events, r.event)),
             word(t("changes.on" if r.on else "changes.off")), amount(r.cost, unit),
             Cell(with_error(r.worth, 2 * r.worth_error, plus="+"), (r.worth, 2 * r.worth_error)),
             Cell(with_error(r.worth_at_5, 2 * r.worth_at_5_error, plus="+"), (r.worth_at_5, 2 * r.worth_at_5_error)),
             word(t(_VERDICTS[r.verdict]))]
            for r in found.mitigations]
    return Grid("risk_mitigations", columns, rows)


def stress_table(scenario: Scenario) -> None:
    """Named sets of shocks on the plan itself."""
    found: tuple[StressResult, ...] = stress(scenario)
    if not found:
        st.caption(t("risk.no_stress"))
        return
    grids.show(stress_grid(scenario, found))


def stress_grid(scenario: Scenario, found: tuple[StressResult, ...]) -> Grid:
    """What each of them makes of the plan."""
    columns = [worded(t("table.stress.label"))]
    shown = ("gmv", "net_profit", "net_margin_rate", "lowest_cash")
    for key in shown:
        label, unit = t(f"kpi.{key}.label"), KPIS[key].unit
        columns += [figures(label, unit), figures(t("risk.change"), unit, change=True, filed=t("file.change_of", label=label))]
    rows = []
    for r in found:
        cells = [word(name_of(scenario.rows["stress"], r.key))]
        for key in shown:
            unit = KPIS[key].unit
            cells += [amount(r.kpis[key], unit), change(r.change[key], unit)]
        rows.append(cells)
    return Grid("risk_stress", columns, rows)

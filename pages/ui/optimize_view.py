"""What the Optimize page answers: the split and why, the frontier, the goal sought, the two-way table."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from model import KPIS, InvalidInput, SandtableError, Scenario
from model.analysis.goalseek import Sought, seek
from model.analysis.optimize import Frontier, Impossible, Limits, Objective, SplitResult, best_split, frontier, trade_off
from model.analysis.optimize.limits import YUAN_POINT
from model.analysis.twoway import TwoWay, two_way
from model.plan.schema import driver_of
from pages.ui import changes, charts, charts_optimize, grids, jobs, library, optimize_form, state
from pages.ui.budget import channel_name
from pages.ui.formats import DASH, difference, money, money_unit, number, rate
from pages.ui.grids import Cell, Grid, amount, word
from pages.ui.levers import HEADLINE, driver_label
from pages.ui.optimize_form import Ask, objective_label
from pages.ui.problems import show_problem
from pages.ui.row_rules import listed
from pages.ui.texts import plain, t, together

FRONTIERS = ("profit", "gmv", "trade")
SAVED_SHOWN = 12
_KPIS = ("net_profit", "gmv", "net_revenue", "net_margin_rate", "roas_net", "marketing_rate")


def computed(key: str, about: tuple, work, label: str, auto: bool = False) -> object | None:
    """The answer to what was asked, once it is there; its refusal in words. auto: without a button."""
    if st.session_state.get(f"_asked_{key}") != about and not auto:
        if st.session_state.get(f"_asked_{key}") is not None:
            st.caption(t("optimize.changed"))
        return None
    if not jobs.running(key, about) and (jobs.current(key) is None or jobs.current(key).of != about):
        jobs.start(key, about, lambda progress, stop: work(lambda part: progress(int(part * 1000), 1000), stop))
    if jobs.running(key, about):
        jobs.watch(key, label)
        return None
    try:
        return jobs.result(key, about)
    except Impossible as problem:
        refused(problem)
    except InvalidInput as problem:
        show_problem(problem, "optimize.impossible")
    return None


def button(key: str, about: tuple, label: str) -> None:
    if st.button(label, key=f"go_{key}", type="primary", icon=":material/play_arrow:"):
        jobs.stop(key)
        st.session_state.pop(f"_job_{key}", None)
        st.session_state[f"_asked_{key}"] = about


def refused(problem: Impossible) -> None:
    """Why it cannot be, with the numbers, and the nearest that can."""
    show_problem(problem, "optimize.impossible")
    data = problem.data
    names = data.get("channels") or ()
    if names:
        scenario = state.workspace().scenario
        st.markdown(t("optimize.by_channels", names=listed([
            plain(channel_name(scenario, c)) for c in names if c in scenario.rows["channel"]])))
    if "highest" in data:
        unit = KPIS[data["kpi"]].unit
        st.markdown(t("optimize.highest", kpi=t(f"kpi.{data['kpi']}.label"), value=number(float(data["highest"]), unit)))
    if isinstance(data.get("scenario"), Scenario):
        st.button(t("optimize.take_nearest"), key="take_nearest", on_click=take, args=(data["scenario"],))


def take(scenario: Scenario, page: str = "") -> None:
    """Make it the scenario at hand: one step that can be undone."""
    space = state.workspace()
    state.commit(scenario.named(space.scenario.name, space.scenario.note))
    st.session_state["_notice"] = ("success", t("optimize.taken"))
    st.session_state["_goto"] = page


def value(objective: Objective, x: float) -> str:
    """A figure of the objective in its unit: a chance as one."""
    if objective.measure == "chance":
        return rate(x)
    return number(x, KPIS[objective.key if objective.key in KPIS else "net_profit"].unit)


def change(objective: Objective, x: float) -> str:
    unit = KPIS[objective.key if objective.key in KPIS else "net_profit"].unit
    return difference(x, KPIS["net_margin_rate"].unit if objective.measure == "chance" else unit)


# --- the best split ------------------------------------------------------------------------------------------------------

def split(scenario: Scenario, asked: Ask) -> SplitResult | None:
    about = (scenario, asked.key)
    button("split", about, t("optimize.go"))

    def work(progress, stop) -> SplitResult:
        draws = optimize_form.draws_of(scenario) if asked.objective.uses_draws or not asked.phasing else None
        return best_split(scenario, asked.objective, asked.limits, phasing=asked.phasing, draws=draws,
                          progress=progress, stop=stop)

    return computed("split", about, work, t("optimize.searching"))


def split_answer(found: SplitResult) -> None:
    """Gain with its range, how it is known, the bars, why, and the buttons."""
    o, gain = found.objective, found.explanation.gain if found.explanation else None
    text = t("optimize.gain", objective=objective_label(o.key), before=value(o, found.value_before),
             after=value(o, found.value_after), change=change(o, found.gain * o.sign))
    st.subheader(text, anchor=False)
    if gain is not None:
        st.markdown(t("optimize.gain_range", low=change(o, gain.low), high=change(o, gain.high), chance=rate(gain.chance)))
    st.caption(_known(found))
    with st.container(horizontal=True):
        st.button(t("optimize.apply"), key="split_apply", type="primary", icon=":material/check:", on_click=take,
                  args=(found.scenario,))
        st.button(t("optimize.save"), key="split_save", icon=":material/save:", on_click=take, args=(found.scenario, "scenarios"))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _bars(found)
    with right:
        _kpis(found)
    if found.explanation:
        _why(found)


def _known(found: SplitResult) -> str:
    """The proof line only where there is a proof."""
    if found.proven:
        return t("optimize.proven")
    s = found.starts
    words = [t("optimize.best_of", count=s.count, same=s.at_best, spread=change(found.objective, s.spread))]
    words += [t("optimize.stopped")] if found.stopped else []
    return together(words + ([] if found.start_kept else [t("optimize.start_outside")]))


def _bars(found: SplitResult) -> None:
    divisor, unit = money_unit()
    names = [channel_name(found.start, c) for c in found.channels]
    words = (t("optimize.before"), t("optimize.after"))
    both = [dict(zip(found.channels, map(float, x), strict=True)) for x in (found.before, found.after)]
    high = charts.nice(max(*found.before, *found.after, 1.0) * 1.1 / divisor)
    st.markdown(f"**{t('optimize.split_title', total=money(float(found.after.sum())))}**")
    st.vega_lite_chart(charts.split_data(names, *both, found.channels, divisor, words),
                       charts.split_spec(high, unit, *words, len(names)), key="chart_best_split", width="stretch",
                       alt=t("optimize.split_alt"))


def _kpis(found: SplitResult) -> None:
    head = [t("compare.kpi"), t("optimize.before"), t("optimize.after"), t("risk.change")]
    rows = [[word(t(f"kpi.{k}.label")), amount(before, KPIS[k].unit), amount(found.plan_after[k], KPIS[k].unit),
             Cell(difference(found.plan_after[k] - before, KPIS[k].unit), found.plan_after[k] - before)]
            for k, before in found.plan_before.items()]
    grids.show(Grid("optimize_kpis", head, rows))


def _why(found: SplitResult) -> None:
    """For each channel: marginal return, what holds it, what relaxing is worth, the next yuan."""
    e, o = found.explanation, found.objective
    small, large = sorted(next(iter(e.channels)).next) if e.channels else (1e4, 1e5)
    st.markdown(f"**{t('optimize.why')}**", help=t("optimize.why_help"))
    head = [t("channel.name"), t("optimize.share_before"), t("optimize.share_after"), t("optimize.marginal_before"),
            t("optimize.marginal_after"), t("optimize.held"), t("optimize.next", amount=money(small)),
            t("optimize.next", amount=money(large)), t("optimize.stable")]
    before, after = found.before.sum() or 1.0, found.after.sum() or 1.0
    rows = []
    for c in e.channels:
        stable = DASH if c.shares is None else f"{rate(c.shares[0])} – {rate(c.shares[2])}"
        shares = [Cell(rate(x), x) for x in (c.before / before, c.after / after)]
        rows.append([word(channel_name(found.start, c.channel)), *shares, _marginal(o, c.marginal_before),
                     _marginal(o, c.marginal_after), word(_held(found, c.holding)), _gain(o, c.next[small]),
                     _gain(o, c.next[large]), word(stable)])
    grids.show(Grid("optimize_why", head, rows))
    total = together(t("optimize.next_total", amount=money(a), gain=change(o, g * o.sign))
                                 for a, g in sorted(e.next_total.items()))
    others = _held(found, e.limits) if e.limits else ""
    also = [t("optimize.also_held", limits=plain(others))] if others and others != DASH else []
    st.caption(together([total, *also]))


def _marginal(o: Objective, x: float) -> Cell:
    """Per further yuan; of a rate or a chance, per further 100,000 yuan: else it would be all zeros."""
    if o.measure == "chance" or o.key in KPIS and KPIS[o.key].unit.key != "yuan":
        return Cell(change(o, x * 1e5 * o.sign), x)
    return Cell(f"{x:+.3f}".replace("-", "−"), x)


def _gain(o: Objective, x: float) -> Cell:
    return Cell(change(o, x * o.sign) if math.isfinite(x) else DASH, x if math.isfinite(x) else None)


def _held(found: SplitResult, holding) -> str:
    """Limits in words, each with what one point of it is worth."""
    out = []
    for h in holding:
        in_money = h.kind in ("spend", "budget") or h.step == YUAN_POINT
        step = money(h.step) if in_money else rate(h.step) if h.step < 1 else f"{h.step:g}"
        name = t(f"kpi.{h.name}.label") if h.kind == "kpi" and h.name in KPIS else ""
        out.append(t("optimize.hold", limit=t(f"optimize.hold_{h.kind}_{h.side}", name=name), step=step,
                     worth=change(found.objective, h.worth * found.objective.sign)))
    return f"{t('optimize.comma')} ".join(out) or DASH


# --- frontiers -----------------------------------------------------------------------------------------------------------

def frontier_answer(scenario: Scenario) -> None:
    kind = st.segmented_control(t("optimize.frontier_of"), FRONTIERS, key="frontier_kind", default="profit", required=True,
                                format_func=lambda k: t(f"optimize.frontier_{k}"))
    move = st.number_input(t("optimize.move"), 0, 1000, 100, 10, key="frontier_move", width=160, help=t("optimize.move_help"))
    about = (scenario, kind, move)
    button("frontier", about, t("optimize.go_frontier"))

    def work(progress, stop) -> Frontier:
        limits = Limits(move=move / 100)
        if kind == "trade":
            return trade_off(scenario, "gmv", limits=limits, progress=progress, stop=stop)
        return frontier(scenario, Objective("net_profit" if kind == "profit" else "gmv"), limits, progress=progress, stop=stop)

    found = computed("frontier", about, work, t("optimize.searching"))
    if found is not None:
        _frontier(found, scenario, kind)


def _frontier(found: Frontier, scenario: Scenario, kind: str) -> None:
    divisor, unit = money_unit()
    trade = kind == "trade"
    y_key = {"profit": "net_profit", "gmv": "gmv", "trade": "net_margin_rate"}[kind]
    x_of = (lambda p: p.plan["gmv"] / divisor) if trade else (lambda p: p.total / divisor)
    y_scale = 100 if trade else 1 / divisor
    points = [(x_of(p), p.plan[y_key] * y_scale, "") for p in found.points]
    marks = [(x_of(found.today), found.today.plan[y_key] * y_scale, t("optimize.today"))]
    marks += [(x, y * y_scale, name) for x, y, name in _saved(kind, y_key, divisor)]
    best = max(found.points, key=lambda p: p.plan[y_key])
    words = {"total": money(best.total), "value": number(best.plan[y_key], KPIS[y_key].unit),
             "gmv": number(best.plan["gmv"], KPIS["gmv"].unit)}
    st.markdown(f"**{t(f'optimize.frontier_title_{kind}', **words)}**")
    if kind == "profit" and best is found.points[0]:
        st.caption(t("optimize.harvest"))
    titles = (t("kpi.gmv.label") if trade else t("optimize.total"), t(f"kpi.{y_key}.label"))
    spec = charts_optimize.frontier_spec(f"{titles[0]} ({unit})", f"{titles[1]} ({'%' if trade else unit})")
    event = st.vega_lite_chart(charts_optimize.frontier_data(points, marks), spec, key="chart_frontier", width="stretch",
                               on_select="rerun", selection_mode="pick", alt=t("optimize.frontier_alt"))
    picked = event.selection.get("pick") if event else None
    numbers = list(range(len(found.points)))
    at = int(picked[0]["i"]) if picked and picked[0].get("i") is not None and int(picked[0]["i"]) in numbers else None
    if at is not None and st.session_state.get("_frontier_picked") != at:
        st.session_state["_frontier_picked"] = st.session_state["frontier_point"] = at
    chosen = st.selectbox(t("optimize.point"), numbers, key="frontier_point", width=420, format_func=lambda i: t(
        "optimize.point_words", total=money(found.points[i].total), value=number(found.points[i].plan[y_key], KPIS[y_key].unit)))
    point = found.points[chosen]
    words = [f"{plain(channel_name(scenario, c))} {rate(s)}" for c, s in point.shares.items()]
    st.caption(" · ".join(words))
    st.button(t("optimize.take_point"), key="frontier_take", icon=":material/check:", on_click=take, args=(point.scenario,))


def _saved(kind: str, y_key: str, divisor: float) -> list[tuple[float, float, str]]:
    """Saved scenarios on the same picture."""
    out = []
    try:
        for entry in library.store().list(limit=SAVED_SHOWN).entries:
            result = state.result_of(library.store().open(entry.id).scenario)
            from_kpis = {k: float(optimize_form.kpi(result, k)[0]) for k in ("gmv", y_key)}
            total = float(result.by_channel["spend"].sum()) * 12 / len(result.months)
            out.append(((from_kpis["gmv"] if kind == "trade" else total) / divisor, from_kpis[y_key], entry.name))
    except SandtableError:
        return []
    return out


# --- goal seek -----------------------------------------------------------------------------------------------------------

def goal_answer(scenario: Scenario) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.selectbox(t("compare.kpi"), _KPIS, key="goal_kpi", format_func=lambda k: t(f"kpi.{k}.label"), width=220)
        objective = optimize_form.measured(key, "goal", scenario)
        chance = objective.measure == "chance"
        scale = 100 if chance else KPIS[key].unit.scale
        target = st.number_input(t("optimize.chance_wanted") if chance else t("optimize.target"),
                                 value=80.0 if chance else round(optimize_form.target_of(scenario, key) * scale, 4),
                                 key=f"goal_value_{key}_{chance}", width=220) / scale
    levers = st.pills(t("optimize.levers"), list(HEADLINE), selection_mode="multi", key="goal_levers", default=["cvr"],
                      format_func=lambda k: driver_label("headline", k), help=t("optimize.levers_help"))
    if not levers:
        st.caption(t("optimize.no_lever"))
        return
    about = (scenario, objective, target, tuple(levers))
    button("goal", about, t("optimize.go_goal"))
    found = computed("goal", about, lambda progress, stop: seek(
        scenario, objective, target, [f"headline.{k}" for k in levers],
        optimize_form.draws_of(scenario) if objective.uses_draws else None), t("optimize.searching"))
    if found is not None:
        _goal(found)


def _goal(found: Sought) -> None:
    words = {"kpi": t(f"kpi.{found.objective.key}.label"), "target": value(found.objective, found.target),
             "start": value(found.objective, found.start), "reached": value(found.objective, found.reached)}
    outcome = "already" if found.already else "hit" if found.hit else "missed"
    st.subheader(t(f"optimize.goal_{outcome}", **words), anchor=False)
    head = [t("desk.assumption"), t("optimize.today"), t("optimize.needed"), t("lever.plausible")]
    rows = [[word(changes.place_name(lv.address)), Cell(changes.shown(lv.address, lv.today), lv.today),
             Cell(changes.shown(lv.address, found.values[lv.address]), found.values[lv.address]),
             word(f"{changes.shown(lv.address, lv.low)} – {changes.shown(lv.address, lv.high)}")] for lv in found.levers]
    grids.show(Grid("goal", head, rows))
    for limit in found.limited_by:
        st.markdown(t(f"optimize.limited_{limit.why}", driver=plain(changes.place_name(limit.address))))
    if found.others:
        address = found.levers[0].address
        st.caption(t("optimize.others", values=", ".join(changes.shown(address, v) for v in found.others)))
    st.button(t("optimize.take_goal"), key="goal_take", icon=":material/check:", on_click=take, args=(found.scenario,),
              disabled=found.already)


# --- two-way what-if -----------------------------------------------------------------------------------------------------

def two_way_answer(scenario: Scenario) -> None:
    addresses = [f"headline.{k}" for k in HEADLINE] + [f"channel.{c}.share" for c in optimize_form.current_shares(scenario)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.selectbox(t("compare.kpi"), _KPIS, key="two_kpi", format_func=lambda k: t(f"kpi.{k}.label"), width=200)
        x = st.selectbox(t("optimize.across"), addresses, key="two_x", format_func=changes.place_name, width=240)
        y = st.selectbox(t("optimize.up"), addresses, index=2, key="two_y", format_func=changes.place_name, width=240)
    if x == y:
        st.caption(t("optimize.two_different"))
        return
    try:
        found = _two_way(scenario, key, x, y)
    except InvalidInput as problem:
        show_problem(problem, "optimize.impossible")
        return
    _heatmap(found, scenario)


@st.cache_data(max_entries=50, show_spinner=False, hash_funcs={Scenario: hash})
def _two_way(scenario: Scenario, key: str, x: str, y: str) -> TwoWay:
    return two_way(scenario, key, x, y)


def _shown_axis(address: str, values: np.ndarray) -> np.ndarray:
    """Headline factors as changes in per cent, everything else in its unit."""
    if address.startswith("headline."):
        return (values - 1) * 100
    return values * driver_of(address).unit.scale


def _heatmap(found: TwoWay, scenario: Scenario) -> None:
    unit = KPIS[found.kpi].unit
    divisor, word_ = money_unit() if unit.key == "yuan" else (1 / unit.scale, "%" if unit.scale == 100 else "")
    xs, ys = (_shown_axis(lv.address, v) for lv, v in ((found.x_lever, found.x), (found.y_lever, found.y)))
    target = next((float(r["value"]) for r in scenario.rows["target"].values()
                   if r["kpi"] == found.kpi and r.get("period", "year") == "year"), None)
    today = [float(_shown_axis(lv.address, np.array([v]))[0]) for lv, v in
             ((found.x_lever, found.today[0]), (found.y_lever, found.today[1]))]
    names = [changes.place_name(lv.address) for lv in (found.x_lever, found.y_lever)]
    title = t("optimize.two_title", kpi=t(f"kpi.{found.kpi}.label"), low=number(float(np.nanmin(found.values)), unit),
              high=number(float(np.nanmax(found.values)), unit))
    st.markdown(f"**{title}**", help=t("optimize.two_help"))
    line = charts_optimize.iso_line(xs, ys, found.values, target) if target is not None else []
    data = charts_optimize.heat_data(xs, ys, found.values / divisor, today, line)
    st.vega_lite_chart(data, charts_optimize.heat_spec(f"{names[0]} (%)", f"{names[1]} (%)", word_), key="chart_two_way",
                       width="stretch", alt=title)
    if target is not None:
        st.caption(t("optimize.iso", target=number(target, unit)) if line else t("optimize.no_iso", target=number(target, unit)))
    rows = [[Cell("", float(y)), *(Cell("", float(v) if math.isfinite(v) else None) for v in row)]
            for y, row in zip(ys, found.values, strict=True)]
    head = [f"{names[1]} \\ {names[0]}", *(f"{x:g}" for x in xs)]
    grids.download(Grid("two_way", head, rows))

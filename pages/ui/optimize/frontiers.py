"""Frontiers on the Optimize page: the picture, a point picked in it, and what that point does to the split."""

from __future__ import annotations

import streamlit as st

from model import KPIS, SandtableError, Scenario, kpi
from model.analysis.optimize import Frontier, Limits, Objective, frontier, trade_off
from model.analysis.optimize.frontier import FrontierPoint
from pages.ui.kit import views
from pages.ui.kit.formats import money, money_unit, number
from pages.ui.kit.texts import t
from pages.ui.optimize import form, specs, split_limits
from pages.ui.optimize.form import limits_key
from pages.ui.optimize.parts import button, computed, kpi_table, split_bars, take
from pages.ui.optimize.split_limits import kept
from pages.ui.session import library, results
from pages.ui.words.channel_names import channel_name

FRONTIERS = ("profit", "gmv", "trade")
SAVED_SHOWN = 12


def frontier_answer(scenario: Scenario) -> None:
    kind = kept(st.segmented_control, t("optimize.frontier_of"), FRONTIERS, key="frontier_kind", default="profit",
                required=True, format_func=lambda k: t(f"optimize.frontier_{k}"))
    move = form.moved("frontier_move", 1.0)
    limits = Limits(move=move, **split_limits.limits(scenario))
    about = (scenario, kind, limits_key(limits))
    button("frontier", about, t("optimize.go_frontier"))

    def work(progress, stop) -> Frontier:
        if kind == "trade":
            return trade_off(scenario, "gmv", limits=limits, progress=progress, stop=stop)
        return frontier(scenario, Objective("net_profit" if kind == "profit" else "gmv"), limits, progress=progress, stop=stop)

    found = computed("frontier", about, work, t("optimize.searching"), limits)
    if found is not None and found.points:
        _frontier(found, scenario, kind)
    elif found is not None:
        st.caption(t("optimize.no_points"))


def _frontier(found: Frontier, scenario: Scenario, kind: str) -> None:
    y_key = {"profit": "net_profit", "gmv": "gmv", "trade": "net_margin_rate"}[kind]
    best = max(found.points, key=lambda p: p.plan[y_key])
    words = {"total": money(best.total), "value": number(best.plan[y_key], KPIS[y_key].unit),
             "gmv": number(best.plan["gmv"], KPIS["gmv"].unit)}
    st.markdown(f"**{t(f'optimize.frontier_title_{kind}', **words)}**")
    if kind == "profit" and best is found.points[0]:
        st.caption(t("optimize.harvest"))
    picked, now = _picture(found, kind, y_key), st.session_state.get("frontier_point")
    if picked is not None and st.session_state.get("_frontier_picked") != (id(found), picked):
        st.session_state["_frontier_picked"], now = (id(found), picked), picked
    numbers = list(range(len(found.points)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = views.show(st.selectbox, t("optimize.point"), numbers, key="frontier_point", width=420,
                            value=now if now in numbers else found.points.index(best), help=t("optimize.point_help"),
                            format_func=lambda i: _point_words(found, y_key, i))
        point = found.points[chosen]
        st.button(t("optimize.take_point"), key="frontier_take", icon=":material/check:", on_click=take, args=(point.scenario,))
    _point(found, point, scenario)


def _point_words(found: Frontier, y_key: str, i: int) -> str:
    point = found.points[min(i, len(found.points) - 1)]
    return t("optimize.point_words", number=i + 1, total=money(point.total), value=number(point.plan[y_key], KPIS[y_key].unit))


def _picture(found: Frontier, kind: str, y_key: str) -> int | None:
    """The chart; the number of the point that was clicked."""
    (divisor, unit), trade = money_unit(), kind == "trade"
    x_of = (lambda p: p.plan["gmv"] / divisor) if trade else (lambda p: p.total / divisor)
    *points, today = [(x_of(p), form.counted(y_key, p.plan[y_key]), "") for p in (*found.points, found.today)]
    marks = [(*today[:2], t("optimize.today")), *_saved(kind, y_key, divisor)]
    titles = (t("kpi.gmv.label") if trade else t("optimize.total"), t(f"kpi.{y_key}.label"))
    spec = specs.frontier_spec(t("optimize.in_unit", label=titles[0], unit=unit),
                                         t("optimize.in_unit", label=titles[1], unit=form.counted_in(y_key)[1]))
    event = st.vega_lite_chart(specs.frontier_data(points, marks), spec, key="chart_frontier", width="stretch",
                               on_select="rerun", selection_mode="pick", alt=t("optimize.frontier_alt"))
    picked = event.selection.get("pick") if event else None
    i = picked[0].get("i") if picked else None
    return int(i) if i is not None and 0 <= int(i) < len(found.points) else None


def _point(found: Frontier, point: FrontierPoint, scenario: Scenario) -> None:
    """What the point would do: budgets by channel and KPIs, today's beside them."""
    today = found.today
    channels = tuple(point.shares)
    names = [channel_name(scenario, c) for c in channels]
    before, after = ({c: s * p.total for c, s in p.shares.items()} for p in (today, point))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        split_bars(names, before, after, channels, "chart_frontier_split")
    with right:
        kpi_table("frontier_kpis", today.plan, point.plan)


def _saved(kind: str, y_key: str, divisor: float) -> list[tuple[float, float, str]]:
    """Saved scenarios on the same picture."""
    out = []
    try:
        for entry in library.store().list(limit=SAVED_SHOWN).entries:
            result = results.result_of(library.store().open(entry.id).scenario)
            from_kpis = {k: float(kpi(result, k)[0]) for k in ("gmv", y_key)}
            total = float(result.by_channel["spend"].sum()) * 12 / len(result.months)
            out.append(((from_kpis["gmv"] if kind == "trade" else total) / divisor,
                        form.counted(y_key, from_kpis[y_key]), entry.name))
    except SandtableError:
        return []
    return out

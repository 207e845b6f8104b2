"""Why the months differ from the plan: the bridge by group of drivers, what the model does not explain apart, each bar opened."""

from __future__ import annotations

from functools import lru_cache, partial

import streamlit as st

from model import KPIS, Scenario, review
from model.analysis.compare.bridge import Bar
from model.review import TO_DATE, Actuals, Bridge, Happened, as_happened
from model.review.bridge import NOTHING_CLOSED, months_of
from model.review.kept import bare
from pages.ui.frame import downloads
from pages.ui.frame.grids import Grid, change, figures, table_of, word, worded
from pages.ui.kit import bridge_chart, tables, views
from pages.ui.kit.csv_tables import Table
from pages.ui.kit.formats import axis_unit, difference, number
from pages.ui.kit.texts import t
from pages.ui.review import entering
from pages.ui.session import results, state
from pages.ui.words import periods, place_names

#: a bar of less than half a yuan is none
_SEEN = 0.5
OF = ("gmv", "net_profit", "net_revenue", "contribution")


@lru_cache(maxsize=64)
def bridge_of(scenario: Scenario, actuals: Actuals, key: str, period: str) -> Bridge:
    with results.COMPUTING:
        return review.bridge(scenario, actuals, key, period)


def draw() -> None:
    scenario, actuals = state.workspace().scenario, entering.known()
    if actuals is None:
        return
    key, period = _asked(actuals)
    bridge = bridge_of(bare(scenario), actuals, key, period)
    unit = KPIS[key].unit
    if bridge.reason:
        st.info(t("review.no_bridge_nothing_closed" if bridge.reason == NOTHING_CLOSED else "review.no_bridge_undefined"))
        return
    bars, gap = seen(bridge), bridge.end - bridge.start
    title = title_of(bridge, bars)
    st.markdown(f"**{title}**", help=t("review.why_help"))
    named = [(group_name(b.group), b.value) for b in (*bars, bridge.bars[-1])]
    divisor, word = axis_unit(unit)
    labels = [*(difference(v, unit) for _, v in named), difference(gap, unit)]
    spec = bridge_chart.bridge_spec(word, len(named) + 1, 1, *bridge_chart.bridge_ends([v for _, v in named], divisor))
    st.vega_lite_chart(bridge_chart.bridge_data(named, t("review.gap"), labels, divisor), spec, key="review_bridge",
                       width="stretch", alt=title)
    table = _table(scenario, actuals, bridge)
    st.caption(t("review.unexplained_note", part=difference(bridge.unexplained, unit)))
    downloads.csv_button("actual_bridge", lambda: table, t("review.bridge_csv"), type="tertiary")
    if bars:
        _drivers(scenario, actuals, bars, key)


def seen(bridge: Bridge) -> list[Bar]:
    """The bars of drivers that are any, the largest first."""
    return sorted((b for b in bridge.bars[:-1] if abs(b.value) >= _SEEN), key=lambda b: -abs(b.value))


def title_of(bridge: Bridge, bars: list[Bar]) -> str:
    """Plan, actual, difference, and the group that most of it comes from."""
    unit = KPIS[bridge.kpi].unit
    title = t("review.why_title", kpi=t(f"kpi.{bridge.kpi}.label"), plan=number(bridge.start, unit),
              actual=number(bridge.end, unit), gap=difference(bridge.end - bridge.start, unit))
    return title + t("review.why_most", group=group_name(bars[0].group), part=difference(bars[0].value, unit)) if bars else title


def _table(scenario: Scenario, actuals: Actuals, bridge: Bridge) -> Table:
    """Every driver of every bar, as a file has it."""
    unit, found = KPIS[bridge.kpi].unit, as_happened(bare(scenario), actuals)
    closed = months_of(bridge.period, actuals)
    heads = ("review.bar", "desk.assumption", "review.plan_mean", "review.actual_mean")
    columns = [*(worded(t(k)) for k in heads), figures(t("review.part"), unit, change=True)]
    rows = []
    for bar in bridge.bars:
        parts = [(_name(scenario, x.addresses), *_means(found, x.addresses, closed), x.value) for x in bar.drivers]
        rows += [[word(group_name(bar.group)), *map(word, words), change(value, unit)]
                 for *words, value in parts or [("", "", "", bar.value)]]
    return table_of(Grid("actual_bridge", columns, rows))


def _means(found: Happened, addresses: tuple[str, ...], months: slice) -> tuple[str, str]:
    """A driver's mean over these months as planned and as measured, where it is one number."""
    if len(addresses) != 1:
        return "", ""
    before, after = (place_names.shown(addresses[0], float(values[addresses[0]][months].mean()))
                     for values in (found.before, found.after))
    return before, after


def _asked(actuals: Actuals) -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        key = st.segmented_control(t("review.why_of"), OF, key="review_of", default=OF[0], required=True,
                                   format_func=lambda k: t(f"kpi.{k}.label"))
        offered = (TO_DATE, *actuals.measured, *_quarters(actuals))
        now = st.session_state.get("review_span")
        period = views.show(st.selectbox, t("review.why_span"), offered, key="review_span",
                            value=now if now in offered else TO_DATE, format_func=partial(_span_name, actuals), width=220)
    return key, period


def _span_name(actuals: Actuals, period: str) -> str:
    return t("review.to_date", count=actuals.closed) if period == TO_DATE else periods.period_name(period)


def _quarters(actuals: Actuals) -> list[str]:
    """Quarters of the first year that have a month that is over."""
    return [f"Q{q + 1}" for q in range(4) if actuals.closed > 3 * q and len(actuals.months) > 3 * q]


def group_name(group: str) -> str:
    return t(f"review.group.{group}")


def _drivers(scenario: Scenario, actuals: Actuals, bars, key: str) -> None:
    """One bar opened into drivers and channels, each as planned and as measured."""
    groups = [b.group for b in bars]
    chosen = st.pills(t("compare.open_bar"), groups, key="review_group", format_func=group_name, default=groups[0])
    bar = next((b for b in bars if b.group == chosen), bars[0])
    found, unit = as_happened(bare(scenario), actuals), KPIS[key].unit
    closed = slice(0, actuals.closed)
    rows = []
    for part in bar.drivers:
        words = _means(found, part.addresses, closed)
        rows.append([_name(scenario, part.addresses), *(w or "…" for w in words), difference(part.value, unit)])
    rows.append([group_name(bar.group), "", "", difference(bar.value, unit)])
    tables.plain("review_drivers", [t("desk.assumption"), t("review.plan_mean"), t("review.actual_mean"), t("review.part")], rows,
                 total=True)


def _name(scenario: Scenario, addresses: tuple[str, ...]) -> str:
    first = place_names.place_name(addresses[0], scenario)
    return first if len(addresses) == 1 else t("compare.together", first=first, count=len(addresses) - 1)

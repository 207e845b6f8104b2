"""The four pictures of the Simulate page, their titles saying what they show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from model import Result
from model import units as u
from model.engine.kpis import TargetResult
from model.engine.lines import LINES, WATERFALL
from pages.ui.frame import decides
from pages.ui.kit import charts
from pages.ui.kit.formats import money, money_unit, number, percent_change
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.simulate import specs
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels

#: what the fall's bars are counted in
PER_100 = u.Unit("yuan_each", decimals=1)
#: as many parts of a bar as the theme has colours
MOST_STACKED = 7


def draw(result: Result, baseline: Result, period: str) -> None:
    year, before = (periods.months_of(r, period) for r in (result, baseline))
    marks = month_targets(year, results.targets_of(result))
    pictures = {"months": _months(year, before, marks), "waterfall": _waterfall(year, before),
                "split": _split(result, baseline, period)}
    grid = st.grid(2, min_column_width=330, gap="medium")
    for key, (title, spec, data) in pictures.items():
        if key == "split":
            with grid.cell():
                _decides()
        with grid.cell():
            st.markdown(f"**{title}**")
            st.vega_lite_chart(data, specs.painted(spec, ink()), key=f"chart_{key}", alt=t(f"chart.{key}_alt"), width="stretch")


@st.fragment(key="decides")
def _decides() -> None:
    """In a fragment of its own: the switch draws this picture and no other."""
    scenario = state.workspace().scenario
    decides.choice("simulate")
    seen = decides.picture("simulate", scenario, "net_profit", periods.chosen(), lambda: results.risk_of(scenario))
    st.markdown(f"**{seen.title}**", help=seen.help or None)
    if seen.spec is not None:
        st.vega_lite_chart(seen.data, specs.painted(seen.spec, ink()), key=seen.key, alt=seen.alt, width="stretch")
    st.caption(seen.why) if seen.why else st.empty()


def ink() -> specs.Ink:
    """What texts are drawn in: a canvas has no style sheet."""
    return specs.INKS[st.context.theme.type or "light"]


def stacked(result: Result) -> tuple[tuple[str, ...], np.ndarray]:
    """Names and GMV (parts, months) of what the bars are made of: of more channels than colours the largest, the rest as one.

    Which are the largest is asked of the saved scenario, so that a move draws no picture anew.
    """
    names, gmv = tuple(channel_name(result.scenario, c) for c in result.channels), result.by_channel["gmv"][:, :, 0]
    if len(names) <= MOST_STACKED:
        return names, gmv
    saved = results.result_of(state.workspace().saved)
    size = dict(zip(saved.channels, saved.by_channel["gmv"].sum(axis=(1, 2)), strict=True))
    order = sorted(range(len(names)), key=lambda i: -size.get(result.channels[i], 0.0))
    kept, rest = sorted(order[:MOST_STACKED - 1]), order[MOST_STACKED - 1:]
    return (*(names[i] for i in kept), t("chart.others", count=len(rest))), np.vstack([gmv[kept], gmv[rest].sum(axis=0)])


def _months(result: Result, baseline: Result, marks: list[float | None]):
    divisor, unit = money_unit()
    (names, gmv), profit = stacked(result), result.lines["net_profit"][:, 0]
    lines = [t(f"line.{key}.label") for key in ("gmv", "net_profit")]
    words = (unit, lines[0], *(t("file.in_unit", label=line, unit=unit) for line in lines), t("chart.target"))
    ends = [end / divisor for end in month_ends(result, baseline, marks)]
    data = specs.months_data(month_labels(result.months), gmv, names, profit, marks, divisor, (ends[0], ends[1], ends[2]))
    return months_title(result), specs.months_spec(names, words, ink()), data


def month_ends(result: Result, baseline: Result, marks: Sequence[float | None]) -> tuple[float, float, float]:
    """Ends of the axes in yuan: of GMV, of net profit below and above zero."""
    aims = [m for m in marks if m is not None]
    tops = [max(r.lines["gmv"].max(), *aims, 1.0) for r in (result, baseline)]
    profits = [r.lines["net_profit"] for r in (result, baseline)]
    largest = [max(np.abs(x).max(), 1.0) for x in profits]
    floor = 0.02 * max(largest)
    foot, head = (charts.fitted(*(max((sign * x).max(), floor) for x in profits)) for sign in (-1, 1))
    return charts.fitted(*tops), -foot, head


def months_title(result: Result) -> str:
    """Which month is the largest, and how many lose money."""
    gmv, profit = (result.lines[k][:, 0] for k in ("gmv", "net_profit"))
    if not gmv.sum() > 0:
        return t("chart.months_none", profit=money(float(profit.sum())))
    best, losing = int(np.argmax(gmv)), int((profit < 0).sum())
    title = t("chart.months_title", month=month_labels(result.months)[best], share=percent_change(gmv[best] / gmv.sum()))
    return title + (t("chart.months_loss", count=losing) if losing else "")


def month_targets(result: Result, targets: Sequence[TargetResult]) -> list[float | None]:
    """GMV targets of the single months of a result, which may be a part of the plan."""
    found = {x.period: x.target for x in targets if x.kpi == "gmv"}
    return [found.get(m) for m in result.months]


def _waterfall(result: Result, baseline: Result):
    divisor, unit = money_unit()
    sums, usual = falls(result), falls(baseline)
    high = charts.fitted(max(sums[0], 1.0), max(usual[0], 1.0))
    low = -charts.fitted(-sums[-1], max(-usual[-1], 1.0)) if sums[-1] < 0 else 0.0
    names = [t(f"chart.fall_{k}") for k in WATERFALL]
    data = specs.waterfall_data(names, sums, divisor, (low / divisor, high / divisor), per_100)
    return fall_title(sums), specs.waterfall_spec(unit, t("chart.per_100"), ink()), data


def per_100(amount: float) -> str:
    """What a bar is of 100 yuan: the whole of it without decimals, which have no room there."""
    return money(100) if round(amount, 1) == 100 else number(amount, PER_100)


def falls(result: Result) -> list[float]:
    """GMV, what each step takes from it (negative), net profit last, over the whole plan, in yuan."""
    return [LINES[k].sign * float(result.lines[k].sum()) for k in WATERFALL[:-1]] + [float(result.lines["net_profit"].sum())]


def fall_title(sums: list[float]) -> str:
    if not sums[0]:
        return t("chart.fall_none", profit=money(sums[-1]))
    kept = 100 * sums[-1] / sums[0]
    return t("chart.fall_title" if kept >= -0.05 else "chart.fall_loss", kept=per_100(abs(kept)))


def _split(result: Result, baseline: Result, period: str):
    divisor, unit = money_unit()
    keys = [c for c in result.channels if c in result.scenario.spending_channels]
    now, before = spend_over(result, period), spend_over(baseline, period)
    high = charts.nice(1.15 * max([*now.values(), *before.values(), 1.0])) / divisor
    words = (t("chart.pinned"), t("chart.now"))
    data = charts.split_data([channel_name(result.scenario, c) for c in keys], before, now, keys, divisor, words, high)
    return split_said(result, baseline, period), charts.split_spec(unit, *words, len(keys)), data


def split_said(result: Result, baseline: Result, period: str) -> str:
    """What the budget is and was over a period; unequal months are named."""
    now, before = spend_over(result, period), spend_over(baseline, period)
    if not before:
        return t("chart.split_alone", total=money(sum(now.values())), apart=periods.apart(result, baseline, period))
    if periods.covered(result, period) == periods.covered(baseline, period):
        return split_title(now, before)
    return t("chart.split_changed", total=_with_months(result, period), old=_with_months(baseline, period))


def _with_months(result: Result, period: str) -> str:
    return periods.with_months(money(sum(spend_over(result, period).values())), periods.months_of(result, period))


def split_title(now: dict[str, float], before: dict[str, float]) -> str:
    total, old = sum(now.values()), sum(before.values())
    if abs(total - old) >= 0.5:
        return t("chart.split_changed", total=money(total), old=money(old))
    moved = sum(max(now.get(c, 0.0) - before.get(c, 0.0), 0.0) for c in {*now, *before})
    return t("chart.split_moved" if moved >= 0.5 else "chart.split_same", total=money(total), moved=money(moved))


def spend_over(result: Result, period: str) -> dict[str, float]:
    """Spend by channel; nothing where the plan does not reach the period."""
    return spend_of(periods.months_of(result, period)) if periods.covered(result, period) else {}


def spend_of(result: Result) -> dict[str, float]:
    sums = result.by_channel["spend"].sum(axis=(1, 2))
    return {c: float(sums[i]) for i, c in enumerate(result.channels)}



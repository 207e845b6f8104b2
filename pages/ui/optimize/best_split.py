"""The best split as an answer: gain with its range, how it is known, before and after, and why."""

from __future__ import annotations

import math

import streamlit as st

from model import KPIS, Scenario
from model.analysis.optimize import Objective, SplitResult, best_split
from model.analysis.optimize.explain import Explanation
from model.analysis.optimize.search.limits import YUAN_POINT
from model.units import NUMBER, RATE
from pages.ui.frame import grids, saving
from pages.ui.frame.grids import Cell, Grid, figures, ranges, word, worded
from pages.ui.kit.formats import DASH, MINUS, difference, ends, fixed, money, rate, size
from pages.ui.kit.texts import plain, t, together
from pages.ui.optimize import bound
from pages.ui.optimize.form import Ask
from pages.ui.optimize.parts import button, change, computed, kpi_table, measured_label, split_bars, take, unit_of, value
from pages.ui.session import results
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name

GROUPED = ("group", "group_spend")


def split(scenario: Scenario, asked: Ask) -> SplitResult | None:
    about = (scenario, asked.key)
    button("split", about, t("optimize.go"))

    def work(progress, stop) -> SplitResult:
        draws = results.first_draws(scenario) if asked.objective.uses_draws or not asked.phasing else None
        return best_split(scenario, asked.objective, asked.limits, phasing=asked.phasing, draws=draws,
                          progress=progress, stop=stop)

    return computed("split", about, work, t("optimize.searching"), asked.limits)


def split_answer(found: SplitResult) -> None:
    """Gain with its range, how it is known, the bars, why, and the buttons."""
    o, gain = found.objective, found.explanation.gain if found.explanation else None
    text = t("optimize.gain", objective=measured_label(o, found.start), before=value(o, found.value_before),
             after=value(o, found.value_after), change=change(o, found.gain * o.side))
    st.subheader(text, anchor=False)
    bound.show(found.start, found.limits)
    if gain is not None:
        low, high = ends(gain.low, gain.high, unit_of(o), difference)
        st.markdown(t("optimize.gain_range", low=low, high=high, chance=rate(gain.chance)))
    st.caption(together([_known(found), *_tightest(found)]))
    with st.container(horizontal=True):
        st.button(t("optimize.apply"), key="split_apply", type="primary", icon=":material/check:", on_click=take,
                  args=(found.scenario,))
        st.button(t("optimize.save"), key="split_save", icon=":material/save:", help=t("optimize.save_help"),
                  on_click=saving.save_apart, args=(found.scenario,))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        names = [channel_name(found.start, c) for c in found.channels]
        before, after = (dict(zip(found.channels, map(float, x), strict=True)) for x in (found.before, found.after))
        split_bars(names, before, after, found.channels, "chart_best_split")
    with right:
        kpi_table("optimize_kpis", found.plan_before, found.plan_after)
    if found.explanation:
        _why(found, found.explanation)


def _known(found: SplitResult) -> str:
    """The proof line only where there is a proof."""
    if found.proven:
        return t("optimize.proven")
    s = found.starts
    words = [t("optimize.best_of", count=s.count, same=s.at_best, spread=size(s.spread, unit_of(found.objective)))]
    words += [t("optimize.stopped")] if found.stopped else []
    return together(words + ([] if found.start_kept else [t("optimize.start_outside")]))


def _tightest(found: SplitResult) -> list[str]:
    """Which limit is worth most to relax, if any holds the split."""
    best = bound.tightest(found.start, found.explanation) if found.explanation else None
    if best is None:
        return []
    limit, step, worth = best
    return [t("optimize.tightest", limit=limit, step=money(step) if step >= 1 else rate(step),
              worth=change(found.objective, worth * found.objective.side))]


def _next(o: Objective, e: Explanation, amount: float) -> str:
    """What a larger total is worth: on top where it does most and, where limits make that another, split anew within them."""
    best, anew = (change(o, gains[amount] * o.side) for gains in (e.next_best, e.next_total))
    if best == anew:
        return t("optimize.next_total", amount=money(amount), gain=anew)
    return t("optimize.next_both", amount=money(amount), best=best, gain=anew)


def _why(found: SplitResult, e: Explanation) -> None:
    """For each channel: marginal return, what holds it, what relaxing is worth, the next yuan."""
    o = found.objective
    small, large = sorted(next(iter(e.channels)).next) if e.channels else (1e4, 1e5)
    st.markdown(f"**{t('optimize.why')}**", help=t("optimize.why_help"))
    columns = [worded(t("channel.name")), figures(t("optimize.share_before"), RATE), figures(t("optimize.share_after"), RATE),
               _marginals(o, t("optimize.marginal_before")), _marginals(o, t("optimize.marginal_after")),
               worded(t("optimize.held")),
               figures(t("optimize.next", amount=money(small)), unit_of(o), change=True),
               figures(t("optimize.next", amount=money(large)), unit_of(o), change=True), ranges(t("optimize.stable"), RATE)]
    before, after, years = found.before.sum() or 1.0, found.after.sum() or 1.0, _years(found)
    rows = []
    for c in e.channels:
        stable = Cell(DASH, None) if c.shares is None else Cell(f"{rate(c.shares[0])} – {rate(c.shares[2])}",
                                                                (c.shares[0], c.shares[2]))
        shares = [Cell(rate(x), x) for x in (c.before / before, c.after / after)]
        rows.append([word(channel_name(found.start, c.channel)), *shares, _marginal(o, c.marginal_before / years),
                     _marginal(o, c.marginal_after / years), word(_held(found, c.holding)), _gain(o, c.next[small]),
                     _gain(o, c.next[large]), stable])
    grids.show(Grid("optimize_why", columns, rows))
    total = together(_next(o, e, a) for a in sorted(e.next_total))
    others = _held(found, e.limits) if e.limits else ""
    also = [t("optimize.also_held", limits=plain(others))] if others and others != DASH else []
    st.caption(together([total, *also]))


def _years(found: SplitResult) -> float:
    """How many yuan one more yuan of the yearly budget spends in the months that the objective counts."""
    result, yearly = results.result_of(found.start), float(found.before.sum())
    spent = float(periods.months_of(result, found.objective.period).lines["spend"].sum())
    return spent / yearly if spent and yearly else len(result.months) / 12


def _per_100k(o: Objective) -> bool:
    """Whether a marginal return is told per further 100,000 yuan: that of a rate or a chance is nothing a yuan."""
    return o.measure == "chance" or o.key in KPIS and KPIS[o.key].unit.key != "yuan"


def _marginals(o: Objective, title: str) -> grids.Column:
    if _per_100k(o):
        return figures(title, unit_of(o), change=True, filed=t("file.per_100k", label=title))
    return figures(title, NUMBER)


def _marginal(o: Objective, x: float) -> Cell:
    if _per_100k(o):
        return _gain(o, x * 1e5)
    return Cell(fixed(x, 3, "+").replace("-", MINUS), x)


def _gain(o: Objective, x: float) -> Cell:
    return Cell(change(o, x * o.side) if math.isfinite(x) else DASH, x * o.side)


def _held(found: SplitResult, holding) -> str:
    """Limits in words, each with what one point of it is worth; those of single months as one, with the most it is worth."""
    out, months = [], {side: [h for h in holding if h.kind == "month" and h.side == side] for side in ("low", "high")}
    for same in filter(None, months.values()):
        most = max(same, key=lambda h: abs(h.worth))
        out.append(t("optimize.hold_months", limit=t(f"optimize.hold_month_{most.side}"), count=len(same), step=rate(most.step),
                     worth=change(found.objective, most.worth * found.objective.side)))
    for h in (h for h in holding if h.kind != "month"):
        in_money = h.kind in ("spend", "group_spend", "budget") or h.step == YUAN_POINT
        step = money(h.step) if in_money else rate(h.step) if h.step < 1 else f"{h.step:g}"
        name = t(f"kpi.{h.name}.label") if h.kind == "kpi" and h.name in KPIS else h.name if h.kind in GROUPED else ""
        out.append(t("optimize.hold", limit=t(f"optimize.hold_{h.kind}_{h.side}", name=name), step=step,
                     worth=change(found.objective, h.worth * found.objective.side)))
    return f"{t('optimize.comma')} ".join(out) or DASH

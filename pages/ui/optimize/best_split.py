"""The best split as an answer: gain with its range, how it is known, before and after, and why."""

from __future__ import annotations

import math
from functools import lru_cache

import streamlit as st

from model import KPIS, Scenario
from model.analysis.optimize import Impossible, Objective, SplitResult, best_split, explained
from model.analysis.optimize.explain import Explanation
from model.analysis.optimize.search.limits import YUAN_POINT
from model.units import NUMBER, RATE, shown_of
from pages.ui.frame import grids, permits, saving
from pages.ui.frame.grids import Cell, Grid, figures, ranges, word, worded
from pages.ui.kit.formats import DASH, difference, ends, fixed, money, rate, signed, size
from pages.ui.kit.texts import inside, listed, plain, t, together
from pages.ui.optimize import bound
from pages.ui.optimize.form import Ask
from pages.ui.optimize.parts import (
    answered,
    button,
    change,
    computed,
    followed,
    kpi_table,
    measured_label,
    split_bars,
    take,
    unit_of,
    value,
)
from pages.ui.session import results
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name

GROUPED = ("group", "group_spend")
#: a share that changes by less is no news; channels that the headline names
_SEEN, _NAMED = 5e-4, 5


def split(scenario: Scenario, asked: Ask) -> SplitResult | None:
    """The answer to the form: at once where that is quick, else by a button, with progress."""
    if asked.quick(scenario):
        return answered(lambda: _at_once(scenario, asked), asked.limits)
    about = (scenario, asked)
    button("split", about, t("optimize.go"))

    def work(progress, stop) -> SplitResult:
        draws = results.first_draws(scenario) if asked.objective.uses_draws or not asked.phasing else None
        return best_split(scenario, asked.objective, asked.limits, phasing=asked.phasing, draws=draws,
                          progress=progress, stop=stop)

    return computed("split", about, work, t("optimize.searching"), asked.limits)


def _at_once(scenario: Scenario, asked: Ask) -> SplitResult | None:
    """Nobody has asked for anything yet: where there is no money to split that is said, and is no error."""
    try:
        return found_of(scenario, asked)
    except Impossible as problem:
        if problem.code != "nothing_to_move":
            raise
        st.caption(t("optimize.nothing_to_split"))
        return None


@lru_cache(maxsize=64)
def found_of(scenario: Scenario, asked: Ask) -> SplitResult:
    with results.COMPUTING:
        return best_split(scenario, asked.objective, asked.limits, explained=False)


def split_answer(found: SplitResult, asked: Ask) -> None:
    """Which split and what it earns, what binds it, the buttons, bars and figures; why, as soon as that is known."""
    o = found.objective
    st.subheader(headline(found), anchor=False)
    st.markdown(t("optimize.gain", objective=measured_label(o, found.start), before=value(o, found.value_before),
                  after=value(o, found.value_after), change=change(o, found.gain * o.side)))
    st.caption(bound.held(found))
    bound.show(found.start, found.limits)
    _buttons(found)
    _pictures(found)
    explanation = found.explanation or _explanation(found, asked)
    if explanation is not None:
        _range(found, explanation)
        _why(found, explanation)


def headline(found: SplitResult) -> str:
    """The shares that change, the most first, and what that earns."""
    before, after = (x / (x.sum() or 1.0) for x in (found.before, found.after))
    moves = sorted((-abs(b - a), channel_name(found.start, c), a, b)
                   for c, a, b in zip(found.channels, before, after, strict=True) if abs(b - a) >= _SEEN)
    words = {"objective": inside(measured_label(found.objective, found.start)),
             "value": value(found.objective, found.value_after)}
    parts = [t("optimize.headline_move", name=plain(name), before=fixed(shown_of(a, RATE), 1), after=rate(b))
             for _, name, a, b in moves[:_NAMED]]
    if len(moves) > _NAMED:
        parts.append(t("optimize.headline_more", count=len(moves) - _NAMED))
    totals = [float(x.sum()) for x in (found.before, found.after)]
    if abs(totals[1] - totals[0]) >= 1:
        parts.insert(0, t("optimize.headline_total", before=money(totals[0]), after=money(totals[1])))
    if not parts:
        return t("optimize.headline_none", **words)
    return t("optimize.headline", moves=listed(parts), change=change(found.objective, found.gain * found.objective.side), **words)


def _buttons(found: SplitResult) -> None:
    """Not by callbacks: a field may have been left by the very click, and what is taken over answers the form as it is."""
    with st.container(horizontal=True):
        if st.button(t("optimize.apply"), key="split_apply", type="primary", icon=":material/check:"):
            take(found.scenario)
            st.rerun()
        if permits.button("save", t("optimize.save"), key="split_save", icon=":material/save:", help=t("optimize.save_help")):
            saving.save_apart(found.scenario)
            st.rerun()


def _explanation(found: SplitResult, asked: Ask) -> Explanation | None:
    """Found beside the page: it takes longer than the split itself."""
    def work(progress, stop) -> SplitResult:
        return explained(found, results.first_draws(found.start), stop)
    more = followed("why", (found.start, asked), work, t("optimize.explaining"))
    return more.explanation if more else None


def _range(found: SplitResult, e: Explanation) -> None:
    """How sure the gain is, how the split is known, and which limit costs most."""
    if e.gain is not None:
        low, high = ends(e.gain.low, e.gain.high, unit_of(found.objective), difference)
        st.markdown(t("optimize.gain_range", low=low, high=high, chance=rate(e.gain.chance)))
    st.caption(together([_known(found), *_tightest(found, e)]))


def _pictures(found: SplitResult) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        names = [channel_name(found.start, c) for c in found.channels]
        before, after = (dict(zip(found.channels, map(float, x), strict=True)) for x in (found.before, found.after))
        split_bars(names, before, after, found.channels, "chart_best_split")
    with right:
        kpi_table("optimize_kpis", found.plan_before, found.plan_after)


def _known(found: SplitResult) -> str:
    """The proof line only where there is a proof."""
    if found.proven:
        return t("optimize.proven")
    s = found.starts
    words = [t("optimize.best_of", count=s.count, same=s.at_best, spread=size(s.spread, unit_of(found.objective)))]
    words += [t("optimize.stopped")] if found.stopped else []
    return together(words + ([] if found.start_kept else [t("optimize.start_outside")]))


def _tightest(found: SplitResult, e: Explanation) -> list[str]:
    """Which limit is worth most to relax, if any holds the split."""
    best = bound.tightest(found.start, e)
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
    return Cell(signed(fixed(x, 3, "+")), x)


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

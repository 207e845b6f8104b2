"""The answer first: the verdict sentence and the eight KPI cards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from model import KPIS, Result, kpi, last_year_kpi
from model.engine.kpis import NOT_DRAWN, TargetResult
from pages.ui import parts, state
from pages.ui.formats import DASH, difference, number, percent_change, size
from pages.ui.levers import driver_label
from pages.ui.texts import inside, t

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult

CARDS = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "refund_rate", "marketing_rate", "roas_net",
         "repurchase_rate_year")


def value(result: Result, key: str) -> float:
    return float(kpi(result, key)[0])


def year_target(result: Result, key: str) -> TargetResult | None:
    """The yearly target of a KPI, if the plan has one."""
    return next((x for x in state.targets_of(result) if x.kpi == key and x.period == "year"), None)


def cards(result: Result, baseline: Result) -> None:
    parts.cards([card(result, baseline, key) for key in CARDS])


def card(result: Result, baseline: Result, key: str) -> dict[str, str]:
    """A card's words: label, help, value, exact, change with mood, last, target with verdict."""
    row, now = KPIS[key], value(result, key)
    change = now - value(baseline, key)
    shown = difference(change, row.unit)
    even = not any(c in "123456789" for c in shown)
    mood = "" if even else "sd-good" if change * row.good > 0 else "sd-bad"
    target = year_target(result, key)
    return {
        "key": key, "label": t(f"card.{key}"), "help": t(f"kpi.{key}.help"), "value": _shown(result, key),
        "exact": f"{now:.10g}" if math.isfinite(now) else DASH, "mood": mood,
        "change": t("card.even") if even else t("card.against_baseline", change=shown),
        "last": _last_year(result, key), "target": _target(target),
        "verdict": "" if target is None else "sd-good" if target.hit[0] else "sd-bad",
    }


def _shown(result: Result, key: str) -> str:
    text = number(value(result, key), KPIS[key].unit)
    if key == "roas_net":
        return f"{number(value(result, 'roas_gmv'), KPIS['roas_gmv'].unit)} → {text}"
    if key == "marketing_rate":
        return f"{text} · {number(value(result, 'spend_to_gmv'), KPIS['spend_to_gmv'].unit)}"
    return text


def _last_year(result: Result, key: str) -> str:
    before = last_year_kpi(result, key)
    return t("card.last_year", value=number(before, KPIS[key].unit) if math.isfinite(before) else DASH)


def _target(target: TargetResult | None) -> str:
    if target is None:
        return t("card.no_target")
    unit = KPIS[target.kpi].unit
    words = {"target": number(target.target, unit), "gap": size(float(target.gap[0]), unit)}
    return t("card.hit" if target.hit[0] else "card.missed", **words)


def bands(found: RiskResult) -> None:
    """The 10–90 % range of each card's KPI, and the chance of its target with the error of its computation."""
    parts.bands({key: " ".join(band(found, key)) for key in CARDS if key not in NOT_DRAWN})


def band(found: RiskResult, key: str) -> list[str]:
    """One card's range, and the chance where there is a target, for a KPI that draws know."""
    unit, year = KPIS[key].unit, found.year(key)
    if not math.isfinite(float(year.point(10))):
        return []
    text = t("card.band", low=number(float(year.point(10)), unit), high=number(float(year.point(90)), unit))
    chance = next((c for c in found.chances.values() if c.kpi == key and c.period == "year"), None)
    if chance is None or not math.isfinite(chance.chance):
        return [text]
    return [text, t("card.chance", chance=f"{100 * chance.chance:.0f}", error=f"{max(200 * chance.error, 0.05):.1f}")]


def verdict(result: Result, baseline: Result, decides) -> None:
    st.subheader(sentence(result, baseline, decides), anchor=False)


def sentence(result: Result, baseline: Result, decides) -> str:
    """One or two sentences made from the result; never more than the numbers say."""
    months = len(result.months)
    words = {"span": t("verdict.year") if months == 12 else t("verdict.months", count=months),
             "gmv": number(value(result, "gmv"), KPIS["gmv"].unit),
             "margin": number(value(result, "net_margin_rate"), KPIS["net_margin_rate"].unit)}
    text = t("verdict.main", **words, target=_gmv_target(result), change=_margin_change(result, baseline))
    top = [driver_label(s.table, s.key) for s in decides.swings[:2] if s.size > 0]
    if len(top) == 2:
        text += t("verdict.decides", first=inside(top[0]), second=inside(top[1]))
    return text


def _gmv_target(result: Result) -> str:
    target = year_target(result, "gmv")
    if target is None or not target.target:
        return ""
    gap = float(target.gap[0]) / target.target
    if abs(gap) < 5e-4:
        return t("verdict.on_target")
    return t("verdict.above_target" if gap > 0 else "verdict.below_target", gap=percent_change(gap))


def _margin_change(result: Result, baseline: Result) -> str:
    change = value(result, "net_margin_rate") - value(baseline, "net_margin_rate")
    if not math.isfinite(change):
        return ""
    if abs(change) < 5e-4:
        return t("verdict.same_margin")
    words = {"gap": size(change, KPIS["net_margin_rate"].unit)}
    return t("verdict.higher_margin" if change > 0 else "verdict.lower_margin", **words)



"""The answer first: the verdict sentence and the eight KPI cards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from model import KPIS, Result, last_year_kpi
from model.engine.kpis import NOT_DRAWN, TargetResult, period_of
from pages.ui.kit import kpi_cards
from pages.ui.kit.formats import DASH, difference, ends, number, percent_change, size
from pages.ui.kit.texts import inside, t, together
from pages.ui.session import state
from pages.ui.words import periods, reach
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.figures import CARDS
from pages.ui.words.periods import value

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult



def presets() -> None:
    """A button each, the one that the scenario has set marked."""
    now = state.workspace().scenario
    at_hand = st.session_state["_preset"] = state.preset_at_hand(now)
    sets = t("preset.sets_sample" if now.base.name == state.SAMPLE else "preset.sets")
    st.caption(t("preset.title"), width="content")
    for key in state.PRESETS:
        st.button(t(f"preset.{key}"), key=f"preset_{key}", help=together([t(f"preset.{key}_help"), sets]), on_click=_preset,
                  args=(key,), type="primary" if key == at_hand else "secondary")


def _preset(key: str) -> None:
    state.apply_preset(key)
    st.rerun()


def cards(result: Result, baseline: Result, period: str) -> None:
    kpi_cards.draw([card(result, baseline, key, period) for key in CARDS])


def card(result: Result, baseline: Result, key: str, period: str) -> dict[str, str]:
    """A card's words: label, help, value, exact, change with mood, last, target with verdict."""
    row, now = KPIS[key], value(result, key, period)
    change = periods.change(result, baseline, key, period)
    why = periods.apart(result, baseline, period)
    shown = together([difference(change, row.unit), why]) if why else difference(change, row.unit)
    even = math.isfinite(change) and not any(c in "123456789" for c in shown)
    mood = "" if even or not math.isfinite(change) else "sd-good" if change * row.good > 0 else "sd-bad"
    target = reach.target(result, key, period)
    return {
        "key": key, "label": t(f"card.{key}"), "help": t(f"kpi.{key}.help"), "value": _shown(result, key, period),
        "exact": f"{now:.10g}" if math.isfinite(now) else DASH, "mood": mood,
        "change": t("card.even") if even else t("card.against_baseline", change=shown),
        "last": _last_year(result, key, period), "target": t("card.no_target") if target is None else reach.gap(target),
        "verdict": "" if target is None or not reach.mood(target) else f"sd-{reach.mood(target)}",
    }


def _shown(result: Result, key: str, period: str) -> str:
    text = number(value(result, key, period), KPIS[key].unit)
    if key == "roas_net":
        return f"{number(value(result, 'roas_gmv', period), KPIS['roas_gmv'].unit)} → {text}"
    if key == "marketing_rate":
        return f"{text} · {number(value(result, 'spend_to_gmv', period), KPIS['spend_to_gmv'].unit)}"
    return text


def _last_year(result: Result, key: str, period: str) -> str:
    before = last_year_kpi(result, key, period_of(period, result.months))
    return t("card.last_year", value=number(before, KPIS[key].unit) if math.isfinite(before) else DASH)


def bands(found: RiskResult, period: str) -> None:
    """The 10–90 % range of each card's KPI, and the chance beside its target and at the end of the verdict."""
    known = [key for key in CARDS if key not in NOT_DRAWN]
    texts = {f"sd-band-{key}": band(found, key, period) for key in known}
    texts |= {f"sd-chance-{key}": f" · {words}" for key in known if (words := target_chance(found, key, period))}
    likely = target_chance(found, "gmv", period)
    kpi_cards.added(texts | ({"st-key-verdict h3": together(["", t("verdict.chance", chance=likely)])} if likely else {}))


def band(found: RiskResult, key: str, period: str) -> str:
    """One card's range; "" where it is undefined."""
    unit, year = KPIS[key].unit, found.year(key, period)
    if not math.isfinite(float(year.point(10))):
        return ""
    low, high = ends(float(year.point(10)), float(year.point(90)), unit)
    return t("card.band", low=low, high=high)


def target_chance(found: RiskResult, key: str, period: str) -> str:
    """The chance of a KPI's target with its name; "" without target."""
    target = reach.target(found.plan, key, period)
    return "" if target is None else reach.chance(found.chances.get(target.key))


def verdict(result: Result, baseline: Result, decides, period: str) -> None:
    with st.container(key="verdict"):
        st.subheader(sentence(result, baseline, decides, period), anchor=False)


def sentence(result: Result, baseline: Result, decides, period: str) -> str:
    """A few sentences made from the result; never more than the numbers say."""
    words = {"span": periods.span(period, len(result.months)),
             "gmv": number(value(result, "gmv", period), KPIS["gmv"].unit),
             "margin": number(value(result, "net_margin_rate", period), KPIS["net_margin_rate"].unit)}
    text = t("verdict.main", **words, target=_against(reach.target(result, "gmv", period)),
             change=_margin_change(result, baseline, period))
    top = [driver_label(s.table, s.key) for s in decides.swings[:2] if s.size > 0]
    if len(top) == 2:
        text += t("verdict.decides", first=inside(top[0]), second=inside(top[1]))
    note = reach.cut_note(result, period)
    return together([text, note]) if note else text


def _against(target: TargetResult | None) -> str:
    """How far the plan is from its target, as a part of it."""
    if target is None or not target.target:
        return ""
    gap = float(target.gap[0]) / target.target
    if abs(gap) < 5e-4:
        return t("verdict.on_target")
    return t("verdict.above_target" if gap > 0 else "verdict.below_target", gap=percent_change(gap))


def _margin_change(result: Result, baseline: Result, period: str) -> str:
    change = periods.change(result, baseline, "net_margin_rate", period)
    if not math.isfinite(change):
        return ""
    if abs(change) < 5e-4:
        return t("verdict.same_margin")
    words = {"gap": size(change, KPIS["net_margin_rate"].unit)}
    return t("verdict.higher_margin" if change > 0 else "verdict.lower_margin", **words)

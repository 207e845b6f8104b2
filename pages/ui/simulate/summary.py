"""The answer first: the verdict sentence and the eight KPI cards."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from model import KPIS, Result, Scenario, last_year_kpi
from model.engine.kpis import ALL, NOT_DRAWN, YEAR, TargetResult, period_of
from pages.ui.frame import own_presets as making
from pages.ui.kit import kpi_cards
from pages.ui.kit.formats import DASH, difference, ends, none, number, percent_change, rate, size
from pages.ui.kit.texts import inside, t, together
from pages.ui.session import own_presets, state
from pages.ui.words import periods, reach
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.figures import CARDS
from pages.ui.words.periods import value

if TYPE_CHECKING:
    from model.analysis.risk.simulate import Chance, RiskResult
#: KPIs that the verdict holds against their targets, and what a phone keeps in sight while a lever moves
AIMS, STRIP = ("gmv", "net_margin_rate"), ("gmv", "net_profit")


def presets() -> None:
    """A button each, the one that the scenario has set marked."""
    now = state.workspace().scenario
    own = making.offered()
    if own and not own_presets.look(now.base):
        st.session_state["_preset"] = ""
        making.button("preset_make")
        return
    at_hand = st.session_state["_preset"] = state.preset_at_hand(now)
    st.caption(t("preset.title"), width="content")
    for key in state.PRESETS:
        about = t(f"preset.{key}_own") if own else together([t(f"preset.{key}_help"), t("preset.sets_sample")])
        st.button(t(f"preset.{key}"), key=f"preset_{key}", help=about, on_click=_preset,
                  args=(key,), type="primary" if key == at_hand else "secondary")


def _preset(key: str) -> None:
    state.apply_preset(key)
    st.rerun()


def cards(result: Result, baseline: Result, period: str) -> None:
    strip = [(t(f"card.{key}"), _shown(result, key, period), "") for key in STRIP]
    strip.append((t("reach.chance_gmv"), "", "sd-strip-chance"))
    kpi_cards.draw([card(result, baseline, key, period) for key in CARDS], strip, t("everybody.jump"))


def card(result: Result, baseline: Result, key: str, period: str) -> dict[str, str]:
    """A card's words: label, help, value, exact, change with mood, last, target with verdict."""
    row, now = KPIS[key], value(result, key, period)
    change = periods.change(result, baseline, key, period)
    why = periods.apart(result, baseline, period)
    moved = difference(change, row.unit)
    shown = together([moved, why]) if why else moved
    even = none(moved)
    mood = "" if even or not math.isfinite(change) else "sd-good" if change * row.good > 0 else "sd-bad"
    target = reach.target(result, key, period)
    return {
        "key": key, "label": t(f"card.{key}"), "help": _help(key, period), "value": _shown(result, key, period),
        "exact": f"{now:.10g}" if math.isfinite(now) else DASH, "mood": mood,
        "change": "" if even else t("card.against_baseline", change=shown),
        "last": _last_year(result, key, period), "target": "" if target is None else reach.gap(target),
        "verdict": "" if target is None or not reach.mood(target) else f"sd-{reach.mood(target)}",
    }


def _shown(result: Result, key: str, period: str) -> str:
    text = number(value(result, key, period), KPIS[key].unit)
    if key == "roas_net":
        return f"{number(value(result, 'roas_gmv', period), KPIS['roas_gmv'].unit)} → {text}"
    if key == "marketing_rate":
        return f"{text} · {number(value(result, 'spend_to_gmv', period), KPIS['spend_to_gmv'].unit)}"
    return text


def _help(key: str, period: str) -> str:
    """What a card shows; of a later year also which one its last year is."""
    later = t("card.last_year_help") if period not in (YEAR, ALL) else ""
    return together(filter(None, [t(f"kpi.{key}.help"), later]))


def _last_year(result: Result, key: str, period: str) -> str:
    before = last_year_kpi(result, key, period_of(period, result.months))
    return t("card.last_year", value=number(before, KPIS[key].unit) if math.isfinite(before) else DASH)


def bands(found: RiskResult, period: str) -> None:
    """The 10–90 % range of each card's KPI, and the chance beside its target and at the end of the verdict."""
    known = [key for key in CARDS if key not in NOT_DRAWN]
    texts = {f"sd-band-{key}": band(found, key, period) for key in known}
    for key, (chance, error) in {k: reach.apart(c) for k in known if (c := chance_of(found, k, period))}.items():
        texts |= {f"sd-chance-{key}": chance, f"sd-error-{key}": error, f"sd-likely-{key}": t("verdict.likely", chance=chance)}
    kpi_cards.added(texts | {"sd-strip-chance": strip_chance(found, period),
                             "sd-average": average(found, period)})


def band(found: RiskResult, key: str, period: str) -> str:
    """One card's range; "" where it is undefined."""
    unit, year = KPIS[key].unit, found.year(key, period)
    if not math.isfinite(float(year.point(10))):
        return ""
    low, high = ends(float(year.point(10)), float(year.point(90)), unit)
    return t("card.band", low=low, high=high)


def chance_of(found: RiskResult, key: str, period: str) -> Chance | None:
    """How likely a KPI's target is; None without target or where it is undefined."""
    target = reach.target(found.plan, key, period)
    chance = None if target is None else found.chances.get(target.key)
    return chance if chance is not None and math.isfinite(chance.chance) else None


def target_chance(found: RiskResult, key: str, period: str) -> str:
    """The chance of a KPI's target with its name; "" without target."""
    return reach.chance(chance_of(found, key, period))


def verdict(result: Result, baseline: Result, decides, period: str) -> None:
    """Read aloud after a move (kit/assets/everybody.js). The chances and the average of the draws come to it when they are there
    (`bands`)."""
    said = sentences(result, baseline, decides, period)
    parts = (f"<span>{escape(text)}</span><span class='{name}'></span>" for text, name in said)
    st.html(f"<p class='sd-verdict'>{''.join(parts)}</p>")


def to_review(scenario: Scenario) -> None:
    """The way to what happened, once actual months are in."""
    months = {month for month, *_ in scenario.book.cells}
    if months and "review" in (pages := st.session_state.get("_pages", {})):
        st.page_link(pages["review"], label=t("verdict.to_review", count=len(months)), icon=":material/event_available:",
                     query_params=state.carried())


def sentences(result: Result, baseline: Result, decides, period: str) -> list[tuple[str, str]]:
    """A few sentences made from the result, never more than the numbers say; and what is added to each when it is known."""
    words = {key: number(value(result, key, period), KPIS[key].unit) for key in AIMS}
    out = [(t("verdict.gmv", span=periods.span(period, len(result.months)), gmv=words["gmv"],
              target=_against(reach.target(result, "gmv", period))), "sd-likely-gmv"),
           (t("verdict.margin", margin=words["net_margin_rate"], target=_points(reach.target(result, "net_margin_rate", period)),
              change=_margin_change(result, baseline, period)), "sd-likely-net_margin_rate"),
           (t("verdict.stop"), "sd-average")]
    top = [inside(driver_label(s.table, s.key)) for s in decides.swings[:2] if s.size > 0]
    more = [t("verdict.decides", first=top[0], second=top[1]) if len(top) == 2 else "", reach.cut_note(result, period)]
    return [*out, *((together(["", text]), "") for text in more if text)]


def sentence(result: Result, baseline: Result, decides, period: str) -> str:
    """The verdict as one text, without what the draws add to it."""
    return "".join(text for text, _ in sentences(result, baseline, decides, period))


def strip_chance(found: RiskResult, period: str) -> str:
    """The chance of GMV's target, or that there is no target."""
    chance = chance_of(found, "gmv", period)
    return t("reach.no_target") if chance is None else rate(chance.chance)


def average(found: RiskResult, period: str) -> str:
    """The average of the draws' net profit, where the plan is better than it by more than its error; "" elsewhere."""
    year, unit = found.year("net_profit", period), KPIS["net_profit"].unit
    plan, mean = value(found.plan, "net_profit", period), float(year.mean)
    if not (math.isfinite(plan) and math.isfinite(mean)) or plan - mean <= 2 * float(year.mean_error):
        return ""
    return together(["", t("verdict.average", plan=number(plan, unit), mean=number(mean, unit))])


def _against(target: TargetResult | None) -> str:
    """How far the plan is from its target, as a part of it."""
    if target is None or not target.target:
        return ""
    gap = float(target.gap[0]) / target.target
    if abs(gap) < 5e-4:
        return t("verdict.on_target")
    return t("verdict.above_target" if gap > 0 else "verdict.below_target", gap=percent_change(gap))


def _points(target: TargetResult | None) -> str:
    """How far a rate is from its target, in points."""
    if target is None or target.outcome == "undefined":
        return ""
    gap = float(target.gap[0])
    if abs(gap) < 5e-4:
        return t("verdict.on_target")
    words = {"gap": size(gap, KPIS[target.kpi].unit)}
    return t("verdict.above_aim" if gap > 0 else "verdict.below_aim", **words)


def _margin_change(result: Result, baseline: Result, period: str) -> str:
    change = periods.change(result, baseline, "net_margin_rate", period)
    if not math.isfinite(change):
        return ""
    if abs(change) < 5e-4:
        return ""
    words = {"gap": size(change, KPIS["net_margin_rate"].unit)}
    return t("verdict.higher_margin" if change > 0 else "verdict.lower_margin", **words)

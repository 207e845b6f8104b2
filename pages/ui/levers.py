"""Headline sliders: one factor on all channels each, with the blended value it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import streamlit as st

from model import Result, kpi
from model import units as u
from model.engine.values import odds
from model.plan.schema import TABLES
from model.units import shown_of, stored_of
from pages.ui import names, parts, redraw, state, views
from pages.ui.formats import bare, number
from pages.ui.texts import has, t

HEADLINE = TABLES["headline"]
#: `redraw.along` or `redraw.again`
Draw = Callable[[Sequence[str]], None]
_ORDER_VALUE = u.Unit("yuan_each", decimals=1)
_UNITS = {"traffic_price": u.YUAN_PER_1000, "ctr": u.FINE_RATE, "cvr": u.FINE_RATE, "aov": _ORDER_VALUE,
          "refund_rate": u.RATE, "goods_margin_rate": u.RATE, "repurchase_rate": u.RATE, "budget": u.YUAN}


def driver_label(table: str, key: str) -> str:
    """What a driver is called; monthly channel phasing and the like fall back to their key."""
    text = f"driver.{table}.{key}.label"
    return t(text) if has(text) else key


def blended(result: Result, key: str) -> float:
    """The value of a headline driver over all channels and months, weighted as fits it; nan where nothing is there."""
    v, by = result.values, result.by_channel
    paid, bought = slice(0, v.paid), slice(0, v.paid + v.has_owned)
    if key == "traffic_price":
        return _over(1000 * by["spend"][paid].sum(), by["impressions"][paid].sum())
    if key == "ctr":
        return _over(by["clicks"][bought].sum(), by["impressions"][bought].sum())
    if key == "goods_margin_rate":
        return weighted(v.channel[key], by["gmv"])
    if key == "repurchase_rate":
        return _repurchase(result)
    return float(v.business["budget"][0, 0]) if key == "budget" else float(kpi(result, key)[0])


def weighted(values: np.ndarray, weights: np.ndarray) -> float:
    """The mean of a driver that may change by month, weighted by what it acts on; nan where there is none of that."""
    return _over((values * weights).sum(), weights.sum())


def once_rate(result: Result, group: str) -> float:
    """The share of the plan's new customers of a group who order again within a year, each month's by its own rate."""
    joiners, new = (result.lines[k] for k in ("joiners", "new_customers"))
    return weighted(result.values.business[f"repurchase_{group}_once"], joiners if group == "member" else new - joiners)


def _repurchase(result: Result) -> float:
    join = _over(result.lines["joiners"].sum(), result.lines["new_customers"].sum())
    member, other = (once_rate(result, group) for group in ("member", "other"))
    if np.isnan(join):
        return float(result.values.business["repurchase_other_once"].mean())
    return float(np.nansum([join * member, (1 - join) * other]))


def _over(top, bottom) -> float:
    return float(top / bottom) if bottom else np.nan


def at_factor(key: str, base: float, factor: float) -> float:
    """The blended value that a factor leads to from the value at factor 1 (for repurchase rates: on the odds)."""
    return float(odds(base, factor)) if key == "repurchase_rate" else base * factor


def readout(now: Result, saved: Result) -> None:
    """What each slider leads to: one table beside them, changed in place."""
    head = [t(f"lever.{k}") for k in ("driver", "now", "saved", "plausible")]
    parts.own_table(head, [_row(key, now, saved) for key in HEADLINE])


def _row(key: str, now: Result, saved: Result) -> list[str]:
    """Blended value now, saved, and the plausible range."""
    unit, low_high = _UNITS[key], HEADLINE[key].soft
    before = blended(saved, key)
    set_to = saved.scenario.get(f"headline.{key}")
    neutral = at_factor(key, before, 1 / set_to)
    low, high = (bare(at_factor(key, neutral, f), unit) for f in low_high)
    return [driver_label("headline", key), number(blended(now, key), unit), bare(before, unit), f"{low} – {high}"]


#: the fragments of the Simulate page that show results, in the order in which a move draws them
OUTPUTS = ("cards", "verdict", "lever_table", "share_table", "pictures", "below")


def factors(keys: Iterable[str], outputs: Sequence[str], columns: int, draw: Draw = redraw.again) -> None:
    """Sliders of these headline factors; a move draws the fragments `outputs`, and the bar where it changes."""
    with st.grid(columns, min_column_width=150, gap="small"):
        for key in keys:
            st.fragment(key=f"fragment_{key}")(_slider)(key, tuple(outputs), draw)


def _slider(key: str, outputs: tuple[str, ...], draw: Draw) -> None:
    """In a fragment of its own: a move then marks one slider as stale, not all."""
    driver, name = HEADLINE[key], f"lever_{key}"
    now = round(shown_of(state.workspace().scenario.get(f"headline.{key}") - 1, u.RATE))
    views.show(st.slider, driver_label("headline", key), *(round(shown_of(end - 1, u.RATE)) for end in (driver.low, driver.high)),
              key=name, value=now, format="%+d%%", on_change=_moved, args=(key, outputs, draw),
              help=t(f"driver.headline.{key}.help"))


def _moved(key: str, outputs: tuple[str, ...], draw: Draw) -> None:
    factor = round(1 + stored_of(st.session_state[f"lever_{key}"], u.RATE), 4)
    space = state.workspace()
    state.commit(space.scenario.with_values({f"headline.{key}": factor}))
    draw([outputs[0], *_bar_and(outputs[1:])])


def draw_outputs(own: str) -> None:
    """In a callback of the fragment `own`: draw what shows results on the Simulate page, and `own`."""
    redraw.along([OUTPUTS[0], own, *_bar_and(OUTPUTS[1:])])


def _bar_and(outputs: Sequence[str]) -> list[str]:
    """These fragments, before and behind them the bar and the presets where they have to be drawn anew."""
    preset = state.preset_at_hand(state.workspace().scenario)
    marks = ["presets"] if "lever_table" in outputs and st.session_state.get("_preset") != preset else []
    return [*(["bar"] if st.session_state.get("_bar") != names.bar_state() else []), *outputs, *marks]

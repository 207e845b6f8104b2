"""Headline sliders: one factor on all channels each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from model import Scenario
from model import units as u
from model.plan import drivers as d
from model.plan.schema import TABLES
from model.units import shown_of, stored_of
from pages.ui.frame import bar_state
from pages.ui.kit import redraw, views
from pages.ui.kit.texts import t, together
from pages.ui.session import state
from pages.ui.words.driver_labels import driver_label

HEADLINE = TABLES["headline"]
#: `redraw.along` or `redraw.again`
Draw = Callable[[Sequence[str]], None]


#: the fragments of the Simulate page that show results, in the order in which a move draws them
OUTPUTS = ("cards", "verdict", "lever_values", "pictures", "below")


def fragment_of(key: str) -> str:
    """The fragment that a headline slider stands in."""
    return f"fragment_{key}"


def by_lever(now: Scenario, found: Scenario) -> Scenario:
    """A scenario found for this one, its budget said by the lever of the budget: what is taken over moves the slider.

    Beyond the lever's ends, or where later years have budgets of their own, it stays a budget.
    """
    lever, before = HEADLINE["budget"], now.get("budget")
    own = any(now.get(d.of_year("budget", year)) is not None for year in d.LATER_YEARS)
    if found.get("budget") == before or not before or own:
        return found
    factor = found.get("headline.budget") * found.get("budget") / before
    return found.with_values({"budget": before, "headline.budget": factor}) if lever.low <= factor <= lever.high else found


def factors(keys: Iterable[str], outputs: Sequence[str], columns: int, draw: Draw = redraw.again,
            note: Callable[[str], str] = lambda key: "") -> None:
    """Sliders of these headline factors; a move draws the fragments `outputs`, and the bar where it changes. note: of a key,
    behind the slider's help."""
    with st.grid(columns, min_column_width=150, gap="small"):
        for key in keys:
            st.fragment(key=fragment_of(key))(_slider)(key, tuple(outputs), draw, note(key))


def _slider(key: str, outputs: tuple[str, ...], draw: Draw, note: str) -> None:
    """In a fragment of its own: a move then marks one slider as stale, not all."""
    driver, name = HEADLINE[key], f"lever_{key}"
    now = round(shown_of(state.workspace().scenario.get(f"headline.{key}") - 1, u.RATE))
    views.show(st.slider, driver_label("headline", key), *(round(shown_of(end - 1, u.RATE)) for end in (driver.low, driver.high)),
              key=name, value=now, format="%+d%%", on_change=_moved, args=(key, outputs, draw),
              help=together(filter(None, [t(f"driver.headline.{key}.help"), note])))


def _moved(key: str, outputs: tuple[str, ...], draw: Draw) -> None:
    factor = round(1 + stored_of(st.session_state[f"lever_{key}"], u.RATE), 4)
    space = state.workspace()
    state.commit(space.scenario.with_values({f"headline.{key}": factor}))
    draw([outputs[0], *_bar_and(outputs[1:])])


def draw_outputs(*own: str) -> None:
    """In a callback of the first of the fragments `own`: draw what shows results on the Simulate page, and these."""
    redraw.along([OUTPUTS[0], *own, *_bar_and(OUTPUTS[1:])])


def _bar_and(outputs: Sequence[str]) -> list[str]:
    """These fragments, before and behind them the bar and the presets where they have to be drawn anew."""
    preset = state.preset_at_hand(state.workspace().scenario)
    marks = ["presets"] if "lever_values" in outputs and st.session_state.get("_preset") != preset else []
    return [*(["bar"] if st.session_state.get("_bar") != bar_state.bar_state() else []), *outputs, *marks]

"""The season: its curve drawn, beside it the twelve numbers that are typed or pasted. Only their proportions count."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from model import Scenario
from model.plan import lists as li
from model.plan.schema import TABLES
from pages.ui.kit.formats import fixed
from pages.ui.kit.texts import plain, rules, t
from pages.ui.plan import specs
from pages.ui.rows import number_grid
from pages.ui.words.driver_labels import driver_label

Redraw = Callable[[], None]
#: of a curve, an ordinary month
ORDINARY = 100.0
FIELDS = ("season", "traffic_season", "phasing")
#: of these a curve is drawn: 100 is an ordinary month
DRAWN = ("season", "traffic_season")
MONTHS = tuple(f"{m:02d}" for m in range(1, 13))


def draw(scenario: Scenario, redraw: Redraw) -> None:
    """What it says, its picture, and the grid beside it."""
    st.markdown(f"**{plain(title(scenario))}**", help=t("season.help"))
    picture, numbers = st.columns([3, 2], gap="medium")
    with picture:
        spec = specs.season_spec(tuple(driver_label(li.SEASON, f) for f in DRAWN), t("season.axis"))
        data = specs.season_data(rules().months, {driver_label(li.SEASON, f): index(scenario, f) for f in DRAWN})
        st.vega_lite_chart(data, spec, key="chart_season", width="stretch", alt=t("season.alt", title=title(scenario)))
        st.caption(t("season.note"))
    with numbers:
        number_grid.show(grid_of(scenario, redraw))


def index(scenario: Scenario, field: str) -> np.ndarray:
    """A season by calendar month, 100 in an ordinary month."""
    values = np.array([scenario.get(f"season.{m}.{field}") for m in MONTHS], float)
    return ORDINARY * values / values.mean()


def title(scenario: Scenario) -> str:
    """The months of most and least demand."""
    found = index(scenario, "season")
    if np.ptp(found) < 1e-9:
        return t("season.flat")
    high, low = int(np.argmax(found)), int(np.argmin(found))
    names = rules().months
    most, least = (fixed(found[i] / ORDINARY, 2) for i in (high, low))
    return t("season.title", high=names[high], most=most, low=names[low], least=least)


def grid_of(scenario: Scenario, redraw: Redraw) -> number_grid.Numbers:
    """A row a calendar month."""
    return number_grid.Numbers(
        "edit_season", t("plan.month"), dict(zip(MONTHS, rules().months, strict=True)), None,
        {f: driver_label(li.SEASON, f) for f in FIELDS}, lambda month, field: (TABLES[li.SEASON][field], 0),
        {(m, f): scenario.get(f"season.{m}.{f}") for m in MONTHS for f in FIELDS}, _take, redraw)


def _take(typed: number_grid.Typed) -> number_grid.Refused:
    return number_grid.committed({(m, f): {f"season.{m}.{f}": value} for (m, f), value in typed.items()})

"""Figures of the industry beside one's own, in words and with the grade of their source."""

from __future__ import annotations

import math
from functools import lru_cache

from model.io.industry import Benchmark, Industry, read_industry
from model.units import Unit
from pages.ui.frame.grids import Cell
from pages.ui.kit import browser_files
from pages.ui.kit.formats import DASH, number
from pages.ui.kit.texts import t
from pages.ui.session import state


@lru_cache(maxsize=1)
def industry() -> Industry:
    return read_industry((state.SAMPLE_FOLDER / "industry.csv").read_bytes())


def ink() -> None:
    """Send the style of these pages, once a page."""
    browser_files.style("frame/industry.css")


def against(value: float, found: Benchmark | None, unit: Unit) -> Cell:
    """Where a rate stands in the industry's range, in words, with the grade of the source."""
    if found is None or not math.isfinite(value):
        return Cell(DASH, None)
    side = {-1: "below", 0: "within", 1: "above"}[found.side(value)]
    return Cell(t(f"channels.{side}", value=number(found.likely, unit), grade=found.grade), found.likely)

"""The trade's figures: complete, graded, in order, and each within what its driver may be."""

from __future__ import annotations

import pytest

from model.io.trade import read_trade
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import trade as tr
from model.plan.schema import TABLES
from samples import ROOT

TRADE = read_trade((ROOT / "sample_data" / "trade.csv").read_bytes())
FIGURES = [(group, key, field, figure) for (group, key), row in TRADE.figures.items() for field, figure in row.items()]


def test_all_categories_kinds_and_a_years_promotions_are_there():
    assert set(TRADE.keys(tr.CATEGORY)) == set(tr.CATEGORIES) and set(TRADE.keys(tr.KIND)) == set(tr.KINDS)
    assert {"new_year", "618", "double11", "double12"} <= set(TRADE.keys(tr.PROMOTION)) and len(TRADE.keys(tr.PROMOTION)) >= 8


def test_every_figure_has_a_grade_and_a_source_in_both_languages():
    for group, key, field, figure in FIGURES:
        zh, both, en = figure.source.partition(" ‖ ")
        assert both and zh[:3] == en[:3] and zh[:3] in ("A: ", "B: ", "C: ", "J: ") and len(zh) > 3 and len(en) > 3, (group, key, field)


def test_every_figure_lies_in_its_range_and_within_what_its_driver_may_be():
    tables = {tr.CATEGORY: {**TABLES[d.CHANNEL], **TABLES[d.BUSINESS]}, tr.KIND: TABLES[d.CHANNEL], tr.PROMOTION: TABLES[li.PROMOTION]}
    for group, key, field, figure in FIGURES:
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high, (group, key, field)
        driver = tables[group].get(field)
        if driver is not None and driver.unit.is_number:
            assert driver.low <= figure.value <= driver.high, (group, key, field)


def test_seasons_have_a_mean_of_one_and_shares_of_the_kinds_sum_to_one():
    for category in tr.CATEGORIES:
        season = [float(TRADE.of(tr.CATEGORY, category)[f"season_{m:02d}"].value) for m in range(1, 13)]
        assert sum(season) / 12 == pytest.approx(1, abs=0.01), category
    shares = [TRADE.of(tr.KIND, k).get("share") for k in tr.KINDS]
    assert sum(float(s.value) for s in shares if s is not None) == pytest.approx(1)

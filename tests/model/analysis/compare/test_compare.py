"""Scenarios side by side: what differs and only that, KPIs, months and channels joined where they belong together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import plans
import strategies
from model import KPIS, Plan, Scenario, UnknownName, evaluate, kpi, write_plan
from model.analysis.compare import channel_table, differences, kpi_table, month_lines
from model.io.assumptions import read_plan
from model.io.tables import preview
from samples import changed, sample, sample_plan


def found(*scenarios: Scenario) -> dict[str, tuple]:
    return {x.address: x.values for x in differences(scenarios)}


# --- what differs ---------------------------------------------------------------------------------------------------

def test_only_what_differs_in_the_order_of_a_plan():
    a, b, c = sample(), changed(vat=0.1, headline__cvr=1.1), changed(headline__cvr=1.1, promotion__618__on=False)
    assert list(found(a, b, c).items()) == [
        ("vat", (0.13, 0.1, 0.13)), ("headline.cvr", (1.0, 1.1, 1.1)), ("promotion.618.on", (True, True, False))]
    assert found(a, a) == found(a, sample()) == {}


def test_rows_that_not_all_have():
    one = sample().with_values({"team.extra.heads": 2.0, "team.extra.monthly_cost": 9000.0, "promotion.618": None})
    differ = found(one, sample())
    assert differ["team.extra.heads"] == (2.0, None)
    assert differ["promotion.618.first"] == (None, sample().get("promotion.618.first"))
    assert {a.split(".")[1] for a in differ} == {"extra", "618"}


def test_an_empty_number_is_its_default():
    assert found(sample(), sample().with_values({"headline.cvr": None})) == {}


def test_base_plans_may_differ():
    other = plans.scenario(plans.rich())
    differ = found(sample(), other, changed(vat=0.1))
    assert differ["budget"] == (13_200_000, 12_000_000.0, 13_200_000)
    assert differ["channel.search.kind"] == (None, "paid", None)
    assert "credit_days" not in differ
    copy = Scenario(Plan("copy", sample_plan().values))
    assert found(sample(), copy) == {}


@settings(max_examples=10)
@given(strategies.random_plans(), strategies.random_plans())
def test_the_other_way_round_the_values_are_swapped(one, other):
    a, b = plans.scenario(one), plans.scenario(other)
    differ = found(a, b)
    assert all(x != y or isinstance(x, bool) != isinstance(y, bool) for x, y in differ.values())
    assert {k: v[::-1] for k, v in differ.items()} == found(b, a)


def test_a_preview_says_what_an_upload_would_change():
    data = write_plan(sample_plan()).replace("business,,vat,0.13,", "business,,vat,\"0,1\",").encode()
    upload = read_plan(data, "upload")
    assert [(x.address, x.values) for x in preview(changed(budget=1e6), upload)] == [
        ("budget", (1e6, 13_200_000)), ("vat", (0.13, 0.1))]
    assert preview(sample(), sample()) == ()


# --- results --------------------------------------------------------------------------------------------------------

def results(*scenarios: Scenario):
    return [evaluate(s) for s in scenarios]


def test_every_kpi_with_its_difference_against_the_first():
    both = results(sample(), changed(headline__cvr=1.1))
    table = {row.key: row for row in kpi_table(both)}
    assert list(table) == list(KPIS)
    for key, row in table.items():
        assert row.values == pytest.approx([kpi(r, key)[0] for r in both], nan_ok=True)
        assert row.differences == pytest.approx(row.values - row.values[0], nan_ok=True)
    assert table["gmv"].differences[1] > 0 == table["gmv"].differences[0]


def test_months_lie_where_the_calendar_has_them():
    first, later = results(sample(), changed(start="2027-07", months=18))
    overlay = month_lines([first, later], "gmv")
    assert overlay.columns == (*first.months, *later.months[6:]) and overlay.values.shape == (2, 24)
    assert overlay.values[0, :12] == pytest.approx(first.lines["gmv"][:, 0]) and np.isnan(overlay.values[0, 12:]).all()
    assert overlay.values[1, 6:] == pytest.approx(later.lines["gmv"][:, 0]) and np.isnan(overlay.values[1, :6]).all()
    with pytest.raises(UnknownName):
        month_lines([first], "profit")


def test_channels_are_joined_by_their_key():
    both = results(sample(), plans.scenario(plans.rich()))
    overlay = channel_table(both, "spend")
    assert overlay.columns == tuple(dict.fromkeys([*both[0].channels, *both[1].channels]))
    at = dict(zip(overlay.columns, overlay.values.T, strict=True))
    assert at["platform"][0] == pytest.approx(both[0].by_channel["spend"][0].sum()) and np.isnan(at["platform"][1])
    assert np.isfinite(at["private"]).all()
    assert np.isnan(channel_table(both, "aov").values).sum() == np.isnan(overlay.values).sum()
    with pytest.raises(UnknownName):
        channel_table(both, "overhead")

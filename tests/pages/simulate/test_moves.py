"""Moves of the headline sliders: scenario, cards and charts follow."""

from __future__ import annotations

import json

import pytest
from odd_plans import SAMPLE_SHARES
from screens import app, cards, charts, markdown, move, scenario, shares, space, verdict

from model import evaluate, kpi
from pages.ui.kit import texts
from samples import changed


def test_the_page_opens_with_the_sample_and_every_slider_in_the_middle():
    at = app()
    assert {s.value for s in at.slider if s.key.startswith("lever_")} == {0}
    assert shares(at) == SAMPLE_SHARES
    assert not space(at).changed and at.button(key="bar_undo").disabled and at.button(key="bar_reset").disabled
    assert cards(at)["GMV"]["change"] == ""


@pytest.mark.parametrize(("lever", "to"), [("traffic_price", 20), ("ctr", -10), ("cvr", 5), ("aov", 15), ("refund_rate", 30),
                                           ("goods_margin_rate", -8), ("repurchase_rate", 25), ("budget", -50)])
def test_a_headline_slider_changes_scenario_cards_and_charts(lever, to):
    at = app()
    before_cards, before = cards(at), charts(at)
    move(at, f"lever_{lever}", to)
    expected = changed(**{f"headline__{lever}": 1 + to / 100})
    assert scenario(at) == expected and at.slider(key=f"lever_{lever}").value == to
    result = evaluate(expected)
    for key, label in (("net_profit", "Net profit"), ("gmv", "GMV"), ("refund_rate", "Refund rate")):
        assert float(cards(at)[label]["exact"]) == pytest.approx(float(kpi(result, key)[0]), rel=1e-8)
    assert cards(at)["Net profit"] != before_cards["Net profit"]
    after = charts(at)
    assert [a[1] != b[1] for a, b in zip(after, before, strict=True)][:3] == [True] * 3
    assert space(at).changed and not at.button(key="bar_undo").disabled
    assert texts.catalogue("en")["bar.changed"] in markdown(at)


def test_specifications_of_charts_are_the_same_bytes_between_two_moves():
    """However far: the ends of the axes are data too, and what comes back to where it was is drawn as it was."""
    at = app()
    seen = [charts(at)]
    for to in (1, 50, -50, 0):
        move(at, "lever_cvr", to)
        seen.append(charts(at))
    assert seen[-1] == seen[0]
    move(at, "share_content", 16.0)
    seen.append(charts(at))
    for i in range(4):
        assert {spec for spec, _ in (page[i] for page in seen)} == {seen[0][i][0]}, i
        assert len({json.dumps(data) for _, data in (page[i] for page in seen)}) > 1, i


def test_the_rerun_of_a_move_sends_outputs_only():
    """The sliders are not sent again: the tree of the fragment's run has none."""
    at = app()
    at.slider(key="lever_cvr").set_value(2).run()
    assert [s.key for s in at.slider] == [] and len(at.get("vega_lite_chart")) == 4


def test_a_title_says_what_its_chart_shows():
    at = app()
    months = charts(at)[0][1]
    total: dict[str, float] = {}
    for month, value in zip(months["month"], months["value"], strict=True):
        total[month] = total.get(month, 0.0) + (value or 0.0)
    best = max(total, key=total.get)
    assert f"{best} is the largest" in markdown(at)
    kept = 100 * float(cards(at)["Net profit"]["exact"]) / float(cards(at)["GMV"]["exact"])
    assert f"¥{kept:.1f} is left" in markdown(at)


def test_the_verdict_says_what_the_cards_say():
    at = app("zh")
    text = verdict(at)
    assert cards(at)["GMV"]["value"] in text and cards(at)["净利率"]["value"] in text and "低于目标 0.5\u00a0个百分点" in text
    move(at, "lever_aov", 10)
    text = verdict(at)
    assert cards(at)["GMV"]["value"] in text and "比基线高" in text


def test_a_slider_at_its_ends():
    at = app()
    for to in (50, -50):
        move(at, "lever_refund_rate", to)
        assert scenario(at).get("headline.refund_rate") == 1 + to / 100

"""What decides it, on Simulate and on Risk: two measures one click apart, and why they differ."""

from __future__ import annotations

import numpy as np
import pytest
from screens import again, app, charts, component, verdict

from model import evaluate, kpi, risk, what_decides
from model.analysis.risk.shares import usual_range, variance_shares
from model.analysis.sensitivity import swing_of
from model.engine.customer_value import customer_book
from pages.ui.frame import decides
from samples import changed, sample


def picture(at) -> dict:
    """The data of the picture of what decides."""
    return next(data for _, data in charts(at) if set(data) == {"name", "share", "left", "right"} or "−10%" in data)


@pytest.mark.parametrize("page, language", [("simulate", "en"), ("risk", "zh")])
def test_the_other_measure_is_one_click_away_and_says_why_it_names_another(page, language, monkeypatch):
    monkeypatch.setattr("pages.ui.kit.texts.language", lambda: language)  # AppTest formats options outside of the session
    at = app(language, page)
    first = "share" in picture(at)
    assert first == (page == "risk")
    at.button_group(key=f"decides_{page}").set_value("swing" if first else "share").run()
    again(at)
    assert ("share" in picture(at)) != first
    at.button_group(key=f"decides_{page}").set_value("share").run()
    again(at)
    swing, share = {"en": ("Goods margin", "Refund rate"), "zh": ("商品毛利率", "退货退款率")}[language]
    (reason,) = [c.value for c in at.caption if "8 times out of 10" in c.value or "八成在" in c.value]
    assert swing in reason and share in reason
    assert page != "simulate" or "each assumption ±10%" in verdict(at).lower(), "the verdict names its measure"


def test_the_shares_are_those_of_the_model_by_cause_and_add_up():
    found = risk.simulate(sample(), 1024)
    parts, (shares, rest) = variance_shares(found, "net_profit", "year"), decides.causes(found, "net_profit", "year")
    refunds = sum(v for k, v in parts.shares.items() if k.endswith("refund_rate"))
    assert dict(shares)["headline", "refund_rate"] == pytest.approx(refunds)
    sizes = [s for _, s in shares]
    assert sum(sizes) + rest == pytest.approx(1) and sizes == sorted(sizes, reverse=True)
    assert {k for k, _ in shares if k[0] == "event"} == {("event", k) for k in sample().rows["event"]}


def test_every_number_that_is_drawn_has_its_swing():
    found, swings = risk.simulate(sample(), 64), {(s.table, s.key) for s in what_decides(sample()).swings}
    named = {swing_of(a) for a in found.uncertain.marginals if a.startswith(("channel.", "headline.")) or "." not in a}
    assert ("headline", "traffic_price") in named and named & swings and ("channel", "cpm") not in named
    low, high = usual_range(found, ("headline", "refund_rate"))
    assert low < 0 < high and usual_range(found, ("headline", "budget")) is None


@pytest.mark.parametrize("months", [12, 24])
def test_the_worth_of_one_more_yuan_stands_with_and_without_the_12_months_after(months):
    """The table says what spending 10,000 yuan a year more there does, by two evaluations."""
    of = changed(months=months)
    before, found = evaluate(of), what_decides(of)
    spends = {c: of.get("budget") * of.get(f"channel.{c}.share") for c in of.spending_channels}
    for channel in of.spending_channels:
        total = of.get("budget") + 10_000
        after = evaluate(of.with_values({"budget": total, **{
            f"channel.{c}.share": (s + 10_000 * (c == channel)) / total for c, s in spends.items()}}))
        whole = [float((kpi(r, "net_profit") + customer_book(r))[0]) for r in (before, after)]
        spent = [float(r.by_channel["spend"].sum()) for r in (before, after)]
        assert found.coming[channel] == pytest.approx((whole[1] - whole[0]) / (spent[1] - spent[0]), abs=2e-3), channel
    at = app("en", scenario=of)
    data = component(at, "channel_results")
    now, later = ([row[j] for row in data["rows"]][:5] for j in (-2, -1))
    assert now[0].startswith("−¥0.2") or months == 24
    assert later == [f"{'+' if x > 0 else '−'}¥{abs(x):.2f}" for x in found.coming.values()]
    assert any("does not make the plan a bad one" in c.value for c in at.caption)
    assert np.all(np.array(list(found.coming.values())) > np.array(list(found.marginal.values())))

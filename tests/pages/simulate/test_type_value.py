"""A lever's value typed as a number: the plan's value becomes what was typed, to the last digit; what cannot be is refused."""

from __future__ import annotations

import pytest
from every import part
from screens import again, app, click, opened, scenario

from model import evaluate
from model.analysis.blended import blended
from model.engine.kpis import period_of
from model.engine.part import part_of
from samples import changed

TYPED = {"traffic_price": ("50", 50.0), "ctr": ("3.33", 0.0333), "cvr": ("3%", 0.03), "aov": ("250", 250.0), "refund_rate": ("40", 0.40),
         "goods_margin_rate": ("55.5", 0.555), "repurchase_rate": ("36", 0.36), "budget": ("1321", 13_210_000.0)}


def typed(at, key: str, text: str):
    at.selectbox(key="typed_lever").set_value(key).run()
    at.text_input(key=f"typed_{key}").set_value(text).run()
    return again(at)


@pytest.mark.parametrize("months", part([12, 24], 2))
def test_what_is_typed_and_set_is_the_plans_value_to_the_last_digit(months):
    at = opened(app("zh", scenario=changed(months=months)), "type_box")
    for key, (text, value) in TYPED.items():
        before = scenario(at)
        typed(at, key, text)
        assert scenario(at) == before, "nothing happens until the button is pressed"
        click(at, "type_set")
        result = evaluate(scenario(at))
        assert blended(part_of(result, period_of("year", result.months)), key) == pytest.approx(value, rel=1e-9), key
    click(at, "bar_undo")
    assert scenario(at).get("headline.budget") == 1 and scenario(at).get("headline.aov") > 1


def test_what_cannot_be_is_said_at_the_field_and_cannot_be_set():
    at = opened(app("zh"), "type_box")
    for text in ("abc", "900%", "-3"):
        typed(at, "refund_rate", text)
        assert at.text_input(key="typed_refund_rate").value == text and any(":red[" in m.value for m in at.markdown)
        before = scenario(at)
        assert scenario(click(at, "type_set")) == before


def test_a_lever_of_what_nobody_buys_has_no_value_and_says_so():
    at = opened(app("zh", scenario=changed(budget=0.0)), "type_box")
    at.selectbox(key="typed_lever").set_value("traffic_price").run()
    assert "没有数值" in " ".join(c.value for c in again(at).caption)

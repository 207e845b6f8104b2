"""The next 100,000: opened in one click it says where it goes and what it earns, as the model has it; any amount; taken in one step."""

from __future__ import annotations

import pytest
from screens import again, app, click, markdown, opened, scenario

from model import KPIS
from model.analysis.optimize.next_spend import next_spend
from pages.ui.kit.formats import difference
from pages.ui.kit.texts import speaking
from samples import sample


def test_the_next_100_000_is_answered_in_a_sentence_and_taken_in_a_step():
    at = opened(app("zh"), "next_box")
    found = next_spend(sample(), 100_000)
    with speaking("zh"):
        profit, coming = (difference(x, KPIS["net_profit"].unit) for x in (found.profit, found.coming))
    assert "再投 10\u00a0万元，最值得投在店铺自播：今年 GMV" in markdown(at) and f"净利 {profit}；" in markdown(at) and coming in markdown(at)
    at.text_input(key="next_amount").set_value("50").run()
    assert "再投 50\u00a0万元，" in markdown(again(at))
    click(at, "next_take")
    assert scenario(at).get("budget") * scenario(at).get("headline.budget") == pytest.approx(sample().get("budget") + 500_000)
    assert scenario(at).get("budget") == sample().get("budget"), "said in one way: by the lever"
    assert "已投 50\u00a0万元，撤销可退回。" in markdown(at) and "再投 50" not in markdown(at), "no second amount is offered unasked"
    click(at, "next_again")
    assert "再投 50\u00a0万元，" in markdown(at) and "已投" not in markdown(at)
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_as_much_as_a_years_budget_can_be_asked_for_and_the_box_says_so():
    at = opened(app("zh"), "next_box")
    assert "最多再投 1,320\u00a0万元，即一年的预算。" in [c.value for c in at.caption]
    at.text_input(key="next_amount").set_value("1321").run()
    assert "就这么投" not in [b.label for b in again(at).button] and ":red[" in markdown(at)

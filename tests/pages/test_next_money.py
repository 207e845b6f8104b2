"""The next 100,000: opened in one click it says where it goes and what it earns, as the model has it; any amount; taken in one step."""

from __future__ import annotations

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
    assert scenario(at).get("budget") == sample().get("budget") + 500_000
    click(at, "bar_undo")
    assert scenario(at) == sample()

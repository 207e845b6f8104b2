"""Move budget: points or yuan between two channels in one step, the others as they were, and what it did is said."""

from __future__ import annotations

import pytest
from screens import again, app, click, opened, scenario, shares

from model import KPIS, evaluate, kpi
from pages.ui.kit.formats import difference
from pages.ui.kit.texts import speaking


def captions(at) -> str:
    return "\n".join(c.value for c in at.caption)


@pytest.mark.parametrize("unit, field, typed, part", [("points", "move_points", "5", 0.05), ("yuan", "move_yuan", "66", 0.05)])
def test_a_part_moves_in_one_step_and_the_sentence_is_the_models(unit, field, typed, part):
    at = opened(app("zh"), "move_box")
    before = scenario(at)
    at.selectbox(key="move_from").set_value("platform").run()
    at.selectbox(key="move_to").set_value("private").run()
    at.segmented_control(key="move_unit").set_value(unit).run()
    at.text_input(key=field).set_value(typed).run()
    click(again(at), "move_do")
    after = scenario(at)
    moved = {c: after.get(f"channel.{c}.share") - before.get(f"channel.{c}.share") for c in before.spending_channels}
    assert moved == pytest.approx({c: {"platform": -part, "private": part}.get(c, 0.0) for c in moved}, abs=1e-12)
    assert shares(at)["private"] == pytest.approx(100 * after.get("channel.private.share"))
    with speaking("zh"):
        gmv, profit = (difference(float(kpi(evaluate(after), k)[0] - kpi(evaluate(before), k)[0]), KPIS[k].unit)
                       for k in ("gmv", "net_profit"))
    assert f"5.0\u00a0个百分点（66\u00a0万元）从平台推广挪到私域社群：GMV {gmv}，净利 {profit}。" in captions(at)
    click(at, "bar_undo")
    assert scenario(at) == before and "挪到" not in captions(at)

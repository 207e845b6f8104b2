"""Undo, redo, reset, pin and presets."""

from __future__ import annotations

import pytest
from screens import again, app, cards, click, markdown, move, scenario, shares, space

from model import evaluate, kpi, to_link
from pages.ui.kit import texts
from pages.ui.session.state import presets
from pages.ui.session.workspace import pack, unpack
from pages.ui.simulate import lever_values, pictures
from samples import changed, sample_plan


def test_undo_and_redo_walk_every_step():
    at = app()
    states = [scenario(at)]
    for lever, to in (("cvr", 5), ("aov", -3), ("cvr", 8)):
        move(at, f"lever_{lever}", to)
        states.append(scenario(at))
    for expected in states[-2::-1]:
        click(at, "bar_undo")
        assert scenario(at) == expected
    assert at.button(key="bar_undo").disabled and at.slider(key="lever_cvr").value == 0
    for expected in states[1:]:
        click(at, "bar_redo")
        assert scenario(at) == expected
    assert at.button(key="bar_redo").disabled and at.slider(key="lever_cvr").value == 8


def test_a_preset_is_marked_while_all_that_it_sets_stands():
    at = app()
    assert marked(at) == "base"
    move(at, "share_content", 20.0)
    assert marked(at) == "", "its shares are no longer those of the preset"


def test_a_typed_value_between_two_steps_stands_above_the_thumb_as_in_the_list_of_changes():
    with texts.speaking("en"):
        (place, said), = lever_values.between_steps(changed(headline__budget=1.1364)).items()
    assert said == "+13.6%" and "st-key-lever_budget" in place and 'value="14"' in place
    assert lever_values.between_steps(changed(headline__budget=1.14)) == {}


def test_a_move_after_an_undo_forgets_what_could_be_redone():
    at = app()
    move(at, "lever_cvr", 5)
    click(at, "bar_undo")
    move(at, "lever_aov", 5)
    assert at.button(key="bar_redo").disabled and space(at).redo == []


def test_a_move_back_is_a_step_but_no_change():
    at = app()
    move(at, "lever_cvr", 5)
    move(at, "lever_cvr", 0)
    assert not space(at).changed and len(space(at).undo) == 2


def test_reset_goes_back_to_what_was_opened_and_can_be_undone():
    at = app(s=to_link(changed(headline__ctr=1.1)))
    opened_as = space(at).saved
    move(at, "lever_cvr", 5)
    moved = scenario(at)
    click(at, "bar_reset")
    assert scenario(at) == opened_as and at.slider(key="lever_cvr").value == 0
    click(at, "bar_undo")
    assert scenario(at) == moved


def test_a_pinned_baseline_is_what_cards_compare_with():
    at = app()
    move(at, "lever_aov", 10)
    click(at, "bar_pin")
    assert space(at).baseline == scenario(at) and cards(at)["GMV"]["change"] == ""
    move(at, "lever_aov", 0)
    assert cards(at)["GMV"]["change"].startswith("−\u2060¥") and cards(at)["GMV"]["mood"] == "sd-bad"


@pytest.mark.parametrize("preset", ["conservative", "base", "ambitious"])
def test_a_preset_is_applied_whole_and_can_be_undone(preset):
    at = app()
    move(at, "lever_goods_margin_rate", -20)
    before = scenario(at)
    click(at, f"preset_{preset}")
    assert scenario(at).changes == presets()[preset].changes
    assert texts.catalogue("en")[f"preset.{preset}"] in markdown(at)
    click(at, "bar_undo")
    assert scenario(at) == before


def test_presets_stand_in_order():
    profit = [float(kpi(evaluate(presets()[p]), "net_profit")[0]) for p in ("conservative", "base", "ambitious")]
    assert profit == sorted(profit)


def test_in_the_sample_a_preset_sets_shares_and_initiatives_only_where_the_reader_has_not():
    at = app(scenario=changed(channel__creators__share=0.0, channel__platform__share=0.6, budget=9e6))
    click(at, "preset_ambitious")
    now = dict(scenario(at).changes)
    assert now["channel.platform.share"] == 0.6 and now["budget"] == 9e6 and now["headline.budget"] == 1.03
    assert "initiative.clearance.on" not in now and marked(at) == "ambitious"


def marked(at) -> str:
    """The preset that the page shows as set."""
    found = [p for p in presets() if at.button(key=f"preset_{p}").proto.type == "primary"]
    assert len(found) < 2
    return found[0] if found else ""


def test_a_reset_takes_the_locks_away_and_undo_brings_them_back():
    at = app()
    at.get_by_key("locks").set_value(["private"]).run()
    again(at)
    assert not at.button(key="bar_reset").disabled
    move(at, "lever_cvr", 5)
    moved = scenario(at)
    click(at, "bar_reset")
    assert space(at).locks == set() and not space(at).changed and at.button(key="bar_reset").disabled
    packed = unpack(pack(space(at)), (sample_plan(),))
    assert packed.undo == space(at).undo
    click(at, "bar_undo")
    assert space(at).locks == {"private"} and scenario(at) == moved and at.get_by_key("locks").value == ["private"]
    click(at, "bar_redo")
    assert space(at).locks == set() and not space(at).changed


@pytest.mark.parametrize("seconds", [0.0, 5.0])
def test_old_values_that_come_in_with_a_move_are_no_moves_however_slow_the_line_is(seconds):
    """The browser's second message was sent before it had the answer to the first: it still has the others as they were."""
    at = app()
    at.slider(key="share_platform").set_value(49.0).run()
    first = shares(at)
    space(at).burst_at -= seconds
    for slider, value in (("platform", 50.0), ("content", 14.0), ("creators", 12.0), ("own_live", 18.0)):
        assert value == 50 or value != first[slider]
        at.slider(key=f"share_{slider}").set_value(value)
    again(at.run())
    found = shares(at)
    assert found["platform"] == 50.0 and all(found[c] < first[c] for c in ("content", "own_live")), found
    assert {s.key[6:]: s.value for s in at.slider if s.key.startswith("share_")} == found


def test_the_title_of_the_budget_split_says_what_moved():
    split = {"a": 600_000.0, "b": 400_000.0}
    same, small, large, more = (pictures.split_title(now, split) for now in (
        split, {"a": 600_001.0, "b": 399_999.0}, {"a": 0.0, "b": 400_000.0, "c": 600_000.0}, {"a": 700_000.0, "b": 400_000.0}))
    assert "as in the baseline" in same and "moved" not in same
    assert "¥1 of it moved" in small and "¥600K of it moved" in large and "baseline ¥1" in more

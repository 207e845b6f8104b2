"""The pages as scripts (AppTest): what each draws, and what moves, undo, links and files do to the workspace."""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from itertools import product

import pandas as pd
import pytest
import screens
from every import some
from screens import (
    PAGES,
    again,
    app,
    cards,
    charts,
    click,
    goto,
    markdown,
    move,
    opened,
    scenario,
    shares,
    space,
    verdict,
)

from model import (
    InvalidInput,
    Plan,
    Scenario,
    checks,
    evaluate,
    from_json,
    from_link,
    kpi,
    to_json,
    to_link,
    write_plan,
)
from pages.ui.frame import top_bar
from pages.ui.kit import texts
from pages.ui.session import drafts
from pages.ui.session.state import presets
from pages.ui.session.workspace import pack, unpack
from pages.ui.simulate import lever_values, pictures
from samples import CSV, changed, sample, sample_plan

KNOWN = {"sample": sample_plan()}
SAMPLE_SHARES = {"platform": 48.0, "content": 14.0, "creators": 12.0, "own_live": 18.0, "private": 8.0}
HOSTILE = "<img src=x onerror=alert(1)> **b** [l](http://e.example) :red[r] $x$ `c` # h"


def variant(drop: tuple[str, ...] = (), **values: object) -> Scenario:
    """The sample's plan, made another: tables or rows dropped, values set (dots as two underscores)."""
    kept = {a: v for a, v in sample_plan().values if not any(a == p or a.startswith(p + ".") for p in drop)}
    kept |= {a.replace("__", "."): v for a, v in values.items()}
    return Scenario(Plan("own", tuple(kept.items())))


ALL_BUT_ORGANIC = tuple(f"channel.{c}" for c in SAMPLE_SHARES)
ODD = {
    "organic only": lambda: variant(("effect", *ALL_BUT_ORGANIC)),
    "one paid channel": lambda: variant(("effect", *ALL_BUT_ORGANIC[1:]), channel__platform__share=1.0),
    "owned only": lambda: variant(("effect", *ALL_BUT_ORGANIC[:-1]), channel__private__share=1.0),
    "no budget": lambda: changed(budget=0.0),
    "nothing sold": lambda: variant(("opening",), budget=0.0, channel__organic__visits=0.0),
    "36 months": lambda: changed(months=36), "24 months from July": lambda: changed(months=24, start="2028-07"),
    "one month": lambda: changed(months=1), "three months": lambda: changed(months=3),
    "no promotions": lambda: variant(("promotion",)), "promotions off": lambda: changed(
        **{f"promotion__{p}__on": False for p in sample_plan().rows["promotion"]}),
    "no targets, no last year": lambda: variant(("target", "last_year", "last_year_repurchase_rate")),
    "no team, no tiers": lambda: variant(("team", "tier", "initiative", "effect")),
    "a check to review": lambda: changed(channel__platform__anyway=1.0, channel__content__anyway=1.0,
                                         repurchase_member_once=0.05, repurchase_member_again=0.05,
                                         repurchase_other_once=0.02, repurchase_other_again=0.02),
    "a loss": lambda: changed(headline__goods_margin_rate=0.5), "a great loss": lambda: changed(other_overhead=9e8),
    "huge": lambda: changed(budget=9e10, channel__organic__visits=9e9), "hostile names": lambda: variant(
        plan_name_zh=HOSTILE, plan_name_en=HOSTILE, channel__platform__name_en=HOSTILE, channel__platform__name_zh=HOSTILE,
        promotion__618__name_en=HOSTILE),
    "channels of one name": lambda: variant(channel__content__name_en="Search ads", channel__content__name_zh="同名",
                                            channel__platform__name_zh="同名"),
    "names of chart columns": lambda: variant(channel__content__name_en="profit", channel__platform__name_en="month",
                                              channel__creators__name_en="target", channel__content__name_zh="profit",
                                              channel__platform__name_zh="month"),
    "names that Vega reads": lambda: variant(channel__content__name_en="a.b", channel__platform__name_en="x['y']",
                                             channel__content__name_zh="a.b", channel__platform__name_zh="[0]"),
    "many changes": lambda: sample().with_values(
        {a: v * 1.001 for a, v in sample_plan().values if a.startswith("last_year.") and isinstance(v, float)}),
}
each_page = pytest.mark.parametrize("page", PAGES)
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)


# --- every page draws --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("page, language", [(p, l) for p in PAGES for l in texts.LANGUAGES])
def test_every_page_draws_in_both_languages(page, language):
    at = app(language, page)
    words = markdown(at) + "".join(h.value for h in at.header)
    assert ("青禾服饰" if language == "zh" else "Qinghe Apparel") in words
    assert at.button(key="bar_undo").label == texts.catalogue(language)["bar.undo"]
    if page != "simulate":
        assert at.header[0].value == texts.catalogue(language)[f"{page}.title"]


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh", "zh"), ("zh-Hant-TW", "zh"), ("en-US", "en"),
                                                  ("de", "en"), ("ja", "en")])
def test_the_language_is_the_browsers_where_nothing_else_says_it(locale, language):
    at = app("", run=False)
    at.context = {"locale": locale}
    at.run()
    assert at.button(key="bar_undo").label == texts.catalogue(language)["bar.undo"]


@pytest.mark.parametrize("language", ["fr", "EN", "../en", "zh,en"])
def test_an_unknown_language_in_the_link_does_no_harm(language):
    assert screens.sound(app(language)).button(key="bar_undo").label == "Undo"


@pytest.mark.parametrize("page, which", some(product(PAGES, ODD), keep=3))
def test_odd_plans_draw_on_every_page(page, which, monkeypatch):
    language = "en" if len(which) % 2 else "zh"
    monkeypatch.setattr(texts, "DEFAULT", language)  # AppTest asks a select box for its words outside of the session
    boxes = ["bar_share", "bar_file", "bar_checks"] + (["channel_edit"] if page == "simulate" else [])
    at = app(language, page, ODD[which](), boxes=boxes)
    assert at.text_input(key="bar_name").value is not None  # what is in a box is drawn only where it is open
    if page == "simulate":
        assert len(cards(at)) == 8 and len(charts(at)) == 4
        for card in cards(at).values():
            assert "nan" not in card["value"].lower() and "inf" not in card["value"].lower()
    elif page == "method":
        for key in ("kpi.net_profit", "line.gmv", "line.pool", "kpi.repurchase_rate_year"):
            at.selectbox(key="method_pick").set_value(key).run()
            assert f"{key.split('.')[1]} = " in screens.sound(at).code[-1].value


@pytest.mark.parametrize("which", [w for w in ODD if w not in ("nothing sold",)])
def test_a_move_on_an_odd_plan_draws_too(which):
    at = app("zh", scenario=ODD[which]())
    move(at, "lever_aov", 7)
    assert scenario(at).get("headline.aov") == 1.07
    click(at, "bar_undo")
    assert scenario(at) == ODD[which]()


def test_a_check_to_review_is_said_with_what_to_do():
    plan = ODD["a check to review"]()
    bad = [c for c in checks(evaluate(plan)) if c.status != "PASS"]
    assert bad
    at = opened(app(scenario=plan), "bar_checks")
    (box,) = [b for b in at.get("popover") if b.key == "bar_checks"]
    assert f"{len(bad) + len(plan.warnings())} to review" in str(box.proto)
    for row in bad:
        assert texts.catalogue("en")[f"check.{row.key}.advice"] in markdown(at)


def test_charts_never_read_a_name_as_a_path():
    """Vega takes dots, brackets and quotes in a field for a way into the row: bars of such a channel would be empty."""
    for at in (app("en", scenario=ODD["names that Vega reads"]()), app("zh", scenario=ODD["names that Vega reads"]())):
        for spec, _ in charts(at):
            fields = [f for found in re.findall(r'"fold": (\[.*?\]), "as"', spec) for f in json.loads(found)]
            assert not any(re.search(r"[.\[\]'\\]", f) for f in fields), fields


# --- moving sliders ----------------------------------------------------------------------------------------------------

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


# --- undo, redo, reset, pin, presets ---------------------------------------------------------------------------------

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


def test_a_preset_keeps_the_readers_other_changes_and_is_marked_while_it_holds():
    at = app(scenario=ODD["one paid channel"]().with_values({"months": 24}).named("Ours"))
    move(at, "lever_goods_margin_rate", -20)
    at.button(key="preset_conservative").click().run()
    again(at)
    sliders = {a for a, _ in presets()["conservative"].changes if a.startswith("headline.")}
    assert {a for a, _ in scenario(at).changes} == {"months", *sliders} and scenario(at).name == "Ours"
    assert marked(at) == "conservative" and len(space(at).undo) == 2
    at.slider(key="lever_cvr").set_value(7).run()
    again(at)
    assert marked(at) == "" and "other changes stay" in at.button(key="preset_base").help


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


# --- shares ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("to", [60.0, 0.0, 100.0, 48.5])
def test_moving_a_share_rescales_the_others_and_all_sum_to_a_hundred(to):
    at = app()
    move(at, "share_platform", to)
    now = shares(at)
    assert now["platform"] == to and math.fsum(now.values()) == pytest.approx(100, abs=1e-9)
    rest = 100 - to
    for channel, before in SAMPLE_SHARES.items():
        if channel != "platform":
            assert now[channel] == pytest.approx(rest * before / 52, abs=0.11)
    assert sum(scenario(at).get(f"channel.{c}.share") for c in now) == pytest.approx(1, abs=1e-9)


def test_a_locked_share_stays():
    at = app()
    at.get_by_key("locks").set_value(["private"]).run()
    again(at)
    assert at.slider(key="share_private").disabled and space(at).locks == {"private"}
    move(at, "share_platform", 70.0)
    assert shares(at)["private"] == 8.0 and math.fsum(shares(at).values()) == pytest.approx(100)


def test_locked_shares_leave_less_room_and_the_page_says_so():
    at = app()
    at.get_by_key("locks").set_value(["private", "content"]).run()
    again(at)
    move(at, "share_platform", 95.0)
    assert shares(at) == {"platform": 78.0, "content": 14.0, "creators": 0.0, "own_live": 0.0, "private": 8.0}
    assert [i.value for i in at.info] == [texts.catalogue("en")["budget.clamped"]]


def test_with_all_others_locked_nothing_moves_and_the_page_says_why():
    at = app()
    at.get_by_key("locks").set_value(["content", "creators", "own_live", "private"]).run()
    again(at)
    move(at, "share_platform", 20.0)
    assert shares(at) == SAMPLE_SHARES and not space(at).changed
    assert [i.value for i in at.info] == [texts.catalogue("en")["budget.all_locked"]]
    at.get_by_key("locks").set_value([]).run()
    again(at)
    assert not at.info
    move(at, "share_platform", 20.0)
    assert shares(at)["platform"] == 20.0


def test_one_channel_has_it_all_and_the_page_says_so():
    at = app(scenario=ODD["one paid channel"]())
    move(at, "share_platform", 40.0)
    assert shares(at) == {"platform": 100.0} and [i.value for i in at.info] == [texts.catalogue("en")["budget.alone"]]


# --- what changed ------------------------------------------------------------------------------------------------------

def test_each_difference_has_its_own_undo():
    at = app()
    move(at, "lever_cvr", 5)
    move(at, "lever_aov", -3)
    pills = at.get_by_key("changes")
    assert len(pills.options) == 2 and "Changed since saved (2)" in markdown(at)
    assert any(o.replace("\\", "").startswith("Conversion rate: +0% → +5%") for o in pills.options)
    pills.set_value("headline.cvr").run()
    again(at)
    assert scenario(at) == changed(headline__aov=0.97)
    assert at.slider(key="lever_cvr").value == 0 and len(at.get_by_key("changes").options) == 1
    click(at, "bar_undo")
    assert scenario(at) == changed(headline__aov=0.97, headline__cvr=1.05)


def test_a_row_that_came_and_one_that_went_can_be_brought_back():
    both = sample().with_values({"promotion.618": None, "team.new.heads": 2.0, "team.new.monthly_cost": 9000.0,
                                 "team.new.name_en": "Hosts"})
    at = app(s=to_link(both))
    labels = at.get_by_key("changes").options
    assert len(labels) == 2 and any("Removed" in x for x in labels) and any("Added Hosts" in x for x in labels)
    at.get_by_key("changes").set_value("promotion.618").run()
    again(at)
    assert "618" in scenario(at).rows["promotion"]
    at.get_by_key("changes").set_value("team.new").run()
    again(at)
    assert scenario(at) == sample()


def test_one_share_cannot_be_brought_back_alone():
    """Shares must sum to one: bringing one back must either bring all back or say why not, never fail."""
    at = app()
    move(at, "share_platform", 60.0)
    at.get_by_key("changes").set_value("channel.platform.share").run()
    screens.sound(again(at))
    assert sum(scenario(at).get(f"channel.{c}.share") for c in SAMPLE_SHARES) == pytest.approx(1, abs=1e-9)


def test_many_differences_are_listed_up_to_a_bound():
    at = app(scenario=ODD["many changes"]())
    space(at).saved = sample()
    again(at)
    assert len(at.get_by_key("changes").options) == 60
    assert any("more not listed" in c.value for c in at.caption)


# --- links and drafts ---------------------------------------------------------------------------------------------------

@each_page
def test_a_link_opens_on_every_page(page):
    sent = changed(headline__cvr=1.07, channel__platform__cpm=61.0).named("促销")
    at = app("en", page, s=to_link(sent))
    assert scenario(at) == sent and scenario(at).name == "促销" and space(at).changed
    assert "促销" in markdown(at)


def test_a_link_that_was_opened_stays_in_the_address_until_the_first_change():
    at = app(s=to_link(changed(headline__cvr=1.07)))
    assert "s" in at.query_params and "w" not in at.query_params
    move(at, "lever_aov", 5)
    assert "s" not in at.query_params and "w" in at.query_params


def test_a_reload_goes_on_with_everything_where_it_was():
    at = app()
    move(at, "lever_cvr", 5)
    click(at, "bar_pin")
    move(at, "share_content", 20.0)
    at.get_by_key("locks").set_value(["private"]).run()
    again(at)
    address = query(at)
    second = app(**address)
    assert (scenario(second), space(second).baseline, space(second).locks, space(second).undo) == (
        scenario(at), space(at).baseline, frozenset({"private"}), space(at).undo)
    assert cards(second) == cards(at)
    click(second, "bar_undo")
    assert scenario(second) != scenario(at), "the reloaded page works on a copy of its own"
    assert query(again(second))["w"] != address["w"]


def query(at) -> dict[str, str]:
    """The parameters of the address."""
    return {k: v[0] if isinstance(v := at.query_params[k], list) else v for k in ("s", "w", "lang") if k in at.query_params}


def test_the_address_changes_once_and_not_with_every_move():
    at = app()
    seen = []
    for to in (1, 2, 3):
        move(at, "lever_cvr", to)
        seen.append(query(at))
    assert seen[0] == seen[1] == seen[2] and set(seen[0]) == {"w", "lang"}


def test_looking_around_changes_no_address():
    at = app()
    for page in ("method", "own", "simulate"):
        goto(at, page)
    assert set(query(at)) == {"lang"}


def test_the_shared_link_is_what_stands_in_the_box():
    at = app()
    move(at, "lever_cvr", 5)
    opened(at, "bar_share")
    (code,) = at.code
    sent = dict(p.split("=", 1) for p in code.value.split("?", 1)[1].split("&"))
    assert from_link(sent["s"], KNOWN) == scenario(at) and sent["lang"] == "en"


@pytest.mark.parametrize("text", ["x", to_link(changed(headline__cvr=1.07))[:-6], "A" * 3000, "%00", "<script>"])
@each_language
def test_a_damaged_link_is_reported_and_the_sample_stays(text, language):
    at = app(language, s=text)
    assert scenario(at) == sample() and len(at.error) == 1
    assert texts.catalogue(language)["problem.link"] in at.error[0].value
    at.button(key="problem_dismiss").click().run()
    assert not again(at).error


def test_all_that_is_wrong_in_a_link_is_listed():
    at = app("zh", s=link_with({"vat": 2, "months": 0, "headline.cvr": 9}))
    rows = at.dataframe[0].value
    assert len(rows) == 3 and set(rows["位置"]) == {"vat", "months", "headline.cvr"}
    assert all(len(x) > 5 for x in rows["怎么改"]) and scenario(at) == sample()


def link_with(changes: dict) -> str:
    payload = [1, "sample", sample_plan().fingerprint, "", changes]
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(payload).encode())).decode().rstrip("=")


def test_a_link_with_a_channel_of_unknown_kind_is_refused_and_does_not_stop_the_page():
    at = app(s=link_with({"channel.extra.kind": "tv"}))
    assert scenario(at) == sample() and at.error


def test_a_pin_after_a_link_survives_a_reload():
    at = app(s=to_link(changed(headline__cvr=1.07)))
    click(at, "bar_pin")
    second = app(**query(at))
    assert space(second).baseline == changed(headline__cvr=1.07)


@pytest.mark.parametrize("token", ["0" * 16, "x", "<script>", "A" * 5000])
def test_work_that_this_server_no_longer_has_is_reported(token):
    at = app(w=token)
    assert scenario(at) == sample() and "Open the scenario from its file" in markdown(at).replace("\\", "")


def test_a_plan_of_ones_own_survives_a_reload_and_is_shared_as_a_file():
    at = app(scenario=ODD["one paid channel"]())
    move(at, "lever_cvr", 5)
    assert scenario(app(**query(at))) == scenario(at)
    opened(at, "bar_share")
    assert not at.code and [i.value for i in at.info] == [texts.catalogue("en")["bar.link_too_long"]]


def test_what_is_kept_is_bounded():
    for i in range(drafts.MAX_DRAFTS + 20):
        drafts.put(f"token{i}", i)
    assert len(drafts._drafts) == drafts.MAX_DRAFTS
    assert drafts.get(f"token{drafts.MAX_DRAFTS + 19}") == drafts.MAX_DRAFTS + 19
    with pytest.raises(InvalidInput):
        drafts.get("token0")


# --- across pages ------------------------------------------------------------------------------------------------------

def test_state_survives_a_walk_over_the_pages():
    at = app()
    move(at, "lever_cvr", 5)
    move(at, "share_content", 20.0)
    at.get_by_key("locks").set_value(["private"]).run()
    before = scenario(again(at))
    for page in ("method", "own", "simulate"):
        screens.sound(goto(at, page))
        assert scenario(at) == before and space(at).locks == {"private"} and len(space(at).undo) == 2
    assert at.slider(key="lever_cvr").value == 5 and at.slider(key="share_content").value == 20.0
    assert at.get_by_key("locks").value == ["private"]


def test_undo_works_from_another_page():
    at = app()
    move(at, "lever_cvr", 5)
    goto(at, "method")
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_switching_the_language_keeps_everything_and_stands_in_the_address():
    at = app("en")
    move(at, "lever_cvr", 5)
    at.get_by_key("lang").set_value("zh").run()
    again(at)
    assert at.button(key="bar_undo").label == "撤销" and scenario(at) == changed(headline__cvr=1.05)
    assert at.slider(key="lever_cvr").value == 5 and at.query_params["lang"] in ("zh", ["zh"])
    goto(at, "method")
    assert at.header[0].value == texts.catalogue("zh")["method.title"]


def test_the_method_page_shows_the_scenario_at_hand():
    at = app()
    move(at, "lever_aov", 10)
    goto(at, "method")
    at.selectbox(key="method_pick").set_value("kpi.net_profit").run()
    value = f"{float(kpi(evaluate(scenario(at)), 'net_profit')[0]) / 1e6:.3f}".rstrip("0").rstrip(".")
    assert f"¥{value}M" in markdown(at).replace("\\", "")
    frames = [d.value for d in at.dataframe]
    assert any("changed in this scenario" in set(f.get("Source", [])) for f in frames)


# --- text that somebody wrote --------------------------------------------------------------------------------------------

@each_page
def test_names_are_shown_and_never_act(page):
    """Signs of markdown and HTML in a name are escaped wherever a name stands in a markdown text."""
    at = app("en", page, ODD["hostile names"]().named(HOSTILE))
    assert texts.plain(HOSTILE) in markdown(at)
    for element in (*at.markdown, *at.caption, *at.info, *at.success, *at.warning):
        assert not getattr(element.proto, "allow_html", False)
        assert not re.search(r"(?<!\\)(<img|\*\*b|\[l\]|:red)", element.value)
    labels = [w.label for w in (*at.slider, *at.number_input, *at.button)]
    assert not [x for x in labels if HOSTILE in x]


def test_names_on_pills_are_escaped():
    at = app("en", scenario=ODD["hostile names"]())
    move(at, "share_platform", 60.0)
    for key in ("locks", "changes"):
        assert [o for o in at.get_by_key(key).options if HOSTILE in o] == [], key


def test_html_in_a_file_that_is_refused_is_escaped():
    at = app(s=link_with({"plan_name_en": 3, HOSTILE: 1}))
    assert at.error and all(HOSTILE not in m.value for m in at.markdown)
    at = app(s=link_with({HOSTILE: 1}))
    assert at.error and all(HOSTILE not in m.value for m in at.markdown)


# --- files -----------------------------------------------------------------------------------------------------------

def upload(at, key: str, name: str, data: bytes, mime: str):
    at.file_uploader(key=key).set_value((name, data, mime)).run()
    return again(at)


def open_file(at, data: bytes):
    opened(at, "bar_file")
    upload(at, "bar_incoming", "scenario.json", data, "application/json")
    return click(at, "bar_incoming_open") if "bar_incoming_open" in [b.key for b in at.button] else at


def test_a_file_is_opened_and_undo_leads_back():
    at = app()
    move(at, "lever_cvr", 5)
    before = scenario(at)
    sent = changed(headline__aov=1.1, months=24).named("双年")
    open_file(at, to_json(sent).encode())
    assert scenario(at) == sent and not space(at).changed and space(at).baseline == sent
    click(at, "bar_undo")
    assert scenario(at) == before


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe\x00", to_json(sample()).encode().replace(b'"schema": 1', b'"schema": 9')])
def test_a_file_that_cannot_be_read_is_reported_and_changes_nothing(data):
    at = app()
    move(at, "lever_cvr", 5)
    before = scenario(at)
    open_file(at, data)
    assert scenario(at) == before and "The file was not taken." in at.error[0].value


def test_everything_wrong_in_a_file_is_listed_in_the_readers_language():
    content = json.loads(to_json(sample(), embed_base=False))
    content["changes"] = {"channel.platform.cpm": -1, "channel.platform.share": 0.47, "vat": "x"}
    at = app("zh")
    open_file(at, json.dumps(content).encode())
    rows = at.dataframe[0].value
    assert len(rows) == 3 and scenario(at) == sample() and "共发现 3 处问题" in at.error[0].value


def test_renaming_is_a_step_and_stands_on_the_bar():
    at = opened(app(), "bar_file")
    at.text_input(key="bar_name").set_value("冲刺").run()
    again(at)
    assert scenario(at).name == "冲刺" and "**冲刺**" in markdown(at)
    click(at, "bar_undo")
    assert scenario(at).name == ""


def test_a_file_whose_base_has_the_samples_name_but_other_values_survives_a_reload():
    """As after an update of the sample: the address must not point to the new sample."""
    older = Plan("sample", tuple((dict(sample_plan().values) | {"vat": 0.12}).items()), sample_plan().sources)
    at = app()
    open_file(at, to_json(Scenario(older)).encode())
    move(at, "lever_cvr", 5)
    reloaded = app(**query(at))
    assert not reloaded.error and scenario(reloaded) == scenario(at)


def test_what_is_downloaded_opens_the_same():
    at = app()
    move(at, "lever_cvr", 5)
    assert from_json(to_json(scenario(at)).encode()) == scenario(at)
    data = top_bar.assumptions_csv(scenario(at))
    assert data.startswith(b"\xef\xbb\xbf") and b"1.05" in data


# --- my own numbers -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("data", [CSV.read_bytes(), CSV.read_text(encoding="utf-8-sig").encode("gb18030")])
def test_an_uploaded_table_is_shown_before_it_is_taken(data):
    at = app("en", "own")
    upload(at, "own_file", "plan.csv", data, "text/csv")
    assert scenario(at) == sample() and "6 channels" in at.success[0].value
    at.button(key="own_use").click().run()
    again(at)
    assert scenario(at).base.name == "own" and scenario(at).base.values == sample_plan().values


def test_unusual_values_of_a_table_are_pointed_out():
    data = write_plan(changed(channel__platform__cpm=640.0).as_plan("own")).encode()
    at = app("en", "own")
    upload(at, "own_file", "plan.csv", data, "text/csv")
    assert "Search ads · CPM: 640.0 yuan per 1,000" in at.warning[0].value.replace("\\", "")


def test_a_table_with_errors_is_reported_with_its_lines_and_not_taken():
    data = CSV.read_bytes() + b"channel,platform,cpmm,3,,\r\nbusiness,,vat,0.1,,\r\n"
    at = app("en", "own")
    upload(at, "own_file", "plan.csv", data, "text/csv")
    rows = at.dataframe[0].value
    assert len(rows) == 2 and all(w.startswith("line ") for w in rows["Where"])
    assert not [b for b in at.button if b.key == "own_use"] and scenario(at) == sample()


def test_back_to_the_sample():
    at = app("en", "own", ODD["one paid channel"]())
    button = next(b for b in at.button if b.label == "Back to the sample plan")
    button.click().run()
    again(at)
    assert scenario(at) == sample() and not [b for b in at.button if b.label == "Back to the sample plan"]


# --- editing channels -----------------------------------------------------------------------------------------------

def test_the_editor_shows_what_applies_to_each_channel():
    at = opened(app(), "channel_edit")
    frame = at.data_editor[0].value
    assert len(frame) == 6
    by = dict(zip(frame["_name"], frame.to_dict("records"), strict=True))
    assert by["Search ads"]["ctr"] == f"{100 * sample().get('channel.platform.ctr'):.2f}"
    assert pd.isna(by["Organic"]["cpm"])

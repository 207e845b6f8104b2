"""One page to print: what stands on it, that nothing in it acts or is fetched, and the way to it in the app."""

from __future__ import annotations

import re
import time
import tomllib
from html import unescape

import numpy as np
import pytest
from screens import again, app, click, component, opened, sound, space
from sheets import DAY, HOSTILE, crowded, hostile, registered, speaking, work

from model import KPIS, evaluate, kpi, targets
from pages.ui.kit import texts
from pages.ui.kit.formats import money, number
from pages.ui.print import onepage, parts
from pages.ui.session.state import presets
from pages.ui.session.workspace import Stored
from pages.ui.simulate import pictures, specs
from pages.ui.words import figures
from samples import ROOT, changed, sample

each_language = pytest.mark.parametrize("language", texts.LANGUAGES)


def sheet(language: str = "en", *args, **more) -> onepage.Sheet:
    with speaking(language):
        return onepage.sheet(work(*args, **more))


def document(language: str = "en", *args, **more) -> str:
    with speaking(language):
        return onepage.document(work(*args, **more))


def column(table: onepage.Table, place: int) -> list[str]:
    return [row[place].text for row in table.rows]


def texts_of(html: str) -> str:
    """What a reader sees of it."""
    return unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"<style>.*?</style>", "", html, flags=re.S)))


# --- what stands on it -------------------------------------------------------------------------------------------------

@each_language
def test_the_page_holds_the_answer_the_cards_and_where_it_comes_from(language):
    seen = texts_of(document(language, changed(budget=14_000_000.0)))
    result = evaluate(changed(budget=14_000_000.0))
    with speaking(language):
        for key in ("gmv", "net_revenue", "net_profit", "net_margin_rate", "refund_rate"):
            assert number(float(kpi(result, key)[0]), KPIS[key].unit) in seen
        wanted = [texts.t(f"card.{key}") for key in figures.CARDS] + [texts.t("print.limits"), texts.t("print.sure_title")]
    assert [w for w in wanted if w not in seen] == []
    assert DAY.isoformat() in seen and "2027-01 – 2027-12" in seen and "256" in seen


def test_cards_say_last_year_change_target_range_and_chance():
    gmv = sheet("en", changed(budget=14_000_000.0)).cards[0]
    assert gmv["label"] == "GMV" and gmv["change"].endswith("vs baseline") and gmv["last"].startswith("Last year ¥")
    assert gmv["target"][0] in "✓✗" and re.search(r"^chance [\d.]+% \(±\d.*\|8 in 10: ¥.+ to ¥", "|".join(gmv["band"]))


def test_the_verdict_says_how_sure():
    found = registered(sample()).result.chances["gmv_year"]
    assert f"{100 * found.chance:.1f}% (±" in sheet().verdict and "chance of a loss" in sheet().verdict


def test_the_waterfall_goes_from_gmv_to_net_profit():
    per_100 = [float(x.replace("−", "-")) for x in column(sheet().fall, 3)]
    assert per_100[0] == 100 and abs(100 - sum(per_100[1:-1]) - per_100[-1]) < 0.6
    bars = [row[1].bars[0] for row in sheet().fall.rows]
    assert bars[0].width == 100 and abs(bars[1].x + bars[1].width - 100) < 0.02
    assert all(abs(b.x + b.width - a.x) < 0.35 for a, b in zip(bars[1:-2], bars[2:-1], strict=True))


def test_a_loss_is_a_negative_last_step_in_its_own_colour():
    fall = sheet("en", changed(headline__goods_margin_rate=0.5)).fall
    assert column(fall, 3)[-1].startswith("−") and column(fall, 2)[-1].startswith("−¥")
    assert fall.rows[-1][1].bars[0].colour != sheet().fall.rows[-1][1].bars[0].colour


def test_the_months_are_stacked_to_gmv():
    result, picture = evaluate(sample()), sheet().months
    per_month: dict[float, float] = {}
    for box in picture.boxes:
        if box.colour in parts.CHANNELS:
            per_month[box.x] = per_month.get(box.x, 0.0) + box.height
    gmv = result.lines["gmv"][:, 0]
    heights = [per_month[x] for x in sorted(per_month)]
    assert len(heights) == 12
    assert heights == pytest.approx(list(gmv * heights[0] / gmv[0]), rel=0.01)
    assert {x.text for x in picture.labels} >= {"Jan", "Dec", f"{gmv[10] / 1e6:.1f}"}


def test_a_months_number_stands_at_its_bar_but_where_a_targets_mark_would_cross_it():
    def height(target: float) -> float:
        drawn = parts.months_picture(["Jun", "Jul"], np.array([[50.0, 100.0]]), ["#0072B2"], np.ones(2), [target, None], "")
        return next(x.y for x in drawn.labels if x.text == "50" and x.anchor == "middle")

    assert height(100) == height(20) == height(50) and height(52) < height(50), "far over, under, at and just over the bar"


def test_channels_are_stacked_as_on_simulate():
    with speaking("en"):
        names, gmv = pictures.stacked(evaluate(sample()))
    data = specs.months_data(["Jan"], gmv[:, :1], names, np.array([1.0]), [None], 1.0, (1.0, 0.0, 1.0)).to_pylist()
    assert [row["channel"] for row in sorted(data[:len(names)], key=lambda row: row["place"])] == list(names)
    spec = specs.months_spec(names, ("", "", "", "", ""), specs.INKS["light"])
    assert spec["layer"][0]["layer"][1]["encoding"]["order"]["field"] == "place"
    lowest = max((box for box in sheet().months.boxes if box.colour in parts.CHANNELS), key=lambda box: box.y)
    assert lowest.colour == parts.CHANNELS[0]


def test_the_split_shows_the_baseline_only_where_it_differs():
    same = sheet().split
    assert len(same.head) == 4 and sum(float(x[:-1]) for x in column(same, 3)) == pytest.approx(100, abs=0.3)
    moved = sheet("en", sample().with_values({"channel.platform.share": 0.38, "channel.content.share": 0.24})).split
    assert len(moved.head) == 5 and "48.0% → 38.0%" in column(moved, 4) and len(moved.rows[0][1].bars) == 2


def test_every_target_of_the_plan_is_there_missed_ones_first():
    result, table = evaluate(sample()), sheet().targets
    found = targets(result)
    assert len(table.rows) == len(found) and table.more == ""
    marks = [x[0] for x in column(table, 4)]
    assert marks == sorted(marks, reverse=True) and marks.count("✗") == sum(not x.hit[0] for x in found)
    assert sorted(column(table, 0)) == sorted(onepage.t(f"kpi.{x.kpi}.label") for x in found)


def test_the_chance_of_a_target_stands_with_the_error_of_its_computation():
    chance = registered(sample()).result.chances["gmv_year"]
    (row,) = [row for row in sheet().targets.rows if [c.text for c in row[:2]] == ["GMV", "Year"]]
    assert row[5].text == f"{100 * chance.chance:.1f}% ±{200 * chance.error:.1f}" and "pp" in sheet().targets.head[5]


def test_risks_are_those_of_the_register():
    table, events = sheet().risks, registered(sample()).events
    assert len(table.rows) == len(events) == 6
    assert column(table, 1) == [f"{100 * e.chance:.1f}%" for e in events]
    assert [x.split(" ± ")[0] for x in column(table, 2)] == [money(e.loss) for e in events]
    assert column(table, 3) == [f"{100 * e.tail_share:.1f}%" for e in events]


def test_changes_are_ordered_by_what_they_do_to_net_profit():
    table = sheet("en", presets()["conservative"]).changes
    assert column(table, 0)[0] == "Refund rate" and column(table, 1)[0] == "+0% → +2%" and len(table.rows) == 5
    sizes = [float(re.sub(r"[^\d.]", "", x)) * (1000 if "K" in x else 1) for x in column(table, 2)]
    assert sizes == sorted(sizes, reverse=True) and table.title.startswith("5 changes")


def test_without_changes_targets_or_risks_it_says_so():
    quiet = sheet("en", changed(**{f"event__{k}__on": False for k in sample().rows["event"]}))
    assert "no risk event" in quiet.risks.empty and not quiet.risks.rows
    assert "baseline" in sheet().changes.empty and not sheet().changes.rows


def test_a_register_that_was_stopped_is_not_passed_off_as_whole():
    some = work()
    stopped = onepage.Work(some.scenario, some.baseline, some.found, type(some.register)(
        some.found, some.register.events[:2], (), True), None, False, DAY)
    with speaking("en"):
        assert onepage.sheet(stopped).risks.more.startswith("Stopped")


def test_the_saved_version_is_named():
    stored = Stored("x", 3, "Plan")
    assert "version 3" in sheet("en", stored=stored).facts
    assert "version 3, changed since" in sheet("en", stored=stored, changed_since=True).facts
    assert "未保存" in sheet("zh").facts


def test_what_does_not_fit_is_counted():
    many = sheet("en", crowded())
    every = targets(evaluate(crowded()))
    missed = sum(x.outcome == "missed" for x in every)
    left, left_missed = map(int, re.findall(r"\d+", many.targets.more))
    assert len(many.targets.rows) + left == len(every) == 60
    assert sum(c.text.startswith("✗") for row in many.targets.rows for c in row) + left_missed == missed
    assert len(many.risks.rows) == 5 and "13 more" in many.risks.more
    assert column(many.split, 0)[-1] == "22 others" and many.legend[6][1] == "24 other channels"
    shares = [x.split(" → ")[1][:-1] for x in column(many.split, 4)]
    assert sum(map(float, shares)) == pytest.approx(100, abs=0.5)
    assert "more" in many.changes.more


def test_colours_are_those_of_the_app():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert list(parts.CHANNELS) == theme["light"]["chartCategoricalColors"]


@pytest.mark.parametrize("odd", [{"budget": 0.0}, {"months": 1}, {"budget": 9e10}, {"other_overhead": 9e8}])
@each_language
def test_odd_plans_have_a_page(language, odd):
    assert "nan" not in texts_of(document(language, changed(**odd)))


# --- nothing in it acts or is fetched ----------------------------------------------------------------------------------

@each_language
@pytest.mark.parametrize("plan", [sample, hostile, crowded])
def test_the_file_has_no_script_and_fetches_nothing(language, plan):
    html = document(language, plan())
    assert html.startswith("<!DOCTYPE html>") and f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in html
    tags = set(re.findall(r"<\s*/?([a-zA-Z!]+)", html))
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "base", "form", "a", "foreignObject", "use"}
    attributes = re.findall(r"<[a-z][^>]*>", html)
    assert not [a for a in attributes if re.search(r"\b(src|href|on\w+)\s*=(?!x)", a)]
    style = "".join(re.findall(r"<style>(.*?)</style>", html, re.S))
    assert style and "url(" not in style and "@import" not in style and "://" not in html


@each_language
def test_names_come_out_as_text(language):
    html = document(language, hostile())
    assert "<script" not in html and "<img" not in html and "49" not in re.findall(r"<title>(.*?)</title>", html)[0]
    assert texts_of(html).count(HOSTILE) >= 4  # title, heading, channel (legend and split), event


# --- in the app --------------------------------------------------------------------------------------------------------

def printed(at, seconds: float = 60):
    """With the register computed."""
    end = time.monotonic() + seconds
    while not at.session_state["_job_register"].finished:
        assert time.monotonic() < end
        time.sleep(0.05)
    return again(at)


@each_language
def test_the_page_shows_the_sheet_and_offers_the_file(language):
    at = printed(app(language, "print"))
    shown = component(at, "sheet")["sheet"]
    assert shown.startswith('<article class="sd-sheet"') and "<svg" in shown
    (button,) = at.get("download_button")
    assert "HTML" in button.proto.label
    assert any("@page{size:A4" in e.proto.body for e in at.get("html"))


def test_the_page_follows_the_scenario_at_hand():
    at = printed(app("en", "print", scenario=changed(budget=14_000_000.0)))
    assert "¥14M" in texts_of(component(at, "sheet")["sheet"])
    assert space(at).scenario == changed(budget=14_000_000.0)


def test_hostile_names_come_out_as_text_on_the_page():
    at = printed(app("en", "print", scenario=hostile()))
    shown = component(at, "sheet")["sheet"]
    assert "<script" not in shown and HOSTILE in texts_of(shown)


def test_a_button_on_simulate_leads_there():
    at = sound(click(app("en"), "simulate_print"))
    assert at.header[0].value == "One page for the meeting"


def test_so_does_the_file_menu_of_every_page():
    at = sound(opened(app("zh", "customers"), "bar_file").button(key="bar_print").click().run())
    assert at.header[0].value == "开会用的一页纸"

"""The ROI to type into a platform, as Channels says it: the model's figures, a verdict a channel, months, one's own margin."""

from __future__ import annotations

import math

import pytest
from screens import app, click, component, goto, markdown, opened, sound

from model import evaluate
from model.analysis.platform_roi import platform_roi, unordered_costs
from pages.ui.channels import roi
from pages.ui.kit import csv_tables, texts
from samples import changed, sample, sample_plan

WHOLE = [slice(None)]
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)


def rows(at) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in component(at, "platform_roi")["rows"]}


def expected(plan, wanted: float) -> dict[str, list[str]]:
    """Each channel's ROIs as the model has them."""
    found = platform_roi(evaluate(plan), wanted, WHOLE)
    series = [getattr(found, k)[:, 0, 0] for k in roi.MEASURES]
    return {c: [f"{s[i]:,.2f}" for s in series] for i, c in enumerate(found.channels)}


@each_language
def test_the_table_and_the_sentence_say_what_the_model_says(language):
    at = app(language, "channels")
    names = {c: row[f"name_{language}"] for c, row in sample_plan().rows["channel"].items()}
    model = expected(sample(), 0.05)    # the plan's own target for the net margin
    assert {c: rows(at)[names[c]][:5] for c in model} == model
    said = next(m for m in markdown(at).splitlines() if names["platform"] in m and model["platform"][1] in m)
    assert model["platform"][0] in said and model["platform"][3] in said
    verdicts = {c: rows(at)[names[c]][5] for c in model}
    catalogue = texts.catalogue(language)
    assert verdicts["platform"] == catalogue["roi.is_later"] and verdicts["content"] == catalogue["roi.is_below"]


def test_a_wanted_margin_and_the_fixed_costs_raise_the_target_alone():
    at = app("en", "channels")
    before = rows(at)["Search ads"]
    at.text_input(key="roi_wanted").set_value("8").run()
    at = sound(at.run())
    assert rows(at)["Search ads"][:5] == expected(sample(), 0.08)["platform"]
    at.toggle(key="roi_shared").set_value(True).run()
    at = sound(at.run())
    costs = float(unordered_costs(evaluate(sample()))[0])
    now = rows(at)["Search ads"]
    assert now[:5] == expected(sample(), 0.08 + costs)["platform"]
    assert [a == b for a, b in zip(before, now, strict=True)] == [True, True, False, True, False, True, True]
    assert goto(goto(at, "simulate"), "channels").text_input(key="roi_wanted").value == "8.0", "it stays over pages"


def test_by_month_in_a_box_with_one_line_a_channel_and_month_in_the_file():
    at = opened(app("en", "channels"), "roi_months")
    result = evaluate(sample())
    found = platform_roi(result, 0.05, [slice(m, m + 1) for m in range(12)])
    grid = {row[0]: row[1:] for row in component(at, "platform_roi_months")["rows"]}
    assert grid["Search ads"] == [f"{v:.2f}" for v in found.break_even[0, :, 0]]
    table = roi.months_table(result, found)
    lines = csv_tables.csv_bytes(table).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 4 * 12 and len(list(table.fields)) == 9


def test_a_channel_that_loses_by_every_order_says_that_no_roi_is_enough():
    at = app("en", "channels", changed(channel__platform__goods_margin_rate=0.05, channel__platform__new_share=0.0))
    assert rows(at)["Search ads"][1:3] == ["none", "none"] and rows(at)["Search ads"][5] == "loses at any ROI"
    assert "every order loses" in markdown(at)


def test_without_spend_there_is_no_roi_to_type():
    at = app("en", "channels", changed(budget=0.0))
    assert texts.catalogue("en")["roi.nobody"] in markdown(at)


def test_verdicts_at_their_bounds():
    inf, nan = math.inf, math.nan
    for row, said in (((3.0, 2.0, 3.0, 1.0), "reached"), ((2.0, 2.0, 3.0, 1.0), "above"), ((1.0, 2.0, 3.0, 1.0), "later"),
                      ((0.9, 2.0, 3.0, 1.0), "below"), ((9.0, inf, inf, inf), "never"), ((9.0, inf, inf, 8.0), "later"),
                      ((nan, 2.0, 3.0, 1.0), ""), ((1.0, nan, nan, nan), "")):
        assert roi.verdict(*row) == said, row


def test_above_its_break_even_a_channel_that_loses_with_the_next_yuan_is_told_why():
    """With dearer goods' margin search ads pay on the average; whether the next yuan does is another question."""
    plan = changed(headline__goods_margin_rate=1.15)
    result = evaluate(plan)
    found = platform_roi(result, 0.0, WHOLE)
    averages = list(zip(found.channels, found.now[:, 0, 0], found.break_even[:, 0, 0], strict=True))
    why = roi.view.average_and_marginal(plan, averages, roi.view.responses_of(plan))
    losing = [c for c, now, even in averages if now > even and roi.view.responses_of(plan)[c].marginal < 0]
    assert bool(why) == bool(losing)
    at = app("en", "channels", plan)
    assert not why or any(why in c.value for c in at.caption)


def test_undo_of_a_channel_brings_its_roi_back():
    at = app("en", "channels")
    before = rows(at)
    click(at, "channel_remove")
    assert len(rows(at)) == len(before) - 1
    click(at, "bar_undo")
    assert rows(at) == before

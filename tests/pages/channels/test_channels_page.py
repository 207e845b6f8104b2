"""The channels page: what it says is what the model says, and channels come, change and go in steps."""

from __future__ import annotations

import csv
import io
import math

import pytest
from screens import again, app, charts, click, component, markdown, move, opened, scenario, sound, space

from model import Plan, Scenario, evaluate, kpi, kpi_by_channel, what_decides
from model.analysis.response import responses
from model.plan import drivers as d
from pages.ui.channels import specs, view
from pages.ui.frame import grids
from pages.ui.kit import csv_tables, texts
from pages.ui.rows import steps
from samples import changed, sample, sample_plan

each_language = pytest.mark.parametrize("language", texts.LANGUAGES)
TYPED = {"cpm": 50.0, "ctr": 3.0, "cvr": 2.5, "aov": 220.0, "goods_margin_rate": 55.0, "refund_rate": 40.0,
         "impressions_ref": 3_000_000.0}
HOSTILE = "<img src=x onerror=alert(1)> **b** [l](http://e.example) :red[r] $x$ `c` # h"


def many(count: int, **values: object) -> Scenario:
    """The sample with so many channels in all, the added ones like search ads, shares even."""
    row = sample_plan().rows["channel"]["platform"]
    added = {f"channel.extra_{i}.{k}": v for i in range(count - 6) for k, v in row.items()}
    added |= {f"channel.extra_{i}.name_{lang}": f"=Channel {i}" for i in range(count - 6) for lang in ("zh", "en")}
    keys = [*sample().spending_channels, *(f"extra_{i}" for i in range(count - 6))]
    plan = dict(sample_plan().values) | added | {f"channel.{k}.share": 1 / len(keys) for k in keys}
    return Scenario(Plan("own", tuple((plan | {a.replace("__", "."): v for a, v in values.items()}).items())))


def total_share(plan: Scenario) -> float:
    return math.fsum(plan.get(f"channel.{c}.share") for c in plan.spending_channels)


def profit(plan: Scenario) -> float:
    return float(kpi(evaluate(plan), "net_profit")[0])


# --- what it says ------------------------------------------------------------------------------------------------------

@each_language
def test_the_answer_names_the_best_and_the_worst_channel(language):
    at = app(language, "channels")
    marginal = what_decides(sample()).marginal
    names = {c: sample_plan().rows["channel"][c][f"name_{language}"] for c in marginal}
    text = at.subheader[0].value
    best, worst = max(marginal, key=marginal.get), min(marginal, key=marginal.get)
    assert text.index(names[best]) < text.index(names[worst])
    assert f"{abs(marginal[best]):.2f}" in text and f"{abs(marginal[worst]):.2f}" in text
    assert all(marginal[c] < 0 for c in marginal) and ("不回本" if language == "zh" else "no channel pays back") in text


def test_where_a_channel_pays_the_answer_is_to_spend_there():
    at = app("en", "channels", changed(headline__goods_margin_rate=1.3))
    assert at.subheader[0].value.startswith("The next yuan goes to ")


@each_language
def test_a_curve_a_channel_with_today_tangent_and_break_even(language):
    at = app(language, "channels")
    found = responses(sample())
    divisor = 1e4 if language == "zh" else 1e6
    assert len(charts(at)) == len(found) + 1
    for (_, data), response in zip(charts(at), found.values(), strict=False):
        rows = list(zip(data["part"], data["x"], data["y"], data["label"], strict=True))
        today = next(r for r in rows if r[0] == "today")
        assert today[1] == pytest.approx(response.today / divisor, abs=1e-3)
        ends = [r for r in rows if r[0] == "tangent"]
        slope = (ends[1][2] - ends[0][2]) / (ends[1][1] - ends[0][1])
        assert slope == pytest.approx(response.mroas, rel=0.05)
        assert f"{response.mroas:.2f}" in next(r for r in rows if r[0] == "slope")[3]
        assert any(r[0] == "even" for r in rows) == bool(response.break_even)


def test_the_saturation_sentence_has_the_channels_own_numbers():
    at = app("en", "channels")
    text = "\n".join(c.value for c in at.caption)
    assert "at 7.6M impressions a month (shape 1, half-saturation × 1.6, ε = 0.62) 10% more budget brings about 6.2% more" in text


def test_the_funnel_is_the_models_and_says_where_each_rate_lies():
    rows = {r[0]: r for r in component(app("en", "channels"), "funnel")["rows"]}
    result = evaluate(sample())
    ctr, cvr = (kpi_by_channel(result, k)[:, 0] for k in ("ctr", "cvr"))
    for i, c in enumerate(result.channels):
        row = rows[sample_plan().rows["channel"][c]["name_en"]]
        assert row[5] == f"{cvr[i] * 100:.2f}%"
        assert row[2] == (f"{ctr[i] * 100:.2f}%" if math.isfinite(ctr[i]) else "—")
    assert rows["Content"][9] == "above range · 55.0% (A)" and rows["Search ads"][3] == "in range · 4.05% (A)"
    assert rows["Private domain"][8:10] == ["—", "—"] and "Total" in rows


def test_every_industry_figure_shows_its_range_and_source():
    rows = component(app("zh", "channels"), "industry")["rows"]
    assert len(rows) > 15 and all(len(r[-1]) > 5 and r[-1][0] in "ABCJ" and "‖" not in r[-1] for r in rows)


@each_language
def test_where_average_and_marginal_disagree_a_sentence_says_why(language):
    """Private domain: an average ROAS of 15 over a break-even of 3, and the next yuan loses."""
    at, marginal = app(language, "channels"), what_decides(sample()).marginal
    said = next(c.value for c in at.caption if "15.14" in c.value)
    assert "3.19" in said and f"{abs(marginal['private']):.2f}" in said
    assert not [c for c in app(language, "channels", changed(budget=0.0)).caption if "15.14" in c.value]


def test_net_roas_orders_and_the_swap_is_called_out():
    at = app("zh", "channels")
    rows = component(at, "roas")["rows"]
    net = [float(r[3]) for r in rows]
    assert net == sorted(net, reverse=True)
    gross = sorted(rows, key=lambda r: -float(r[1]))
    assert [r[2] for r in gross] == [f"第 {i} 名" for i in range(1, len(rows) + 1)]
    assert "店铺自播从退款前第 2 名" in markdown(at)


def test_every_break_even_mark_has_its_number():
    """Beside the mark, on the bar or behind it, or with the bar's own number where there is no room; never out of the picture."""
    high, inf = 20.0, math.inf
    for value, even, said in (
            (15.0, 3.0, [(15.0, "15.00", "end"), (3.0, "even 3.00", "behind")]),
            (15.0, 14.0, [(15.0, "15.00", "end"), (14.0, "even 14.00", "before")]),
            (4.0, 3.5, [(4.0, "4.00 · even 3.50", "end")]), (4.0, 4.5, [(4.5, "4.00 · even 4.50", "end")]),
            (3.0, 9.0, [(3.0, "3.00", "end"), (9.0, "even 9.00", "end")]), (3.0, 31.0, [(3.0, "3.00 · even 31.00", "end")]),
            (3.0, 19.0, [(3.0, "3.00 · even 19.00", "end")]), (16.0, 17.0, [(16.0, "16.00 · 17.00", "end")]),
            (3.0, math.nan, [(3.0, "3.00", "end")]), (3.0, inf, [(3.0, "3.00", "end")]), (3.0, -2.0, [(3.0, "3.00", "end")])):
        data = specs.roas_data(["a"], [value], [1.0], [even], high, ("gross", "net", "even")).to_pylist()
        assert [(r["at"], r["label"], r["part"]) for r in data if r["kind"] == "gross"] == said, (value, even)
    (_, data), = [c for c in charts(app("en", "channels")) if "even" in c[1]]
    assert sum(e is not None for e in data["even"]) == sum("Break-even" in x for x in data["label"]) == 5


def test_without_a_swap_the_page_says_so():
    same = {f"channel__{c}__refund_rate": 0.0 for c in (*sample().spending_channels, "organic")}
    at = app("en", "channels", changed(**same))
    assert "Refunds leave the order as it is" in markdown(at)


def test_a_slider_moves_curves_in_place_and_tables():
    at = app("en", "channels")
    before = charts(at)
    move(at, "lever_cvr", 3)
    assert scenario(at) == changed(headline__cvr=1.03)
    assert [spec for spec, _ in charts(at)] == [spec for spec, _ in before] and charts(at) != before
    assert component(at, "curves")["rows"][0][3] == f"{responses(scenario(at))['platform'].mroas:.2f}"


# --- downloads ---------------------------------------------------------------------------------------------------------

def test_tables_can_be_downloaded_and_start_no_formula():
    plan = many(7, channel__extra_0__name_en="=cmd|'/c calc'!A0", channel__extra_0__name_zh="@SUM(1)")
    result = evaluate(plan)
    at = opened(app("en", "channels", plan), "roi_months")
    assert len(at.get("download_button")) >= 4
    for made in (view.funnel_grid(result), view.curve_grid(result, responses(plan)),
                 view.industry_grid(result), view.roas_grid(result, view.roas_rows(result))):
        data = csv_tables.csv_bytes(grids.table_of(made))
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert any(r[0].startswith("'=cmd") or r[0].startswith("'@SUM") for r in rows)
        assert not any(cell[:1] in "=+@\t" or cell[:1] == "-" and not _is_number(cell) for r in rows for cell in r if cell)


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


# --- steps -------------------------------------------------------------------------------------------------------------

def created(at, **typed: object):
    """The form for a new channel filled in and sent."""
    opened(at, "channel_add")
    for field, value in typed.items():
        at.text_input(key=f"new_paid_{field}").set_value("" if value is None else str(value))
    at.button(key="channel_create").click().run()
    return again(sound(at))


def test_a_channel_is_added_in_one_step_and_undone():
    at = created(app("en", "channels"), name_en="Brand video", share=10.0, **TYPED)
    row = scenario(at).rows["channel"]["brand_video"]
    assert row["kind"] == "paid" and row["cvr"] == 0.025 and row["share"] == pytest.approx(0.1)
    assert total_share(scenario(at)) == pytest.approx(1, abs=1e-9) and len(space(at).undo) == 1
    assert scenario(at).get("channel.platform.share") == pytest.approx(0.432, abs=0.001)
    assert at.selectbox(key="channel_pick").value == "brand_video" and "Brand video" in markdown(at)
    click(at, "bar_undo")
    assert scenario(at) == sample()
    click(at, "bar_redo")
    assert "brand_video" in scenario(at).rows["channel"]


def test_a_name_without_letters_gets_a_key_too():
    at = created(app("zh", "channels"), name_zh="拼多多", share=5.0, **TYPED)
    assert scenario(at).rows["channel"]["channel"]["name_zh"] == "拼多多"


def test_every_violation_of_a_new_channel_is_reported_and_nothing_is_taken():
    at = created(app("en", "channels"), name_en="x", share=5.0, **TYPED | {"cpm": -1.0, "ctr": 250.0, "refund_rate": None})
    assert scenario(at) == sample() and space(at).undo == []
    said = markdown(at).replace("\\", "")
    assert all(words in said for words in ("-1.0 is too low", "250.0 is too high (allowed: 0.00 … 100.00 %)", "Fill in the cell"))
    assert any("3 to correct" in e.value for e in at.error)
    assert at.text_input(key="new_paid_ctr").value == "250.0" and at.text_input(key="new_paid_aov").value


def test_only_legal_kinds_are_offered():
    at = opened(app("en", "channels"), "channel_add")
    assert steps.kinds_to_add(sample()) == ("paid",) and len(at.selectbox(key="new_kind").options) == 1
    without = steps.removed(sample(), d.CHANNEL, "private")
    assert steps.kinds_to_add(without) == ("paid", "owned")
    assert set(steps.required("owned")) == {"cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate", "frequency"}


def test_a_channel_is_copied_and_the_result_stays():
    at = app("en", "channels")
    at.selectbox(key="channel_pick").set_value("creators").run()
    click(at, "channel_copy")
    rows = scenario(at).rows["channel"]
    assert rows["creator_live_2"]["name_zh"] == "达人直播 2" and rows["creator_live_2"]["share"] == pytest.approx(0.06)
    assert total_share(scenario(at)) == pytest.approx(1, abs=1e-9) and len(space(at).undo) == 1
    assert profit(scenario(at)) == pytest.approx(profit(sample()), rel=1e-9)
    assert at.selectbox(key="channel_pick").value == "creator_live_2"
    click(at, "channel_copy")
    assert "creator_live_2_2" in scenario(at).rows["channel"]
    click(at, "bar_undo")
    click(at, "bar_undo")
    assert scenario(at) == sample()


@pytest.mark.parametrize("channel", [c for c in sample().spending_channels if c != "private"])
def test_a_copy_by_itself_changes_nothing(channel):
    made, _ = steps.copied(sample(), d.CHANNEL, channel, {"name_en": "Other"})
    assert profit(made) == pytest.approx(profit(sample()), rel=1e-9)


def test_a_channel_is_removed_with_what_names_it():
    at = app("en", "channels", sample().with_values({"promotion.618.channels": "creators"}))
    before = scenario(at)
    at.selectbox(key="channel_pick").set_value("creators").run()
    click(at, "channel_remove")
    assert "creators" not in scenario(at).rows["channel"] and not scenario(at).rows["promotion"]["618"]["on"]
    assert total_share(scenario(at)) == pytest.approx(1, abs=1e-9)
    assert len(charts(at)) == 5
    click(at, "bar_undo")
    assert scenario(at) == before


def test_effects_on_a_channel_go_with_it_and_come_with_its_copy():
    plan = sample().with_values({"initiative.video.start": "2027-03", "effect.video_cvr.initiative": "video",
                                 "effect.video_cvr.driver": "cvr", "effect.video_cvr.channel": "content",
                                 "effect.video_cvr.effect": 0.1})
    assert "video_cvr" not in steps.removed(plan, d.CHANNEL, "content").rows["effect"]
    made, key = steps.copied(plan, d.CHANNEL, "content", {"name_en": "More content"})
    assert [r["channel"] for r in made.rows["effect"].values()].count(key) == [
        r["channel"] for r in plan.rows["effect"].values()].count("content")


@pytest.mark.deep
def test_all_channels_can_be_removed_but_organic():
    at = app("zh", "channels")
    for channel in sample().spending_channels:
        at.selectbox(key="channel_pick").set_value(channel).run()
        click(at, "channel_remove")
    assert list(scenario(at).rows["channel"]) == ["organic"]
    assert at.button(key="channel_remove").disabled and at.button(key="channel_copy").disabled
    assert at.subheader[0].value.startswith("没有可投放的渠道") and charts(at) == []


def test_private_and_organic_cannot_be_copied():
    at = app("en", "channels")
    for channel in ("private", "organic"):
        at.selectbox(key="channel_pick").set_value(channel).run()
        assert again(at).button(key="channel_copy").disabled


def edit_key(at, field: str) -> str:
    return f"edit_{at.selectbox(key='channel_pick').value}_{hash(scenario(at))}_{field}"


def test_a_channel_is_edited_in_one_step_and_shares_stay_a_hundred():
    at = app("en", "channels")
    at.text_input(key=edit_key(at, "cpm")).set_value("70.0")
    at.text_input(key=edit_key(at, "share")).set_value("58.0")
    at.text_input(key=edit_key(at, "name_en")).set_value("Search & shelf")
    click(at, "channel_save")
    assert scenario(at).get("channel.platform.cpm") == 70.0 and scenario(at).get("channel.platform.share") == pytest.approx(0.58)
    assert total_share(scenario(at)) == pytest.approx(1, abs=1e-9) and len(space(at).undo) == 1
    assert at.text_input(key=edit_key(at, "cpm")).value == "70.0"
    click(at, "bar_undo")
    assert scenario(at) == sample() and at.text_input(key=edit_key(at, "cpm")).value == "64.0"


def test_saving_without_a_change_is_no_step():
    at = click(app("en", "channels"), "channel_save")
    assert scenario(at) == sample() and space(at).undo == []


def test_edits_that_break_rules_are_all_reported_and_stay_typed():
    at = app("en", "channels")
    for field, value in (("cpm", "0"), ("refund_rate", "99"), ("saturation", "much"), ("aov", "210")):
        at.text_input(key=edit_key(at, field)).set_value(value)
    click(at, "channel_save")
    said = markdown(at).replace("\\", "")
    assert all(words in said for words in ("0 is too low", "99 is too high (allowed: 0.0 … 95.0 %)", "much is not a number"))
    assert "3 to correct" in at.error[0].value and scenario(at) == sample()
    assert [at.text_input(key=edit_key(at, f)).value for f in ("refund_rate", "saturation", "aov")] == ["99", "much", "210.00"]


def test_locked_channels_keep_their_share_when_one_comes_or_goes():
    made = steps.saved(sample(), d.CHANNEL, "platform", {"share": 0.3}, {"private", "content"})
    assert (made.get("channel.private.share"), made.get("channel.content.share")) == (0.08, 0.14)
    gone = steps.removed(sample(), d.CHANNEL, "platform", {"private"})
    assert gone.get("channel.private.share") == 0.08 and total_share(gone) == pytest.approx(1, abs=1e-12)
    everything = steps.removed(sample(), d.CHANNEL, "platform", set(sample().spending_channels))
    assert total_share(everything) == pytest.approx(1, abs=1e-12)


def test_a_removed_channels_lock_goes_with_it():
    at = app("en", "channels")
    space(at).locks = frozenset({"creators"})
    at.selectbox(key="channel_pick").set_value("creators").run()
    click(at, "channel_remove")
    assert space(at).locks == frozenset()


@pytest.mark.parametrize(("name", "key"), [("Brand video", "brand_video"), ("拼多多", "channel"), ("A.B;C", "a_b_c"),
                                           ("platform", "platform_2"), ("--", "channel"), ("x" * 90, "x" * 32)])
def test_keys_come_from_names(name, key):
    assert steps.new_key(sample(), d.CHANNEL, {"name_en": name}) == key


# --- odd plans ---------------------------------------------------------------------------------------------------------

def test_thirty_channels_show_the_largest_curves_and_all_when_asked():
    at = app("en", "channels", many(30, months=36))
    assert len(charts(at)) == view.MAX_CURVES + 1 and len(component(at, "curves")["rows"]) == 29
    assert len(component(at, "funnel")["rows"]) == 31
    at.toggle(key="all_curves").set_value(True).run()
    assert len(charts(again(at))) == 30


@each_language
@pytest.mark.parametrize("plan", [changed(budget=0.0), changed(months=36), changed(months=1), many(7, channel__extra_0__cvr=0.0)])
def test_odd_plans_show_no_nan(plan, language):
    at = opened(app(language, "channels", plan), "roi_months")
    shown = [cell for key in ("funnel", "curves", "roas", "industry") for row in component(at, key)["rows"] for cell in row] \
        if plan.get("budget") else [cell for row in component(at, "funnel")["rows"] for cell in row]
    assert not any("nan" in c.lower() or "inf" in c.lower().replace("influ", "") for c in shown)


def test_names_of_a_planner_never_act():
    at = app("en", "channels", changed(channel__platform__name_en=HOSTILE))
    assert texts.plain(HOSTILE) in markdown(at)
    assert not any("onerror" in e.proto.body for e in at.get("html"))

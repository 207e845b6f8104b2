"""The plan page as a script: answer, statement, targets, promotions, initiatives, team, split; every edit one step."""

from __future__ import annotations

import csv
import io
import json
import math
import re

import pytest
from every import part
from screens import again, app, charts, click, component, goto, markdown, opened, scenario, sound, space

import plans
from model import Plan, Scenario, evaluate, kpi, targets
from model.analysis.effects import switch_effects
from model.engine.kpis import periods_of
from model.plan import lists as li
from pages.ui.kit import csv_tables, texts
from pages.ui.plan import row_files, specs, statement, targets_table
from pages.ui.rows import row_rules
from pages.ui.session import results
from pages.ui.words import reach
from samples import changed, sample, sample_plan

HOSTILE = "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)> **b** [l](http://e.example)"
EDITORS = ("edit_target", "edit_promotion", "edit_initiative", "edit_team")
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)


def own(drop: tuple[str, ...] = (), **values: object) -> Scenario:
    kept = {a: v for a, v in sample_plan().values if not any(a == p or a.startswith(p + ".") for p in drop)}
    return Scenario(Plan("own", tuple((kept | {a.replace("__", "."): v for a, v in values.items()}).items())))


def thirty_channels(months: int = 36, promotions: int = 20) -> Scenario:
    """The sample with search ads split into 25 channels and more promotions."""
    plan, values = sample_plan().rows, {}
    part = plan["channel"]["platform"]
    for i in range(25):
        values |= {f"channel.extra{i}.{f}": v for f, v in part.items()} | {
            f"channel.extra{i}.share": 0.0, f"channel.extra{i}.name_zh": f"渠道{i}", f"channel.extra{i}.name_en": f"Extra {i}"}
    for i in range(promotions - 4):
        values |= {f"promotion.more{i}.{f}": v for f, v in plan["promotion"]["618"].items()} | {
            f"promotion.more{i}.budget_share": 0.01, f"promotion.more{i}.first": f"{i % 12 + 1:02d}-02",
            f"promotion.more{i}.last": f"{i % 12 + 1:02d}-08"}
    return sample().with_values(values | {"months": months})


def answer(at) -> str:
    return at.subheader[0].value


def rows(at, key: str) -> dict[str, list[str]]:
    """A table's cells by the row's key."""
    return {row["key"]: row["cells"] for row in component(at, key)["rows"]}


def steps(at) -> int:
    return len(space(at).undo)


# --- what it says ------------------------------------------------------------------------------------------------------

@each_language
def test_the_answer_says_profit_lowest_cash_and_targets(language):
    at = app(language, "plan")
    result = evaluate(sample())
    hits = sum(x.outcome == "hit" for x in targets(result))
    expected = ("272.7\u00a0万元", "4.5%", "9月", "−206.8\u00a0万元", f"20 项目标按计划达成 {hits} 项") if language == "zh" else (
        "¥2.727M", "4.5%", "Sep", "−\u2060¥2.068M", f"The plan meets {hits} of 20 targets")
    assert [x for x in expected if x not in answer(at)] == []
    assert float(kpi(result, "lowest_cash")[0]) == pytest.approx(-2_068_000, rel=1e-3)


@each_language
def test_no_word_is_left_untranslated(language):
    at = app(language, "plan", boxes=EDITORS)
    said = markdown(at) + json.dumps([component(at, k) for k in (
        "statement", "targets", "promotions", "initiatives", "team", "split")], ensure_ascii=False)
    said += "".join(w.label for kind in (at.number_input, at.selectbox, at.text_input, at.button) for w in kind)
    if language == "en":
        assert not any("\u4e00" <= c <= "\u9fff" for c in said)
    else:
        assert not any(word in said for word in ("Net profit", "Promotion", "All channels", "Year", "Total"))


def test_the_statement_is_made_of_the_lines_and_opens_to_their_parts():
    at = app("en", "plan")
    data, result = component(at, "statement"), evaluate(sample())
    found = rows(at, "statement")
    assert found["net_profit"][1] == f"{float(result.lines['net_profit'].sum()) / 1e3:,.0f}"
    assert found["refunds"][1].startswith("−") and found["refunds/platform"][0] == "Search ads"
    assert len(data["head"]) == 1 + 4 + 12 and all(len(cells) == len(data["head"]) for cells in found.values())
    assert {r["of"] for r in data["rows"] if r.get("of")} >= {"gmv", "marketing", "overhead", "taxes", "inventory"}
    assert found["gmv"][2] == "100.0" and found["gmv"][4] == "+11.6%"


@pytest.mark.parametrize(("size", "columns"), [("month", 12), ("quarter", 4)])
def test_months_and_quarters(size, columns):
    at = app("en", "plan")
    at.session_state["plan_period"] = size
    sound(at.run())
    assert len(component(at, "statement")["head"]) == 5 + columns
    names = component(at, "statement")["head"][5:]
    assert names[0] == ("Jan" if size == "month" else "Q1") and names[-1] == ("Dec" if size == "month" else "Q4")


@pytest.mark.parametrize(("months", "size", "last"), [
    (1, "month", "Jan"), (1, "quarter", "Q1 (1 mo.)"), (14, "quarter", "Q5 (2 mo.)"), (14, "year", "Year 2 (2 mo.)"),
    (36, "month", "29/12"), (36, "year", "Year 3")])
def test_plans_of_any_length(months, size, last):
    at = app("en", "plan", changed(months=months), run=False)
    at.session_state["workspace"].period, at.session_state["plan_period"] = periods_of(months)[-1], size
    sound(goto(at, "plan"))
    assert component(at, "statement")["head"][-1] == last


def test_per_100_yuan_and_year_on_year():
    at = app("en", "plan")
    at.session_state["plan_view"] = "per_100"
    found = rows(sound(at.run()), "statement")
    assert found["gmv"][1:] == ["100.0"] * 13 and found["net_profit"][1] == "2.4" and found["cash"][1] == "—"
    at.session_state["plan_view"] = "growth"
    found = rows(sound(at.run()), "statement")
    assert set(found) == {"gmv", "refunds", "net_revenue", "gross_profit", "contribution", "marketing", "net_profit"}
    assert found["gmv"][1] == "+11.6%"


def test_without_last_year_there_is_no_year_on_year():
    at = app("en", "plan", own(("last_year", "last_year_repurchase_rate")))
    assert "Last year" not in component(at, "statement")["head"]
    at.session_state["plan_view"] = "growth"
    sound(at.run())
    assert texts.catalogue("en")["plan.no_last_year"] in [i.value for i in at.info]


def test_the_charts_say_their_message_and_keep_their_specification():
    at = app("en", "plan")
    (cash, data), (season, curve), (timeline, bars), (tasks, _) = charts(at)
    assert [x for x in data["label"] if x] == ["Lowest: Sep −\u2060¥2.068M"] and len(data["month"]) == 12
    assert bars["name"] == ["New Year", "618", "Double 11", "Double 12"]
    alts = [e.proto.alt for e in at.get("vega_lite_chart")]
    assert "−\u2060¥2.068M" in alts[0] and "highest in Nov" in alts[1] and "Double 11" in alts[2] and len(curve["index"]) == 24
    opened(at, "edit_team")
    at.text_input(key="cell_team.merchandising.heads").set_value("3.5").run()
    again(at)
    assert [spec for spec, _ in charts(at)] == [cash, season, timeline, tasks] and charts(at)[0][1] != data


# --- edits -------------------------------------------------------------------------------------------------------------

def test_a_cell_is_one_step_and_undo_brings_it_back():
    at = app("en", "plan", boxes=["edit_promotion"])
    at.text_input(key="cell_promotion.new_year.discount").set_value("20.0").run()
    again(at)
    assert scenario(at).get("promotion.new_year.discount") == 0.2 and steps(at) == 1
    click(at, "bar_undo")
    assert scenario(at) == sample() and at.text_input(key="cell_promotion.new_year.discount").value == "6.0"


def test_an_emptied_number_keeps_what_was_there():
    at = app("en", "plan", boxes=["edit_team"])
    at.text_input(key="cell_team.merchandising.heads").set_value("").run()
    again(at)
    assert scenario(at) == sample() and at.text_input(key="cell_team.merchandising.heads").value == "2.0"


@pytest.mark.parametrize(("typed", "stored"), [("6-1", "06-01"), ("06/01", "06-01"), ("12-31", "12-31")])
def test_days_are_taken_as_people_write_them(typed, stored):
    at = app("en", "plan", boxes=["edit_promotion"])
    at.text_input(key="cell_promotion.new_year.last").set_value(typed).run()
    again(at)
    assert scenario(at).get("promotion.new_year.last") == stored


@pytest.mark.parametrize(("field", "typed", "code"), [
    ("last", "13-40", "not_a_day"), ("first", "02-29", "not_a_day"), ("name_en", "a\x07b", "bad_text")])
def test_what_breaks_a_rule_is_reported_and_changes_nothing(field, typed, code):
    at = app("en", "plan", boxes=["edit_promotion"])
    at.text_input(key=f"cell_promotion.new_year.{field}").set_value(typed).run()
    again(at)
    assert scenario(at) == sample() and steps(at) == 0
    assert texts.catalogue("en")[f"violation.{code}.advice"] in markdown(at).replace("\\", "")
    assert at.text_input(key=f"cell_promotion.new_year.{field}").value == sample().get(f"promotion.new_year.{field}")


def test_budgets_of_promotions_above_the_whole_are_reported():
    at = app("en", "plan", boxes=["edit_promotion"])
    at.text_input(key="cell_promotion.new_year.budget_share").set_value("95.0").run()
    again(at)
    assert scenario(at) == sample() and texts.catalogue("en")["violation.shares_above_one.advice"] in markdown(at).replace("\\", "")


@pytest.mark.parametrize(("typed", "stored"), [("1.2万", 12_000.0), ("１２，０００", 12_000.0), ("¥12,000", 12_000.0), ("12000元", 12_000.0)])
def test_a_cell_reads_money_as_people_write_it(typed, stored):
    at = app("en", "plan", boxes=["edit_team"])
    at.text_input(key="cell_team.merchandising.monthly_cost").set_value(typed).run()
    again(at)
    assert scenario(at).get("team.merchandising.monthly_cost") == stored and steps(at) == 1
    assert at.text_input(key="cell_team.merchandising.monthly_cost").value == "12,000"


def test_a_refused_number_is_said_at_its_field_and_the_old_one_stands_there_again():
    at = app("en", "plan", boxes=["edit_team"])
    for typed, said in (("many", "many is not a number"), ("-3", "-3 is too low")):
        at.text_input(key="cell_team.merchandising.heads").set_value(typed).run()
        again(at)
        assert said in markdown(at).replace("\\", "") and at.text_input(key="cell_team.merchandising.heads").value == "2.0"
    at.text_input(key="cell_team.merchandising.heads").set_value("3").run()
    again(at)
    assert scenario(at).get("team.merchandising.heads") == 3.0 and steps(at) == 1 and "too low" not in markdown(at)


@pytest.mark.parametrize(("table", "box"), part([("promotion", "edit_promotion"), ("initiative", "edit_initiative"),
                                                 ("team", "edit_team"), ("target", "edit_target")], 2))
def test_rows_are_added_copied_and_removed_each_in_one_step(table, box):
    at = app("en", "plan", boxes=[box])
    before = list(scenario(at).rows[table])
    for count, (button, there) in enumerate((("add", 1), ("copy", 2), ("remove", 1)), 1):
        click(at, f"{button}_{table}_")
        assert len(scenario(at).rows[table]) == len(before) + there and steps(at) == count
        at_hand = at.selectbox(key=f"pick_{table}_").value
        assert (at_hand in before) == (button == "remove")
    for _ in range(3):
        click(at, "bar_undo")
    assert scenario(at) == sample()


def test_a_removed_row_of_the_plan_does_not_come_back_under_its_key():
    at = app("en", "plan", boxes=["edit_promotion"])
    click(at, "remove_promotion_")
    assert "new_year" not in scenario(at).rows["promotion"]
    assert row_rules.free_key(scenario(at), "promotion", "new_year") == "new_year-2"


def test_an_initiative_goes_and_comes_with_its_effects():
    at = app("en", "plan", boxes=["edit_initiative"])
    click(at, "copy_initiative_")
    copied = [k for k in scenario(at).rows["initiative"] if k not in sample().rows["initiative"]]
    assert len(copied) == 1 and len(row_rules.parts_of(scenario(at), "initiative", copied[0])) == 2
    assert scenario(at).rows["initiative"][copied[0]]["name_en"] == "Bundle discounts 2"
    click(at, "remove_initiative_")
    assert scenario(at) == sample()
    click(at, "remove_initiative_")
    assert "bundle" not in scenario(at).rows["initiative"] and row_rules.parts_of(scenario(at), "initiative", "bundle") == []


def test_effects_of_an_initiative_are_edited_with_it():
    at = app("en", "plan", boxes=["edit_initiative"])
    at.selectbox(key="pick_initiative_").set_value("page").run()
    again(at)
    click(at, "add_effect_page")
    (new,) = [k for k in scenario(at).rows["effect"] if k not in sample().rows["effect"]]
    at.selectbox(key=f"cell_effect.{new}.driver").set_value("aov").run()
    again(at)
    at.text_input(key=f"cell_effect.{new}.effect").set_value("5.0").run()
    again(at)
    assert scenario(at).rows["effect"][new] == {"initiative": "page", "driver": "aov", "channel": "all", "effect": 0.05}
    assert "Order value +5.0% (All channels)" in rows(at, "initiatives")["page"][-1] and steps(at) == 3


@pytest.mark.parametrize(("table", "key"), [("promotion", "double11"), ("initiative", "page"), ("initiative", "clearance")])
def test_a_switch_is_one_step_and_its_effect_is_what_switching_changes(table, key):
    at = app("en", "plan")
    (effect,) = [e for e in switch_effects(sample()) if (e.table, e.key) == (table, key)]
    before = float(kpi(evaluate(sample()), "net_profit")[0])
    on = [k for k, row in scenario(at).rows[table].items() if row["on"]]
    (pills,) = [g for g in at.button_group if g.key == f"on_{table}"]
    pills.set_value([k for k in on if k != key] if key in on else [*on, key]).run()
    again(at)
    assert scenario(at).get(f"{table}.{key}.on") == (key not in on) and steps(at) == 1
    after = float(kpi(evaluate(scenario(at)), "net_profit")[0])
    assert (before - after) * (1 if effect.on else -1) == pytest.approx(effect.net_profit)


def test_channels_of_a_promotion():
    at = app("en", "plan", boxes=["edit_promotion"])
    at.multiselect(key="cell_promotion.new_year.channels").set_value(["content", "platform"]).run()
    again(at)
    assert scenario(at).get("promotion.new_year.channels") == "content;platform"
    assert rows(at, "promotions")["new_year"][4] == "Content, Search ads"
    at.multiselect(key="cell_promotion.new_year.channels").set_value([]).run()
    again(at)
    assert scenario(at) == sample()


def test_a_target_of_another_kpi_starts_from_what_the_plan_reaches():
    at = app("en", "plan", boxes=["edit_target"])
    at.selectbox(key="cell_target.gmv_year.kpi").set_value("net_margin_rate").run()
    again(at)
    value = float(kpi(evaluate(sample()), "net_margin_rate")[0])
    assert scenario(at).get("target.gmv_year.value") == pytest.approx(value, abs=5e-5) and steps(at) == 1
    assert at.text_input(key="cell_target.gmv_year.value").value == f"{100 * value:.2f}".rstrip("0")


def test_hits_and_misses_are_said_in_words_and_by_how_much():
    found = rows(app("en", "plan"), "targets")
    chances = results.risk_of(sample()).chances

    def likely(key):
        return reach.chance_alone(chances[key])
    assert found["gmv_year"][1:] == ["Year", "✗ plan misses it", likely("gmv_year"), "−¥1.939M", "¥114M", "¥112.1M"]
    assert found["refund"][1:] == ["Year", "✓ plan meets it", likely("refund"), "−0.2\u00a0pp", "39.0%", "38.8%"]


def test_a_target_outside_the_plan_is_kept_and_said():
    at = app("en", "plan", changed(months=3), boxes=["edit_target"])
    assert rows(at, "targets")["gmv_november"][2] == "outside the plan"
    at.selectbox(key="pick_target_").set_value("gmv_november").run()
    assert again(at).selectbox(key="cell_target.gmv_november.period").value == "2027-11"


# --- the split ---------------------------------------------------------------------------------------------------------

def test_a_year_is_taken_as_monthly_targets_in_one_step():
    at = app("en", "plan")
    click(at, "split_take")
    rows_now = scenario(at).rows["target"]
    monthly = {row["period"]: row["value"] for row in rows_now.values() if row["kpi"] == "gmv" and row["period"][:2] == "20"}
    assert len(monthly) == 12 and sum(monthly.values()) == pytest.approx(114_000_000) and steps(at) == 1
    assert rows_now["gmv_june"]["value"] == monthly["2027-06"] and len(rows_now) == len(sample().rows["target"]) + 10
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_a_month_whose_target_was_removed_gets_a_new_one():
    without = sample().with_values({"target.gmv_2027-01.kpi": "gmv", "target.gmv_2027-01.value": 1.0,
                                    "target.gmv_2027-01.period": "2027-01", "target.gmv_june": None})
    at = app("en", "plan", without)
    click(at, "split_take")
    months = [row["period"] for row in scenario(at).rows["target"].values() if row["kpi"] == "gmv"]
    assert months.count("2027-06") == 1 and months.count("2027-01") == 1


# --- files -------------------------------------------------------------------------------------------------------------

def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_no_cell_of_a_file_acts_in_a_spreadsheet():
    plan = own(promotion__618__name_zh=HOSTILE, promotion__618__name_en=HOSTILE, team__data__name_zh="@SUM(A1)",
               channel__platform__name_zh="-1+2", channel__platform__name_en="+1")
    tables = [row_files.table_of_rows(plan, t) for t in ("promotion", "initiative", "team")]
    tables += [statement.statement_table(evaluate(plan), "month"), statement.cash_table(evaluate(plan)),
               targets_table.target_table(evaluate(plan), results.risk_of(plan).chances)]
    for table in tables:
        for row in read(csv_tables.csv_bytes(table)):
            for cell in row:
                assert not cell.startswith(("=", "@", "\t", "\r"))
                assert not cell.startswith(("+", "-")) or math.isfinite(float(cell))


def test_files_hold_what_the_page_shows():
    result = evaluate(sample())
    head, *rows = read(csv_tables.csv_bytes(statement.statement_table(result, "quarter")))
    net = dict(zip(head, next(row for row in rows if row[1] == "net_profit"), strict=True))
    assert float(net["Year (yuan)"]) == round(float(result.lines["net_profit"].sum()), 2)
    assert float(net["2027-04 – 2027-06 (yuan)"]) == round(float(result.lines["net_profit"][3:6].sum()), 2)
    assert len(read(csv_tables.csv_bytes(row_files.table_of_rows(sample(), li.PROMOTION)))) == 5


# --- empty and wrong states --------------------------------------------------------------------------------------------

EMPTY = {"no promotions": ("promotion",), "no targets": ("target",), "no initiatives": ("initiative", "effect"),
         "no team": ("team",), "none of them": ("promotion", "target", "initiative", "effect", "team", "last_year")}


@pytest.mark.parametrize("which", part(EMPTY, 2))
def test_what_is_not_there_is_said_and_can_be_added(which):
    at = app("en", "plan", own(EMPTY[which]), boxes=EDITORS)
    said = [i.value for i in at.info]
    assert said and all(text in texts.catalogue("en").values() for text in said)
    for table in ("promotion", "target", "initiative", "team"):
        if table in EMPTY[which]:
            click(at, f"add_{table}_")
            assert len(scenario(at).rows[table]) == 1


def test_nothing_sold_draws():
    at = app("zh", "plan", plans.scenario(plans.bare()), boxes=EDITORS)
    assert "—" in answer(at) and rows(at, "statement")["gmv"][1] == "0.0"


@pytest.mark.parametrize("scenario_of", [lambda: changed(budget=0.0), lambda: changed(months=1), thirty_channels])
def test_odd_plans_draw_whole_tables(scenario_of):
    plan = scenario_of()
    at = app("en", "plan", plan, boxes=EDITORS)
    assert len(rows(at, "promotions")) == len(plan.rows["promotion"]) and len(rows(at, "targets")) == len(plan.rows["target"])
    found = component(at, "statement")
    assert len([r for r in found["rows"] if r.get("of") == "gmv"]) == len(plan.rows["channel"])
    assert all("nan" not in cell.lower() for r in found["rows"] for cell in r["cells"][1:])


def test_names_go_nowhere_as_markdown_or_html():
    plan = own(**{f"{t}__name_zh": HOSTILE for t in ("promotion__double11", "promotion__new_year", "initiative__bundle",
                                                     "initiative__wecom", "team__data", "channel__platform")})
    at = app("zh", "plan", plan, boxes=EDITORS)
    said = [m.value for m in at.markdown] + [e.proto.body for e in at.get("html")]
    said += [o.content for e in at.get("button_group") for o in e.proto.options]
    assert any("img src" in text for text in said)
    for text in said:
        assert not re.search(r"(?<!\\)(<img|\*\*b|\[l)", text), text


# --- the time line -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("start", "months", "window", "expected"), [
    ("2027-01", 12, ("06-01", "06-30"), [(5.0, 6.0)]),
    ("2027-01", 12, ("12-17", "01-15"), [(0.0, 15 / 31), (11 + 16 / 31, 12.0)]),
    ("2027-07", 24, ("07-01", "07-31"), [(0.0, 1.0), (12.0, 13.0)]),
    ("2027-01", 3, ("06-01", "06-30"), []),
    ("2027-02", 1, ("02-28", "02-28"), [(27 / 28, 1.0)])])
def test_spans_of_a_promotion(start, months, window, expected):
    found = specs.spans(start, months, *window)
    assert [x for pair in found for x in pair] == pytest.approx([x for pair in expected for x in pair])


def test_promotions_of_one_name_have_a_row_each():
    at = app("en", "plan", own(promotion__618__name_en="Double 11"))
    assert len(set(charts(at)[2][1]["name"])) == 4


def test_rows_of_one_name_are_told_apart():
    """The browser names a choice by its words."""
    at = app("en", "plan", own(promotion__618__name_en="Double 11"), boxes=["edit_promotion"])
    at.selectbox(key="pick_promotion_").set_value("double11").run()
    again(at)
    assert at.text_input(key="cell_promotion.double11.last").value == "11-13"
    (pills,) = [g for g in at.button_group if g.key == "on_promotion"]
    pills.set_value(["new_year", "double11", "double12"]).run()
    again(at)
    assert scenario(at).get("promotion.618.on") is False and scenario(at).get("promotion.double11.on") is True


def test_a_row_that_is_renamed_stays_at_hand():
    at = app("en", "plan", boxes=["edit_promotion"])
    at.selectbox(key="pick_promotion_").set_value("double12").run()
    again(at)
    at.text_input(key="cell_promotion.double12.name_en").set_value("Year end").run()
    again(at)
    assert at.selectbox(key="pick_promotion_").value == "double12"
    assert scenario(at).get("promotion.double12.name_en") == "Year end" and scenario(at).get("promotion.double12.on")

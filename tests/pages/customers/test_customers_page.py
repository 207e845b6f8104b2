"""The customers page: what it says is what the model says, and tiers come, change and go in steps."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from screens import again, app, charts, click, component, markdown, move, scenario, sound, space

from model import Plan, Scenario, evaluate, kpi, kpi_by_channel, lifetime_values, payback_months
from model.engine.cohorts import cohorts, segments
from pages.ui.customers import view
from pages.ui.customers.specs import spread
from pages.ui.frame import grids
from pages.ui.kit import csv_tables, texts
from pages.ui.rows import cells, sheets, steps
from samples import changed, codes, refused, sample, sample_plan

each_language = pytest.mark.parametrize("language", texts.LANGUAGES)
PICTURES = ("pool", "repeats", "triangle", "payback")


def without(*tables: str, **values: object) -> Scenario:
    kept = {a: v for a, v in sample_plan().values if not any(a == p or a.startswith(p + ".") for p in tables)}
    return Scenario(Plan("own", tuple((kept | {a.replace("__", "."): v for a, v in values.items()}).items())))


def text(at) -> str:
    return at.subheader[0].value


# --- what it says ------------------------------------------------------------------------------------------------------

@each_language
def test_the_answer_has_both_rates_the_pool_and_who_does_not_pay_back(language):
    at = app(language, "customers")
    result = evaluate(sample())
    assert f"{float(kpi(result, 'repurchase_rate_year')[0]) * 100:.1f}%" in text(at) and "34.4%" in text(at)
    never = [c for c, months in zip(result.channels, payback_months(result), strict=True)
             if months is None and sample_plan().rows["channel"][c]["kind"] == "paid"]
    assert all(sample_plan().rows["channel"][c][f"name_{language}"] in text(at) for c in never[:3])


def test_where_every_channel_pays_back_the_answer_says_so():
    assert "every paid channel pay back" in text(app("en", "customers", changed(headline__goods_margin_rate=1.4, headline__traffic_price=0.6)))


@each_language
def test_four_pictures_with_a_message_and_an_alternative(language):
    at = app(language, "customers")
    protos = [e.proto for e in at.get("vega_lite_chart")]
    assert len(protos) == 4
    assert [any(c.isdigit() for c in p.alt) for p in protos] == [True, False, True, True]
    titles = [m.value for m in at.markdown if m.value.startswith("**")][1:5]
    assert all(any(c.isdigit() for c in title) for title in titles)


def test_the_area_is_the_pool():
    data = charts(app("en", "customers"))[0][1]
    result = evaluate(sample())
    top = [b for b, label in zip(data["to"], data["segment"], strict=True) if label == "New"]
    assert top == pytest.approx((result.lines["pool"][:, 0] / 1e3).tolist(), abs=1e-3)


def test_the_bars_are_the_repeat_orders_of_the_statement():
    data = charts(app("en", "customers"))[1][1]
    lines = evaluate(sample()).lines
    assert sum(data["value"]) * 1e3 == pytest.approx(float(lines["repeat_orders"].sum() + lines["woken"].sum()), rel=1e-4)


def test_the_triangle_is_the_cohorts_and_fits_the_plan():
    data = charts(app("zh", "customers"))[2][1]
    share = cohorts(evaluate(sample())).again_rate
    cells = {(m, k): v for m, k, v in zip(data["month"], data["since"], data["share"], strict=True)}
    assert len(cells) == 12 * 13 // 2
    assert cells["1月", 11] == pytest.approx(share[0, 11], abs=1e-4) and cells["12月", 0] == pytest.approx(share[11, 0], abs=1e-4)


def test_the_value_of_a_new_customer_against_its_cost():
    rows = {r[0]: r for r in component(app("en", "customers"), "customer_worth")["rows"]}
    result = evaluate(sample())
    values, cac = lifetime_values(result)[:, :, 0], kpi_by_channel(result, "cac")[:, 0]
    for i, c in enumerate(result.channels):
        name = sample_plan().rows["channel"][c]["name_en"]
        if c == "private":
            assert name not in rows
            continue
        assert rows[name][1:4] == [f"¥{v:.2f}" for v in (values[0, i], values[12, i], cac[i])]
    assert rows["Search ads"][5] == "month 12" and rows["Organic"][5] == "at once"
    assert rows["Content"][5].endswith("short after 12 months") and rows["Content"][5][:-22] == rows["Content"][4].replace("−", "")


def test_both_repurchase_rates_are_named_and_explained():
    rows = component(app("zh", "customers"), "repurchase_rates")["rows"]
    assert [r[0] for r in rows[:2]] == ["12 个月复购率（新客加权）", "年度复购率（后台口径）"]
    assert rows[0][1] != rows[1][1] and all(len(r[3]) > 10 for r in rows)


def test_segments_and_repeats_by_month_are_in_the_table():
    at = app("en", "customers")
    found = segments(cohorts(evaluate(sample())))
    made = view.months_grid(evaluate(sample()))
    assert [row[1].raw for row in made.rows] == pytest.approx(found.new.tolist())
    assert len(component(at, "customer_months")["rows"]) == 12


def test_a_slider_moves_pictures_in_place():
    at = app("en", "customers")
    before = charts(at)
    move(at, "lever_repurchase_rate", 4)
    assert scenario(at) == changed(headline__repurchase_rate=1.04)
    after = charts(at)
    assert [s for s, _ in after] == [s for s, _ in before] and all(a[1] != b[1] for a, b in zip(after, before, strict=True))


def test_tables_can_be_downloaded():
    result = evaluate(changed(channel__content__name_en="=1+1"))
    for make in (view.months_grid, view.triangle_grid, view.worth_grid, view.rates_grid):
        made = make(result)
        rows = list(csv.reader(io.StringIO(csv_tables.csv_bytes(grids.table_of(made)).decode("utf-8-sig"))))
        assert not any(c.startswith(("=", "@", "+")) for r in rows for c in r)
    keys = {e.proto.id.split("-")[-1] for e in app("en", "customers").get("download_button")}
    assert {"csv_customer_months", "csv_cohorts", "csv_customer_worth", "csv_repurchase_rates"} <= keys


# --- tiers -------------------------------------------------------------------------------------------------------------

def total_share(plan: Scenario) -> float:
    return math.fsum(r["share"] for r in plan.rows["tier"].values())


def test_the_override_is_said_with_the_rates_that_count():
    at = app("en", "customers")
    assert any("The tiers decide" in i.value and "47.5%" in i.value.replace("\\", "") for i in at.info)
    none = app("en", "customers", without("tier", repurchase_member_once=0.4))
    assert any("There are no tiers" in i.value and "40.0%" in i.value.replace("\\", "") for i in none.info)


def test_three_tiers_start_as_members_are_and_change_nothing():
    at = app("zh", "customers", without("tier"))
    before = float(kpi(evaluate(scenario(at)), "net_profit")[0])
    click(at, "tiers_start")
    assert list(scenario(at).rows["tier"]) == ["1_silver", "2_gold", "3_diamond"]
    assert scenario(at).rows["tier"]["2_gold"]["name_zh"] == "金卡"
    assert float(kpi(evaluate(scenario(at)), "net_profit")[0]) == pytest.approx(before, rel=1e-12)
    click(at, "bar_undo")
    assert scenario(at).rows["tier"] == {}


def test_a_tier_is_copied_and_removed_in_one_step_each():
    at = app("en", "customers")
    at.selectbox(key="tier_pick").set_value("gold").run()
    click(at, "tier_copy")
    assert scenario(at).rows["tier"]["gold_2"]["share"] == pytest.approx(0.06) and total_share(scenario(at)) == pytest.approx(1)
    assert float(kpi(evaluate(scenario(at)), "net_profit")[0]) == pytest.approx(float(kpi(evaluate(sample()), "net_profit")[0]))
    at.selectbox(key="tier_pick").set_value("basic").run()
    click(at, "tier_remove")
    assert "basic" not in scenario(at).rows["tier"] and total_share(scenario(at)) == pytest.approx(1, abs=1e-9)
    click(at, "bar_undo")
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_a_share_moves_the_other_tiers_and_rates_are_taken_as_typed():
    """Gold from 12 to 34 %: the others go from 88 to 66 %, three quarters of what they had."""
    grid = sheets.of_table("tiers", sample(), "tier", list)
    values, wrong = cells.read_cells(sample(), grid, {2: {"share": "34", "repurchase_once": "55%", "benefit": "¥0.2"}})
    made, refusals = cells.taken(sample(), values)
    assert wrong == refusals == []
    tiers = made.rows["tier"]
    assert [tiers[k]["share"] for k in ("basic", "silver", "gold", "diamond")] == pytest.approx([0.45, 0.18, 0.34, 0.03])
    assert (tiers["gold"]["repurchase_once"], tiers["gold"]["benefit"]) == (0.55, 0.2)


def test_a_tier_that_breaks_rules_is_refused_with_all_of_it():
    found = refused(steps.saved, sample(), "tier", "gold", {"share": 1.4, "repurchase_once": 1.0, "benefit": -1.0})
    assert {place.split(".")[-1] for _, place in codes(found)} == {"share", "repurchase_once", "benefit"}


def test_all_tiers_can_go():
    at = app("en", "customers")
    for tier in sample_plan().rows["tier"]:
        at.selectbox(key="tier_pick").set_value(tier).run()
        click(at, "tier_remove")
    assert scenario(at).rows["tier"] == {} and at.button(key="tiers_start").label == "Start with silver, gold, diamond"


# --- odd plans ---------------------------------------------------------------------------------------------------------

@each_language
@pytest.mark.parametrize("plan", [changed(months=36), changed(months=1), changed(budget=0.0), without("opening"),
                                  without("opening", budget=0.0, channel__organic__visits=0.0)])
def test_odd_plans_show_no_nan(plan, language):
    at = app(language, "customers", plan)
    shown = [cell for key in ("customer_worth", "repurchase_rates", "customer_months", "cohorts")
             for row in component(at, key)["rows"] for cell in row]
    assert not any("nan" in c.lower().split() or "inf" in c.lower().split() for c in [*shown, text(at), markdown(at)])


def test_of_many_channels_those_with_most_new_customers_are_drawn():
    row = sample_plan().rows["channel"]["platform"]
    plan = dict(sample_plan().values) | {f"channel.x{i}.{k}": v for i in range(6) for k, v in row.items() if k != "share"}
    at = app("en", "customers", Scenario(Plan("own", tuple(plan.items()))))
    data = charts(at)[3][1]
    assert len({c for c, label in zip(data["channel"], data["label"], strict=True) if label}) == 6
    assert any("the 6 channels with the most new customers; the table has all 10" in c.value for c in at.caption)
    assert len(component(at, "customer_worth")["rows"]) == 11


def test_nobody_in_the_plan_is_said():
    idle = {f"channel__{c}__opening_exposure": 0.0 for c in ("platform", "content", "creators", "own_live")}
    at = app("en", "customers", without("opening", budget=0.0, channel__organic__visits=0.0, **idle))
    assert "Nobody is in the private pool" in text(at) and "There are no new customers" in markdown(at)


def test_names_at_the_ends_of_lines_do_not_meet():
    at = spread([1.0, 1.01, 1.02, 9.9, 9.95], 0, 10)
    assert np.diff(sorted(at)).min() >= 0.75 - 1e-9 and max(at) <= 10 and min(at) >= 0
    assert spread([5.0], 0, 10) == [5.0] and spread([], 0, 10) == []


def test_the_draw_is_sound_after_a_move_on_a_long_plan():
    at = app("zh", "customers", changed(months=36))
    move(at, "lever_aov", 5)
    assert len(charts(sound(again(at)))) == 4 and space(at).changed

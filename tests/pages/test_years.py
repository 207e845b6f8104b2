"""Pages of plans of other lengths: verdict, cards, Risk, Plan and print speak of the year that was chosen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from screens import again, app, cards, charts, component, goto, scenario, sound, space, verdict

from model import KPIS, kpi
from model.analysis import compare
from model.analysis.blended import blended
from model.engine.kpis import ALL, over, period_of, periods_of, target_of
from pages.ui.compare import comparison
from pages.ui.compare.comparison import Side
from pages.ui.kit.formats import ends, money, number, sure
from pages.ui.kit.texts import speaking, unmarked
from pages.ui.plan import statement
from pages.ui.plan.switched import found_effects
from pages.ui.risk import view
from pages.ui.session import results
from pages.ui.simulate import lever_values, pictures, summary
from pages.ui.words import periods, reach
from pages.ui.words.lever_units import UNITS
from pages.ui.words.month_labels import months_said
from samples import changed, sample

SECOND = {"target__gmv_2__kpi": "gmv", "target__gmv_2__period": "year2", "target__gmv_2__value": 1.25e8}


def plan(months: int):
    return changed(months=months, **(SECOND if months > 12 else {}))


@pytest.mark.parametrize("months, period", [(6, "year"), (18, "year2"), (24, "year"), (24, ALL)])
def test_every_page_speaks_of_the_chosen_year(months, period):
    """The value, its target and the chance, each one function of one result, on Simulate, Risk, Plan and in print."""
    scenario = plan(months)
    result, found = results.result_of(scenario), results.risk_of(scenario)
    value = money(float(over(result, "gmv", period)[0]))
    target = target_of(results.aims_of(result), "gmv", period)
    likely = sure(found.chances[target.key].chance, found.chances[target.key].error)
    at = app("en", "simulate", scenario)
    if len(periods_of(months)) > 1:
        at.segmented_control(key="period").set_value(period).run()
    else:
        assert not [c for c in at.segmented_control if c.key == "period"]
    assert space(at).period == period
    card = cards(at)["GMV"]
    assert card["value"] == value and card["target"] == reach.gap(target) and value in verdict(at)
    drawn = next(e.proto.body for e in at.get("html") if "sd-chance-gmv::after" in e.proto.body)
    low, _ = ends(*(float(found.year("gmv", period).point(p)) for p in (10, 90)), KPIS["gmv"].unit)
    assert all(text in drawn for text in (low, *reach.apart(found.chances[target.key])))
    at = goto(at, "risk")
    assert likely in at.subheader[0].value and money(target.target) in at.subheader[0].value
    assert component(at, "risk_quantiles")["rows"][0][1] == value
    at = goto(at, "plan")
    assert money(abs(float(over(result, "net_profit", period)[0]))) in at.subheader[0].value
    span = period_of(period, result.months)
    held = [x for x in results.targets_of(result) if span.start <= period_of(x.period, result.months).start < span.stop]
    assert f"{sum(x.outcome == 'hit' for x in held)} of {len(held)} target" in at.subheader[0].value, "of the months at hand"


def test_sums_over_unequal_months_are_not_compared():
    """24 months against a pinned plan of 12: the cards say so and show no difference; the first year has one."""
    at = app("en", "simulate", plan(24))
    space(at).baseline = sample()
    for period, expected in ((ALL, "— (24 and 12 months do not compare) vs baseline"), ("year", ""),
                             ("year2", "— (the baseline has no such year) vs baseline")):
        at.segmented_control(key="period").set_value(period).run()
        again(at)
        assert all(card["change"] == expected or "(" not in expected for card in cards(at).values()), period
        assert cards(at)["GMV"]["change"] == expected
        assert ("24 months" in split(at)) == (period == ALL), split(at)


def split(at) -> str:
    return next(m.value for m in at.markdown if "Budget split:" in m.value)


def test_compare_names_unequal_months_and_the_best_is_one_of_the_longest():
    short, long = Side("short", sample()), Side("long", plan(24).with_values({"headline.cvr": 0.8}))
    assert comparison._with_months([short, long], ALL) == ["short (12 months)", "long (24 months)"]
    assert comparison._with_months([short, long], "year") == ["short", "long"]
    assert math.isnan(periods.change(long.result, short.result, "gmv", ALL))


@pytest.mark.parametrize("months, covered", [(18, 6), (24, 12)])
def test_the_last_year_of_year_2_is_year_1_on_cards_and_statement(months, covered):
    """A cut year stands against the same months; the card's help says which last year it is."""
    scenario = plan(months)
    result = results.result_of(scenario)
    at = app("en", "simulate", scenario)
    at.segmented_control(key="period").set_value("year2").run()
    for key, label in (("gmv", "GMV"), ("marketing_rate", "Marketing rate · spend to GMV")):
        before = float(kpi(result, key, slice(0, covered))[0])
        card = cards(at)[label]
        assert card["last"] == f"Last year {number(before, KPIS[key].unit)}", (key, card)
        assert "the plan's own year before" in card["help"]
    assert "the plan's own year before" not in summary.card(result, result, "gmv", "year")["help"]
    before = statement.statement_table(result, "year")
    row = next(r for r in before.rows if r[1] == "gmv")
    heads = [f.title for f in before.fields]
    told = sum(r["gmv"] for r in scenario.rows["last_year"].values())
    gmv = float(kpi(result, "gmv", slice(0, covered))[0])
    assert row[heads.index("Last year")] == pytest.approx(told + gmv)


def test_the_charts_of_compare_are_of_the_chosen_year_and_say_when_all_spend_the_same():
    """Months and spend of year 1 only; a plan that does not reach a year stands as a dash."""
    dear = plan(24).with_values({"headline.cvr": 1.1})
    sides, spent = [Side("a", plan(24)), Side("b", dear), Side("c", sample())], {}
    for period in periods_of(24):
        overlay = comparison._overlay(compare.month_lines, sides, "gmv", period)
        assert len(overlay.columns) == (24 if period == ALL else 12) and overlay.values.shape[0] == 3, period
        assert np.nansum(overlay.values[0]) == pytest.approx(float(over(sides[0].result, "gmv", period)[0]))
        assert np.isnan(overlay.values[2]).all() == (period == "year2")
        spent[period] = comparison._overlay(compare.channel_table, sides, "spend", period).values
    assert np.nansum(spent["year"][0]) + np.nansum(spent["year2"][0]) == pytest.approx(np.nansum(spent[ALL][0]))
    at = app("en", "compare", dear)
    space(at).saved, space(at).period = plan(24), "year"
    space(at).compared = ("saved", "now")
    titles = [m.value for m in again(at).markdown]
    assert any(m.startswith("**Spend by channel in year 1: the same in all, ¥") for m in titles), titles
    assert any("leads in GMV in year 1: ¥" in m for m in titles), titles
    assert len(set(charts(at)[-2][1]["month"])) == 12


def test_simulate_says_whose_months_its_columns_and_the_budget_are():
    """The next yuan in the chosen year beside all months and those after; the budget is a year's beside amounts of 24 months."""
    at = app("en", "simulate", plan(24))
    for period, names in ((ALL, ("24 months", "24 months")), ("year2", ("Year 2", "24 months"))):
        at.segmented_control(key="period").set_value(period).run()
        head = component(at, "channel_results")["head"]
        assert [name in text for name, text in zip(names, head[-2:], strict=True)] == [True, True], head
        part, budget = periods.months_of(results.result_of(scenario(at)), period), UNITS["budget"]
        words = lever_values.value_words("budget", part, part)
        assert words == number(blended(part, "budget"), budget) + (" a year" if period == ALL else ""), words
    two = periods.months_of(results.result_of(changed(months=24, budget_2=2e7)), ALL)
    assert lever_values.value_words("budget", two, two).endswith(" in year 1")


@pytest.mark.parametrize("page", ["channels", "customers"])
def test_pages_without_a_choice_of_year_say_what_they_are_over(page):
    """Their figures stand beside those of Simulate, which follow the choice."""
    long, short = (" ".join(c.value for c in app("zh", page, changed(months=months)).caption) for months in (24, 12))
    assert "以下按全部 24 个月计算" in long and "以下按全部" not in short


def columns(period: str) -> tuple[str, ...]:
    """Months of the plan of 24 months that a period has, as heads and axes write them."""
    return tuple(f"{year}/{month:02d}" for year in (27, 28) for month in range(1, 13))[period_of(period, MONTHS)]


MONTHS = tuple(f"{year}-{month:02d}" for year in (2027, 2028) for month in range(1, 13))


@pytest.mark.parametrize("period", periods_of(24))
def test_what_stands_below_the_choice_is_of_the_chosen_year(period):
    """Titles, heads, axes and sums of Plan and Risk: of the months chosen, and said so where that is more than one page's worth."""
    scenario = changed(months=24, budget_2=2e7)
    result, span = results.result_of(scenario), period_of(period, MONTHS)
    at = app("en", "plan", scenario, run=False)
    at.session_state["workspace"].period = period
    at = sound(goto(at, "plan"))
    said, texts = periods.name(period, 24), [unmarked(m.value) for m in at.markdown]
    head, *rows = component(at, "statement")["head"], *component(at, "statement")["rows"]
    assert head[1] == said and tuple(head[-len(columns(period)):]) == columns(period)
    spent = next(r for r in rows if r["key"] == "marketing/spend")
    assert spent["exact"] == f"{-result.lines['spend'][span].sum():,.2f}"
    low = statement.cash_title(result, span)
    assert f"**{low}**" in texts and money(-float(result.lines["cash"][span].min())) in low
    assert tuple(charts(at)[0][1]["month"]) == columns(period), "cash"
    for table in ("promotions", "initiatives"):
        assert component(at, table)["head"][1] == f"Net effect on GMV ({said})", table
    assert sum("the most net profit" in x and x.endswith(f" ({said})**") for x in texts) == 2, "promotions and initiatives"
    assert any(x.startswith("**20 targets") and x.endswith("(24 months)**") for x in texts)
    assert any("below the split" in x and x.endswith("(Year 1)**") for x in texts)
    assert component(at, "team")["head"][-1] == ("Over 24 months" if period == ALL else said)
    at = goto(at, "risk")
    assert tuple(charts(at)[0][1]["month"]) == columns(period), "fan"
    assert any(m.value.startswith(f"**GMV ({said}) by {columns(period)[-1]}: 8 times out of 10") for m in at.markdown)
    found = results.risk_of(scenario, by_month=True)
    low, high = (float(found.year("gmv", period).point(p)) for p in (10, 90))
    assert all(text in view.fan_title(found, "gmv", True, period) for text in ends(low, high, KPIS["gmv"].unit))


def test_what_promotions_bring_each_year_adds_up_to_the_whole():
    scenario = changed(months=24, budget_2=2e7)
    parts = [found_effects(scenario, "promotion", year) for year in ("year", "year2")]
    for key, whole in found_effects(scenario, "promotion").items():
        assert sum(p[key].gmv for p in parts) == pytest.approx(whole.gmv) and parts[0][key].gmv != parts[1][key].gmv
        assert sum(p[key].net_profit for p in parts) == pytest.approx(whole.net_profit)


def test_the_first_years_low_says_what_the_months_after_it_do():
    """Stock for year 2 is bought in year 1: the low is another one than in a plan of 12 months, and the page says by how much."""
    at = app("en", "plan", plan(24))
    alone = float(results.result_of(sample()).lines["cash"].min())
    gap = float(results.result_of(plan(24)).lines["cash"][:12].min()) - alone
    (note,) = [c.value for c in at.caption if "stock for year 2" in c.value]
    assert money(-alone) in note and number(abs(gap), KPIS["lowest_cash"].unit) in note and gap < 0
    assert all("stock for year 2" not in c.value for c in app("en", "plan").caption)
    assert not statement.bought_ahead(results.result_of(plan(24)), "year2")


def test_a_year_that_the_baseline_has_not_is_not_set_against_another():
    now, before = results.result_of(changed(months=24, budget_2=2e7)), results.result_of(sample())
    assert "baseline" in pictures.split_said(now, before, "year2") and "1,320" not in pictures.split_said(now, before, "year2")
    assert pictures.spend_over(before, "year2") == {} and "13.2M" in pictures.split_said(now, before, "year")


@pytest.mark.parametrize(("months", "zh", "en"), [
    (["2027-04", "2027-05", "2027-06"], "2027 年 4–6月", "Apr–Jun 2027"), (["2027-06", "2027-01"], "2027 年 1月、2027 年 6月", "Jan 2027, Jun 2027"),
    (["2027-11", "2027-12", "2028-01", "2028-02"], "2027 年 11–12月、2028 年 1–2月", "Nov–Dec 2027, Jan–Feb 2028"),
    (["2027-01", "2027-02", "2027-03", "2027-06"], "2027 年 1–3月、2027 年 6月", "Jan–Mar 2027, Jun 2027"), ([], "", "")])
def test_months_that_follow_each_other_are_said_as_one(months, zh, en):
    for language, said in (("zh", zh), ("en", en)):
        with speaking(language):
            assert months_said(months) == said

"""Pages of plans of other lengths: verdict, cards, Risk, Plan and print speak of the year that was chosen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from screens import again, app, cards, charts, component, goto, scenario, space, verdict

from model import KPIS, kpi
from model.analysis import compare
from model.analysis.blended import blended
from model.engine.kpis import ALL, over, period_of, periods_of, target_of
from pages.ui.compare import comparison
from pages.ui.compare.comparison import Side
from pages.ui.kit.formats import ends, money, number, sure
from pages.ui.plan import statement
from pages.ui.session import results
from pages.ui.simulate import lever_values, summary
from pages.ui.words import periods, reach
from pages.ui.words.lever_units import UNITS
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
    at.session_state["compare_pick"] = ["saved", "now"]
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

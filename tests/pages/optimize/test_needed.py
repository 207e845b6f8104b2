"""What would have to be true, on Optimize: the answer for the plan's own missed target, and Simulate agrees with what is taken."""

from __future__ import annotations

import re

import pytest
from every import part
from screens import again, app, cards, click, component, goto, markdown, scenario, settled, space

from model import evaluate, kpi, risk, targets
from model.analysis.blended import blended
from model.analysis.needed import alone, even_aim
from model.analysis.optimize import Objective
from model.analysis.optimize.search.levers import levers_of, widened
from model.engine.kpis import over
from model.plan.schema import TABLES, join
from pages.ui.kit.formats import ends, number
from pages.ui.words.lever_units import UNITS, span_words
from pages.ui.words.periods import months_of
from samples import changed, sample

GMV = Objective("gmv", period="year")


def opened(language: str = "en", **values):
    at = app(language, "optimize", scenario=changed(**values) if values else None)
    at.session_state["optimize_tab"] = at.tabs[2].label
    return again(at)


def gmv(of) -> float:
    return float(over(evaluate(of), "gmv", "year")[0])


# --- the model -----------------------------------------------------------------------------------------------------------

def found(of, target: float = 114e6, objective: Objective = GMV, tables=("headline",)):
    return {x.lever.address: x for x in alone(of, objective, target, levers_of(of, tables))}


@pytest.mark.parametrize("months", [12, 24])
def test_each_lever_alone_reaches_the_target_and_says_whether_that_is_plausible(months):
    of = changed(months=months)
    ways = found(of)
    for address, x in ways.items():
        assert x.moves == (abs(gmv(of.with_values({address: x.lever.high})) / gmv(of) - 1) > 1e-9), address
        assert x.value is None or gmv(x.scenario) == pytest.approx(114e6, rel=1e-9) and x.scenario.get(address) == x.value
        assert x.plausible == (x.value is not None and x.lever.low <= x.value <= x.lever.high)
    assert ways["headline.aov"].plausible and not ways["headline.refund_rate"].moves
    far = found(of, 126e6)
    assert far["headline.traffic_price"].value is None or not far["headline.traffic_price"].plausible
    assert far["headline.aov"].plausible and gmv(far["headline.aov"].scenario) == pytest.approx(126e6, rel=1e-9)


def test_a_lever_that_is_not_enough_says_how_near_it_comes_within_its_plausible_range():
    x = found(sample(), 200e6)["headline.cvr"]
    assert x.value is None and not x.plausible and x.scenario is None
    assert x.best == pytest.approx(gmv(changed(headline__cvr=x.lever.high)), rel=1e-9)
    wide = widened(sample(), x.lever)
    assert wide.low < x.lever.low < x.lever.high < wide.high and gmv(changed(headline__cvr=wide.high)) < 200e6


def test_numbers_of_the_business_and_targets_of_which_less_is_good_are_found_too():
    days = found(sample(), 145, Objective("turnover_days", period="year"), ("business",))
    assert [a for a, x in days.items() if x.moves] == ["turnover_days"]
    assert days["turnover_days"].value == pytest.approx(145, rel=1e-9)
    rate = found(sample(), 0.24, Objective("marketing_rate", period="year"))
    reached = [float(kpi(evaluate(x.scenario), "marketing_rate")[0]) for x in rate.values() if x.scenario]
    assert len(reached) > 3 and reached == pytest.approx([0.24] * len(reached), rel=1e-9)


def test_of_two_values_the_nearer_to_todays_is_given():
    of = changed(budget=2e6, inflation=-0.4)
    at = levers_of(of, ("headline",))
    budget = [lv for lv in at if lv.address == "headline.budget"]
    profit = Objective("net_profit")
    now = float(kpi(evaluate(of), "net_profit")[0])
    (x,) = alone(of, profit, now, budget)
    assert x.value == pytest.approx(1.0, abs=1e-9)


def test_the_plans_figure_for_an_even_chance_makes_it_about_even():
    wanted = even_aim(sample(), GMV, 114e6, 4096)
    way = found(sample(), wanted)["headline.aov"].scenario
    assert wanted > 114e6 and risk.simulate(way, 4096, by_month=False).chances["gmv_year"].chance == pytest.approx(0.5, abs=0.03)


# --- the page ------------------------------------------------------------------------------------------------------------

@pytest.mark.all_draws
@pytest.mark.parametrize("language, months", part([("en", 12), ("zh", 24)], 2, 1))
def test_it_opens_on_the_first_missed_target_and_lists_what_would_reach_it(language, months, monkeypatch):
    """Each figure on the screen is the model's, the chance after it that of its scenario."""
    monkeypatch.setattr("pages.ui.kit.texts.language", lambda: language)  # AppTest formats options outside of the session
    at = opened(language, **({} if months == 12 else {"months": months}))
    of = scenario(at)
    first = next(x for x in targets(evaluate(of)) if x.outcome == "missed")
    assert at.selectbox(key="needed_target").value == first.key == "gmv_year"
    head = at.subheader[0].value
    assert ("¥114M" in head and "off by ¥1.939M" in head) or ("1.14" in head and "193.9" in head)
    rows = component(settled(at, "needed"), "needed")["rows"]
    ways = sorted((x for x in found(of).values() if x.moves), key=lambda x: (not x.plausible, x.change))
    assert len(rows) == len(ways) == 6
    for row, x in zip(rows, ways, strict=True):
        chance = risk.simulate(x.scenario, 4096, base=of.base, by_month=False).chances["gmv_year"].chance
        assert row[-1].startswith(f"{100 * chance:.1f}"), row
        assert row[-2] in ("Plausible", "合理")
    by_aov = next(x for x in ways if x.lever.address == "headline.aov")
    assert any(f"{blended(months_of(evaluate(by_aov.scenario), 'year'), 'aov'):.1f}" in cell for cell in rows[0])
    assert re.search("least change of several|变动最小", markdown(at)), "several together come with the chances"


@pytest.mark.parametrize("shown, target, period", part([("year2", "gmv_year", "year"), ("year", "gmv_q2", "Q2")], 2))
def test_every_value_of_an_answer_is_of_the_targets_period_whichever_year_is_looked_at(shown, target, period, monkeypatch):
    """Today's, the needed and the plausible values in the table, in the sentence and on the buttons."""
    monkeypatch.setattr("pages.ui.kit.texts.language", lambda: "en")
    wanted = {"year": 114e6, "Q2": 1.02 * float(over(evaluate(sample()), "gmv", "Q2")[0])}
    at = opened(months=24, target__gmv_q2__value=wanted["Q2"])
    space(at).period = shown
    at.session_state["_needed_target"] = target
    again(at)
    rows = {row[0]: row for row in component(settled(at, "needed"), "needed")["rows"]}
    plan = evaluate(scenario(at))
    way = found(plan.scenario, wanted[period], Objective("gmv", period=period))["headline.aov"].scenario
    today, needed = (blended(months_of(r, period), "aov") for r in (plan, evaluate(way)))
    row = next(row for name, row in rows.items() if "order value" in name.lower())
    assert (row[1], row[2]) == tuple(number(v, UNITS["aov"]) for v in (today, needed))
    assert row[4] == " – ".join(span_words("aov", months_of(plan, period), *TABLES["headline"]["aov"].soft))
    before, after = ends(today, needed, UNITS["aov"])
    labels = [b.label for b in at.button if (b.key or "").startswith("needed_take_")]
    assert any(after in label for label in labels), (after, labels)
    assert next(iter(rows.values())) is not row or before in at.subheader[0].value and after in at.subheader[0].value


@pytest.mark.parametrize("which", part([0, -1], 2))
def test_what_is_taken_over_is_what_the_card_on_simulate_shows_and_one_undo_takes_it_back(which):
    at = settled(opened(), "needed")
    takes = [b.key for b in at.button if (b.key or "").startswith("needed_take_")]
    click(at, takes[which])
    assert gmv(scenario(at)) == pytest.approx(114e6, rel=2e-6)
    assert at.selectbox(key="needed_target").value == "gmv_year", "the target asked about stays"
    assert "the plan has ¥114M and meets it" in at.subheader[0].value
    card = cards(goto(at, "simulate"))["GMV"]
    assert float(card["exact"]) == pytest.approx(114e6, rel=2e-6) and card["target"].startswith("✓") and card["value"] == "¥114M"
    click(at, "bar_undo")
    assert scenario(at) == sample() and cards(at)["GMV"]["target"].startswith("✗")


@pytest.mark.deep
def test_an_even_chance_asks_for_more_than_the_plans_own_figure():
    at = opened()
    at.button_group(key="needed_meant").set_value("even").run()
    assert "about an even chance, the plan has to show ¥119" in at.subheader[0].value
    rows = component(settled(at, "needed"), "needed")["rows"]
    assert all(45 < float(row[-1].partition("%")[0]) < 55 for row in rows)
    assert any("Beyond" in row[-2] for row in rows)


@pytest.mark.deep
def test_another_target_is_offered_and_a_met_one_says_by_how_much():
    at = opened()
    at.selectbox(key="needed_target").set_value("private_share").run()
    assert re.search("better than the target by 0.3.pp; chance 7", at.subheader[0].value)
    at.selectbox(key="needed_target").set_value("turnover").run()
    assert [row[0] for row in component(settled(at, "needed"), "needed")["rows"]] == ["Inventory days"]
    goto(at, "risk")
    at.session_state["optimize_tab"] = "What would have to be true?"
    assert again(goto(at, "optimize")).selectbox(key="needed_target").value == "turnover", "kept over pages"


def test_with_every_target_met_it_says_so_and_without_targets_too():
    far = {f"target__{k}__value": v for k, v in {
        "gmv_year": 9e7, "gmv_q1": 1e7, "gmv_q2": 1e7, "gmv_q3": 1e7, "gmv_q4": 1e7, "gmv_june": 1e6, "gmv_november": 1e6,
        "pool_q1": 1e5, "pool_year": 1e5, "new_customers": 1e5, "repurchase": 0.2, "gross_margin": 0.5, "marketing": 0.35,
        "net_margin": -0.1, "refund": 0.5, "cvr": 0.02, "dispute": 0.01, "rating": 4.5, "turnover": 200}.items()}
    at = opened(**far)
    assert at.subheader[0].value.startswith("All 20 targets are met") and "better than the target by" in at.subheader[0].value
    bare = sample().with_values({join("target", key, ""): None for key in sample().rows["target"]})
    at = app("en", "optimize", scenario=bare)
    at.session_state["optimize_tab"] = at.tabs[2].label
    assert any("has no targets" in c.value for c in again(at).caption) and not at.subheader

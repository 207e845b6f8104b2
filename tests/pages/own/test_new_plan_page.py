"""A plan of one's own on the page: what was typed becomes the plan, what cannot be is named, nothing typed is lost."""

from __future__ import annotations

import pytest
from every import each
from screens import again, app, click, markdown, scenario

from model import checks, evaluate, kpi
from model.plan.new_plan import from_template
from pages.ui.own import new_plan as page
from pages.ui.rows import typed_rows
from samples import sample

CHANNELS = [{"kind": "search", "name": "万相台", "share": "60", "cpm": "80"}, {"kind": "private", "name": "社群", "share": "40%"}]


def typed(at, **fields: str):
    """Texts in the single fields of the page."""
    for key, text in fields.items():
        at.text_input(key=f"new_{key}").set_value(text)
    return at.run()


def rows(at, **grids: list[dict]):
    """Rows in the page's grids, as its editors keep them: AppTest has no keyboard for them (the browser's tests have)."""
    for name, found in grids.items():
        at.session_state[f"_typed_{name}"], at.session_state[f"_turn_{name}"] = found, 1
    return at.run()


def made(at):
    return click(at, "new_create")


def wrong(at) -> str:
    return " ".join(e.value for e in at.error).replace("\\", "")


def test_the_plan_of_the_page_as_it_opens():
    at = made(app("zh", "own"))
    assert scenario(at).base.name == "own" and scenario(at).base.rows["target"] == {}
    assert [c.key for c in checks(evaluate(scenario(at))) if c.status == "FAIL"] == []
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_what_was_typed_is_in_the_plan_and_on_the_cards():
    at = typed(app("zh", "own"), name="家与光", start="2028年3月", budget="120万", refund_rate="12%", aov="¥180", members="１２，０００")
    rows(at, channels=CHANNELS, targets=[{"kpi": "gmv", "period": "year", "value": "1.1亿"},
                                         {"kpi": "net_margin_rate", "period": "Q1", "value": "8"}],
         team=[{"role": "运营", "heads": "3", "cost": "9000"}], promotions=[
             {"like": "618", "name": "年中大促", "first": "06-01", "last": "06-18"}])
    at.selectbox(key="new_months").set_value(24).run()
    at.selectbox(key="new_category").set_value("home").run()
    made(at)
    plan = scenario(at)
    assert (plan.get("plan_name_zh"), plan.get("start"), plan.get("months"), plan.get("budget")) == ("家与光", "2028-03", 24, 1_200_000)
    assert (plan.get("channel.search.name_zh"), plan.get("channel.search.cpm"), plan.get("channel.private.share")) == ("万相台", 80, 0.4)
    assert (plan.get("target.gmv_year.value"), plan.get("target.net_margin_rate_q1.value")) == (110_000_000, 0.08)
    assert (plan.get("team.team-1.heads"), plan.get("team.team-1.monthly_cost")) == (3, 9000)
    assert plan.get("promotion.618.last") == "06-18" and list(plan.rows["promotion"]) == ["618"]
    result = evaluate(plan)
    assert kpi(result, "refund_rate")[0] == pytest.approx(0.12, abs=1e-6) and kpi(result, "aov")[0] == pytest.approx(180, rel=1e-6)
    assert "退货退款率填的是 12.0%" in markdown(at).replace("\\", "")


def test_everything_that_cannot_be_is_named_at_once_and_nothing_is_taken():
    at = typed(app("en", "own"), start="soon", members="900,000", customers="1000", budget="lots")
    rows(at, channels=[{"kind": "search", "share": "50", "ctr": "150"}, {"name": "no kind", "share": "10"}],
         promotions=[{"like": "618", "first": "June", "last": "06-18"}], team=[{"role": "x", "heads": "few"}],
         targets=[{"kpi": None, "period": "year", "value": "5"}, {"kpi": "gmv", "period": "year", "value": "much"}])
    made(at)
    said = wrong(at)
    for words in ("soon", "lots", "150", "row 2: choose a kind", "50", "“June” is no day", "few", "Targets, row 1", "much", "fewer"):
        assert words in said, (words, said)
    assert "9 things" in said or "10 things" in said
    assert scenario(at) == sample() and at.text_input(key="new_start").value == "soon"


@each("third", ["33.33", "33.3333", "33.3"])
def test_thirds_are_evened_out(third):
    at = rows(app("en", "own"), channels=[{"kind": k, "share": third} for k in ("search", "feed", "content")])
    made(at)
    assert {round(scenario(at).get(f"channel.{k}.share"), 9) for k in ("search", "feed", "content")} == {0.333333333}


def test_units_that_can_hardly_be_meant_are_asked_about_and_mended_by_one_click():
    at = typed(app("en", "own"), refund_rate="0.15", budget="1320")
    rows(at, channels=[{"kind": "search", "share": "100", "ctr": "0.04"}])
    made(at)
    asked = at.warning[0].value.replace("\\", "")
    assert scenario(at) == sample() and all(words in asked for words in ("15.0 %", "13,200,000", "Channels, row 1")), asked
    typed(at, budget="360万")
    assert not at.warning, "another number stands there by now"
    typed(at, budget="1320")
    made(at)
    click(at, "new_meant")
    at.session_state["new_again"] = True
    assert (at.run().text_input(key="new_refund_rate").value, at.text_input(key="new_budget").value) == ("15.0", "13,200,000")
    assert (scenario(at).get("budget"), scenario(at).get("channel.search.ctr")) == (13_200_000, 0.04)
    assert kpi(evaluate(scenario(at)), "refund_rate")[0] == pytest.approx(0.15, abs=1e-6)


def test_an_odd_figure_that_is_meant_is_taken_as_it_was_typed():
    at = typed(app("en", "own"), goods_margin_rate="12")
    made(at)
    assert scenario(at) == sample() and "usually" in at.warning[0].value
    click(at, "new_as_typed")
    assert scenario(at).base.name == "own"


def test_nothing_typed_is_lost_by_leaving_the_page_or_changing_the_language():
    at = typed(app("zh", "own"), name="家与光", budget="120万", refund_rate="12")
    rows(at, channels=CHANNELS)
    at.selectbox(key="new_category").set_value("home").run()
    at.switch_page("pages/plan.py").run()
    at.switch_page("pages/own.py").run()
    assert [at.text_input(key=f"new_{k}").value for k in ("name", "budget", "refund_rate")] == ["家与光", "1,200,000", "12.0"]
    assert at.selectbox(key="new_category").value == "home"
    assert typed_rows.rows_of.__name__ and at.session_state["_typed_channels"] == CHANNELS


def test_the_first_look_ranks_what_rests_on_the_template_and_leaves_out_what_was_replaced():
    at = made(app("en", "own"))
    assert "replace first" in markdown(at)
    plan = scenario(at)
    assert any(from_template(source) for source in plan.base.source_of.values())
    click(at, "first_simulate")
    again(at)
    assert len(at.get("html")) > 0 and scenario(at).base.name == "own"


def test_the_trade_is_read_once():
    assert page.trade() is page.trade()

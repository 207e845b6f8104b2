"""The Method page: any number down to its drivers, by buttons and by link; a bad link is said and does no harm."""

from __future__ import annotations

import re

import pytest
import screens
from every import some
from screens import click, goto, markdown
from streamlit.testing.v1 import AppTest

from model import KPIS, LINES, evaluate, kpi
from pages.ui.frame import shown
from pages.ui.kit import texts
from pages.ui.kit.formats import number
from pages.ui.words import figures
from samples import changed, sample


def method(language: str = "en", scenario=None, **query: str) -> AppTest:
    """The Method page opened by a link."""
    at = goto(screens.app(language, scenario=scenario), "method")
    for key, value in query.items():
        at.query_params[key] = value
    return screens.sound(at.run())


def below(at: AppTest, key: str = "down") -> dict[str, str]:
    """Label → key of the buttons that go one level down."""
    return {b.label: b.key for b in at.button if str(b.key).startswith(f"{key}_")}


def asked(at: AppTest) -> dict[str, str]:
    """The address."""
    return {k: at.query_params[k][0] if isinstance(at.query_params[k], list) else at.query_params[k]
            for k in ("figure", "row", "month", "via") if k in at.query_params}


def test_from_gmv_to_the_conversion_rate_and_back():
    """Each click is one level; the way back stands above; the address says where one is."""
    at = method(figure="kpi.gmv", row="platform", month="3")
    for label in ("GMV of the channel's orders", "Orders by the channel", "Orders the channel brings", "Conversion rate"):
        click(at, below(at)[label])
    assert asked(at)["figure"] == "driver.channel.cvr" and asked(at)["row"] == "platform"
    text = markdown(at)
    assert "As entered: **2.80%**" in text and "Set by: the plan" in text and "Source:" in text
    assert any("Allowed: 0.00% – 100.00%" in c.value.replace("\\", "") for c in at.caption)
    assert len([b for b in at.button if str(b.key).startswith("up_")]) == 4
    click(at, "up_1")
    assert asked(at)["figure"] == "term.own_gmv" and asked(at)["via"] == "kpi.gmv~platform~3"


def test_the_equation_stands_with_its_values():
    at = method(figure="line.net_profit")
    lines = at.code[0].value.splitlines()
    assert lines[0] == f"net_profit = {LINES['net_profit'].formula}" and lines[1].startswith("  = Contribution − Marketing")
    values = [int(x.replace(",", "")) for x in re.findall(r"¥([\d,]+)", lines[2])]
    assert len(values) == 6 and abs(values[0] - sum(values[1:5]) - values[5]) <= 3, "a reader adds up what stands there"
    assert lines[2].count("¥") == 6
    assert "Net profit: ¥2\\.727M" in markdown(at) or "¥2.727M" in markdown(at).replace("\\", "")


def test_totals_of_products_are_shown_as_sums_of_their_parts():
    at = method(figure="line.net_revenue")
    assert len(at.code[0].value.splitlines()) == 2, "no values in an equation that does not hold of totals"
    assert "one month and one channel" in markdown(at) and len(below(at, "part")) == 6
    click(at, below(at, "part")["Search ads"])
    assert asked(at)["row"] == "platform" and len(below(at, "part")) == 12
    click(at, next(iter(below(at, "part").values())))
    assert asked(at)["month"] == "1" and not below(at, "part") and len(at.code[0].value.splitlines()) == 3


@pytest.mark.parametrize("query", [
    {"figure": "kpi.gvm"}, {"figure": "<script>"}, {"figure": "kpi.gmv", "row": "nobody"}, {"figure": "kpi.gmv", "month": "13"},
    {"figure": "kpi.gmv", "month": "-1"}, {"figure": "figure.chance", "row": "x"}, {"figure": "driver.channel.cvr", "row": "x"},
    {"figure": "driver."}, {"figure": "line"}, {"figure": "kpi.gmv", "month": "٣"}])
def test_a_bad_link_is_said_and_ignored(query):
    at = method(**query)
    assert len(at.warning) == 1 and "does not have" in at.warning[0].value and "<script>" not in at.warning[0].value
    assert at.selectbox(key="method_pick").value in ("kpi.gmv", "kpi.net_profit", "figure.chance", "driver.channel.cvr")


@pytest.mark.parametrize("via", ["nonsense", "kpi.gmv~nobody~0,~,line.gmv~~99", "," * 500])
def test_a_bad_way_back_is_left_out(via):
    at = method(figure="kpi.gmv", via=via)
    assert not at.warning and not [b for b in at.button if str(b.key).startswith("up_")]


def test_picking_changes_the_address():
    at = method()
    at.selectbox(key="method_pick").set_value("line.gmv").run()
    assert asked(at) == {"figure": "line.gmv"}
    at.selectbox(key="method_row").set_value("platform").run()
    at.selectbox(key="method_month").set_value(2).run()
    assert asked(at) == {"figure": "line.gmv", "row": "platform", "month": "2"}


def test_who_set_an_assumption():
    said = {}
    for name, plan in (("plan", sample()), ("here", changed(vat=0.06))):
        said[name] = markdown(method(scenario=plan, figure="driver.business.vat"))
    assert "Set by: the plan" in said["plan"] and "Set by: changed in this scenario" in said["here"]
    assert "**6.0%**" in said["here"].replace("\\", "")


@pytest.mark.parametrize("figure", some(["figure.p10", "figure.mroas", "figure.shortfall", "figure.ltv_12", "figure.payback",
                                         "figure.chance", "figure.gap", "figure.error"], keep=2, first=1))
def test_figures_of_risk_channels_and_targets_have_their_values(figure):
    at = method(figure=figure)
    rows = below(at, "part")
    assert rows and at.code[0].value.startswith(figures_term(figure))
    click(at, next(iter(rows.values())))
    assert asked(at)["row"] and "no single number" not in markdown(at)


def figures_term(figure: str) -> str:
    return texts.catalogue("en")[f"{figure}.label"]


def test_every_figure_opens(monkeypatch):
    """All of them in one session, in the language of the reader; none is refused, none fails."""
    monkeypatch.setattr(texts, "DEFAULT", "zh")
    at = method("zh")
    for figure in some(figures.every(), keep=11):  # those of a kind draw alike, and a kind stands together
        at.query_params["figure"] = figure
        assert not screens.sound(at.run()).warning, figure


def test_the_value_on_top_is_the_kpi():
    at, result = method(), evaluate(sample())
    for key in some(KPIS, keep=4):
        at.query_params["figure"] = f"kpi.{key}"
        value = number(float(kpi(result, key)[0]), KPIS[key].unit).replace("元", "")
        assert value in markdown(at.run()).replace("\\", "").replace("\u2060", ""), key


def test_the_simulate_page_leads_to_the_equations_of_its_figures():
    at = screens.opened(screens.app("en"), "where_simulate")
    said = {e.proto.label: e.proto.query_string for e in at.get("page_link")}
    assert said["GMV"] == "lang=en&figure=kpi.gmv" and len(said) > 20
    assert {figures_term(k) for k in shown.of_page("simulate")} == set(said)


def test_a_way_to_the_equations_costs_no_move():
    """It stands outside of the fragments: what a move draws does not hold it."""
    at = screens.app("en")
    at.slider(key="lever_cvr").set_value(3).run()
    assert not [b for b in at.get("popover") if str(b.key).startswith("where_")] and at.get("html")

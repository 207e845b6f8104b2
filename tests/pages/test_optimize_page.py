"""The Optimize page: the best split and why, frontiers, goal seek, the two-way table, and what cannot be had."""

from __future__ import annotations

import numpy as np
import pytest
from screens import again, app, charts, click, component, markdown, scenario
from test_risk_page import settled

from model import evaluate, kpi
from pages.ui.charts_optimize import iso_line
from samples import changed, sample

TABS = {"frontier": 1, "goal": 2, "two": 3}


def opened(tab: str = "", language: str = "en", **values):
    at = app(language, "optimize", scenario=changed(**values) if values else None)
    if tab:
        at.session_state["optimize_tab"] = [t.label for t in at.tabs][TABS[tab]]
        again(at)
    return at


def asked(at, key: str):
    at.button(key=f"go_{key}").click().run()
    return settled(at, key)


def net_profit(of) -> float:
    return float(kpi(evaluate(of), "net_profit")[0])


def test_the_defaults_find_a_better_split_and_say_that_it_is_no_proof():
    at = asked(opened(), "split")
    assert at.subheader[0].value.startswith("Net profit: from ¥2.727M to ¥2.9")
    assert any("no proof" in c.value for c in at.caption)
    assert len(component(at, "optimize_why")["rows"]) == 5


def test_applying_is_one_step_that_can_be_undone():
    at = asked(opened(), "split")
    click(at, "split_apply")
    assert net_profit(scenario(at)) > net_profit(sample()) and {a.split(".")[-1] for a, _ in scenario(at).changes} == {"share"}
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_another_scenario_asks_again():
    at = asked(opened(), "split")
    click(at, "split_apply")
    assert any("no longer fits" in c.value for c in at.caption) and "split_apply" not in [b.key for b in at.button]


def test_what_cannot_be_reached_is_named_with_the_most_that_can():
    at = opened()
    at.number_input(key="optimize_gmv").set_value(200.0).run()
    asked(at, "split")
    assert at.error and "reaches ¥1" in markdown(at)
    click(at, "take_nearest")
    assert scenario(at) != sample()


def test_a_frontier_is_drawn_with_todays_plan_and_a_point_is_taken_over():
    at = asked(opened("frontier"), "frontier")
    data = charts(at)[0][1]
    assert data["name"].count("Today") == 1 and len(data["x"]) >= 10
    click(at, "frontier_take")
    assert scenario(at) != sample()


def test_the_value_that_is_needed_reaches_the_target():
    at = opened("goal")
    at.selectbox(key="goal_kpi").set_value("gmv").run()
    asked(at, "goal")
    assert at.subheader[0].value.startswith("To bring GMV from ¥112.1M to ¥114M")
    click(at, "goal_take")
    assert float(kpi(evaluate(scenario(at)), "gmv")[0]) == pytest.approx(114e6, rel=1e-4)


def test_a_goal_out_of_reach_says_what_stops_it():
    at = opened("goal")
    at.selectbox(key="goal_kpi").set_value("gmv").run()
    at.number_input(key="goal_value_gmv_False").set_value(9e8).run()
    asked(at, "goal")
    assert "does not reach" in at.subheader[0].value and "end of its plausible range" in markdown(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_two_way_table_shows_every_cell_and_today(language, monkeypatch):
    monkeypatch.setattr("pages.ui.texts.language", lambda: language)  # AppTest formats options outside of the session
    data = charts(opened("two", language))[0][1]
    assert data["kind"].count("cell") == 441 and data["kind"].count("today") == 1


def test_a_target_on_the_table_is_a_line():
    """z = x + y on a grid of 0, 1, 2: the target 1 is met on (0, 1) … (1, 0)."""
    at = np.arange(3.0)
    assert iso_line(at, at, at[None] + at[:, None], 1.0) == [(0.0, 1.0), (1.0, 0.0)]
    assert iso_line(at, at, at[None] + at[:, None], 9.0) == []


@pytest.mark.parametrize("odd", [{"budget": 0.0}, {"months": 36}, {"months": 1}])
def test_odd_plans_have_a_page(odd):
    assert not opened(**odd).exception and not opened("two", **odd).exception

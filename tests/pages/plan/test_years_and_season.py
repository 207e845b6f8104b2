"""Each year of its own and the season, as grids: typed and pasted as one step, shares that add up, refusals that are named."""

from __future__ import annotations

import pytest
from screens import app, charts

from model import Scenario, evaluate
from pages.ui.plan import season, years
from pages.ui.rows import number_grid
from pages.ui.session.workspace import Workspace, fresh
from samples import changed, sample

SPENDING = sample().spending_channels
ROWS = ("budget", *(f"share.{c}" for c in SPENDING), "growth.organic")


@pytest.fixture
def browser(monkeypatch):
    """What the browser sends when cells of a grid are edited: (plan, grid of it, row -> column -> text) -> workspace, refusals."""
    def send(plan: Scenario, made, cells: dict[str, dict[str, str | None]]) -> tuple[Workspace, dict]:
        state = {"workspace": fresh(plan), "_language": "en"}
        monkeypatch.setattr("streamlit.session_state", state)
        grid = made(plan)
        state["grid"] = {"edited_rows": {list(grid.rows).index(row): typed for row, typed in cells.items()}}
        number_grid._edited(grid, "grid")
        found = state[f"_said_{grid.name}"][1]
        return state["workspace"], {place: v.code for place, v in found.items()}
    return send


def of_years(plan: Scenario):
    return years.assumptions(evaluate(plan), lambda: None)


def of_targets(plan: Scenario):
    return years.targets(evaluate(plan), years.target_kpis(plan), lambda: None)


def of_season(plan: Scenario):
    return season.grid_of(plan, lambda: None)


def shares(plan: Scenario, field: str) -> list[float | None]:
    return [plan.get(f"channel.{c}.{field}") for c in SPENDING]


def test_a_pasted_column_is_the_second_year_in_one_step(browser):
    column = dict(zip(ROWS, ("15M", "40%", "20", "15", "15", "10", "12%"), strict=True))
    space, refused = browser(changed(months=24), of_years, {row: {"2": text} for row, text in column.items()})
    assert refused == {} and len(space.undo) == 1
    assert (space.scenario.get("budget_2"), space.scenario.get("channel.organic.growth_2")) == (15_000_000, 0.12)
    assert shares(space.scenario, "share_2") == [0.4, 0.2, 0.15, 0.15, 0.1]
    cleared, refused = browser(space.scenario, of_years, {row: {"2": None} for row in ROWS})
    assert refused == {} and cleared.scenario.get("budget_2") is None and shares(cleared.scenario, "share_2") == [None] * 5


def test_one_share_begins_a_year_of_its_own_and_the_others_divide_what_is_left(browser):
    space, refused = browser(changed(months=36), of_years, {"share.platform": {"3": "58"}})
    first, third = shares(sample(), "share"), shares(space.scenario, "share_3")
    assert refused == {} and space.scenario.get("budget_3") == sample().get("budget")
    assert third[0] == 0.58 and sum(third) == pytest.approx(1)
    assert [b / third[1] for b in third[1:]] == pytest.approx([b / first[1] for b in first[1:]])


@pytest.mark.parametrize(("cells", "wanted"), [
    ({"share.platform": {"2": "80"}, "share.content": {"2": "30"}}, dict.fromkeys(("share.platform", "share.content"), "shares_not_one")),
    ({row: {"2": "10"} for row in ROWS if row.startswith("share")}, {r: "shares_not_one" for r in ROWS if r.startswith("share")}),
    ({"budget": {"1": ""}, "growth.organic": {"1": "900"}}, {"budget": "missing_value", "growth.organic": "too_high"}),
    ({"share.platform": {"2": "about half"}}, {"share.platform": "not_a_number"})])
def test_what_cannot_be_is_named_and_the_rest_is_taken(browser, cells, wanted):
    space, refused = browser(changed(months=24), of_years, cells | {"budget": {"2": "9M"} | cells.get("budget", {})})
    assert {row: code for (row, _), code in refused.items()} == wanted
    assert space.scenario.get("budget_2") == 9_000_000 and shares(space.scenario, "share_2") == [None] * 5


def test_yearly_targets_are_set_changed_and_taken_away(browser):
    plan = changed(months=24)
    grid = of_targets(plan)
    kpi = next(k for k, y in grid.values if y == "1" and grid.values[k, y] is not None and k == "gmv")
    space, refused = browser(plan, of_targets, {kpi: {"1": "1.2亿", "2": "130000000 yuan"}, "net_margin_rate": {"1": None}})
    found = {(r["kpi"], r["period"]): r["value"] for r in space.scenario.rows["target"].values()}
    assert refused == {} and len(space.undo) == 1
    assert (found["gmv", "year"], found["gmv", "year2"]) == (1.2e8, 1.3e8) and ("net_margin_rate", "year") not in found


def test_a_season_is_pasted_in_one_step_and_a_refused_month_holds_up_no_other(browser):
    column = {f"{m:02d}": {"season": f"1.{m:02d}"} for m in range(1, 13)} | {"05": {"season": "-1"}}
    space, refused = browser(sample(), of_season, column)
    assert refused == {("05", "season"): "too_low"} and len(space.undo) == 1
    assert space.scenario.get("season.12.season") == 1.12 and space.scenario.get("season.05.season") == sample().get("season.05.season")
    some, refused = browser(sample(), of_season, {"01": {"phasing": "3"}})
    assert some.scenario == sample() and refused == {("01", "phasing"): "incomplete_series"}


@pytest.mark.parametrize("months", [12, 24])
def test_the_sections_stand_on_the_page(months):
    at = app("en", "plan", changed(months=months), sections=("section_years", "section_season"))
    said = " ".join(m.value for m in at.markdown)
    assert said.count("¥13.2M of spend") == months // 12, said
    assert "Demand is highest in Nov" in said and len(charts(at)) >= 2

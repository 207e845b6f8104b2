"""Budget by month on the plan page: in sight with its sums, typed by month and quarter, a year at a time, one undo an edit."""

from __future__ import annotations

import numpy as np
import pytest
from screens import again, app, click, component, scenario, sound, space

from model import Scenario, evaluate
from model.analysis import month_budget as mb
from pages.ui.plan import month_budget
from pages.ui.rows import number_grid
from pages.ui.session.workspace import Workspace, fresh
from samples import changed, sample

SPENDING = sample().spending_channels


def rows(at) -> dict[str, list[str]]:
    return {row["key"]: row["cells"] for row in component(at, "month_budget")["rows"]}


def numbers(cells: list[str]) -> list[float]:
    return [float(c.replace(",", "")) for c in cells]


def opened(plan=None, period: str = "year", size: str = "month"):
    at = app("en", "plan", plan, run=False, sections=("section_month_budget",), boxes=("edit_budget",))
    at.session_state["_budget_size"] = size
    sound(at.run())
    at.session_state["workspace"].period = period
    return sound(at.switch_page("pages/plan.py").run())


@pytest.mark.parametrize(("period", "size", "columns"), [
    ("year", "month", 12), ("year2", "month", 6), ("year2", "quarter", 2), ("all", "month", 2)])
def test_the_table_adds_up_for_each_year_in_months_and_quarters(period, size, columns):
    at = opened(changed(months=18), period, size)
    found = rows(at)
    cells = np.array([numbers([r[1], *r[3:]]) for r in found.values()])
    assert cells.shape == (len(SPENDING) + 1, columns + 1)
    np.testing.assert_array_equal(cells[-1], cells[:-1].sum(axis=0))
    np.testing.assert_array_equal(cells[:, 0], cells[:, 1:].sum(axis=1))
    if (period, size) == ("year", "month"):
        assert cells[-1, 0] == 13_200_000


@pytest.fixture
def browser(monkeypatch):
    """What cells do that a browser sends: (plan, year, size, row -> column -> text) -> workspace and refusals."""
    def send(plan: Scenario, year: int, size: str, cells: dict[int, dict[str, str | None]]) -> tuple[Workspace, dict]:
        state = {"workspace": fresh(plan), "_language": "en", "_budget_size": size, "grid": {"edited_rows": cells}}
        monkeypatch.setattr("streamlit.session_state", state)
        number_grid._edited(month_budget.grid_of(evaluate(plan), year, lambda: None), "grid")
        return state["workspace"], state["_said_edit_budget_cells"][1]
    return send


def test_a_pasted_block_comes_out_to_the_last_digit_in_one_step_and_the_rest_is_what_was_in_sight(browser):
    before = month_budget.in_sight(sample(), 1)
    block = {i: {str(m): f"{(i + 1) * 10_000 + m}.25" for m in range(12)} for i in range(3)}
    found, refused = browser(sample(), 1, "month", block | {3: {"0": "12万", "1": "", "2": "１２３，４５６", "3": "half", "4": "-5"}})
    after = month_budget.in_sight(found.scenario, 1)
    assert (len(found.undo), found.undo[-1]) == (1, sample())
    np.testing.assert_array_equal(after[:3], [[(i + 1) * 10_000 + m + 0.25 for m in range(12)] for i in range(3)])
    np.testing.assert_array_equal(after[3], [120_000, 0, 123_456, *before[3, 3:]])
    np.testing.assert_array_equal(after[4], before[4])
    assert {place: v.code for place, v in refused.items()} == {(SPENDING[3], "3"): "not_a_number", (SPENDING[3], "4"): "too_low"}
    assert found.scenario.get("budget") == pytest.approx(after.sum()), "the yearly budget follows"


def test_a_quarter_of_the_second_year_leaves_the_first_alone(browser):
    plan = changed(months=24)
    found, _ = browser(plan, 2, "quarter", {0: {"1": "1,000,000"}})
    after = month_budget.in_sight(found.scenario, 2)
    assert after[0, 3:6].sum() == 1_000_000 and mb.typed_years(found.scenario) == (2,)
    np.testing.assert_array_equal(month_budget.in_sight(found.scenario, 1), month_budget.in_sight(plan, 1))


def test_what_the_plan_cannot_have_is_named_and_changes_nothing(browser):
    found, refused = browser(sample(), 1, "month", {i: {str(m): "1e10" for m in range(12)} for i in range(5)})
    assert found.scenario == sample() and {v.code for v in refused.values()} == {"too_high"} and len(refused) == 60


def test_the_way_back_gives_the_months_to_the_season_again():
    table = np.full((len(SPENDING), 12), 200_000.0)
    at = opened(sample().with_values(mb.typed(sample(), 1, table)))
    assert numbers([*rows(at).values()][0][3:]) == [200_000] * 12
    click(at, "budget_back")
    assert mb.typed_years(scenario(at)) == () and len(space(at).undo) == 1
    assert len(set(rows(again(at))[SPENDING[0]][3:])) > 6

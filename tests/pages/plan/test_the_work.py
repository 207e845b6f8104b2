"""The work of a plan: typed or pasted into empty rows, one undo; owners, dates and states as people write them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screens import app, markdown

from model.plan.schema import MAX_ROWS
from model.plan.work import WORK_TABLES
from pages.ui.kit.texts import speaking
from pages.ui.plan import specs, work
from pages.ui.rows import cells, row_rules, sheets
from pages.ui.session import results
from pages.ui.session.workspace import Workspace, fresh
from pages.ui.words.place_names import place_name
from samples import changed, sample


def of_tasks(plan) -> cells.Sheet:
    return sheets.of_table("grid", plan, "task", list, work._COLUMNS["task"], sheets.with_spare(plan, "task"), "task", named=True)


@pytest.fixture
def typed(monkeypatch):
    """What the browser sends when cells of the tasks' grid are edited: (plan, row -> column -> text) -> workspace, refusals."""
    def send(plan, edits: dict[str, dict[str, str | None]]) -> tuple[Workspace, list[tuple[str, str]]]:
        session = {"workspace": fresh(plan), "_language": "zh"}
        monkeypatch.setattr("streamlit.session_state", session)
        sheet = of_tasks(plan)
        session["grid"] = {"edited_rows": {list(sheet.rows).index(row): cells_ for row, cells_ in edits.items()}}
        cells._edited(sheet, "grid")
        return session["workspace"], [(v.place, v.code) for v in session["_said_grid"].refused]
    return send


def test_pasted_rows_become_tasks_in_one_step_and_what_cannot_be_is_named(typed):
    new = {"_name": "首播直播间搭建", "owner": "流量运营", "first": "2027/2/1", "last": "2027年2月20日", "state": "进行中"}
    other = {"_name": "找代播", "owner": "王小明", "first": "二月", "state": "快了"}
    space, refused = typed(sample(), {"task-001": new, "task-002": other})
    rows = space.scenario.rows["task"]
    assert rows["task-001"] == {"name_zh": "首播直播间搭建", "owner": "traffic", "first": "2027-02-01", "last": "2027-02-20",
                                "state": "doing"}
    assert rows["task-002"] == {"name_zh": "找代播", "owner": "王小明"}
    assert refused == [("task.task-002.first", "not_a_date"), ("task.task-002.state", "not_a_choice")]
    assert len(space.undo) == 1 and space.undo[0] == sample() and space.changed


def test_a_word_of_a_choice_is_read_in_any_language(typed):
    for spoken, word in (("en", "进行中"), ("zh", "In Progress"), ("en", "doing")):
        with speaking(spoken):
            space, refused = typed(sample(), {"q1_pool": {"state": word}})
        assert (space.scenario.get("task.q1_pool.state"), refused) == ("doing", []), (spoken, word)


def test_the_picture_calls_a_task_by_its_number_in_the_table(monkeypatch):
    plan = changed(**{"task__task-001__name_zh": "早的", "task__task-001__first": "2027-01-01"})
    drawn = {}
    monkeypatch.setattr(specs, "timeline_data", lambda spans, months: drawn.update({s.name: s for s in spans}))
    monkeypatch.setattr("streamlit.vega_lite_chart", lambda *a, **k: None)
    with speaking("zh"):
        work._timeline(results.result_of(plan), "")
        shown = cells._frame(replace(of_tasks(plan), numbered=True), plan)
    names = [f"{number}. {name}" for number, name in zip(shown["_number"], shown["_name"], strict=True)]
    assert next(iter(drawn)) == f"{list(shown['_name']).index('早的') + 1}. 早的" and set(drawn) <= set(names)


def test_a_row_that_is_emptied_goes_and_its_place_stays(typed):
    plan = changed(**{"task__task-001__name_zh": "a", "task__task-002__name_zh": "b"})
    space, _ = typed(plan, {"task-001": {"_name": None}, "q1_pool": {"_name": "", "owner": "", "first": None, "last": None}})
    assert {"task-001", "q1_pool"}.isdisjoint(space.scenario.rows["task"]) and "task-002" in space.scenario.rows["task"]
    shown = sheets.with_spare(space.scenario, "task")
    assert "q1_pool" not in shown and shown.index("task-001") == shown.index("task-002") - 1


def test_a_grid_keeps_its_rows_while_they_are_typed_and_never_has_more_than_a_plan_may():
    before = sheets.with_spare(sample(), "task")
    assert sheets.with_spare(changed(**{"task__task-003__name_zh": "c"}), "task") == before
    for table in WORK_TABLES:
        full = {f"{table}__{table}-{i:03d}__name_en": "x" for i in range(1, MAX_ROWS[table] - len(sample().rows[table]) + 1)}
        assert len(sheets.with_spare(changed(**full), table)) == MAX_ROWS[table]


def test_an_edit_of_the_work_computes_nothing_anew():
    # a plan that no screen of an earlier test is still at work on: two who ask at once compute twice, and one result is kept
    plan, other = changed(vat=0.0789), changed(vat=0.0789, task__q1_pool__state="done")
    before, after = results.result_of(plan), results.result_of(other)
    assert after.scenario is other and all(after.lines[k] is before.lines[k] for k in before.lines)
    assert results.risk_of(other).run is results.risk_of(plan).run and results.decides_of(other) is results.decides_of(plan)


def test_spans_of_dates_lie_within_the_plan():
    assert specs.span("2027-01", 12, "2027-02-01", "2027-02-28") == (1.0, 2.0)
    assert specs.span("2027-01", 12, "2026-12-01", "2028-01-31") == (0.0, 12.0)
    assert specs.span("2027-01", 12, "2027-03-01", "2027-02-01") == specs.span("2027-01", 12, "2027-02-01", "2027-03-01")
    assert specs.span("2027-01", 12, "2028-01-01", "2028-02-01") is None
    assert work.days({"last": "2027-05-01"}) == ("2027-05-01", "2027-05-01") and work.days({"first": "soon"}) is None


def test_the_section_says_that_it_moves_nothing_and_draws_the_tasks(monkeypatch):
    drawn = {}
    monkeypatch.setattr(specs, "timeline_data", lambda found, months: drawn.update({s.name: s.label for s in found}))
    monkeypatch.setattr("streamlit.vega_lite_chart", lambda *args, **more: None)
    at = app("zh", "plan", sections=("section_work",))
    assert any("不影响任何数字" in c.value for c in at.caption)
    assert "任务：14 项，进行中 0，已完成 0" in markdown(at)
    assert len(drawn) == 14 and list(drawn.items())[0] == ("1. 年货节后老客入群，Q1 社群净增 5000 人", "用户运营")


def test_work_keeps_the_name_of_a_position_that_goes_and_says_wherever_it_differs_that_it_moves_nothing():
    gone = row_rules.owned_by(sample(), "team", "data")
    with speaking("zh"):
        assert place_name("task.q4_plan.state", sample()) == "2028 年度计划与数据复盘 · 状态（仅记录，不影响数字）"
        assert place_name("team.data.heads", sample()) == "数据 · 人数"
    assert set(gone) == {"activity.review_meeting.owner", "task.q4_plan.owner"} and not row_rules.owned_by(sample(), "channel", "data")

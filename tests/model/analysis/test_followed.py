"""Work that follows from drivers, by hand; and that nothing else follows from what is written down."""

from __future__ import annotations

import numpy as np
import pytest

from model import evaluate
from model.analysis.compare import bridge
from model.analysis.compare.changes import differences
from model.analysis.followed import MESSAGES, SESSIONS, reached, work_of
from model.engine.cohorts import cohorts, segments
from model.io.assumptions import read_plan, write_plan
from model.io.spreadsheet import date_of
from model.plan.scenario import counted
from samples import changed, sample, sample_plan


def test_sessions_are_what_the_slot_fees_pay_for_and_messages_what_members_get():
    result = evaluate(sample())
    sessions, messages = work_of(result)
    assert (sessions.kind, sessions.channel, messages.kind, messages.channel) == (SESSIONS, "creators", MESSAGES, "private")
    spend = 13_200_000 * sample().get("channel.creators.share")
    assert sessions.months.sum() == pytest.approx(spend * 0.5 / 60_000) and sessions.a_month == pytest.approx(1.1)
    pool = result.lines["pool"][:, 0]
    assert 0.4 < (messages.months / pool).mean() / 12 < 1.0, "at most 12 a member and month, as far as the spend reaches"
    without = evaluate(changed(channel__creators__slot_share=0.0))
    assert [w.kind for w in work_of(without)] == [MESSAGES]


def test_the_segments_of_offers_make_up_the_pool():
    result = evaluate(sample())
    assert sum(reached(segments(cohorts(result))).values()) == pytest.approx(result.lines["pool"][:, 0].mean())


def test_no_figure_follows_from_the_work_but_differences_and_files_have_it():
    plan = sample()
    other = changed(task__q1_pool__state="done", activity__flash_sale__times=3.0, offer__welcome=None)
    assert counted(other) == plan != other and counted(plan) is plan
    assert {d.address for d in differences((plan, other))} >= {"task.q1_pool.state", "activity.flash_sale.times"}
    assert bridge(plan, other).bars == () or sum(b.value for b in bridge(plan, other).bars) == 0
    assert np.array_equal(evaluate(plan).lines["net_profit"], evaluate(other).lines["net_profit"])
    base = other.as_plan("own")
    assert read_plan(write_plan(base).encode(), "own").rows == base.rows
    assert base.fingerprint == sample_plan().fingerprint, "links that were made before a task was written stay good"


def test_dates_are_read_as_people_and_spreadsheets_write_them():
    for text in ("2027-03-15", "d2027-03-15", "2027/3/15", "2027年3月15日", "2027.3.15", "3/15/2027", "15/3/2027", "15-Mar-27",
                 "15-Mar-2027", "46461", "2027-03-15 00:00:00"):
        assert date_of(text) == "2027-03-15", text
    for text in ("", "soon", "2027-03", "3月15日", "15", "2027年"):
        assert date_of(text) == text, text

"""Worked examples (tests/cases/*.toml): the result written there is its arithmetic's, and the model's."""

from __future__ import annotations

from functools import cache

import pytest
from every import each

import by_hand
from model.engine.checks import FAIL, checks
from model.engine.evaluate import evaluate

CASES = by_hand.everyone()
ROWS = [(case, row) for case in CASES for row in case.rows]
each_row = each("case, row", ROWS, ids=[f"{case.name}: {row}" for case, row in ROWS])


@cache
def result_of(name: str):
    return evaluate(next(c for c in CASES if c.name == name).scenario())


@each_row
def test_the_arithmetic_gives_the_result_that_is_written(case, row):
    assert case.worked_out(row) == pytest.approx(row.result, rel=1e-9, abs=1e-9)


@each_row
def test_the_model_gives_what_the_arithmetic_gives(case, row):
    assert by_hand.found(result_of(case.name), row) == pytest.approx(case.worked_out(row), rel=1e-12, abs=1e-9)


@each("case", CASES, ids=lambda c: c.name)
def test_no_check_fails_on_a_worked_example(case):
    assert [c for c in checks(result_of(case.name)) if c.status == FAIL] == []

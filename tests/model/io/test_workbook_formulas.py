"""Formulas written by counting with them say the same number as counting with numbers."""

from __future__ import annotations

import operator

from every import as_many, each
from hypothesis import given, settings
from hypothesis import strategies as st

from model.io.workbook.excel import CELL, ZERO, Formula, call, here, of, words

CELLS = {"A1": 2.5, "B2": -0.75, "C3": 13.0}
A, B, C = (Formula(name, CELL) for name in CELLS)
LEAVES = st.sampled_from([*((Formula(name, CELL), value) for name, value in CELLS.items()), (of(0), 0.0), (of(1.5), 1.5), (of(-2), -2.0)])
SIGNS = {operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/"}


def joined(parts):
    return st.tuples(st.sampled_from(list(SIGNS)), parts, parts).map(_apply)


def _apply(drawn):
    sign, (a, x), (b, y) = drawn
    if sign is operator.truediv and abs(y) < 1e-9:
        return a, x
    return sign(a, b), sign(x, y)


@settings(max_examples=as_many(150, 2000))
@given(st.recursive(LEAVES, joined, max_leaves=8))
def test_brackets_stand_where_they_are_needed(drawn):
    formula, value = drawn
    text = formula.text.replace("=0,", "==0,")
    assert abs(eval(text, {"IF": lambda test, yes, no: no, **CELLS}) - value) <= 1e-9 * max(1.0, abs(value))


@each("formula, text", [
    (A + 0, "A1"), (0 * A + B, "B2"), (1 - (A - B), "1-(A1-B2)"), (A / 30 * B, "A1/30*B2"), (A / (1 + B), "A1/(1+B2)"),
    (A / B, "IF(B2=0,0,A1/B2)"), (-A * B, "(-A1)*B2"), (call("MIN", 0.95, A * B), "MIN(0.95,A1*B2)"), (ZERO / A, "0")])
def test_nothing_of_zero_is_written_and_a_division_by_a_cell_is_guarded(formula, text):
    assert formula.text == text


def test_words_and_names_of_sheets_stand_in_quotes():
    assert words('"80 %"') == '"""80 %"""'
    assert here("'P&L'!A1+'Tom''s'!B2", "P&L") == "A1+'Tom''s'!B2"

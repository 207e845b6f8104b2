"""Errors carry every violation, short and safe to show."""

from __future__ import annotations

from every import each

from model.errors import ADVICE, InvalidInput, SandtableError, UnknownName, UnreadableFile, Violation, shown


def test_the_tree():
    assert issubclass(InvalidInput, SandtableError) and issubclass(UnreadableFile, InvalidInput)
    assert issubclass(UnknownName, SandtableError) and issubclass(UnknownName, KeyError)


def test_all_violations_are_carried_and_the_message_stays_short():
    error = InvalidInput(Violation("too_low", f"row {i}") for i in range(500))
    assert len(error.violations) == 500
    assert len(str(error).splitlines()) == 20


def test_a_violation_says_place_code_value_bounds_and_what_to_do():
    violation = Violation("too_low", "vat", "-1", "0 … 0.5")
    assert str(violation) == f"vat: too_low got -1 (allowed: 0 … 0.5). {ADVICE['too_low']}"


@each("value, text", [
    ("plain", "plain"), (3.5, "3.5"), (None, "None"), (["a"], "['a']"), ("a\x00b\n", "a�b�"),
    ("x" * 60, "x" * 60), ("x" * 61, "x" * 59 + "…"), ("<b>", "<b>"), ("", ""),
])
def test_what_is_shown_of_a_value(value, text):
    assert shown(value) == text


def test_a_text_of_ten_million_characters_is_shown_in_sixty():
    assert len(shown("\u202e" * 10_000_000)) == 60

"""Every way the model can refuse, in one tree.

    SandtableError
    ├── InvalidInput      what a person, file or link gave breaks rules: carries every Violation, not the first
    │   └── UnreadableFile    the bytes are no plan at all (encoding, size, JSON or CSV syntax, another schema)
    └── UnknownName       a program asked for a line, KPI or address that does not exist

A `Violation` is language-neutral: `code` picks the sentence (English here, every language in
`pages/ui/locales`), `place` says where, `got` what stood there, `allowed` what may stand there.
"""

from __future__ import annotations

from dataclasses import dataclass

#: code -> what to do next, in English; the app has the same codes in each of its languages.
ADVICE = {
    "unknown_table": "Use one of the tables of the template.",
    "unknown_field": "Use one of the fields of the template; perhaps a misspelling.",
    "unknown_row": "Add the row first, or correct its key.",
    "unknown_base": "Open the file that holds the base plan, or choose a known base.",
    "bad_key": "Use a short key of small letters, digits, - and _.",
    "missing_value": "Fill in the cell.",
    "missing_row": "Add the row.",
    "missing_column": "Add the column; the template shows all of them.",
    "duplicate_row": "Keep one of the two lines.",
    "not_a_number": "Write a plain number, for example 0.25.",
    "not_finite": "Write a finite number; NaN and infinity are not accepted.",
    "not_whole": "Write a whole number.",
    "not_a_flag": "Write true or false.",
    "not_text": "Write text.",
    "text_too_long": "Shorten the text.",
    "bad_text": "Remove the control characters.",
    "not_a_choice": "Use one of the allowed words.",
    "not_a_day": "Write the day as MM-DD; 29 February does not recur every year.",
    "not_a_month": "Write the month as YYYY-MM.",
    "too_low": "Raise the value to the lower bound or above.",
    "too_high": "Lower the value to the upper bound or below.",
    "unusual_low": "Allowed, but unusually low: check the unit.",
    "unusual_high": "Allowed, but unusually high: check the unit.",
    "shares_not_one": "Change the shares so that they add up to 100 %.",
    "shares_above_one": "Lower the shares so that they add up to at most 100 %.",
    "all_zero": "At least one of the values must be above zero.",
    "not_exactly_one": "Keep exactly one channel of this kind.",
    "more_than_one": "Keep at most one channel of this kind.",
    "too_many_rows": "Remove rows.",
    "unknown_reference": "Name a row that exists.",
    "not_adjustable": "Choose a driver that an initiative may change.",
    "incomplete_series": "Fill in every value of the series or none.",
    "outside_plan": "The month lies outside the plan and has no effect.",
    "file_too_large": "Upload a smaller file.",
    "not_utf8": "Save the file as UTF-8 (Excel: CSV UTF-8) or GB18030.",
    "not_json": "Choose a file that was saved by this app.",
    "not_csv": "Choose a CSV file made from the template.",
    "wrong_kind": "Choose a file that was saved by this app.",
    "wrong_schema": "Open it with the version of the app that wrote it, and save it again.",
    "damaged_link": "Ask the sender for the link again, or for the scenario as a file.",
    "draft_gone": "Open the scenario from its file.",
    "empty_file": "Choose a file that has content.",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    place: address or file position (`channel.platform.cpm`, `line 7, column value`).
    got, allowed: as text, shortened, safe to show. level: "error" blocks, "warning" does not.
    """

    code: str
    place: str
    got: str = ""
    allowed: str = ""
    level: str = "error"

    @property
    def advice(self) -> str:
        return ADVICE[self.code]

    def __str__(self) -> str:
        allowed = f" (allowed: {self.allowed})" if self.allowed else ""
        got = f" got {self.got}" if self.got else ""
        return f"{self.place}: {self.code}{got}{allowed}. {self.advice}"


def shown(value: object, limit: int = 60) -> str:
    """`value` as short printable text for a report; never longer than `limit` characters."""
    text = value[: limit * 4] if isinstance(value, str) else repr(value)[: limit * 4]
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


class SandtableError(Exception):
    """Root of the tree."""


class InvalidInput(SandtableError):
    """Input that breaks rules; `violations` lists all of them."""

    def __init__(self, violations):
        self.violations = tuple(violations)
        super().__init__("\n".join(str(v) for v in self.violations[:20]))


class UnreadableFile(InvalidInput):
    """Bytes that cannot be taken as a plan or scenario at all."""


class UnknownName(SandtableError, KeyError):
    """A line, KPI or address that does not exist."""

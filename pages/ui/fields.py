"""Number fields of forms: text that our own reader reads, with what is wrong said beside the field in the reader's words.

The browser's own number fields drop what they do not know without a word: 1.2万 became 1, 12.345.678 became 12.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from model import Violation
from model.plan.numbers import written
from model.plan.schema import Driver
from model.units import Unit
from pages.ui import reading
from pages.ui.problems import beside_its_place
from pages.ui.texts import plain, t, together

#: characters that a number may be typed in
LONGEST = 60


def number(label: str, key: str, wrong: Violation | None = None, **more) -> str:
    """A field for a number; what stands in it is in the session under its key. wrong: what is said below it."""
    with st.container(gap="xsmall"):
        text = st.text_input(label, key=key, max_chars=LONGEST, **more)
        say(wrong)
    return text


def say(wrong: Violation | None) -> None:
    """What is wrong with the field above, and what to do."""
    if wrong is not None:
        text = together([beside_its_place(wrong), t(f"violation.{wrong.code}.advice")])
        st.markdown(f":red[{plain(text)}]")


def read_all(asked: Mapping[str, tuple[Driver, Unit]]) -> tuple[dict[str, float | int | None], dict[str, Violation]]:
    """The numbers that stand in fields, by key, and what is wrong; what was read is written as we write it. In a callback."""
    numbers, wrong = {}, {}
    for key, (driver, unit) in asked.items():
        value, bad = reading.read(driver, unit, st.session_state.get(key))
        if bad is not None:
            wrong[key] = bad
        elif value is not None:
            numbers[key] = value
            st.session_state[key] = written(value, unit)
        else:
            numbers[key] = None
    return numbers, wrong

"""Number fields of forms: text that our own reader reads, with what is wrong said beside the field in the reader's words.

The browser's own number fields drop what they do not know without a word: 1.2万 became 1, 12.345.678 became 12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from model import Violation
from model.plan.numbers import written
from model.plan.schema import Driver
from model.units import Unit
from pages.ui import reading, views
from pages.ui.problems import beside_its_place
from pages.ui.texts import plain, t, together

#: characters that a number may be typed in
LONGEST = 60


class Read(NamedTuple):
    """numbers: what was read, None where a field was left open. wrong: what could not be. texts: what stands in the fields
    now, a number as we write it and the rest as it was typed."""

    numbers: dict[str, float | int | None]
    wrong: dict[str, Violation]
    texts: dict[str, str]


def number(label: str, key: str, value: str, wrong: Violation | None = None, **more) -> str:
    """A field that shows this number. wrong: what is said below it."""
    with st.container(gap="xsmall"):
        text = views.show(st.text_input, label, key=key, value=value, max_chars=LONGEST, **more)
        say(wrong)
    return text


def say(wrong: Violation | None) -> None:
    """What is wrong with the field above, and what to do."""
    if wrong is not None:
        text = together([beside_its_place(wrong), t(f"violation.{wrong.code}.advice")])
        st.markdown(f":red[{plain(text)}]")


def read_all(asked: Mapping[str, tuple[Driver, Unit]]) -> Read:
    """The numbers that stand in the fields of these keys. In a callback."""
    out = Read({}, {}, {})
    for key, (driver, unit) in asked.items():
        out.texts[key] = str(st.session_state.get(key) or "")
        value, bad = reading.read(driver, unit, out.texts[key])
        if bad is not None:
            out.wrong[key] = bad
            continue
        out.numbers[key] = value
        out.texts[key] = "" if value is None else written(value, unit)
    return out

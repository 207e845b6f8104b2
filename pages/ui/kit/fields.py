"""Number fields of forms: text that our own reader reads, with what is wrong said beside the field in the reader's words.

The browser's own number fields drop what they do not know without a word: 1.2万 became 1, 12.345.678 became 12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, overload

import streamlit as st

from model import Violation
from model.plan.numbers import written
from model.plan.schema import Driver
from model.units import Unit
from pages.ui.kit import reading, views
from pages.ui.kit.problems import beside_its_place
from pages.ui.kit.texts import plain, t, together

#: characters that a number may be typed in
LONGEST = 60


class Read(NamedTuple):
    """numbers: what was read, None where a field was left open. wrong: what could not be. texts: what stands in the fields
    now, a number as we write it and the rest as it was typed."""

    numbers: dict[str, Any]
    wrong: dict[str, Violation]
    texts: dict[str, str]


def number(label: str, key: str, value: str, wrong: Violation | None = None, width: int | Literal["stretch"] = "stretch",
           **more) -> str:
    """A field that shows this number. wrong: what is said below it."""
    with st.container(key=f"number_{key}", gap="xsmall", width=width):
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


# --- numbers that are asked with, and are no part of the plan ------------------------------------------------------------

_KEPT = "_kept_numbers"


@dataclass(frozen=True, slots=True)
class _Kept:
    """value: of the reader's own, None while he has none. typed: what he last typed, where it could not be taken. shown: the
    text that was put into the field."""

    value: float | None = None
    typed: str = ""
    shown: str = ""


@overload
def kept(label: str, key: str, driver: Driver, opens: float, power: int = 0, **more) -> float: ...
@overload
def kept(label: str, key: str, driver: Driver, opens: None, power: int = 0, **more) -> float | None: ...
def kept(label: str, key: str, driver: Driver, opens: float | None, power: int = 0, **more) -> float | None:
    """A number in stored units that stays as the reader left it, whichever page, tab or language he comes from.

    opens: what counts while he has typed nothing, and again once he empties the field. What he types and what cannot be is
    said below the field and stays there; meanwhile what stood there before counts. power: of ten that the label counts in.
    """
    store = st.session_state.setdefault(_KEPT, {})
    found: _Kept = store.get(key, _Kept())
    text = st.session_state.get(key, found.shown)
    typed, wrong = found.typed if text == found.shown else text.strip(), None
    if typed:
        value, wrong = reading.read(driver, driver.unit, typed, power)
        found = replace(found, typed=typed) if wrong else _Kept(value)
    elif text != found.shown:
        found = _Kept()
    now = opens if found.value is None else found.value
    shown = found.typed or ("" if now is None else written(now, driver.unit, power))
    store[key] = replace(found, shown=shown)
    number(label, key, shown, wrong, **more)
    return now


def known(key: str, opens: float | None) -> float | None:
    """What counts for a field that is not on the page: what was last taken, else what it opens with."""
    found = st.session_state.get(_KEPT, {}).get(key, _Kept()).value
    return opens if found is None else found


def put(key: str, value: float) -> None:
    """A number that somebody agreed to, as if it had been typed into the field, which may not be on the page now."""
    st.session_state.setdefault(_KEPT, {})[key] = _Kept(value)
    st.session_state.pop(key, None)


def forget(*keys: str) -> None:
    """What was typed into these fields."""
    for key in keys:
        st.session_state.get(_KEPT, {}).pop(key, None)


def told(start: str) -> dict[str, list]:
    """What was typed into the fields whose keys begin so: [number, text that could not be taken] by key."""
    found: Mapping[str, _Kept] = st.session_state.get(_KEPT, {})
    return {k: [v.value, v.typed] for k, v in found.items() if k.startswith(start) and (v.value is not None or v.typed)}


def tell(typed: Mapping[str, Sequence]) -> None:
    """The inverse of `told`, before the fields are drawn."""
    for key, (value, text) in typed.items():
        st.session_state.setdefault(_KEPT, {})[key] = _Kept(value, str(text))

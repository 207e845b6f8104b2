"""What is allowed and hardly meant, in words: places by name, numbers in the unit in which people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from model import Scenario, Violation
from model.plan.numbers import written
from model.plan.schema import driver_of, find
from pages.ui.kit.texts import t
from pages.ui.words.place_names import place_name

_RANGE = " … "


def named(doubts: Sequence[Violation], scenario: Scenario) -> list[Violation]:
    """The warnings of a plan or scenario as a reader of it knows them."""
    return [_named(v, scenario) for v in doubts]


def _named(doubt: Violation, scenario: Scenario) -> Violation:
    a = find(doubt.place)
    if a is None:
        return doubt
    name = place_name(doubt.place, scenario)
    if not a.field or not driver_of(doubt.place).unit.is_number:
        return replace(doubt, place=name)
    return replace(doubt, place=name, got=_read(doubt.place, doubt.got),
                   allowed=_RANGE.join(_read(doubt.place, end) for end in doubt.allowed.split(_RANGE)))


def _read(address: str, text: str) -> str:
    """A stored number as it would be typed, with its unit; what is no number as it is."""
    unit = driver_of(address).unit
    try:
        return f"{written(float(text), unit)} {t(f'unit.{unit.key}.label')}".strip()
    except ValueError:
        return text

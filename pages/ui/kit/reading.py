"""What a reader types into a cell or field, read and judged in the units and words that stand beside it."""

from __future__ import annotations

from dataclasses import replace

from model import Violation
from model.plan.numbers import NotANumber, read_shown, written
from model.plan.rules import check_value
from model.plan.schema import Driver
from model.units import Unit
from pages.ui.kit.formats import money_unit
from pages.ui.kit.texts import t


def read(driver: Driver, unit: Unit, text: object, power: int = 0) -> tuple[float | int | None, Violation | None]:
    """The value in stored units, and what is wrong with it; its place is for the caller to name. None: empty.

    power: of ten that the words beside it count money in.
    """
    text = str(text if text is not None else "").strip()
    value: float | int | None = None
    if text:
        try:
            value = read_shown(text, unit, power)
        except NotANumber:
            return None, Violation("not_a_number", "", text[:40], allowed(driver, unit, power))
    elif not driver.optional:
        return None, Violation("missing_value", "", "", allowed(driver, unit, power))
    wrong = next((v for v in check_value(driver, "", value) if v.level == "error"), None)
    return value, wrong and replace(wrong, got=text[:40], allowed=allowed(driver, unit, power))


def allowed(driver: Driver, unit: Unit, power: int = 0) -> str:
    """What may stand there, as the reader counts it."""
    return between(driver.low, driver.high, unit, power)


def between(low: float, high: float, unit: Unit, power: int = 0) -> str:
    word = money_unit()[1] if power else t(f"unit.{unit.key}.label")
    return f"{written(low, unit, power)} … {written(high, unit, power)} {word}".strip()

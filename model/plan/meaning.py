"""What a number that can hardly be meant was likely meant to be: a slip of the unit, 0.15 for 15 % or 1320 for 1320 万.

Nothing is changed here and nothing refused: whoever asks the writer offers what is found.
"""

from __future__ import annotations

from model import units as u
from model.plan import drivers as d
from model.plan.schema import Driver

#: usual yearly money of a shop where the driver itself names no usual range, by (table, field)
_USUAL = {(d.BUSINESS, "budget"): (10_000.0, 1e11)}
#: slips by kind of unit: per cent for fractions and the other way round, 万 and yuan
_SLIPS = {u.RATE: (100.0, 0.01), u.FINE_RATE: (100.0, 0.01), u.YUAN: (1e4, 1e-4)}


def usual(driver: Driver) -> tuple[float, float] | None:
    """The range in which a value raises no question, in stored units; None where any may be right."""
    return driver.soft or _USUAL.get((driver.per, driver.key))


def unusual(driver: Driver, value: object) -> bool:
    """Whether a legal value asks for a second look. Nothing at all is a decision, not a slip."""
    found = usual(driver)
    return found is not None and isinstance(value, (int, float)) and value != 0 and not found[0] <= value <= found[1]


def meant(driver: Driver, value: float) -> float | None:
    """The usual value that an unusual one may have been meant as; None where nothing is the likely slip."""
    found = usual(driver)
    if found is None or not unusual(driver, value):
        return None
    low, high = found
    return next((w for slip in _SLIPS.get(driver.unit, ()) if low <= (w := float(f"{value * slip:.12g}")) <= high), None)

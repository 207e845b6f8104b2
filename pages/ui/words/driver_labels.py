"""Drivers by name."""

from __future__ import annotations

from model.plan.numbers import written
from model.plan.rules import adjustable_drivers
from model.plan.schema import TABLES
from model.units import Unit
from pages.ui.kit.texts import has, t


def driver_label(table: str, key: str) -> str:
    """What a driver is called; monthly channel phasing and the like fall back to their key."""
    text = f"driver.{table}.{key}.label"
    return t(text) if has(text) else key


def label_with_unit(table: str, key: str, unit: Unit | None = None) -> str:
    """What a driver is called, with what its numbers count in; unit: where it is not the driver's own."""
    unit = unit or TABLES[table][key].unit
    label, word = driver_label(table, key), t(f"unit.{unit.key}.label") if unit.is_number else ""
    return t("rows.label", label=label, unit=word) if word else label


def number_said(value: float, unit: Unit) -> str:
    """A number with all its digits, as it is typed, and the word of its unit."""
    return f"{written(value, unit)} {t(f'unit.{unit.key}.label')}".strip()


def adjustable_label(key: str) -> str:
    """The name of a driver that initiatives may change."""
    driver = adjustable_drivers().get(key)
    return driver_label(driver.per, key) if driver else key

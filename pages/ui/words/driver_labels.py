"""Drivers by name."""

from __future__ import annotations

from model.plan.rules import adjustable_drivers
from pages.ui.kit.texts import has, t


def driver_label(table: str, key: str) -> str:
    """What a driver is called; monthly channel phasing and the like fall back to their key."""
    text = f"driver.{table}.{key}.label"
    return t(text) if has(text) else key


def adjustable_label(key: str) -> str:
    """The name of a driver that initiatives may change."""
    driver = adjustable_drivers().get(key)
    return driver_label(driver.per, key) if driver else key

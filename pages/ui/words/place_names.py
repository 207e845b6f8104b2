"""Addresses and their values in words: the row and driver that an address names, and what stands there as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from model import Scenario
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.schema import TABLES, driver_of, find, is_work, split
from pages.ui.kit.formats import DASH, Step, ends, fixed, number, signed
from pages.ui.kit.texts import name_of, rules, t
from pages.ui.session import state
from pages.ui.words.driver_labels import driver_label

MAX_SHOWN = 60


def place_name(address: str, *scenarios: Scenario) -> str:
    """An address in words: row and driver; the row's name from the first scenario that has it; of work that it moves nothing."""
    a = split(address)
    rows = next((s.rows[a.table] for s in _known(scenarios) if a.row in s.rows[a.table]), {}) if a.row else {}
    label = driver_label(a.table, a.field) if a.field else t(f"table.{a.table}.label")
    name = f"{name_of(rows, a.row)} · {label}" if a.row else label
    return t("work.recorded", place=name) if is_work(address) else name


def correlate_name(scenario: Scenario, name: str) -> str:
    """A name of a correlation: a number of the plan, or a driver in each of its rows."""
    table = table_of(name)
    if table:
        return t(f"risk_picture.each_{table}", driver=driver_label(table, name))
    return place_name(name, scenario) if find(name) else name


def table_of(name: str) -> str | None:
    """The table in whose rows a driver's key stands for numbers; None for the address of a single number."""
    if find(name):
        return None
    return next((k for k in (d.CHANNEL, li.PROMOTION, li.TIER) if name in TABLES[k]), None)


def _known(scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """These, then those of the session: it is asked only where they do not know, and a file that is made has none."""
    yield from scenarios
    space = state.workspace()
    yield from (space.scenario, space.saved)


def shown(address: str, value: Any, step: Step | None = None) -> str:
    """A plan value as people read it."""
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return t("changes.on" if value else "changes.off")
    driver = driver_of(address)
    if driver.per == "headline":
        percent = (value - 1) * 100
        return signed(fixed(percent, int(f"{percent:.1f}"[-1] != "0"), "+") + rules().percent)
    if driver.unit.key == "factor":
        return f"× {value:g}"
    return number(float(value), driver.unit, step) if driver.unit.is_number else str(value)


def shown_ends(address: str, low: float, high: float) -> tuple[str, str]:
    """Both ends of a range of a plan's number, counted in one unit."""
    return ends(low, high, driver_of(address).unit, lambda value, _, step: shown(address, value, step))


def shown_pair(address: str, old: object, new: object) -> tuple[str, str]:
    """Both values of a difference; of a whole row, whether it is there."""
    if not split(address).field:
        words = {True: t("changes.there"), False: t("changes.not_there")}
        return words[bool(old)], words[bool(new)]
    return shown(address, old), shown(address, new)

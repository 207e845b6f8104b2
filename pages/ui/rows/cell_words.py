"""What a cell of a grid says of a plan's value, and what a text typed or pasted into it means; of every kind of value."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from model import Scenario, Violation
from model.io.assumptions import parse
from model.plan import lists as li
from model.plan import work as wo
from model.plan.numbers import written
from model.plan.rules import check_value, covers
from model.plan.schema import Address, Driver, Value, applies, driver_of, split, value_at
from pages.ui.kit import reading
from pages.ui.kit.texts import LANGUAGES, language, listed, speaking, t
from pages.ui.rows import row_rules

#: tables whose rows are there to be filled in before the plan says anything of them
OPEN_TABLES = (li.MONTH, li.TIMING, li.LAST_YEAR, *wo.WORK_TABLES)
#: what may stand between several choices in one cell
_BETWEEN = re.compile(r"\s*[;；,，、|\n]\s*")
#: options that a report names
_MOST = 12


def there(scenario: Scenario, address: str) -> bool:
    """Whether the plan has such an input: its row, of a kind that has it, or one that may be filled in."""
    a = split(address)
    row = scenario.rows[a.table].get(a.row)
    return a.table in OPEN_TABLES if row is None else applies(driver_of(address), row)


def value_of(scenario: Scenario, address: str) -> Any:
    """What the plan says at an address; its driver's default where it is silent, months without a row included."""
    a = split(address)
    if a.row not in scenario.rows[a.table] and a.table != li.MONTH:
        return None
    return value_at(scenario.rows, address)


def text_of(scenario: Scenario, address: str) -> str | None:
    """What a cell shows; None where there is no such input or nothing stands there."""
    value = value_of(scenario, address) if there(scenario, address) else None
    if value is None or value == "":
        return None
    a, driver = split(address), driver_of(address)
    if driver.unit.is_number:
        return written(value, row_rules.unit_of(scenario, a))
    if driver.unit.kind == "flag":
        return t("changes.on" if value else "changes.off")
    if not _chooses(scenario, a, driver):
        return str(value)
    if row_rules.several(a):
        return listed(row_rules.word(scenario, a, o) for o in covers(str(value)) or (row_rules.ALL,))
    return row_rules.word(scenario, a, str(value))


def read(scenario: Scenario, address: str, said: object) -> tuple[Value, Violation | None]:
    """The value that a text means, and what is wrong with it; its place is for the caller to name."""
    text = str(said if said is not None else "").strip()
    a, driver = split(address), driver_of(address)
    if not there(scenario, address):
        return None, Violation("no_such_cell", "", text[:40]) if text else None
    if driver.unit.is_number:
        return reading.read(driver, row_rules.unit_of(scenario, a), text)
    if not text:
        return driver.default, None if driver.optional else Violation("missing_value", "", "", _allowed(scenario, a, driver))
    if _chooses(scenario, a, driver):
        option, known = _chosen(scenario, a, text)
        if known or not row_rules.free(a):
            return option, None if known else Violation("not_a_choice", "", text[:40], _allowed(scenario, a, driver))
    value = parse(driver, text)
    wrong = next((v for v in check_value(driver, "", value) if v.level == "error"), None)
    return value, wrong and replace(wrong, got=text[:40])


def _chooses(scenario: Scenario, a: Address, driver: Driver) -> bool:
    """Whether a cell holds words of options; months are typed as they are kept."""
    return driver.unit.kind != "month" and row_rules.options(scenario, a) is not None


def _chosen(scenario: Scenario, a: Address, text: str) -> tuple[str, bool]:
    """The option or options that a text names, by their words in any language or their keys, and whether it names any."""
    options = _options(scenario, a)
    words = {name.casefold(): o for o in options for name in row_rules.names_of(scenario, o, a)}
    for spoken in (*LANGUAGES, language()):  # the reader's own last: a word of two languages means what it says in his
        with speaking(spoken):
            words |= {row_rules.word(scenario, a, o).casefold(): o for o in options}
    words |= {o.casefold(): o for o in options}
    if not row_rules.several(a):
        return words.get(text.casefold(), ""), text.casefold() in words
    named = [text] if text.casefold() in words else [part for part in _BETWEEN.split(text) if part]
    found = [words[part.casefold()] for part in named if part.casefold() in words]
    return row_rules.ALL if row_rules.ALL in found else ";".join(found), len(found) == len(named) > 0


def _options(scenario: Scenario, a: Address) -> list[str]:
    found = row_rules.options(scenario, a) or []
    return [row_rules.ALL, *found] if row_rules.several(a) else found


def _allowed(scenario: Scenario, a: Address, driver: Driver) -> str:
    if driver.unit.kind == "flag":
        return listed([t("changes.on"), t("changes.off")])
    found = _options(scenario, a) if _chooses(scenario, a, driver) else []
    return listed([*(row_rules.word(scenario, a, o) for o in found[:_MOST]), *(["…"] if len(found) > _MOST else [])])


def help_of(scenario: Scenario, address: str) -> str:
    """What a column means, and which words its cells take."""
    a, driver = split(address), driver_of(address)
    text, words = t(f"driver.{a.table}.{a.field}.help"), _allowed(scenario, a, driver)
    return f"{text}  \n{t('cells.choices', words=words)}" if words else text

"""Every assumption of a plan, and those that a reader asks for: by words in any language, table, mark or address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from model import Scenario
from model.plan.schema import ONLY, SINGLE, TABLES, driver_of, join, split
from model.plan.work import WORK_TABLES
from pages.ui.kit import texts
from pages.ui.rows import cell_words, row_rules, sheets
from pages.ui.session import results
from pages.ui.words.sources import changes_of, still_of_template

LISTED, INFLUENCE = "listed", "influence"
ORDERS = (INFLUENCE, LISTED)
EVERY, TEMPLATE, CHANGED = "every", "template", "changed"
MARKS = (EVERY, TEMPLATE, CHANGED)


@dataclass(frozen=True, slots=True)
class Asked:
    """words: several, all of which must be found. group: "" all. at: addresses with * for any row, one after the other by
    commas, which stand for themselves."""

    words: str = ""
    group: str = ""
    order: str = INFLUENCE
    mark: str = EVERY
    at: str = ""

    @property
    def narrow(self) -> bool:
        return bool(self.words.strip() or self.group or self.at or self.mark != EVERY)


@lru_cache(maxsize=32)
def every(scenario: Scenario) -> tuple[str, ...]:
    """Addresses of all that a plan can rest on, as its tables list them: not the work, from which no figure follows."""
    out = []
    for table in (x for x in TABLES if x not in WORK_TABLES):
        rows = (ONLY,) if table in SINGLE else sheets.rows_of(scenario, table)
        out += [a for row in rows for field in TABLES[table] if cell_words.there(scenario, a := join(table, row, field))]
    return tuple(out)


@lru_cache(maxsize=32)
def stated(scenario: Scenario) -> tuple[str, ...]:
    """Those of them in which something stands, said by the plan or by the model: what the figures are computed from."""
    return tuple(a for a in every(scenario) if cell_words.value_of(scenario, a) not in (None, ""))


def asked_for(scenario: Scenario, asked: Asked) -> list[str]:
    """The addresses that were asked for, in the order that was."""
    found = [a for a in every(scenario) if fits(scenario, a, asked)]
    if asked.order == LISTED:
        return found
    sizes = results.alone_of(scenario)
    return sorted(found, key=lambda a: -sizes[a].size if a in sizes else 1.0)


def groups_of(address: str) -> tuple[str, str]:
    """The groups that an assumption is in: its table, and the part of it that its driver belongs to."""
    table = split(address).table
    return table, f"{table}/{driver_of(address).group}"


def groups(scenario: Scenario) -> list[str]:
    """Every group of a plan: its tables, each with its parts where it has several."""
    parts: dict[str, dict[str, None]] = {}
    for table, part in map(groups_of, every(scenario)):
        parts.setdefault(table, {})[part] = None
    return [group for table, found in parts.items() for group in (table, *(found if len(found) > 1 else ()))]


def group_name(group: str) -> str:
    """A group in words."""
    table, _, part = group.partition("/")
    name = texts.t(f"table.{table}.label")
    return texts.t("assumptions.part", table=name, part=texts.t(f"group.{part}.label")) if part else name


def fits(scenario: Scenario, address: str, asked: Asked) -> bool:
    """Whether an assumption is one that was asked for."""
    if asked.at:
        return any(fnmatchcase(address, pattern) for pattern in asked.at.split(","))
    if asked.group not in ("", *groups_of(address)):
        return False
    if asked.mark == TEMPLATE and not still_of_template(scenario, address):
        return False
    if asked.mark == CHANGED and address not in changes_of(scenario):
        return False
    known = _index(scenario)[address]
    return all(word in known for word in asked.words.casefold().split())


# --- words -------------------------------------------------------------------------------------------------------------

@lru_cache(maxsize=16)
def _index(scenario: Scenario) -> dict[str, str]:
    """What each address can be found by: its key, and in every language the names of its table, row and driver."""
    rows: dict[tuple[str, str], str] = {}
    out = {}
    for address in every(scenario):
        a = split(address)
        if (a.table, a.row) not in rows:
            rows[a.table, a.row] = " ".join(_words_of_row(scenario, a.table, a.row))
        field = " ".join(_labels((f"driver.{a.table}.{a.field}.label", f"group.{driver_of(address).group}.label")))
        out[address] = f"{address} {address.replace('.', ' ')} {rows[a.table, a.row]} {field}".casefold()
    return out


def _words_of_row(scenario: Scenario, table: str, key: str) -> Iterator[str]:
    """What a row is called in every language, and what its words say."""
    yield from _labels((f"table.{table}.label",))
    row = scenario.rows[table].get(key, {})
    for field, value in row.items():
        if isinstance(value, str) and value:
            yield value
            yield from _labels((f"kpi.{value}.label", f"choice.{field}.{value}.label", *_drivers(value)))
            yield from _names_of(scenario, value)
    month = key[-2:] if _of_months(table) else ""
    if month.isdigit():
        yield from (spoken.months[int(month) - 1] for spoken in texts.LANGUAGES.values())


def _of_months(table: str) -> bool:
    """Whether a table's rows are months."""
    return table in ("season", "month", "last_year")


def _drivers(key: str) -> Iterable[str]:
    return (f"driver.{table}.{key}.label" for table in ("channel", "business", "month"))


def _names_of(scenario: Scenario, value: str) -> Iterator[str]:
    """Names of the rows that a value refers to, be it a key, several or an address."""
    for part in value.replace(";", " ").replace(".", " ").split():
        yield from row_rules.names_of(scenario, part)


def _labels(keys: Iterable[str]) -> list[str]:
    return [str(texts.catalogue(x)[key]) for key in keys for x in texts.LANGUAGES if key in texts.catalogue(x)]

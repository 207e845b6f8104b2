"""A scenario by its word: the sample, a file, or a saved one; and a plan's numbers changed on the way."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from model.errors import InvalidInput, UnknownScenario, Violation, shown
from model.io.assumptions import parse, read_plan, write_plan
from model.io.files import from_json, to_json
from model.io.store import Actor, ScenarioStore, default_url
from model.io.store.actors import local
from model.io.workbook import read_workbook
from model.plan.numbers import NotANumber, read_number
from model.plan.scenario import Plan, Scenario
from model.plan.schema import Value, driver_of
from model.units import RATE

SAMPLE = "sample"
_SAMPLE_FILE = Path(__file__).resolve().parents[2] / "sample_data" / "plan.csv"
_ID_LENGTH = 32

url_option = click.option("--url", default="",
                          help="The store; default: SANDTABLE_DB, else data/sandtable.db of this repository.")
scenario_argument = click.argument("scenario", metavar="SCENARIO")
set_option = click.option("--set", "changes", multiple=True, metavar="ADDRESS=VALUE",
                          help="Change a number on the way, as it would be typed: channel.platform.cpm=45, headline.aov=1.15, "
                               "channel.platform.refund_rate=38%. A sign in front of per cent moves it by so much: "
                               "headline.aov=+15%. As often as wanted.")


def at_store(url: str) -> str:
    return url or default_url()


@contextmanager
def store_at(url: str) -> Iterator[ScenarioStore]:
    store = ScenarioStore(at_store(url))
    try:
        yield store
    finally:
        store.close()


def operator(name: str = "") -> Actor:
    """Who acts here: under the name that is said, and in the audit with this machine's account in any case."""
    user = getpass.getuser()
    return replace(local(name or user), account=f"os:{user}")


def sample() -> Plan:
    return read_plan(_SAMPLE_FILE.read_bytes(), SAMPLE)


def opened(word: str, url: str = "", changes: tuple[str, ...] = ()) -> Scenario:
    """The scenario that a word names, with changes. Raises SandtableError with everything that is wrong."""
    return changed(_named(word, url), changes)


def _named(word: str, url: str) -> Scenario:
    if word == SAMPLE:
        return Scenario(sample())
    file = Path(word)
    if file.suffix.lower() in _READERS or file.is_file():
        return from_file(file)
    name, mark, number = word.rpartition("@")
    versioned = bool(mark) and number.isdecimal()
    with store_at(url) as store:
        return store.open(_id_of(store, name if versioned else word), int(number) if versioned else None).scenario


def from_file(file: Path) -> Scenario:
    read = _READERS.get(file.suffix.lower())
    if read is None:
        raise InvalidInput([Violation("unknown_reference", str(file), shown(file.suffix), " ".join(_READERS))])
    try:
        return read(file.read_bytes(), file.stem)
    except OSError as error:
        raise click.FileError(str(file), error.strerror or "cannot be read") from None


_READERS: dict[str, Any] = {
    ".json": lambda data, name: from_json(data, {SAMPLE: sample()}),
    ".csv": lambda data, name: Scenario(read_plan(data, name)),
    ".xlsx": lambda data, name: Scenario(read_workbook(data, name).plan)}


def _id_of(store: ScenarioStore, word: str) -> str:
    """By id, or by its whole name among those in use."""
    if len(word) == _ID_LENGTH and all(c in "0123456789abcdef" for c in word):
        return word
    for entry in store.list(search=word).entries:
        if entry.name == word:
            return entry.id
    raise UnknownScenario(f"{shown(word)}: no file and no saved scenario of this name. `sandtable list` shows them.")


def changed(scenario: Scenario, changes: tuple[str, ...]) -> Scenario:
    values: dict[str, Value] = {}
    for said in changes:
        address, mark, text = said.partition("=")
        if not mark:
            raise click.BadParameter(f"{said!r} is not ADDRESS=VALUE", param_hint="--set")
        address = address.strip()
        values[address] = typed(scenario, address, text.strip())
    return scenario.with_values(values) if values else scenario


def typed(scenario: Scenario, address: str, text: str) -> Value:
    """As a file's cell is read; +15% and −5% are of what the plan has."""
    driver = driver_of(address)
    if text[:1] in "+-−" and text.endswith("%") and driver.unit.is_number:
        try:
            return scenario.get(address) * (1 + read_number(text, RATE))
        except (NotANumber, TypeError):
            return text
    return parse(driver, text)


def written(scenario: Scenario, file: Path, kind: str = "") -> None:
    """As what its name's ending says, or `kind`: json a scenario, csv a plan's assumptions."""
    writers = {"json": lambda: to_json(scenario), "csv": lambda: write_plan(scenario.as_plan(scenario.name or file.stem))}
    kind = kind or file.suffix.lower().lstrip(".")
    write = writers.get(kind)
    if write is None:
        raise click.BadParameter(f"{file.name}: end it in {' or '.join(f'.{k}' for k in writers)}", param_hint="FILE")
    try:
        file.write_bytes(write().encode("utf-8-sig" if kind == "csv" else "utf-8"))
    except OSError as error:
        raise click.FileError(str(file), error.strerror or "cannot be written") from None


"""What the store hands out: `Entry` (a line of the list), `Version`, `Saved` (both with the scenario), `Page`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from model.plan.scenario import Scenario

#: stands for a time that cannot be read
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario as the list shows it, in its latest version.

    id: 32 hex digits. author: who made it; editor: who changed it last. created, updated: aware, UTC. version: latest
    number. summary: gmv, net_revenue, net_profit (yuan, whole plan), net_margin_rate (None where undefined), months
    (gmv of each month), start (first month, YYYY-MM), by today's model; "chance", once somebody has
    drawn it. damaged: what is on the disk is not what was
    written; the summary is empty then, and other fields are what could be read.
    """

    id: str
    name: str
    note: str
    tags: tuple[str, ...]
    author: str
    editor: str
    created: datetime
    updated: datetime
    version: int
    archived: bool
    locked: bool
    summary: dict
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One save. number: 1, 2, …, with a gap only where a damaged one was left out; name: the scenario's at that time."""

    number: int
    author: str
    comment: str
    created: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said of a version. parent: the id of the remark that it answers, "" for none."""

    id: str
    version: int
    parent: str
    author: str
    text: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did: a line of the audit. deed: one of `actors.RIGHTS`. version: the one that came of it or that it is about,
    0 for none. account, address: of who did it, as far as whoever signed this person in says."""

    scenario: str
    name: str
    deed: str
    author: str
    created: datetime
    version: int = 0
    account: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored scenario in one of its versions; `scenario` is exactly what was saved."""

    entry: Entry
    version: Version
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. total: how many there are on all pages."""

    entries: tuple[Entry, ...]
    total: int


def now() -> datetime:
    """The store's clock."""
    return datetime.now(UTC)


def entry_of(row, tags: tuple[str, ...]) -> Entry:
    """From a row of the table of scenarios; what cannot be read is marked, and shown as far as it goes."""
    said = (row.name, row.note, row.author, row.editor)
    name, note, author, editor = (value if isinstance(value, str) else "" for value in said)
    summary = summary_in(row.summary)
    sound = isinstance(row.name, str) and isinstance(row.latest, int) and None not in (summary, row.created, row.updated)
    return Entry(row.id, name, note, tags, author, editor, row.created or _UNKNOWN, row.updated or _UNKNOWN,
                 row.latest if isinstance(row.latest, int) else 0, row.archived, row.locked, summary or {}, not sound)


def lost(id: str, archived: bool) -> Entry:
    """A row that the database cannot give out any more."""
    return Entry(id, "", "", (), "", "", _UNKNOWN, _UNKNOWN, 0, archived, False, {}, True)


def summary_in(text: Any) -> dict | None:
    """The figures of the list as a column keeps them; None where they cannot be read."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def version_of(row) -> Version:
    """From a row of the table of versions."""
    return Version(row.number, row.author, row.comment, row.created or _UNKNOWN, row.name)

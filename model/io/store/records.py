"""What the store hands out: `Entry` (a line of the list), `Version`, `Saved` (both with the scenario), `Page`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from model.plan.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario as the list shows it, in its latest version.

    id: 32 hex digits. author: who made it; editor: who changed it last. created, updated: aware, UTC. version: latest
    number. summary: gmv, net_revenue, net_profit (yuan, whole plan), net_margin_rate (None where undefined), months
    (gmv of each month), start (first month, YYYY-MM).
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


@dataclass(frozen=True, slots=True)
class Version:
    """One save. number: 1, 2, … without gaps; name: the scenario's at that time; summary: as in Entry."""

    number: int
    author: str
    comment: str
    created: datetime
    name: str
    summary: dict


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
    """From a row of the table of scenarios."""
    return Entry(row.id, row.name, row.note, tags, row.author, row.editor, row.created, row.updated, row.latest,
                 row.archived, row.locked, json.loads(row.summary))


def version_of(row) -> Version:
    """From a row of the table of versions."""
    return Version(row.number, row.author, row.comment, row.created, row.name, json.loads(row.summary))

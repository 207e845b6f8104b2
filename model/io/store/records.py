"""What the store hands out: `Entry` (a line of the list), `Version`, `Saved` (both with the scenario), `Page`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from model.plan.scenario import Scenario

#: stands for a time that cannot be read
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


#: how a scenario stands on its way to the approved budget; a draft does not stand anywhere
SUBMITTED, APPROVED, RETURNED, SUPERSEDED = "submitted", "approved", "returned", "superseded"


@dataclass(frozen=True, slots=True)
class Approval:
    """How a version of a scenario stands. plan, year: what it is to be the budget of. submitter_key: see `actors.Actor`.
    decider, decided: who approved or returned it, and when; reason: why it was returned."""

    version: int
    state: str
    plan: str
    year: int
    submitter: str
    submitter_key: str
    submitted: datetime
    decider: str = ""
    decided: datetime | None = None
    reason: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether nothing of the scenario may change."""
        return self.state in (SUBMITTED, APPROVED)

    @property
    def last(self) -> tuple[str, datetime]:
        """Who brought it here, and when."""
        return (self.submitter, self.submitted) if self.decided is None else (self.decider, self.decided)


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario as the list shows it, in its latest version.

    id: 32 hex digits. author: who made it; editor: who changed it last. created, updated: aware, UTC. version: latest
    number. summary: gmv, net_revenue, net_profit (yuan, whole plan), net_margin_rate (None where undefined), months
    (gmv of each month), start (first month, YYYY-MM), by today's model; "chance", once somebody has
    drawn it. damaged: what is on the disk is not what was
    written; the summary is empty then, and other fields are what could be read. approval: None for a draft.
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
    approval: Approval | None = None


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
class Draft:
    """Unsaved work as it lies in the store. owner: "" for nobody's, and for one from before drafts had owners."""

    payload: bytes
    owner: str
    version: str


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


def entry_of(row, tags: tuple[str, ...], approval: Approval | None = None) -> Entry:
    """From a row of the table of scenarios; what cannot be read is marked, and shown as far as it goes."""
    said = (row.name, row.note, row.author, row.editor)
    name, note, author, editor = (value if isinstance(value, str) else "" for value in said)
    summary = summary_in(row.summary)
    sound = isinstance(row.name, str) and isinstance(row.latest, int) and None not in (summary, row.created, row.updated)
    return Entry(row.id, name, note, tags, author, editor, row.created or _UNKNOWN, row.updated or _UNKNOWN,
                 row.latest if isinstance(row.latest, int) else 0, row.archived, row.locked, summary or {}, not sound,
                 approval)


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


def approval_of(row) -> Approval:
    """From a row of the table of approvals."""
    return Approval(row.version, row.state, row.plan, row.year, row.submitter, row.submitter_key, row.submitted or _UNKNOWN,
                    row.decider, row.decided, row.reason)


def version_of(row) -> Version:
    """From a row of the table of versions."""
    return Version(row.number, row.author, row.comment, row.created or _UNKNOWN, row.name)

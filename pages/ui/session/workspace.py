"""What one reader works on, and how it is packed for a draft that outlives the server."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Any

from model import InvalidInput, Plan, Scenario
from model.engine.kpis import YEAR
from model.plan.book import EMPTY, Book, from_plain, to_plain

#: packed drafts are kept below this, if need be without their undo
MAX_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Stored:
    """Which saved scenario and version the work started from, or was last saved as."""

    id: str
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A step that opened something else: going over it brings back what was saved and pinned, too."""

    scenario: Scenario
    saved: Scenario
    baseline: Scenario
    stored: Stored | None


@dataclass(frozen=True, slots=True)
class Locked:
    """A step that took the locks away, too (reset): going over it brings them back."""

    scenario: Scenario
    locks: frozenset[str]


#: what undo and redo hold
Step = Scenario | Opened | Locked


@dataclass(frozen=True, slots=True)
class Mark:
    """Which draft a session works on. token: "" for none yet. after: the version that the session has read there. line: what the
    versions of its own writes begin with."""

    token: str = ""
    after: str = ""
    line: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass
class Workspace:
    """What one reader works on. saved: as opened or last saved. baseline: what the cards compare with.

    form: name, note and comment that were typed for the next version and are not saved yet. own: what was typed on My numbers
    and is no plan yet, as JSON takes it. period: the year of a longer
    plan that the pages speak of. compared: keys of what Compare sets side by side, none before it was chosen.
    """

    scenario: Scenario
    saved: Scenario
    baseline: Scenario
    undo: list[Step] = field(default_factory=list)
    redo: list[Step] = field(default_factory=list)
    locks: frozenset[str] = frozenset()
    stored: Stored | None = None
    author: str = ""
    form: dict[str, str] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    axes: dict[str, float] = field(default_factory=dict)
    problem: InvalidInput | None = None
    problem_title: str = ""
    hint: str = ""
    period: str = YEAR
    compared: tuple[str, ...] = ()
    draft: Mark = field(default_factory=Mark)
    burst_of: str = ""
    burst_at: float = 0.0
    burst: list[dict[str, float]] = field(default_factory=list)
    anchor_of: str = ""
    anchor: dict[str, float] = field(default_factory=dict)
    moved_to: dict[str, float] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return self.scenario != self.saved

    @property
    def opened(self) -> Opened:
        return Opened(self.scenario, self.saved, self.baseline, self.stored)


def fresh(scenario: Scenario) -> Workspace:
    return Workspace(scenario, scenario, scenario)


def copy_of(space: Workspace) -> Workspace:
    """The same work, to go on with apart from the original."""
    return replace(space, undo=list(space.undo), redo=list(space.redo), form=dict(space.form), own=dict(space.own), axes={},
                   burst=[], draft=Mark(), problem=None)


def says_the_same(a: Workspace, b: Workspace) -> bool:
    """Whether drafts of both are the same; of scenarios, which never change, told by identity."""
    def steps(space: Workspace) -> list:
        return [space.scenario, space.saved, space.baseline, None, *space.undo, None, *space.redo]

    first, second = steps(a), steps(b)
    same = len(first) == len(second) and all(map(is_, first, second)) and a.stored == b.stored
    return same and _beside(a) == _beside(b)


def _beside(space: Workspace) -> dict[str, Any]:
    """What a draft keeps beside scenarios."""
    return {"locks": sorted(space.locks), "author": space.author, "form": space.form, "own": space.own, "period": space.period,
            "compared": space.compared}


def of_somebody_else(space: Workspace) -> Workspace:
    """The work without its owner's name and version: saving it overwrites nothing of theirs."""
    def apart(steps: list[Step]) -> list[Step]:
        return [replace(step, stored=None) if isinstance(step, Opened) else step for step in steps]

    return replace(space, undo=apart(space.undo), redo=apart(space.redo), stored=None, author="", form={}, own={})


def pack(space: Workspace) -> bytes:
    """The work as bytes; each plan once, scenarios as their differences. Without undo where that grows too large."""
    data = _compressed(space, space.undo, space.redo)
    return data if len(data) <= MAX_BYTES else _compressed(space, [], [])


class _Seen:
    """What scenarios share, each once: its place in the document."""

    def __init__(self) -> None:
        self.plans: dict[Plan, int] = {}
        self.books: dict[Book, int] = {}


def _compressed(space: Workspace, undo: list[Step], redo: list[Step]) -> bytes:
    seen = _Seen()
    document = {"now": _opened(space.opened, seen), "undo": [_step(s, seen) for s in undo],
                "redo": [_step(s, seen) for s in redo], **_beside(space)}
    document["plans"] = [[p.name, p.values, p.sources] for p in seen.plans]
    document["books"] = [to_plain(book) for book in seen.books]
    return zlib.compress(json.dumps(document, ensure_ascii=False).encode(), 1)


def _step(step: Step, seen: _Seen) -> list:
    if isinstance(step, Locked):
        return [_scenario(step.scenario, seen), sorted(step.locks)]
    return [_scenario(step, seen)] if isinstance(step, Scenario) else _opened(step, seen)


def _opened(step: Opened, seen: _Seen) -> list:
    stored = None if step.stored is None else [step.stored.id, step.stored.version, step.stored.name]
    return [*(_scenario(s, seen) for s in (step.scenario, step.saved, step.baseline)), stored]


def _scenario(scenario: Scenario, seen: _Seen) -> list:
    row = [seen.plans.setdefault(scenario.base, len(seen.plans)), scenario.name, scenario.note, scenario.changes]
    return [*row, seen.books.setdefault(scenario.book, len(seen.books))] if scenario.book else row


def unpack(data: bytes, known: Iterable[Plan] = ()) -> Workspace:
    """The work of a draft; a plan equal to a known one is that one.

    Raises InvalidInput where the rules have changed since, ValueError where the bytes are no draft.
    """
    try:
        document = json.loads(zlib.decompress(data))
        plans = [_plan(row, known) for row in document["plans"]]
        books = [from_plain(book) for book in document.get("books", [])]
        now = _back(document["now"], plans, books)
        if not isinstance(now, Opened):
            raise TypeError("no work at hand")
        undo, redo = ([_back(row, plans, books) for row in document[key]] for key in ("undo", "redo"))
        return Workspace(now.scenario, now.saved, now.baseline, undo, redo, frozenset(document["locks"]), now.stored,
                         document["author"], dict(document.get("form", {})), dict(document.get("own", {})),
                         period=document.get("period", YEAR), compared=tuple(document.get("compared", ())))
    except (zlib.error, KeyError, IndexError, TypeError) as error:
        raise ValueError("not a draft") from error


def _plan(row: list, known: Iterable[Plan]) -> Plan:
    name, listed, sources = row
    values = tuple(map(tuple, listed))
    same = next((p for p in known if p.name == name and p.values == values), None)
    return same or Plan(name, values, tuple(map(tuple, sources)))


def _back(row: list, plans: list[Plan], books: list[Book]) -> Step:
    scenarios = [Scenario(plans[base], name, note, tuple(map(tuple, changes)), books[book[0]] if book else EMPTY)
                 for base, name, note, changes, *book in (row[:3] if len(row) > 2 else row[:1])]
    if len(row) < 3:
        return Locked(scenarios[0], frozenset(row[1])) if len(row) == 2 else scenarios[0]
    scenario, saved, baseline = scenarios
    return Opened(scenario, saved, baseline, None if row[3] is None else Stored(*row[3]))

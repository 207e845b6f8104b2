"""From a draft to the approved budget: submitted, then approved and locked, or returned with a reason.

What is submitted or approved does not change (`standing`), so what is approved is what was looked at. A plan, known by
its name, has one approved budget for the year in which it begins; approving another one supersedes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from model.errors import ApprovalMoved, OwnSubmission
from model.io.store import limits, reading, writing
from model.io.store.actors import Actor, named
from model.io.store.content import Plans
from model.io.store.database import Database
from model.io.store.records import APPROVED, RETURNED, SUBMITTED, SUPERSEDED, Approval, Entry
from model.io.store.tables import APPROVALS
from model.io.store.writing import Act
from model.plan.scenario import Scenario

T = TypeVar("T")


def budget_of(scenario: Scenario) -> tuple[str, int]:
    """The plan and the year for which a scenario would be the budget."""
    return scenario.base.name, int(str(scenario.get("start"))[:4])


class Approvals:
    """`ScenarioStore.approvals`. Every method may raise StoreProblem, those with an author NotAllowed, those with a version
    ApprovalMoved where something else stands there by now."""

    def __init__(self, database: Database, plans: Plans, known_people: bool):
        self._database, self._plans, self._known_people = database, plans, known_people

    def submit(self, id: str, version: int, *, author: Actor | str) -> None:
        """The version, if it is the latest one still, for approval. Raises ScenarioLocked, ScenarioArchived, InApproval."""
        self._once(author, "submit", lambda c, act: _submit(c, self._plans, id, version, act))

    def withdraw(self, id: str, *, author: Actor | str) -> None:
        """Take back what was submitted. Raises ApprovalMoved."""
        self._once(author, "withdraw", lambda c, act: _withdraw(c, id, act))

    def approve(self, id: str, version: int, *, supersedes: str = "", author: Actor | str) -> None:
        """The submitted version is the budget of its plan and year from now on, and locked.

        supersedes: the id of the one that is the budget now, "" for none: who approves knows what that ends. Raises
        OwnSubmission where the author has submitted it.
        """
        self._once(author, "approve", lambda c, act: _approve(c, id, version, supersedes, act))

    def send_back(self, id: str, version: int, reason: str, *, author: Actor | str) -> None:
        """What was submitted, or approved, goes back to its planner, who may change it."""
        limits.check(reason=reason)
        self._once(author, "return", lambda c, act: _send_back(c, id, version, reason, act))

    def waiting(self) -> tuple[Entry, ...]:
        """What is submitted, the longest waiting first."""
        return self._database.read(lambda c: _entries(c, APPROVALS.c.state == SUBMITTED))

    def returned_to(self, author: Actor | str) -> tuple[Entry, ...]:
        """What came back to the one who submitted it."""
        key = named(author, self._known_people).key
        return self._database.read(lambda c: _entries(c, APPROVALS.c.state == RETURNED, APPROVALS.c.submitter_key == key))

    def budget(self, plan: str, year: int) -> Entry | None:
        """The approved one."""
        found = self._database.read(lambda c: _entries(c, *_is_budget(plan, year)))
        return found[0] if found else None

    def _once(self, author: Actor | str, deed: str, work: Callable[[Connection, Act], None]) -> None:
        """Also where the transaction runs again, since the answer to the first got lost."""
        act = Act(named(author, self._known_people), deed)
        self._database.write(lambda c: None if writing.noted(c, act) else work(c, act))


def _is_budget(plan: str, year: int) -> tuple[sa.ColumnElement[bool], ...]:
    return APPROVALS.c.state == APPROVED, APPROVALS.c.plan == plan, APPROVALS.c.year == year


def _entries(connection: Connection, *where: sa.ColumnElement[bool]) -> tuple[Entry, ...]:
    query = sa.select(APPROVALS.c.scenario).where(*where).order_by(APPROVALS.c.submitted, APPROVALS.c.scenario)
    return reading.entries(connection, connection.execute(query).scalars().all())


def _submit(connection: Connection, plans: Plans, id: str, version: int, act: Act) -> None:
    row = writing.held(connection, id, act.deed)
    if row.latest != version:
        raise ApprovalMoved(f"{row.name!r} has version {row.latest} by now")
    plan, year = budget_of(reading.saved(connection, plans, id).scenario)
    connection.execute(sa.delete(APPROVALS).where(APPROVALS.c.scenario == id))
    connection.execute(sa.insert(APPROVALS).values(
        scenario=id, version=row.latest, state=SUBMITTED, plan=plan, year=year, submitter=act.author,
        submitter_key=act.actor.key, submitted=act.time, decider="", decided=None, reason=""))
    writing.note(connection, act, id, row.name, row.latest)


def _withdraw(connection: Connection, id: str, act: Act) -> None:
    row = writing.held(connection, id, act.deed)
    connection.execute(sa.delete(APPROVALS).where(APPROVALS.c.scenario == id))
    writing.note(connection, act, id, row.name, row.latest)


def _approve(connection: Connection, id: str, version: int, supersedes: str, act: Act) -> None:
    row, found = _standing(connection, id, version, act)
    if found.submitter_key == act.actor.key and not act.actor.approves_own:
        raise OwnSubmission(f"{act.author!r} has submitted {row.name!r}")
    before = _entries(connection, *_is_budget(found.plan, found.year))
    if [e.id for e in before] != ([supersedes] if supersedes else []):
        raise ApprovalMoved(f"the approved budget of {found.plan!r} {found.year} is another one by now")
    for entry in before:
        _decide(connection, entry.id, APPROVED, SUPERSEDED)
        writing.note(connection, act, entry.id, entry.name, entry.version, deed="supersede", uid=act.new)
    _decide(connection, id, SUBMITTED, APPROVED, decider=act.author, decided=act.time)
    writing.touch(connection, id, act, locked=True)
    writing.note(connection, act, id, row.name, version)


def _send_back(connection: Connection, id: str, version: int, reason: str, act: Act) -> None:
    row, found = _standing(connection, id, version, act)
    _decide(connection, id, found.state, RETURNED, decider=act.author, decided=act.time, reason=reason)
    writing.touch(connection, id, act, locked=False)
    writing.note(connection, act, id, row.name, version)


def _standing(connection: Connection, id: str, version: int, act: Act) -> tuple[sa.Row, Approval]:
    """The scenario, held, and how it stands. Raises ApprovalMoved where that is not so any more."""
    row = writing.held(connection, id, act.deed)
    found = reading.approvals_of(connection, [id])[id]
    if version != found.version:
        raise ApprovalMoved(f"version {found.version} of {row.name!r} is submitted")
    return row, found


def _decide(connection: Connection, id: str, before: str, state: str, **values: object) -> None:
    """From one state to another. Raises ApprovalMoved where somebody was first: not every scenario decided on is held."""
    stands = APPROVALS.c.scenario == id, APPROVALS.c.state == before
    if not connection.execute(sa.update(APPROVALS).where(*stands).values(state=state, **values)).rowcount:
        raise ApprovalMoved(f"scenario {id} is not {before} any more")

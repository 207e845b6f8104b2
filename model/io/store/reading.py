"""The questions asked of the store, each on an open connection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import DatabaseError

from model.errors import StoreProblem, UnknownName, UnknownScenario
from model.io.store import limits
from model.io.store.content import Plans, changes_of, digest_of
from model.io.store.records import (
    Approval,
    Deed,
    Entry,
    Page,
    Remark,
    Saved,
    Version,
    approval_of,
    entry_of,
    lost,
    now,
    version_of,
)
from model.io.store.tables import APPROVALS, DEEDS, PLANS, REMARKS, SCENARIOS, TAGS, VERSIONS, microseconds
from model.plan.scenario import Plan, Scenario

#: what the list can be ordered by
ORDERS = {"updated": SCENARIOS.c.updated, "created": SCENARIOS.c.created, "name": SCENARIOS.c.name_key,
          "author": SCENARIOS.c.author}
_LAST_NUMBER = 2**31 - 1


def counts(connection: Connection) -> dict[str, int]:
    """How much there is of what a backup brings back."""
    tables = {"scenarios": SCENARIOS, "versions": VERSIONS, "comments": REMARKS, "approvals": APPROVALS}
    return {what: connection.execute(sa.select(sa.func.count()).select_from(rows)).scalar_one() for what, rows in tables.items()}


def scenario_row(connection: Connection, id: str, for_change: bool = False) -> Row:
    """The scenario's row; for_change: held against other writers until the transaction ends. Raises UnknownScenario."""
    limits.check_id(id)
    query = sa.select(SCENARIOS).where(SCENARIOS.c.id == id)
    row = connection.execute(query.with_for_update() if for_change else query).first()
    if row is None:
        raise UnknownScenario(f"no scenario {id}")
    return row


def version_row(connection: Connection, id: str, number: int) -> Row:
    """Raises UnknownScenario."""
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 < number <= _LAST_NUMBER
    query = sa.select(VERSIONS).where(VERSIONS.c.scenario == id, VERSIONS.c.number == (number if whole else 0))
    row = connection.execute(query).first()
    if row is None:
        raise UnknownScenario(f"no version {number!r:.20} of scenario {id}")
    return row


def saved(connection: Connection, plans: Plans, id: str, number: int | None = None) -> Saved:
    """A scenario in one of its versions, the latest unless said. Raises UnknownScenario, StoreProblem where it is damaged."""
    row = scenario_row(connection, id)
    version = version_row(connection, id, row.latest if number is None else number)
    _check_digest(version)
    scenario = Scenario(_plan(connection, plans, version.plan), version.name, version.note, *changes_of(version.changes))
    return Saved(_entry(connection, row), version_of(version), scenario)


def entry(connection: Connection, id: str) -> Entry:
    """The line of a scenario. Raises UnknownScenario."""
    return _entry(connection, scenario_row(connection, id))


def _entry(connection: Connection, row: Row) -> Entry:
    return entry_of(row, tags_of(connection, row.id), approvals_of(connection, [row.id]).get(row.id))


def _check_digest(version: Row) -> None:
    kept = dict(version._mapping)
    kept["created"] = version.created and microseconds(version.created)
    if digest_of(kept) != version.digest:
        raise StoreProblem("store_corrupt", f"{version.name!r:.60} version {version.number}")


def _plan(connection: Connection, plans: Plans, sha: str) -> Plan:
    plan = plans.known(sha)
    if plan is not None:
        return plan
    packed = connection.execute(sa.select(PLANS.c.packed).where(PLANS.c.sha == sha)).scalar()
    if packed is None:
        raise StoreProblem("store_corrupt", f"plan {sha[:12]}")
    return plans.unpack(sha, packed)


def page(connection: Connection, search: str, tags, archived: bool, order: str, descending: bool, limit: int,
         offset: int) -> Page:
    """A page of the list. Raises UnknownName for an order that there is not, InvalidInput for what cannot be searched."""
    if order not in ORDERS:
        raise UnknownName(order)
    where = [SCENARIOS.c.archived == archived]
    where += [SCENARIOS.c.searched.contains(word, autoescape=True) for word in limits.search_words(search)]
    where += [sa.exists().where(TAGS.c.scenario == SCENARIOS.c.id, TAGS.c.tag == tag) for tag in limits.clean_tags(tags)]
    # the id makes the order whole: no scenario twice, none missing from page to page
    by = [c.desc() if descending else c.asc() for c in (ORDERS[order], SCENARIOS.c.id)]
    # ids first: they come out of an index alone, whole rows only for the page that is shown
    query = sa.select(SCENARIOS.c.id).where(*where).order_by(*by).limit(max(limit, 0)).offset(max(offset, 0))
    ids = connection.execute(query).scalars().all()
    whole = len(ids) < limit and (ids or offset <= 0)
    total = max(offset, 0) + len(ids) if whole else _count(connection, where)
    return Page(entries(connection, ids, archived), total)


def stale(connection: Connection, ids: list[str], model: int) -> list[str]:
    """Those of the scenarios whose figures another model computed."""
    query = sa.select(SCENARIOS.c.id).where(SCENARIOS.c.id.in_(ids), SCENARIOS.c.model != model)
    return list(connection.execute(query).scalars())


def _count(connection: Connection, where: list[sa.ColumnElement]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(SCENARIOS).where(*where)).scalar_one()


def entries(connection: Connection, ids: Sequence[str], archived: bool = False) -> tuple[Entry, ...]:
    """The scenarios as the list shows them, in this order. archived: of those that cannot be read."""
    tags, rows, approvals = _tags_of(connection, ids), _rows(connection, ids), approvals_of(connection, ids)
    return tuple(entry_of(rows[id], tags[id], approvals.get(id)) if id in rows else lost(id, archived) for id in ids)


def approvals_of(connection: Connection, ids: Sequence[str]) -> dict[str, Approval]:
    """How these scenarios stand; drafts are not among them."""
    query = sa.select(APPROVALS).where(APPROVALS.c.scenario.in_(ids))
    return {row.scenario: approval_of(row) for row in connection.execute(query)}


def _rows(connection: Connection, ids: Sequence[str]) -> dict[str, Row]:
    """All at once; where the file is damaged one by one, and those that can be read."""
    def some(ids: Sequence[str]) -> dict[str, Row]:
        return {row.id: row for row in connection.execute(sa.select(SCENARIOS).where(SCENARIOS.c.id.in_(ids)))}

    try:
        return some(ids)
    except DatabaseError:
        found: dict[str, Row] = {}
        for id in ids:
            with suppress(DatabaseError):
                found |= some([id])
        return found


def _tags_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    query = sa.select(TAGS).where(TAGS.c.scenario.in_(ids))
    for row in sorted(connection.execute(query), key=lambda row: str(row.tag)):
        found[row.scenario] += (row.tag,)
    return found


def history(connection: Connection, id: str) -> tuple[Version, ...]:
    """All versions, newest first. Raises UnknownScenario."""
    scenario_row(connection, id)
    query = sa.select(VERSIONS).where(VERSIONS.c.scenario == id).order_by(VERSIONS.c.number.desc())
    return tuple(map(version_of, connection.execute(query)))


def deeds(connection: Connection, id: str | None, limit: int, left_out: Sequence[str] = ()) -> tuple[Deed, ...]:
    """The latest first; of one scenario, or of all, deleted ones too. left_out: kinds of deeds."""
    where = [DEEDS.c.deed.not_in(left_out)] + ([] if id is None else [DEEDS.c.scenario == id])
    query = sa.select(DEEDS).where(*where).order_by(DEEDS.c.created.desc(), DEEDS.c.uid).limit(limit)
    return tuple(Deed(r.scenario, r.name, r.deed, r.author, r.created, r.version, r.account, r.address)
                 for r in connection.execute(query))


def archived_since(connection: Connection, days: int) -> tuple[tuple[str, str], ...]:
    """Ids and names of what has lain in the archive for so many days and is not locked, the longest first."""
    last = sa.select(sa.func.max(DEEDS.c.created)).where(DEEDS.c.scenario == SCENARIOS.c.id, DEEDS.c.deed == "archive")
    when = last.scalar_subquery()
    query = sa.select(SCENARIOS.c.id, SCENARIOS.c.name).where(
        SCENARIOS.c.archived, ~SCENARIOS.c.locked, when < now() - timedelta(days=days)).order_by(when, SCENARIOS.c.id)
    return tuple((row.id, row.name) for row in connection.execute(query))


def remarks(connection: Connection, id: str) -> tuple[Remark, ...]:
    """In the order in which they were made. Raises UnknownScenario."""
    scenario_row(connection, id)
    query = sa.select(REMARKS).where(REMARKS.c.scenario == id).order_by(REMARKS.c.created, REMARKS.c.uid)
    return tuple(Remark(r.uid, r.version, r.parent, r.author, r.text, r.created) for r in connection.execute(query))


def all_tags(connection: Connection) -> tuple[str, ...]:
    """Every tag in use, archived scenarios included, sorted."""
    return tuple(sorted(connection.execute(sa.select(TAGS.c.tag).distinct()).scalars()))


def tags_of(connection: Connection, id: str) -> tuple[str, ...]:
    return _tags_of(connection, [id])[id]

"""The questions asked of the store, each on an open connection."""

from __future__ import annotations

import json
from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from model.errors import UnknownName, UnknownScenario
from model.io.store import limits
from model.io.store.content import Plans
from model.io.store.records import Entry, Page, Saved, Version, entry_of, version_of
from model.io.store.tables import PLANS, SCENARIOS, TAGS, VERSIONS
from model.plan.scenario import Scenario

#: what the list can be ordered by
ORDERS = {"updated": SCENARIOS.c.updated, "created": SCENARIOS.c.created, "name": SCENARIOS.c.name_key,
          "author": SCENARIOS.c.author}
_LAST_NUMBER = 2**31 - 1


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
    """A scenario in one of its versions, the latest unless said. Raises UnknownScenario."""
    row = scenario_row(connection, id)
    version = version_row(connection, id, row.latest if number is None else number)
    plan = plans.known(version.plan)
    if plan is None:
        packed = connection.execute(sa.select(PLANS.c.packed).where(PLANS.c.sha == version.plan)).scalar_one()
        plan = plans.unpack(version.plan, packed)
    changes = tuple((address, value) for address, value in json.loads(version.changes))
    entry = entry_of(row, _tags_of(connection, [id])[id])
    return Saved(entry, version_of(version), Scenario(plan, version.name, version.note, changes))


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
    ids = sa.select(SCENARIOS.c.id).where(*where).order_by(*by).limit(max(limit, 0)).offset(max(offset, 0))
    rows = connection.execute(sa.select(SCENARIOS).where(SCENARIOS.c.id.in_(ids)).order_by(*by)).all()
    whole = len(rows) < limit and (rows or offset <= 0)
    total = max(offset, 0) + len(rows) if whole else _count(connection, where)
    return Page(_entries(connection, rows), total)


def _count(connection: Connection, where: list[sa.ColumnElement]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(SCENARIOS).where(*where)).scalar_one()


def _entries(connection: Connection, rows: list[Row]) -> tuple[Entry, ...]:
    tags = _tags_of(connection, [row.id for row in rows])
    return tuple(entry_of(row, tags[row.id]) for row in rows)


def _tags_of(connection: Connection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    found = defaultdict(tuple)
    query = sa.select(TAGS).where(TAGS.c.scenario.in_(ids))
    for row in sorted(connection.execute(query), key=lambda row: row.tag):
        found[row.scenario] += (row.tag,)
    return found


def history(connection: Connection, id: str) -> tuple[Version, ...]:
    """All versions, newest first. Raises UnknownScenario."""
    scenario_row(connection, id)
    query = sa.select(VERSIONS).where(VERSIONS.c.scenario == id).order_by(VERSIONS.c.number.desc())
    return tuple(map(version_of, connection.execute(query)))


def all_tags(connection: Connection) -> tuple[str, ...]:
    """Every tag in use, archived scenarios included, sorted."""
    return tuple(sorted(connection.execute(sa.select(TAGS.c.tag).distinct()).scalars()))


def tags_of(connection: Connection, id: str) -> tuple[str, ...]:
    return _tags_of(connection, [id])[id]

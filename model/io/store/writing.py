"""The changes of the store, each on a connection whose transaction is whole or not at all.

Every change of what a scenario says (values, name, note) is a new version. Ids are made before the transaction starts,
so that running one again after a cut connection does nothing twice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from model.engine.version import RESULTS
from model.errors import DuplicateName, UnknownScenario, VersionConflict
from model.io.store import limits, reading
from model.io.store.actors import Actor
from model.io.store.content import Packed, Plans, as_json, changes_text, digest_of, summary_of
from model.io.store.records import Saved, now, summary_in
from model.io.store.standing import refusal_of
from model.io.store.tables import DEEDS, PLANS, REMARKS, SCENARIOS, TAGS, VERSIONS, microseconds
from model.plan.scenario import Scenario

#: columns of a version that make up what it says
_CONTENT = ("name", "note", "plan", "changes")
#: of a version whose scenario was not at hand: no model's, so they are computed with the next look at the list
_NO_FIGURES = {"summary": "{}", "model": 0}


def fresh_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Act:
    """Who does what, when and why. uid: of the version that comes of it, and of the audit's line; new: of the scenario that comes
    of it. Raises NotAllowed for whom it is not, InvalidInput for a name or comment that cannot be stored."""

    actor: Actor
    deed: str
    comment: str = ""
    uid: str = field(default_factory=fresh_id)
    new: str = field(default_factory=fresh_id)
    time: datetime = field(default_factory=now)

    def __post_init__(self):
        self.actor.check(self.deed)
        limits.check(author=self.actor.name, comment=self.comment)

    @property
    def author(self) -> str:
        return self.actor.name


@dataclass(frozen=True)
class Prepared:
    """A scenario made ready outside the transaction: evaluating and packing it holds up nobody."""

    scenario: Scenario
    packed: Packed
    content: dict[str, str]
    figures: dict[str, Any]


def prepare(scenario: Scenario, plans: Plans) -> Prepared:
    """Raises InvalidInput where the name or note cannot be stored."""
    limits.check(name=scenario.name, note=scenario.note)
    packed = plans.pack(scenario.base)
    return Prepared(scenario, packed, {
        "name": scenario.name, "note": scenario.note, "plan": packed.sha, "changes": changes_text(scenario)},
        figures_of(scenario))


def figures_of(scenario: Scenario) -> dict[str, Any]:
    """The figures of the list and the model that they are of, as columns."""
    return {"summary": as_json(summary_of(scenario)), "model": RESULTS}


def insert_new(connection: Connection, table: sa.Table, rows: list[dict]) -> None:
    """Insert those whose key is not there yet."""
    insert = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name].insert
    connection.execute(insert(table).on_conflict_do_nothing(), rows)


def save(connection: Connection, plans: Plans, new: Prepared, act: Act, id: str | None, expected: int | None,
         tags: tuple[str, ...] | None) -> Saved:
    """See ScenarioStore.save."""
    if done := _done(connection, plans, act):
        return done
    row = held(connection, id, act.deed) if id is not None else None
    if row is not None:
        if not act.comment and _says(connection, row) == new.content:
            if tags is not None:
                _set_tags(connection, row, tags, act)
            return reading.saved(connection, plans, row.id)
        if expected not in (None, row.latest):
            raise VersionConflict(new.scenario, reading.saved(connection, plans, row.id),
                                  reading.saved(connection, plans, row.id, expected))
    _keep_plan(connection, new.packed)
    return _append(connection, plans, row, new.content, act, tags, new.figures)


def _done(connection: Connection, plans: Plans, act: Act) -> Saved | None:
    """The version that this act made already, where its first try was written and only the answer got lost."""
    query = sa.select(VERSIONS.c.scenario, VERSIONS.c.number).where(VERSIONS.c.uid == act.uid)
    row = connection.execute(query).first()
    return row and reading.saved(connection, plans, row.scenario, row.number)


def held(connection: Connection, id: str, deed: str) -> Row:
    """The scenario, held against other writers. Raises what `standing` says against the deed."""
    row = reading.scenario_row(connection, id, for_change=True)
    approval = reading.approvals_of(connection, [id]).get(id)
    if found := refusal_of(deed, row.locked, row.archived, approval):
        raise found(f"{row.name!r} takes no {deed!r} as it stands")
    return row


def _says(connection: Connection, row: Row, number: int | None = None) -> dict[str, str]:
    version = reading.version_row(connection, row.id, row.latest if number is None else number)
    return {key: getattr(version, key) for key in _CONTENT}


def _keep_plan(connection: Connection, packed: Packed) -> None:
    there = connection.execute(sa.select(PLANS.c.sha).where(PLANS.c.sha == packed.sha)).first()
    if not there:
        insert_new(connection, PLANS, [{"sha": packed.sha, "packed": packed.data}])


def _append(connection: Connection, plans: Plans, row: Row | None, content: dict[str, str], act: Act,
            tags: tuple[str, ...] | None = None, figures: dict[str, Any] | None = None) -> Saved:
    """The content as the next version of the row's scenario, or as the first of a new one.

    figures: None leaves them to the next look at the list.
    """
    id = act.new if row is None else row.id
    number = 1 if row is None else row.latest + 1
    tags = (() if row is None else reading.tags_of(connection, id)) if tags is None else tags
    key, author = limits.name_key(content["name"]), act.author if row is None else row.author
    _check_name_is_free(connection, key, id)
    values = {"name": content["name"], "name_key": key, "note": content["note"], "editor": act.author, **(figures or _NO_FIGURES),
              "updated": act.time, "latest": number,
              "searched": limits.searched_text(content["name"], content["note"], author, act.author, tags)}
    if row is None:
        connection.execute(sa.insert(SCENARIOS).values(
            id=id, author=author, created=act.time, archived=False, locked=False, **values))
    else:
        connection.execute(sa.update(SCENARIOS).where(SCENARIOS.c.id == id).values(**values))
    version = {"uid": act.uid, "scenario": id, "number": number, "author": act.author, "comment": act.comment, **content}
    digest = digest_of({**version, "created": microseconds(act.time)})
    connection.execute(sa.insert(VERSIONS).values(**version, created=act.time, digest=digest))
    _write_tags(connection, id, tags)
    note(connection, act, id, content["name"], number)
    return reading.saved(connection, plans, id)


def _check_name_is_free(connection: Connection, key: str, id: str) -> None:
    query = sa.select(SCENARIOS.c.name).where(SCENARIOS.c.name_key == key, SCENARIOS.c.id != id)
    if other := connection.execute(query).first():
        raise DuplicateName(f"there is already a scenario {other.name!r}")


def _write_tags(connection: Connection, id: str, tags: tuple[str, ...]) -> None:
    connection.execute(sa.delete(TAGS).where(TAGS.c.scenario == id))
    if tags:
        connection.execute(sa.insert(TAGS), [{"scenario": id, "tag": tag} for tag in tags])


def _set_tags(connection: Connection, row: Row, tags: tuple[str, ...], act: Act) -> None:
    """Tags are labels on the folder and no part of what the scenario says: they make no version."""
    _write_tags(connection, row.id, tags)
    searched = limits.searched_text(row.name, row.note, row.author, act.author, tags)
    note(connection, act, row.id, row.name, deed="tag")
    touch(connection, row.id, act, searched=searched)


def touch(connection: Connection, id: str, act: Act, **values: object) -> None:
    """Who changed the scenario last, and what of its line."""
    connection.execute(sa.update(SCENARIOS).where(SCENARIOS.c.id == id).values(
        editor=act.author, updated=act.time, **values))


def _figures_kept(row: Row) -> dict[str, Any]:
    return {"summary": row.summary, "model": row.model}


def restate(connection: Connection, plans: Plans, id: str, act: Act, tags: tuple[str, ...] | None = None,
            **says: str) -> Saved:
    """Another name or note as a new version, where it is another one."""
    if done := _done(connection, plans, act):
        return done
    row = held(connection, id, act.deed)
    before = _says(connection, row)
    if before | says != before:
        return _append(connection, plans, row, before | says, act, tags, _figures_kept(row))
    if tags is not None:
        _set_tags(connection, row, tags, act)
    return reading.saved(connection, plans, id)


def duplicate(connection: Connection, plans: Plans, id: str, name: str, act: Act, number: int | None) -> Saved:
    """See ScenarioStore.duplicate."""
    if done := _done(connection, plans, act):
        return done
    row = reading.scenario_row(connection, id)
    content = _says(connection, row, number) | {"name": name}
    figures = _figures_kept(row) if number in (None, row.latest) else None
    return _append(connection, plans, None, content, act, reading.tags_of(connection, id), figures)


def restore(connection: Connection, plans: Plans, id: str, number: int, act: Act) -> Saved:
    """See ScenarioStore.restore."""
    if done := _done(connection, plans, act):
        return done
    row = held(connection, id, act.deed)
    # the name stays: the old one may belong to another scenario by now
    return _append(connection, plans, row, _says(connection, row, number) | {"name": row.name}, act)


def mark(connection: Connection, id: str, act: Act, **flag: bool) -> None:
    """Set archived or locked, where it is not yet so. Raises InApproval."""
    row = held(connection, id, act.deed)
    if any(getattr(row, key) != value for key, value in flag.items()):
        note(connection, act, id, row.name)
        touch(connection, id, act, **flag)


def note(connection: Connection, act: Act, id: str, name: str, version: int = 0, deed: str = "", uid: str = "") -> None:
    """A line of the audit, once for each act. deed, uid: where it is not what the act was begun for, or a second line of it."""
    insert_new(connection, DEEDS, [{
        "uid": uid or act.uid, "scenario": id, "name": name, "deed": deed or act.deed, "author": act.author, "created": act.time,
        "version": version, "account": act.actor.account, "address": act.actor.address}])


def noted(connection: Connection, act: Act) -> bool:
    """Whether this act was done already, and only the answer got lost."""
    return connection.execute(sa.select(DEEDS.c.uid).where(DEEDS.c.uid == act.uid)).first() is not None


def remark(connection: Connection, id: str, version: int, text: str, parent: str, act: Act) -> None:
    """See ScenarioStore.remark."""
    row = reading.scenario_row(connection, id)
    reading.version_row(connection, id, version)
    known = sa.select(REMARKS.c.uid).where(REMARKS.c.scenario == id, REMARKS.c.uid == parent)
    if parent and not connection.execute(known).first():
        raise UnknownScenario(f"no remark {parent:.32} on scenario {id}")
    insert_new(connection, REMARKS, [{"uid": act.uid, "scenario": id, "version": version, "parent": parent, "author": act.author,
                                      "text": text, "created": act.time}])
    note(connection, act, id, row.name, version)


def keep_chance(connection: Connection, id: str, version: int, chance: dict[str, float] | None) -> None:
    """Beside the list's figures, unless these are of a newer version or another model by now."""
    here = SCENARIOS.c.id == id, SCENARIOS.c.latest == version, SCENARIOS.c.model == RESULTS
    row = connection.execute(sa.select(SCENARIOS.c.summary).where(*here)).first()
    if row is not None and (known := summary_in(row.summary)) is not None:
        connection.execute(sa.update(SCENARIOS).where(*here).values(summary=as_json({**known, "chance": chance})))


def refresh(connection: Connection, id: str, version: int, figures: dict[str, Any]) -> None:
    """The list's figures by today's model, unless a newer version has come meanwhile."""
    connection.execute(sa.update(SCENARIOS).where(SCENARIOS.c.id == id, SCENARIOS.c.latest == version).values(**figures))


def delete(connection: Connection, id: str, act: Act) -> None:
    """The scenario with its versions and tags; plans stay, since others may be made on them at this moment."""
    row = held(connection, id, act.deed)
    note(connection, act, id, row.name)
    connection.execute(sa.delete(SCENARIOS).where(SCENARIOS.c.id == id))


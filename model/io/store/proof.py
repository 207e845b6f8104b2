"""A backup is read to its end before it replaces anything: every plan and version, its digest, its JSON, its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from model.engine.version import RESULTS
from model.errors import InvalidInput, StoreProblem
from model.io.store import limits
from model.io.store.content import Plans, changes_of, digest_of
from model.plan.scenario import Plan, Scenario

#: as they lie on the disk: what is no time or no text must not stop the reading
_VERSIONS = sa.text("SELECT * FROM versions ORDER BY scenario, number")
_SCENARIOS = sa.text("SELECT * FROM scenarios")


@dataclass(frozen=True, slots=True)
class Damage:
    """A scenario in which something cannot be read, by the name that is left of it; versions: those that are lost."""

    id: str
    name: str
    versions: tuple[int, ...]

    def __str__(self) -> str:
        lost = ", ".join(map(str, self.versions))
        return f"{self.name!r:.60}" + (f" version {lost}" if lost else " (its line in the list)")


def damages(connection: Connection) -> tuple[Damage, ...]:
    """What of the scenarios is not as it was written; () for a sound store."""
    plans = _sound_plans(connection)
    good, bad = _versions(connection, plans)
    rows = {row.id: row for row in connection.execute(_SCENARIOS)}
    return tuple(Damage(id, _name(rows.get(id), good.get(id, [])), tuple(v.number for v in bad.get(id, ())))
                 for id in sorted({*rows, *good, *bad}, key=str) if id in bad or not _in_order(rows.get(id), good.get(id, [])))


def mend(connection: Connection, found: tuple[Damage, ...]) -> None:
    """Leave out the versions that are lost, and the scenarios of which nothing is left; the list says what the rest says."""
    good, _ = _versions(connection, _sound_plans(connection))
    for damage in found:
        if versions := good.get(damage.id):
            _mend(connection, damage.id, versions)
        else:
            connection.execute(sa.text("DELETE FROM scenarios WHERE id IS :id"), {"id": damage.id})
    connection.execute(sa.text("DELETE FROM versions WHERE scenario NOT IN (SELECT id FROM scenarios)"))
    for table in ("tags", "remarks", "approvals"):
        connection.execute(sa.text(f"DELETE FROM {table} WHERE scenario NOT IN (SELECT id FROM scenarios)"))


def _mend(connection: Connection, id: str, versions: list[Row]) -> None:
    first, last = versions[0], versions[-1]
    kept = {f"u{i}": v.uid for i, v in enumerate(versions)}
    connection.execute(sa.text(f"DELETE FROM versions WHERE scenario = :id AND uid NOT IN ({', '.join(f':{u}' for u in kept)})"),
                       {"id": id, **kept})
    values = {"id": id, "name": last.name, "note": last.note, "author": first.author, "editor": last.author,
              "created": first.created, "updated": last.created, "latest": last.number, "name_key": limits.name_key(last.name),
              "searched": limits.searched_text(last.name, last.note, first.author, last.author, ()), "summary": "{}", "model": 0,
              "archived": False, "locked": False}
    for table in ("tags", "approvals"):  # what was approved is not whole any more
        connection.execute(sa.text(f"DELETE FROM {table} WHERE scenario = :id"), {"id": id})
    connection.execute(sa.text(f"UPDATE scenarios SET {', '.join(f'{c} = :{c}' for c in values)} WHERE id = :id"), values)


def _sound_plans(connection: Connection) -> dict[str, Plan]:
    read, out = Plans(), {}
    for sha, packed in connection.execute(sa.text("SELECT sha, packed FROM plans")):
        try:
            out[sha] = read.unpack(sha, packed)
        except (StoreProblem, TypeError, ValueError, AttributeError):
            continue
    return out


def _versions(connection: Connection, plans: dict[str, Plan]) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Those that can be read and those that cannot, by scenario."""
    good: dict[str, list[Row]] = {}
    bad: dict[str, list[Row]] = {}
    for row in connection.execute(_VERSIONS):
        (good if _sound(row, plans) else bad).setdefault(row.scenario, []).append(row)
    return good, bad


def _sound(row: Row, plans: dict[str, Plan]) -> bool:
    try:
        if digest_of(row._mapping) != row.digest:
            return False
        Scenario(plans[row.plan], row.name, row.note, *changes_of(row.changes))
    except InvalidInput:  # read, and refused by rules that are younger than it: it stays in the history
        return True
    except (StoreProblem, KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


def _in_order(row: Row | None, versions: list[Row]) -> bool:
    """The line of the list says what the latest version says."""
    if row is None or not versions:
        return False
    last = versions[-1]
    texts = (row.name, row.note, row.name_key, row.latest)
    return texts == (last.name, last.note, limits.name_key(last.name), last.number) and all(_parts(row))


def _parts(row: Row) -> Iterator[bool]:
    yield all(isinstance(n, int) and 0 < n < 2**56 for n in (row.created, row.updated))
    yield all(flag in (0, 1) for flag in (row.archived, row.locked))
    yield all(isinstance(text, str) and text.isprintable() and "\ufffd" not in text for text in (row.author, row.editor))
    yield row.model != RESULTS or (isinstance(row.summary, str) and row.summary[:1] == "{" and row.summary[-1:] == "}")


def _name(row: Row | None, versions: list[Row]) -> str:
    """What is left of the name: of the latest version that can be read, else of the list."""
    return str(versions[-1].name if versions else row.name if row is not None else "?")

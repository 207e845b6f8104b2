"""Who may write, and the line that each write leaves in the audit. Each test on SQLite and on PostgreSQL."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from model.errors import InvalidInput, NotAllowed
from model.io.store import Actor, ScenarioStore, restore_backup
from model.io.store.actors import RIGHTS, ROLES
from samples import changed, sample

#: every method of the store that writes in somebody's name, by the deed that it is; `_id` is a scenario, archived for delete
WRITES = {
    "save": lambda s, id, who: s.save(changed(vat=0.06).named("Budget"), author=who, id=id),
    "rename": lambda s, id, who: s.rename(id, "other name", author=who),
    "describe": lambda s, id, who: s.describe(id, note="for the board", author=who),
    "duplicate": lambda s, id, who: s.duplicate(id, "copy", author=who),
    "restore": lambda s, id, who: s.restore(id, 1, author=who),
    "remark": lambda s, id, who: s.remark(id, 1, "is this so?", author=who),
    "lock": lambda s, id, who: s.lock(id, author=who),
    "unlock": lambda s, id, who: s.unlock(id, author=who),
    "archive": lambda s, id, who: s.archive(id, author=who),
    "delete": lambda s, id, who: s.delete(id, author=who),
    "sign_out": lambda s, id, who: s.sign_outs.end_of("p" * 64, "li", author=who),
}


def person(*roles: str, name: str = "Li", **more) -> Actor:
    return Actor(name, frozenset(roles), key=name.lower() * 8, account=f"{name.lower()}@example.com", address="10.0.0.7", **more)


def put(store) -> str:
    return store.save(sample().named("Budget"), author="Wang").entry.id


def test_nobody_writes_without_the_role_for_it_and_nothing_is_written_then(store):
    id = put(store)
    before = store.audit(author="admin"), store.list(), store.history(id), store.remarks(id)
    for deed, write in WRITES.items():
        for role in [r for r in ROLES if r not in RIGHTS[deed]]:
            with pytest.raises(NotAllowed) as refused:
                write(store, id, person(role))
            assert (refused.value.deed, refused.value.needed, refused.value.roles) == (deed, RIGHTS[deed], (role,))
            assert " or ".join(RIGHTS[deed]) in str(refused.value) and "Ask" in str(refused.value)
    with pytest.raises(NotAllowed):
        store.save(sample().named("mine"), author=person())
    assert (store.audit(author="admin"), store.list(), store.history(id), store.remarks(id)) == before


def test_each_write_leaves_its_line_in_the_audit_with_who_from_where_and_the_version(store):
    id, who = put(store), person(*ROLES)
    for write in WRITES.values():
        write(store, id, who)
    lines = store.audit(author=who)
    assert [(d.deed, d.name, d.version) for d in reversed(lines)] == [
        ("save", "Budget", 1), ("save", "Budget", 2), ("rename", "other name", 3), ("describe", "other name", 4),
        ("duplicate", "copy", 1), ("restore", "other name", 5), ("remark", "other name", 1), ("lock", "other name", 0),
        ("unlock", "other name", 0), ("archive", "other name", 0), ("delete", "other name", 0), ("sign_out", "li", 0)]
    assert {(d.author, d.account, d.address) for d in lines[:-1]} == {("Li", "li@example.com", "10.0.0.7")}
    assert (lines[-1].author, lines[-1].account, lines[-1].scenario) == ("Wang", "", id)


def test_what_changes_nothing_or_fails_leaves_no_line(store):
    id = put(store)
    store.save(sample().named("Budget"), author="Wang", id=id)
    store.unlock(id, author="Wang")
    for bad in ({"author": "Wang", "comment": "x" * 501}, {"author": "x" * 61}):
        with pytest.raises(InvalidInput):
            store.save(changed(vat=0.06).named("Budget"), id=id, **bad)
    assert len(store.audit(author="Wang")) == 1


def test_the_audit_is_for_administrators(store):
    for role in ROLES:
        if role != "admin":
            with pytest.raises(NotAllowed):
                store.audit(author=person(role))
    assert store.audit(author=person("admin")) == ()


def test_a_bare_name_writes_nothing_where_only_known_people_may(store, url):
    id = put(store)
    with closing(ScenarioStore(url, known_people=True)) as strict:
        for deed, write in WRITES.items():
            with pytest.raises(NotAllowed):
                write(strict, id, "Wang")
            assert strict.list().total == 1, deed
        with pytest.raises(NotAllowed):
            strict.audit(author="Wang")
        assert strict.save(changed(vat=0.06).named("Budget"), author=person("planner"), id=id).version.number == 2


@pytest.mark.parametrize("change", ["DELETE FROM deeds", "UPDATE deeds SET author = 'nobody'"])
def test_no_line_of_the_audit_is_changed_or_deleted_whoever_asks_the_database(store, change):
    put(store)
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), store._database._engine.begin() as connection:
        connection.exec_driver_sql(change)
    assert [d.author for d in store.audit(author="a")] == ["Wang"]


def test_a_restored_backup_is_told_in_the_audit_which_keeps_what_it_knew(store, url, tmp_path):
    id = put(store)
    store.backup(tmp_path / "backup.db")
    store.archive(id, author="Zhao")
    restore_backup(tmp_path / "backup.db", url, author="root")
    with closing(ScenarioStore(url)) as after:
        assert [(d.deed, d.author, d.name) for d in after.audit(author="a")] == [
            ("replace", "root", "backup.db"), ("archive", "Zhao", "Budget"), ("save", "Wang", "Budget")]
        assert not after.open(id).entry.archived


def test_a_sign_out_is_known_by_everybody_who_asks_and_the_latest_counts(store, url, monkeypatch):
    person_, sign_in = "p" * 64, "s" * 64
    assert store.sign_outs.since([person_, sign_in]) == {}
    before = datetime.now(UTC)
    store.sign_outs.end(person_)
    with closing(ScenarioStore(url)) as another:
        first = another.sign_outs.since([person_, sign_in])
        assert first.keys() == {person_} and before <= first[person_] <= datetime.now(UTC)
        another.sign_outs.end(person_)
        latest = store.sign_outs.since([person_])[person_]
        assert latest > first[person_]
    with monkeypatch.context() as patch:
        patch.setattr("model.io.store.sign_outs.now", lambda: datetime.now(UTC) - timedelta(seconds=30))
        store.sign_outs.end(person_)
        assert store.sign_outs.since([person_])[person_] == latest, "a server whose clock is behind lets nobody in again"
    monkeypatch.setattr("model.io.store.sign_outs.now", lambda: datetime.now(UTC) + timedelta(days=41))
    store.sign_outs.end(sign_in)
    assert store.sign_outs.since([person_, sign_in]).keys() == {sign_in}, "nobody can come with a sign-in of so long ago"

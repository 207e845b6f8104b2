"""What people say of versions, and the chances that are kept with the list. Each test on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from model.errors import InvalidInput, UnknownScenario
from model.io.store import ScenarioStore, restore_backup
from samples import changed, sample


def test_remarks_and_replies_stay_with_their_version_in_the_order_in_which_they_came(store):
    entry = store.save(sample().named("Budget"), author="Wang").entry
    store.save(changed(vat=0.06).named("Budget"), author="Wang", id=entry.id)
    store.remark(entry.id, 1, "退货率偏乐观？\n请看女装", author="Li")
    (first,) = store.remarks(entry.id)
    store.lock(entry.id, author="Wang")
    store.remark(entry.id, 1, "按去年实际", author="Wang", parent=first.id)
    store.remark(entry.id, 2, "ok", author="Li")
    found = store.remarks(entry.id)
    assert [(r.version, r.author, r.text, r.parent) for r in found] == [
        (1, "Li", "退货率偏乐观？\n请看女装", ""), (1, "Wang", "按去年实际", first.id), (2, "Li", "ok", "")]
    assert found[0].created <= found[1].created <= found[2].created
    assert store.open(entry.id).version.number == 2, "a remark is no version"


def test_a_remark_is_refused_where_it_belongs_to_nothing_and_where_it_says_nothing(store):
    one, other = (store.save(sample().named(name), author="a").entry.id for name in ("one", "other"))
    store.remark(one, 1, "x", author="a")
    parent = store.remarks(one)[0].id
    for id, version, parent_ in ((one, 2, ""), ("0" * 32, 1, ""), (other, 1, parent), (one, 1, "no such")):
        with pytest.raises(UnknownScenario):
            store.remark(id, version, "x", author="a", parent=parent_)
    for text in ("", "  ", "x" * 2001, "a\x00b"):
        with pytest.raises(InvalidInput):
            store.remark(one, 1, text, author="a")
    assert len(store.remarks(one)) == 1 and store.remarks(other) == ()


def test_remarks_go_with_their_scenario_and_come_back_with_a_backup(store, url, tmp_path):
    id = store.save(sample().named("Budget"), author="a").entry.id
    store.remark(id, 1, "keep this", author="a")
    store.backup(tmp_path / "backup.db")
    store.archive(id, author="a")
    store.delete(id, author="a")
    with pytest.raises(UnknownScenario):
        store.remarks(id)
    restore_backup(tmp_path / "backup.db", url)
    assert [r.text for r in ScenarioStore(url).remarks(id)] == ["keep this"]


def test_a_chance_is_kept_with_its_version_alone(store):
    id = store.save(sample().named("Budget"), author="a").entry.id
    store.keep_chance(id, 1, {"chance": 0.36, "error": 0.008})
    store.keep_chance(id, 2, {"chance": 0.99, "error": 0.0})
    (entry,) = store.list().entries
    assert entry.summary["chance"] == {"chance": 0.36, "error": 0.008} and entry.summary["gmv"] > 1e8
    store.save(changed(vat=0.06).named("Budget"), author="a", id=id)
    assert "chance" not in store.list().entries[0].summary

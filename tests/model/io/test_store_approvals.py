"""From a draft to the approved budget and back. Each test on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa

from model.errors import ApprovalMoved, InApproval, InvalidInput, NotAllowed, OwnSubmission, ScenarioLocked, StoreRefused
from model.io.store import Actor, ScenarioStore, approvals, restore_backup, standing
from model.io.store.tables import APPROVALS
from model.io.store.writing import fresh_id
from samples import changed, sample

PAN = Actor("Pan", frozenset(["planner"]), key="pan")
APU = Actor("Apu", frozenset(["approver"]), key="apu")
BOTH = Actor("Bo", frozenset(["planner", "approver"]), key="bo")


def put(store, name: str = "Budget", **values) -> str:
    return store.save(changed(**values).named(name), author=PAN).entry.id


def state(store, id: str) -> str:
    found = store.open(id).entry.approval
    return found.state if found else "draft"


def approved(store, name: str, supersedes: str = "") -> str:
    id = put(store, name)
    store.approvals.submit(id, 1, author=PAN)
    store.approvals.approve(id, 1, supersedes=supersedes, author=APU)
    return id


def test_from_a_draft_to_the_budget(store):
    id = put(store)
    assert state(store, id) == "draft" and store.approvals.budget("sample", 2027) is None
    store.approvals.submit(id, 1, author=PAN)
    (waits,) = store.approvals.waiting()
    assert (waits.id, waits.approval.version, waits.approval.submitter, waits.approval.year) == (id, 1, "Pan", 2027)
    store.approvals.approve(id, 1, author=APU)
    entry = store.approvals.budget("sample", 2027)
    assert (entry.id, entry.locked, entry.approval.state, entry.approval.decider) == (id, True, "approved", "Apu")
    assert entry.approval.submitted <= entry.approval.decided and entry == store.list().entries[0]
    assert store.approvals.waiting() == () and store.approvals.budget("sample", 2028) is None


def test_what_is_submitted_or_approved_stays_as_it_was_looked_at(store):
    id = put(store)
    touching = [lambda: store.save(changed(vat=0.06).named("Budget"), author=PAN, id=id),
                lambda: store.rename(id, "other", author=PAN), lambda: store.describe(id, note="n", tags=["t"], author=PAN),
                lambda: store.restore(id, 1, author=PAN), lambda: store.archive(id, author=PAN), lambda: store.lock(id, author=PAN),
                lambda: store.unlock(id, author=PAN), lambda: store.approvals.submit(id, 1, author=PAN)]
    store.approvals.submit(id, 1, author=PAN)
    for step in (lambda: None, lambda: store.approvals.approve(id, 1, author=APU)):
        step()
        before = store.open(id)
        for touch in touching:
            with pytest.raises(InApproval):
                touch()
        assert store.open(id) == before
    store.remark(id, 1, "agreed", author=APU)
    assert store.duplicate(id, "copy", author=PAN).entry.approval is None


def test_what_is_returned_says_why_and_can_be_changed_and_submitted_again(store):
    id = put(store)
    store.approvals.submit(id, 1, author=PAN)
    for empty in ("", "  ", "x" * 501):
        with pytest.raises(InvalidInput):
            store.approvals.send_back(id, 1, empty, author=APU)
    store.approvals.send_back(id, 1, "退货率偏低\n请核对", author=APU)
    (back,) = store.approvals.returned_to(PAN)
    assert (back.approval.reason, back.approval.decider, back.approval.state) == ("退货率偏低\n请核对", "Apu", "returned")
    assert store.approvals.returned_to(BOTH) == ()
    assert store.save(changed(vat=0.06).named("Budget"), author=PAN, id=id, expected=1).version.number == 2
    store.approvals.submit(id, 2, author=PAN)
    assert store.approvals.returned_to(PAN) == () and store.approvals.waiting()[0].approval.version == 2


def test_an_approval_taken_back_unlocks_it_and_the_year_has_no_budget(store):
    id = approved(store, "Budget")
    store.approvals.send_back(id, 1, "the board has changed its mind", author=APU)
    assert store.approvals.budget("sample", 2027) is None and not store.open(id).entry.locked
    store.rename(id, "Budget 2", author=PAN)


def test_another_approved_budget_supersedes_the_first_for_those_who_know_it(store):
    first, second = approved(store, "first"), put(store, "second")
    store.approvals.submit(second, 1, author=PAN)
    for wrong in ("", "0" * 32, second):
        with pytest.raises(ApprovalMoved):
            store.approvals.approve(second, 1, supersedes=wrong, author=APU)
    assert store.approvals.budget("sample", 2027).id == first
    store.approvals.approve(second, 1, supersedes=first, author=APU)
    assert (state(store, first), state(store, second), store.open(first).entry.locked) == ("superseded", "approved", True)
    with pytest.raises(ScenarioLocked):
        store.rename(first, "x", author=PAN)
    assert {(d.deed, d.name, d.author) for d in store.audit(2, author="it")} == {("supersede", "first", "Apu"), ("approve", "second", "Apu")}
    other_year = put(store, "next year", start="2028-01")
    store.approvals.submit(other_year, 1, author=PAN)
    store.approvals.approve(other_year, 1, author=APU)
    assert state(store, second) == "approved"


def test_who_submits_does_not_approve_the_same_unless_that_is_agreed(store):
    id = store.save(sample().named("Budget"), author=BOTH).entry.id
    store.approvals.submit(id, 1, author=BOTH)
    with pytest.raises(OwnSubmission):
        store.approvals.approve(id, 1, author=BOTH)
    assert state(store, id) == "submitted"
    store.approvals.approve(id, 1, author=Actor("Bo", BOTH.roles, key="bo", approves_own=True))
    store.approvals.send_back(id, 1, "again", author=BOTH)
    store.approvals.submit(id, 1, author="the local planner")
    store.approvals.approve(id, 1, author="the local planner")


def test_a_decision_on_what_does_not_stand_there_any_more_is_none(store):
    id = put(store)
    for decide in (lambda v: store.approvals.approve(id, v, author=APU), lambda v: store.approvals.send_back(id, v, "no", author=APU)):
        with pytest.raises(ApprovalMoved):
            decide(1)
    with pytest.raises(ApprovalMoved):
        store.approvals.withdraw(id, author=PAN)
    store.approvals.submit(id, 1, author=PAN)
    store.approvals.withdraw(id, author=PAN)
    assert state(store, id) == "draft"
    store.save(changed(vat=0.06).named("Budget"), author=PAN, id=id)
    store.approvals.submit(id, 2, author=PAN)
    with pytest.raises(ApprovalMoved):
        store.approvals.approve(id, 1, author=APU)
    store.approvals.approve(id, 2, author=APU)


def test_each_step_is_for_its_role_and_leaves_its_line(store):
    id = put(store)
    for step in (lambda: store.approvals.submit(id, 1, author=APU), lambda: store.approvals.withdraw(id, author=APU),
                 lambda: store.approvals.approve(id, 1, author=PAN), lambda: store.approvals.send_back(id, 1, "no", author=PAN)):
        with pytest.raises(NotAllowed):
            step()
    for step in (lambda: store.approvals.submit(id, 1, author=PAN), lambda: store.approvals.withdraw(id, author=PAN),
                 lambda: store.approvals.submit(id, 1, author=PAN), lambda: store.approvals.send_back(id, 1, "no", author=APU)):
        step()
    assert [(d.deed, d.author, d.version) for d in reversed(store.audit(author="it"))] == [
        ("save", "Pan", 1), ("submit", "Pan", 1), ("withdraw", "Pan", 1), ("submit", "Pan", 1), ("return", "Apu", 1)]
    assert [d.deed for d in store.deeds(id)] == ["return", "submit", "withdraw", "submit"], "the scenario's own history tells it"


def test_what_is_submitted_is_the_version_that_was_looked_at(store):
    id = put(store)
    store.save(changed(vat=0.06).named("Budget"), author=BOTH, id=id)
    for unseen in (1, 3):
        with pytest.raises(ApprovalMoved):
            store.approvals.submit(id, unseen, author=PAN)
    assert state(store, id) == "draft"


def test_a_budget_that_is_returned_while_another_is_approved_stays_returned(store, monkeypatch):
    """The one that is superseded is not held: somebody decides on it between the look and the write."""
    first, second = approved(store, "first"), put(store, "second")
    store.approvals.submit(second, 1, author=PAN)
    look = approvals._entries

    def looked(connection, *where):
        found = look(connection, *where)
        connection.execute(sa.update(APPROVALS).where(APPROVALS.c.scenario == first).values(state="returned"))
        return found
    with monkeypatch.context() as patch:
        patch.setattr(approvals, "_entries", looked)
        with pytest.raises(ApprovalMoved):
            store.approvals.approve(second, 1, supersedes=first, author=APU)
    assert state(store, second) == "submitted" and [d.deed for d in store.audit(1, author="it")] == ["submit"]


def test_of_two_approvals_at_once_one_holds(store):
    ids = [put(store, name) for name in "ab"]
    for id in ids:
        store.approvals.submit(id, 1, author=PAN)

    def decide(id: str) -> str:
        try:
            store.approvals.approve(id, 1, author=APU)
        except ApprovalMoved:
            return "moved"
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ids)) == ["approved", "moved"]
    assert sorted(state(store, id) for id in ids) == ["approved", "submitted"]


def test_approvals_come_back_with_a_backup(store, url, tmp_path):
    id = approved(store, "Budget")
    store.backup(tmp_path / "backup.db")
    store.approvals.send_back(id, 1, "no", author=APU)
    restore_backup(tmp_path / "backup.db", url)
    with closing(ScenarioStore(url)) as after:
        assert after.approvals.budget("sample", 2027).approval.decider == "Apu"


STANDING = ("draft", "locked", "archived", "locked and archived", "submitted", "approved", "returned", "superseded")


def standing_as(store, how: str) -> str:
    """The id of a scenario that stands so."""
    id = put(store, fresh_id())
    if how in ("submitted", "approved", "returned", "superseded"):
        store.approvals.submit(id, 1, author=PAN)
    if how in ("approved", "superseded"):
        before = store.approvals.budget("sample", 2027)
        store.approvals.approve(id, 1, supersedes=before.id if before else "", author=APU)
    if how == "superseded":
        standing_as(store, "approved")
    if how == "returned":
        store.approvals.send_back(id, 1, "again", author=APU)
    for word, turn in (("locked", store.lock), ("archived", store.archive)):
        if word in how:
            turn(id, author="it")
    return id


def doing(store, id: str):
    """Every deed to a scenario."""
    known = store.approvals.budget("sample", 2027)
    asked = store.approvals
    return {"save": lambda: store.save(changed(vat=0.06).named(id), author="it", id=id), "rename": lambda: store.rename(id, "x" + id, author="it"),
            "describe": lambda: store.describe(id, note="n", author="it"), "tag": lambda: store.describe(id, tags=["t"], author="it"),
            "restore": lambda: store.restore(id, 1, author="it"), "submit": lambda: asked.submit(id, 1, author="it"),
            "lock": lambda: store.lock(id, author="it"), "unlock": lambda: store.unlock(id, author="it"),
            "archive": lambda: store.archive(id, author="it"), "unarchive": lambda: store.unarchive(id, author="it"),
            "withdraw": lambda: asked.withdraw(id, author="it"), "return": lambda: asked.send_back(id, 1, "no", author="it"),
            "approve": lambda: asked.approve(id, 1, supersedes=known.id if known else "", author="it"),
            "duplicate": lambda: store.duplicate(id, "copy " + id, author="it"), "remark": lambda: store.remark(id, 1, "hm", author="it"),
            "delete": lambda: store.delete(id, author="it")}


def test_what_a_page_is_told_beforehand_is_what_the_store_does(store):
    for how in STANDING:
        id = standing_as(store, how)
        for deed in doing(store, id):
            said, found = standing.refusal(deed, store.entry(id)), None
            try:
                doing(store, id)[deed]()
                id = standing_as(store, how)
            except StoreRefused as refused:
                found = type(refused)
            assert found is said, (how, deed)

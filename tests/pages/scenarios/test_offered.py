"""What the state of a scenario or somebody's role forbids is not offered, what they allow is: pages against the store's own rule."""

from __future__ import annotations

from people import signed_in
from screens import again, app, goto, sound, space

from model import Scenario
from model.io.store import Actor, standing
from pages.ui.session.own_presets import tag
from pages.ui.session.workspace import Stored
from samples import changed

PAN = Actor("Pan", frozenset(["planner"]), key="pan")
APU = Actor("Apu", frozenset(["approver"]), key="apu")
#: what a button does to the scenario that is ticked and at hand; of those with two words the one that fits is offered
DEEDS = {"desk_save": "save", "desk_withdraw": "withdraw", "shelf_duplicate": "duplicate", "shelf_lock": "lock", "shelf_archive": "archive",
         "shelf_delete": "delete", "shelf_save_details": "rename", "approval_submit": "submit", "send_remark": "remark",
         "shelf_restore": "restore", "approval_withdraw": "withdraw", "approval_approve_yes": "approve", "approval_send_yes": "return"}
ROLES = {"planner": "budget", "approver": "board", "admin": "it", "viewer": "sales"}
STATES = ("draft", "locked", "archived", "submitted", "approved", "returned", "superseded")


def put(store, how: str) -> str:
    """The id of a scenario of two versions that stands so."""
    id = store.save(changed(vat=0.06).named("Budget"), author=PAN).entry.id
    store.save(changed(vat=0.07).named("Budget"), author=PAN, id=id)
    if how not in ("draft", "locked", "archived"):
        store.approvals.submit(id, 2, author=PAN)
    if how in ("approved", "superseded"):
        store.approvals.approve(id, 2, author=APU)
    if how == "returned":
        store.approvals.send_back(id, 2, "again", author=APU)
    if how == "superseded":
        other = store.save(changed(vat=0.08).named("Other"), author=PAN).entry.id
        store.approvals.submit(other, 1, author=PAN)
        store.approvals.approve(other, 1, supersedes=id, author=APU)
    if how in ("locked", "archived"):
        {"locked": store.lock, "archived": store.archive}[how](id, author=PAN)
    return id


def desk(store, id: str, role: str = ""):
    """The library with the scenario ticked and at hand, changed, its first version chosen and every box open."""
    boxes = [f"approval_{what}_{where}_{id}" for what in ("approve", "send_back", "revoke") for where in ("waiting", "details")]
    at = app("en", "scenarios", scenario=store.open(id).scenario, run=False, boxes=boxes)
    if role:
        signed_in(at, role.title(), ROLES[role])
    sound(at.run())
    space(at).stored = Stored(id, 2, "Budget")
    space(at).scenario = space(at).scenario.with_values({"headline.aov": 1.1})
    for key, value in {"_shelf_ticked": {id}, f"shelf_version_{id}": 1, "shelf_archived": store.entry(id).archived}.items():
        at.session_state[key] = value
    return sound(goto(at, "scenarios"))


def offered(at, id: str) -> dict[str, bool]:
    """By deed: whether some button for it can be pressed."""
    found: dict[str, bool] = {}
    for button in at.button:
        name = button.key.split("_waiting_")[0].split("_details_")[0] if button.key else ""
        if name in DEEDS:
            deed = f"un{DEEDS[name]}" if button.label in ("Unlock", "Bring back") else DEEDS[name]
            found[deed] = found.get(deed, False) or not button.disabled
    return found


def test_a_button_can_be_pressed_where_the_store_would_do_it_and_nowhere_else(store):
    """Approver and planner are others than who submitted it."""
    asked = [(how, "") for how in STATES] + [("submitted", role) for role in ROLES]
    for how, role in asked:
        for entry in (*store.list().entries, *store.list(archived=True).entries):
            empty(store, entry)
        id = put(store, how)
        may = (lambda deed: True) if not role else Actor("", frozenset({role, "viewer"})).may
        found = offered(desk(store, id, role), id)
        for deed in {*DEEDS.values(), "unlock", "unarchive"}:
            allowed = may(deed) and standing.refusal(deed, store.entry(id)) is None
            entry = store.entry(id)
            if deed in ("lock", "unlock"):  # one of the two, as it stands
                allowed = allowed and entry.locked == (deed == "unlock")
            if deed in ("archive", "unarchive"):
                allowed = allowed and entry.archived == (deed == "unarchive")
            assert found.get(deed, False) == allowed, (how, role, deed, found)


def empty(store, entry) -> None:
    if entry.approval is not None and entry.approval.is_fixed:
        store.approvals.send_back(entry.id, entry.approval.version, "away", author=APU)
    if store.entry(entry.id).locked:
        store.unlock(entry.id, author=PAN)
    store.archive(entry.id, author=PAN)
    store.delete(entry.id, author="it")


def test_of_several_those_that_cannot_go_are_named_with_the_reason(store):
    first = put(store, "submitted")
    other = store.save(changed(vat=0.05).named("Draft"), author=PAN).entry.id
    at = desk(store, first)
    at.session_state["_shelf_ticked"] = {first, other}
    again(at).button(key="shelf_archive").click().run()
    (said,) = [e.value for e in sound(at).info if "Left as they were" in e.value]
    assert said.startswith("Archived: 1.") and "(1): Budget. This scenario is submitted or approved" in said
    assert store.entry(other).archived and not store.entry(first).archived


def test_what_is_submitted_is_withdrawn_where_one_stands_and_saved_as_its_next_version(store):
    id = put(store, "submitted")
    at = desk(store, id)
    assert any("is submitted or approved" in c.value for c in at.caption)
    at.button(key="desk_withdraw").click().run()
    again(sound(at)).button(key="desk_save").click().run()
    assert sound(at) and store.entry(id).version == 3


def test_presets_that_take_no_next_version_are_not_made_anew(store):
    plan = changed(budget=2e6).as_plan("Shop")
    for key in ("conservative", "base", "ambitious"):
        id = store.save(Scenario(plan).named(f"Shop {key}"), author=PAN, tags=[tag(plan, key)]).entry.id
    store.lock(id, author=PAN)
    at = sound(goto(app("en", "scenarios", scenario=Scenario(plan)), "scenarios"))
    button = at.button(key="presets_make")
    assert button.disabled and "because of “Shop ambitious”" in button.help

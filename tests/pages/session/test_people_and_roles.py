"""What a page lets people do by the role that they have: greyed with the reason, and refused when it is asked for all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from people import claims, signed_in
from screens import app, goto, press_anyway, sound

from model.io.store.actors import local
from pages.ui.session import drafts, person, sign_in
from pages.ui.session.sign_in import Settings
from pages.ui.session.workspace import Mark, fresh
from samples import changed, sample

SAID = Settings(roles=(("viewer", frozenset("*")), ("planner", frozenset(["budget", "finance"])), ("admin", frozenset(["it"]))))


def desk(name: str, *groups: str, language: str = "en", said: dict | None = None, **query):
    at = signed_in(app(language, "scenarios", run=False, **query), name, *groups, said=said)
    return sound(goto(sound(at.run()), "scenarios"))


def errors(at) -> str:
    return " ".join(e.value for e in at.error)


@pytest.mark.parametrize("found, claim, roles", [
    ({"groups": ["finance", "x"]}, "groups", {"viewer", "planner"}), ({"groups": "it"}, "groups", {"viewer", "admin"}),
    ({}, "groups", {"viewer"}), ({"realm_access": {"roles": ["budget"]}}, "realm_access.roles", {"viewer", "planner"}),
    ({"groups": None}, "groups", {"viewer"}), ({"groups": "budget"}, "groups.roles", {"viewer"}),
])
def test_roles_follow_from_the_claim_of_the_groups(found, claim, roles):
    assert sign_in.roles_of(found, Settings(claim, SAID.roles)) == roles


def test_without_configuration_the_local_planner_may_do_everything():
    assert not sign_in.on() and person.may("delete") and person.actor("Wang").may("approve")
    assert person.actor("Wang").name == "Wang" and person.actor("Wang").approves_own


def test_whatever_the_setting_says_but_no_means_that_sign_in_is_required(monkeypatch):
    for said, needed in (("", False), ("no", False), ("No ", False), ("0", False), ("false", False), ("required", True),
                         ("Required", True), ("requierd", True), ("yes", True), ("1", True), ("optional", True)):
        monkeypatch.setenv("SANDTABLE_SIGN_IN", said)
        assert sign_in.needed() == needed, said
    monkeypatch.delenv("SANDTABLE_SIGN_IN")
    assert not sign_in.needed()


def test_a_person_is_the_same_after_a_new_name_and_another_one_of_another_issuer():
    vera = claims("Vera")
    assert sign_in.key_of(vera) == sign_in.key_of({**vera, "name": "Vera Li"}) != sign_in.key_of({**vera, "iss": "https://other"})


def test_a_role_that_there_is_not_is_no_slip_that_goes_unnoticed():
    with pytest.raises(ValueError, match="aprover"):
        sign_in.settings_of({"roles": {"aprover": ["board"]}})
    assert sign_in.settings_of({"roles": {"approver": "board"}, "own_approval": True}) == Settings(
        roles=(("approver", frozenset(["board"])),), own_approval=True)


def test_a_viewer_finds_every_button_that_writes_greyed_with_the_reason_and_is_refused_all_the_same(store):
    entry = store.save(sample().named("Budget"), author="Wang").entry
    at = desk("Vera", "sales", said={"contact": "finance@example.com"})
    at.session_state["_shelf_ticked"] = {entry.id}
    sound(at.run())
    writing = {b.key: b for b in at.button if b.key in ("bar_save_version", "desk_new", "shelf_duplicate", "shelf_lock", "shelf_archive",
                                                        "shelf_save_details", "send_remark", "shelf_restore")}
    assert len(writing) == 8 and all(b.disabled for b in writing.values())
    assert {b.help for b in writing.values() if b.key not in ("send_remark",)} == {
        "Not allowed. This is for: planner. You are: viewer. Ask finance@example.com for the role."}
    assert not at.text_input(key="desk_name").disabled and not any(x.key == "desk_author" for x in at.text_input)
    for key in ("desk_new", "shelf_duplicate", "shelf_lock", "shelf_archive", "shelf_save_details"):
        press_anyway(at, key)
        assert not at.success, key
    assert [d.author for d in store.audit(author="it")] == ["Wang"]


def test_a_press_on_a_button_of_before_the_role_was_taken_away_is_refused_by_the_store(store):
    at = desk("Pan", "budget")
    at.text_input(key="desk_name").set_value("Budget")
    button = at.button(key="desk_new")
    signed_in(at, "Pan")
    button.click().run()
    assert "Not allowed. This is for: planner. You are: viewer." in errors(sound(at)) and store.list().total == 0


def test_a_planner_saves_under_the_companys_name_and_an_administrator_reads_who_it_was(store):
    at = desk("Pan", "budget")
    at.text_input(key="desk_name").set_value("Budget 2027")
    at.button(key="desk_new").click().run()
    sound(at)
    assert [(d.author, d.account) for d in store.audit(author="it")] == [("Pan", "pan@example.com")]
    assert not [e for e in at.expander if e.label.startswith("Audit")]
    found = desk("Ada", "it", language="en")
    found.session_state["audit_box"] = True
    sound(found.run())
    (lines,) = [d.value for d in found.dataframe if "Account" in d.value.columns]
    assert lines.iloc[0].tolist()[1:] == ["Pan", "pan@example.com", "", "saved", "Budget 2027", "1"]


def test_the_local_planner_reads_the_audit_as_well_with_what_the_command_line_did(store):
    store.save(sample().named("Budget"), author="Wang")
    store.save(sample().named("From a file"), author=replace(local("Li"), account="os:li"))
    at = sound(goto(app("en", "scenarios", boxes=["audit_box"]), "scenarios"))
    (box,) = [e for e in at.expander if e.label == "Audit"]
    (lines,) = [d.value for d in box.dataframe]
    assert lines.iloc[:, 1:6].values.tolist() == [["Li", "os:li", "", "saved", "From a file"], ["Wang", "", "", "saved", "Budget"]]
    assert len(box.get("download_button")) == 1


def test_a_draft_belongs_to_its_person_and_its_address_opens_nothing_for_anybody_else(store):
    work = fresh(changed(headline__cvr=1.07))
    hers = sign_in.key_of(claims("Pan"))
    for owner in (hers, ""):  # nobody's: from before people signed in
        drafts.put(Mark("secret-token"), work, owner)
        for name, opens in (("Pan", owner == hers), ("Vera", False)):
            at = signed_in(app("en", run=False, w="secret-token"), name, "budget")
            sound(at.run())
            found = at.session_state["workspace"].scenario
            assert (found.get("headline.cvr") == 1.07) == opens, (owner, name)
            assert bool(at.error) != opens
        drafts._forget("secret-token")
        drafts._drafts.pop("secret-token")

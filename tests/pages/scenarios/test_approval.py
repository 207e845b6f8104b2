"""Submitting, approving and returning on the page, and what starts from the approved budget."""

from __future__ import annotations

import pytest
from people import signed_in
from screens import again, app, goto, markdown, press_anyway, scenario, sound, space

from model.errors import OwnSubmission
from model.io.store import Actor
from pages.ui.compare import comparison
from pages.ui.session import sign_in
from samples import changed, sample

PAN = Actor("Pan", frozenset(["planner"]), key=sign_in.key_of({"iss": "https://id.example.com", "sub": "pan"}))
APU = Actor("Apu", frozenset(["approver"]), key="apu")


def put(store, name: str = "Budget", **values):
    return store.save(changed(**values).named(name), author=PAN).entry


def approved(store, name: str = "Budget", **values):
    entry = put(store, name, **values)
    store.approvals.submit(entry.id, 1, author=PAN)
    store.approvals.approve(entry.id, 1, author=APU)
    return entry


def page(name: str, *groups: str, language: str = "en", ticked: str = "", at: str = "scenarios"):
    found = signed_in(app(language, at, run=False), name, *groups)
    if ticked:
        found.session_state["_shelf_ticked"] = {ticked}
    return sound(goto(sound(found.run()), at))


def press(at, key: str):
    at.button(key=key).click().run()
    return sound(at)


def opened(at, box: str):
    at.session_state[box] = True
    return sound(at.run())


def said(at) -> str:
    return " ".join(e.value for e in (*at.success, *at.error, *at.info, *at.markdown, *at.caption))


def test_a_version_that_the_planner_has_not_seen_is_not_submitted(store):
    entry = put(store)
    planner = page("Pan", "budget", ticked=entry.id)
    store.save(changed(vat=0.06).named("Budget"), author=PAN, id=entry.id)
    press(planner, "approval_submit")
    assert "this scenario or its approval has just changed" in said(planner) and not store.approvals.waiting()


def test_a_planner_submits_an_approver_finds_it_waiting_and_approves_it(store):
    entry = put(store)
    planner = page("Pan", "budget", ticked=entry.id)
    assert "Not submitted" in said(planner)
    press(planner, "approval_submit")
    assert "Submitted for approval." in said(planner) and "waits for approval" in said(again(planner))
    board = page("Apu", "board")
    assert "Waiting for your approval: 1" in markdown(board)
    opened(board, f"approval_approve_waiting_{entry.id}")
    assert "becomes the budget of 2027" in markdown(board) and "superseded" not in markdown(board)
    press(board, f"approval_approve_yes_waiting_{entry.id}")
    assert "Approved and locked." in said(board) and "Waiting" not in markdown(again(board))
    assert store.approvals.budget("sample", 2027).approval.decider == "Apu"
    assert [v for d in again(board).dataframe if "approval" in d.value.columns for v in d.value["approval"]] == ["budget 2027"]


def test_what_is_returned_stands_on_its_planners_page_with_the_reason_and_on_nobody_elses(store):
    entry = put(store)
    store.approvals.submit(entry.id, 1, author=PAN)
    board = opened(page("Apu", "board"), f"approval_send_back_waiting_{entry.id}")
    press(board, f"approval_send_yes_waiting_{entry.id}")
    assert "Say first why" in said(board) and store.approvals.waiting()
    board.text_area(key=f"shelf_reason_waiting_{entry.id}_{entry.id}").set_value("refunds look low")
    press(again(board), f"approval_send_yes_waiting_{entry.id}")
    assert "Returned; the planner" in said(board)
    assert "Returned to you: 1" in markdown(page("Pan", "budget")) and "refunds look low" in markdown(page("Pan", "budget"))
    assert "Returned to you" not in markdown(page("Pia", "budget"))


def test_what_came_back_and_was_changed_is_submitted_from_its_card_by_its_new_number(store):
    entry = put(store)
    store.approvals.submit(entry.id, 1, author=PAN)
    store.approvals.send_back(entry.id, 1, "refunds look low", author=APU)
    key = f"approval_again_{entry.id}"
    assert key not in [b.key for b in page("Pan", "budget").button], "nothing has been changed yet"
    store.save(changed(vat=0.06).named("Budget"), author=PAN, id=entry.id)
    planner = page("Pan", "budget")
    assert planner.button(key=key).label == "Submit version 2 for approval"
    press(planner, key)
    assert store.open(entry.id).entry.approval.version == 2 and "Submitted for approval." in said(planner)


def test_who_approves_is_told_which_budget_that_ends(store):
    first, second = approved(store, "First"), put(store, "Second")
    store.approvals.submit(second.id, 1, author=PAN)
    board = opened(page("Apu", "board"), f"approval_approve_waiting_{second.id}")
    assert "The present budget, “First”, version 1 (approved by Apu), is superseded by it." in markdown(board)
    press(board, f"approval_approve_yes_waiting_{second.id}")
    assert store.open(first.id).entry.approval.state == "superseded"


def test_nobody_approves_what_they_have_submitted_and_a_viewer_decides_nothing(store):
    entry = put(store)
    store.approvals.submit(entry.id, 1, author=PAN)
    both = opened(page("Pan", "budget", "board"), f"approval_approve_waiting_{entry.id}")
    button = both.button(key=f"approval_approve_yes_waiting_{entry.id}")
    assert button.disabled and any("another approver" in c.value for c in both.caption)
    press_anyway(both, button.key)
    viewer = page("Vera", ticked=entry.id)
    assert "Waiting" not in markdown(viewer)
    opened(viewer, f"approval_approve_details_{entry.id}")
    key = f"approval_approve_yes_details_{entry.id}"
    assert "Not allowed" in viewer.button(key=key).help and not [b for b in viewer.button if "withdraw" in b.key]
    press_anyway(viewer, key)
    assert store.open(entry.id).entry.approval.state == "submitted"
    with pytest.raises(OwnSubmission):
        store.approvals.approve(entry.id, 1, author=Actor("Pan", frozenset(["approver"]), key=PAN.key))


def test_without_sign_in_the_planner_does_it_all_and_an_approved_budget_is_gone_on_with_as_a_new_scenario(store):
    entry = put(store)
    at = app("en", "scenarios", run=False)
    at.session_state["_shelf_ticked"] = {entry.id}
    sound(goto(sound(at.run()), "scenarios"))
    press(at, "approval_submit")
    store.approvals.approve(entry.id, 1, author="王")
    press(again(at), "shelf_open")
    at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1.1})
    press(again(at), "bar_save_version")
    assert "is submitted or approved and does not change" in said(at) and "Your changes are still here" in said(at)
    assert not [b for b in again(at).button if b.key in ("desk_save", "desk_withdraw")] and at.button(key="shelf_lock").disabled
    press(at, "desk_new")
    assert "Saved: “Budget 2”, version 1." in said(at) and space(at).stored.name == "Budget 2"


def test_compare_starts_from_the_approved_budget(store):
    entry = approved(store, headline__aov=0.9)
    at = sound(goto(app("en", "simulate", scenario=sample()), "compare"))
    assert at.session_state["compare_pick"] == [f"budget:{entry.id}", "now"]
    assert "Approved budget 2027: Budget" in at.multiselect(key="compare_pick").options
    assert comparison._first_choice({"now": "", "preset:a": "", "preset:b": ""}) == ["preset:a", "preset:b"]


@pytest.mark.deep
def test_review_takes_the_approved_budget_with_the_months_at_hand_as_a_scenario_of_its_own(store):
    approved(store, headline__aov=0.9)
    at = sound(goto(app("en", "simulate", scenario=sample()), "review"))
    press(at, "review_sample")
    months = scenario(again(at)).book.cells
    assert months and "The approved budget of 2027 is “Budget”, version 1 (Apu, " in said(at)
    press(again(at), "review_use_budget")
    assert scenario(at).get("headline.aov") == 0.9 and scenario(at).book.cells == months
    assert space(at).stored is None and scenario(at).name == "Budget · actuals"
    assert "This review stands on the approved budget" in said(again(at))


def test_the_approved_budget_has_its_name_in_a_comparison_whichever_way_it_was_chosen(store):
    entry, other = approved(store), put(store, "Other")
    at = app("en", "simulate", scenario=sample())
    space(at).compared = (f"store:{entry.id}", f"store:{other.id}", "store:0" * 4)
    at = sound(goto(at, "compare"))
    box = at.multiselect(key="compare_pick")
    assert box.value[:2] == [f"budget:{entry.id}", f"store:{other.id}"] and not [o for o in box.options if "store:" in o]

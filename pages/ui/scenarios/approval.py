"""Submitting, approving and returning: how a scenario stands, what this person can do about it, and what waits."""

from __future__ import annotations

import streamlit as st

from model import SandtableError
from model.io.store import Approval, Entry
from model.io.store.limits import LONGEST
from model.io.store.records import SUBMITTED
from pages.ui.frame import permits, saving
from pages.ui.kit.texts import plain, t
from pages.ui.scenarios import typed
from pages.ui.scenarios.opening import open_version
from pages.ui.session import library, person
from pages.ui.words.made_names import said
from pages.ui.words.when import when

#: of a card among what waits, and of the one below the list
WAITING, DETAILS = "waiting", "details"


def word(entry: Entry) -> str:
    """How it stands, as the list says it: "" for a draft."""
    return t(f"approval.state_{entry.approval.state}", year=entry.approval.year) if entry.approval else ""


def waiting() -> None:
    """What waits for an approver, and what came back to its planner."""
    try:
        asked = library.store().approvals
        found = [("approval.waiting", asked.waiting() if person.may("approve") else ()),
                 ("approval.back", asked.returned_to(saving.actor()) if person.may("submit") else ())]
    except SandtableError as problem:
        st.error(saving.reason(problem))
        return
    for title, entries in found:
        if entries:
            with st.container(border=True, key=title.replace(".", "_")):
                st.markdown(f"**{t(title, count=len(entries))}**")
                for entry in entries:
                    st.markdown(f"**{plain(said(entry.name))}**")
                    card(entry, WAITING)


def card(entry: Entry, where: str) -> None:
    """How it stands in a sentence, and the buttons that lead on."""
    found = entry.approval
    st.markdown(_standing(found))
    with st.container(horizontal=True, gap="xsmall"):
        if found is not None and where == WAITING:
            st.button(t("shelf.open_version", number=found.version), key=f"approval_open_{entry.id}", on_click=open_version,
                      icon=":material/folder_open:", args=(entry.id, found.version))
        if found is not None and found.is_fixed:
            _decide(entry, found, f"{where}_{entry.id}")
        elif where == DETAILS:
            permits.button("submit", t("approval.submit", number=entry.version), key="approval_submit", icon=":material/send:",
                           on_click=_act, of=[entry], help=t("approval.submit_help"), args=("submit", entry.id, entry.version))
        elif found is not None and entry.version > found.version:
            _submit_again(entry)


def _submit_again(entry: Entry) -> None:
    """What came back has been changed since."""
    st.button(t("shelf.open_version", number=entry.version), key=f"approval_newest_{entry.id}", on_click=open_version,
              icon=":material/folder_open:", args=(entry.id, entry.version))
    permits.button("submit", t("approval.submit", number=entry.version), key=f"approval_again_{entry.id}", icon=":material/send:",
                   on_click=_act, of=[entry], args=("submit", entry.id, entry.version))


def _standing(found: Approval | None) -> str:
    if found is None:
        return t("approval.draft")
    who, time = found.last
    return t(f"approval.{found.state}", number=found.version, year=found.year, who=plain(said(who)), time=when(time),
             reason=plain(found.reason))


def _decide(entry: Entry, found: Approval, key: str) -> None:
    """What can be done with what is submitted or approved."""
    if found.state == SUBMITTED:
        with _box("approve", key) as box:
            if box.open:
                _approve(entry, found, key)
    with _box("send_back" if found.state == SUBMITTED else "revoke", key) as box:
        if box.open:
            _send_back(entry, found, key)
    if found.state == SUBMITTED and person.may("withdraw"):
        permits.button("withdraw", t("approval.withdraw"), key=f"approval_withdraw_{key}", on_click=_act,
                       args=("withdraw", entry.id))


def _box(what: str, key: str):
    return st.popover(t(f"approval.{what}"), key=f"approval_{what}_{key}", on_change="rerun")


def _approve(entry: Entry, found: Approval, key: str) -> None:
    """What it means, and which budget it ends, before it is done."""
    try:
        now = library.store().approvals.budget(found.plan, found.year)
    except SandtableError as problem:
        st.error(saving.reason(problem))
        return
    st.markdown(t("approval.approve_sure", name=plain(said(entry.name)), number=found.version, year=found.year))
    if now is not None and now.approval is not None:
        st.markdown(t("approval.supersedes", name=plain(said(now.name)), number=now.approval.version,
                      who=plain(said(now.approval.decider))))
    actor = saving.actor()
    own = found.submitter_key == actor.key and not actor.approves_own
    if own:
        st.caption(t("desk.refused_OwnSubmission"))
    permits.button("approve", t("approval.approve_yes"), key=f"approval_approve_yes_{key}", type="primary", disabled=own,
                   on_click=_act, args=("approve", entry.id, found.version), kwargs={"supersedes": now.id if now else ""})


def _send_back(entry: Entry, found: Approval, key: str) -> None:
    typed.field(st.text_area, t("approval.reason"), entry.id, f"reason_{key}", "", max_chars=LONGEST["reason"], height=68,
                placeholder=t("approval.reason_hint"))
    permits.button("return", t("approval.send_yes"), key=f"approval_send_yes_{key}", on_click=_give_back,
                   args=(entry.id, found.version, f"reason_{key}"))


def _give_back(id: str, version: int, part: str) -> None:
    reason = typed.now(id, part, "").strip()
    if not reason:
        st.session_state["_notice"] = ("error", t("approval.reason_needed"))
    elif _act("send_back", id, version, reason):
        typed.forget(id, part)


def _act(what: str, id: str, *args: object, **more: object) -> bool:
    """One step on the store; what came of it is said."""
    step = getattr(library.store().approvals, what)
    return saving.attempt(lambda: step(id, *args, author=saving.actor(), **more), t(f"approval.done_{what}"))

"""The meeting: a note on a variance with owner and date; open ones first, until they are done."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from model.plan.book import MOST_NOTES, Note
from model.plan.rules import clean
from model.review import GROUPS
from pages.ui.kit import views
from pages.ui.kit.texts import plain, t, together
from pages.ui.review import entering, why
from pages.ui.session import state
from pages.ui.words.month_labels import month_of_year


def draw() -> None:
    actuals = entering.known()
    if actuals is None:
        return
    notes = state.workspace().scenario.book.notes
    st.caption(t("review.notes_help"))
    ordered = sorted(enumerate(notes), key=lambda x: order(x[1]))
    for i, note in ordered:
        _row(i, note)
    if len(notes) < MOST_NOTES:
        _new(actuals.measured)


def waiting() -> str:
    """The open notes of meetings before the last known month, the first by name; "" where there is none."""
    actuals = entering.known()
    last = actuals.measured[-1] if actuals and actuals.measured else ""
    found = sorted((n for n in state.workspace().scenario.book.notes if not n.done and n.month < last), key=order)
    return t("review.waiting", count=len(found), first=plain(found[0].text), month=month_of_year(found[0].month)) if found else ""


def order(note: Note) -> tuple[bool, str, str]:
    """Open ones first, then those due first."""
    return note.done, note.due or "9999", note.month


def _row(i: int, note: Note) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = together([t("review.note_line", month=month_of_year(note.month), about=about(note.about), text=plain(note.text)),
                          *([t("review.note_owner", owner=plain(note.owner))] if note.owner else []),
                          *([t("review.note_due", due=plain(note.due))] if note.due else [])])
        st.markdown(f"~~{words}~~" if note.done else words, width="stretch")
        st.button(t("review.note_open" if note.done else "review.note_done"), key=f"note_done_{i}", on_click=partial(_turn, i),
                  icon=":material/undo:" if note.done else ":material/check:", type="tertiary")
        st.button(t("review.note_delete"), key=f"note_delete_{i}", on_click=partial(_delete, i), icon=":material/delete:",
                  type="tertiary")


def about(group: str) -> str:
    return why.group_name(group) if group in GROUPS else t("review.general")


def _new(months: tuple[str, ...]) -> None:
    names, abouts = {m: month_of_year(m) for m in months[::-1]}, {g: about(g) for g in ("", *GROUPS)}
    with st.form("review_note", clear_on_submit=True, border=True):
        first, second, third, fourth = st.columns([1.2, 1.2, 1, 1], gap="small")
        with first:
            views.choose(t("review.month"), list(names), key="note_month", format_func=lambda m: names[m])
        with second:
            views.choose(t("review.about"), list(abouts), key="note_about", format_func=lambda g: abouts[g])
        with third:
            st.text_input(t("review.owner"), key="note_owner", max_chars=40)
        with fourth:
            st.date_input(t("review.due_day"), value=None, key="note_due", format="YYYY-MM-DD")
        st.text_input(t("review.note"), key="note_text", max_chars=500, placeholder=t("review.note_hint"))
        st.form_submit_button(t("review.note_add"), icon=":material/add:", on_click=_add)


def _keep(notes: tuple[Note, ...]) -> None:
    scenario = state.workspace().scenario
    state.commit(scenario.with_book(replace(scenario.book, notes=notes)))
    st.rerun()


def _add() -> None:
    text = clean(st.session_state["note_text"]).strip()
    if not text:
        return
    due = st.session_state["note_due"]
    owner = clean(st.session_state["note_owner"]).strip()
    new = Note(st.session_state["note_month"], st.session_state["note_about"], text, owner, due.isoformat() if due else "")
    _keep((*state.workspace().scenario.book.notes, new))


def _turn(i: int) -> None:
    notes = list(state.workspace().scenario.book.notes)
    notes[i] = replace(notes[i], done=not notes[i].done)
    _keep(tuple(notes))


def _delete(i: int) -> None:
    notes = state.workspace().scenario.book.notes
    _keep((*notes[:i], *notes[i + 1:]))

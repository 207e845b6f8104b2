"""What people say of the versions of a scenario, with replies below what they answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from model import SandtableError
from model.io.store import Entry, Remark
from model.io.store.limits import LONGEST
from pages.ui.frame import permits, saving
from pages.ui.kit.texts import plain, t
from pages.ui.scenarios import typed
from pages.ui.session import library
from pages.ui.words.made_names import said
from pages.ui.words.when import when

#: the remark that is being answered, by scenario
_ANSWERED = "_library_answered"
#: replies to replies stand no further in than this
_DEEPEST = 3


def draw(entry: Entry) -> None:
    """The thread, and the field for the next remark."""
    try:
        found = library.store().remarks(entry.id)
    except SandtableError as problem:
        st.error(saving.reason(problem))
        return
    if not found:
        st.caption(t("remark.none"))
    answered = _answered(entry.id)
    for depth, remark in threads(found):
        _one(entry.id, remark, depth)
        if remark.id == answered:
            _field(entry, f"reply_{remark.id}", t("remark.reply_to", author=plain(said(remark.author))), remark)
    _field(entry, "remark", t("remark.new", number=entry.version))


def threads(found: Sequence[Remark]) -> list[tuple[int, Remark]]:
    """Each remark with its depth, its replies right below it; a reply whose remark is lost stands by itself."""
    known = {r.id for r in found}
    below: dict[str, list[Remark]] = {}
    for remark in found:
        below.setdefault(remark.parent if remark.parent in known else "", []).append(remark)
    out: list[tuple[int, Remark]] = []
    waiting = [(0, r) for r in reversed(below.get("", []))]
    while waiting:
        depth, remark = waiting.pop()
        out.append((depth, remark))
        waiting += [(depth + 1, r) for r in reversed(below.get(remark.id, []))]
    return out


def _one(id: str, remark: Remark, depth: int) -> None:
    margin, body = st.columns([max(min(depth, _DEEPEST), 0) + 0.01, 30]) if depth else (None, st.container())
    with body, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        head = t("remark.head", author=plain(said(remark.author)), time=when(remark.created), number=remark.version)
        st.markdown(f"**{head}**  \n" + "  \n".join(plain(line) for line in remark.text.splitlines()), width="stretch")
        st.button(t("remark.reply"), key=f"reply_to_{remark.id}", type="tertiary", icon=":material/reply:", on_click=_turn,
                  args=(id, remark.id))


def _answered(id: str) -> str:
    return st.session_state.setdefault(_ANSWERED, {}).get(id, "")


def _turn(id: str, remark: str) -> None:
    """Answer this one, or no longer."""
    st.session_state[_ANSWERED][id] = "" if _answered(id) == remark else remark


def _field(entry: Entry, part: str, label: str, answered: Remark | None = None) -> None:
    typed.field(st.text_area, label, entry.id, part, "", max_chars=LONGEST["remark"], height=68,
                placeholder=t("remark.hint"))
    permits.button("remark", t("remark.send"), key=f"send_{part}", icon=":material/send:", on_click=_send,
                   args=(entry, part, answered))


def _send(entry: Entry, part: str, answered: Remark | None) -> None:
    text = typed.now(entry.id, part, "").strip()
    if not text:
        return

    def act() -> None:
        number, parent = (entry.version, "") if answered is None else (answered.version, answered.id)
        library.store().remark(entry.id, number, text, author=saving.actor(), parent=parent)

    if saving.attempt(act):
        typed.forget(entry.id, part)
        if answered is not None:
            _turn(entry.id, answered.id)

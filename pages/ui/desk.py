"""The planners' desk: saving the work as a version, and two people saving the same scenario."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import InvalidInput, SandtableError, Scenario
from model.errors import StoreProblem, VersionConflict
from model.io.store.limits import LONGEST
from model.late import Late
from pages.ui import changes, library, state
from pages.ui.names import scenario_name
from pages.ui.problems import sentence
from pages.ui.texts import plain, t
from pages.ui.work import Stored

pd = Late("pandas")
MAX_NAME, MAX_NOTE, MAX_COMMENT, MAX_AUTHOR = (LONGEST[k] for k in ("name", "note", "comment", "author"))


def attempt(action: Callable[[], None], done: str = "") -> bool:
    """Do it, and say below the title what came of it. What is at hand stays whatever happens."""
    try:
        action()
    except VersionConflict as conflict:
        st.session_state["_conflict"] = conflict
        return False
    except SandtableError as problem:
        st.session_state["_notice"] = ("error", reason(problem))
        return False
    if done:
        st.session_state["_notice"] = ("success", done)
    return True


def reason(problem: SandtableError) -> str:
    """Why the store refused, in the reader's language, and what to do."""
    if isinstance(problem, StoreProblem):
        return f"{t(f'violation.{problem.code}.what', place='', got='', allowed='')} " \
               f"{t(f'violation.{problem.code}.advice')} {t('desk.kept')}"
    if isinstance(problem, InvalidInput):
        return " ".join(plain(sentence(v)) for v in problem.violations[:5])
    return t(f"desk.refused_{type(problem).__name__}")


def notice() -> None:
    """What the last action came to, once."""
    kind, text = st.session_state.pop("_notice", ("", ""))
    if kind == "error":
        st.error(text, icon=":material/error:")
    elif kind:
        st.success(text, icon=":material/check_circle:")


def name_box() -> None:
    """Who works here: asked once, kept with the work."""
    space = state.workspace()
    if st.session_state.get("desk_author") is None:
        st.session_state["desk_author"] = space.author
    st.text_input(t("desk.author"), key="desk_author", max_chars=MAX_AUTHOR, placeholder=t("desk.author_hint"),
                  on_change=_set_author)


def _set_author() -> None:
    state.workspace().author = st.session_state["desk_author"].strip()


def author() -> str:
    return state.workspace().author or t("desk.anonymous")


def saver() -> None:
    """Name, comment and tags of the next version."""
    space = state.workspace()
    now = scenario_name(space.scenario)
    if st.session_state.get("_desk_named") != (now, space.stored):
        st.session_state["_desk_named"] = (now, space.stored)
        st.session_state["desk_name"], st.session_state["desk_note"] = now[:MAX_NAME], space.scenario.note
        st.session_state["desk_comment"] = ""
    first, second, third = st.columns([2, 2, 1], gap="small")
    with first:
        st.text_input(t("desk.name"), key="desk_name", max_chars=MAX_NAME)
    with second:
        st.text_input(t("desk.comment"), key="desk_comment", max_chars=MAX_COMMENT, placeholder=t("desk.comment_hint"))
    with third:
        name_box()
    st.text_area(t("desk.note"), key="desk_note", max_chars=MAX_NOTE, height=68)
    with st.container(horizontal=True, vertical_alignment="center"):
        if space.stored is not None:
            st.button(t("desk.save_version", name=plain(space.stored.name), number=space.stored.version + 1),
                      key="desk_save", type="primary", icon=":material/save:", on_click=_save_version)
        st.button(t("desk.save_new"), key="desk_new", icon=":material/add:", on_click=_save_new,
                  type="secondary" if space.stored else "primary")
        st.caption(_standing(), width="content")


def _standing() -> str:
    space = state.workspace()
    if space.stored is None:
        return t("desk.never_saved")
    return t("desk.changed_since" if space.changed else "desk.as_saved", number=space.stored.version)


def _named() -> Scenario:
    """The work under the name and note that stand in the form. Raises InvalidInput where they cannot be."""
    name = st.session_state.get("desk_name", "").strip() or scenario_name(state.workspace().scenario)
    return state.workspace().scenario.named(name, st.session_state.get("desk_note", ""))


def _save_new() -> None:
    attempt(lambda: took(library.store().save(_named(), author=author(), comment=_comment()), "desk.saved"))


def _save_version() -> None:
    stored = state.workspace().stored
    attempt(lambda: took(library.store().save(_named(), author=author(), comment=_comment(), id=stored.id,
                                              expected=stored.version), "desk.saved"))


def save_at_once() -> None:
    """From the top bar: the next version; where there is none yet, go and give it a name."""
    space = state.workspace()
    if space.stored is None:
        st.session_state["_goto"] = "scenarios"
        return
    attempt(lambda: took(library.store().save(space.scenario.named(space.stored.name), author=author(), id=space.stored.id,
                                              expected=space.stored.version), "desk.saved"))
    if "_conflict" in st.session_state:
        st.session_state["_goto"] = "scenarios"


def _comment() -> str:
    return st.session_state.get("desk_comment", "").strip()


def took(saved, message: str) -> None:
    """The work is this saved version from now on; a changed name is one step of undo like any change."""
    space = state.workspace()
    state.commit(saved.scenario)
    space.scenario = space.saved = saved.scenario
    space.stored = Stored(saved.entry.id, saved.version.number, saved.entry.name)
    st.session_state.pop("_conflict", None)
    st.session_state["_notice"] = ("success", t(message, name=plain(saved.entry.name), number=saved.version.number))


# --- two people, one scenario -----------------------------------------------------------------------------------

def conflict_box() -> None:
    """Somebody saved in between: both differences, and the choice. Nothing is lost whatever is chosen."""
    conflict: VersionConflict | None = st.session_state.get("_conflict")
    if conflict is None:
        return
    theirs = conflict.theirs
    with st.container(border=True):
        st.warning(t("desk.conflict", author=plain(theirs.version.author), number=theirs.version.number,
                     name=plain(theirs.entry.name)), icon=":material/group:")
        left, right = st.columns(2, gap="medium")
        started = conflict.started.scenario
        with left:
            st.markdown(f"**{t('desk.mine')}**")
            difference_table(state.differences(conflict.mine, started), "desk_mine")
        with right:
            st.markdown(f"**{t('desk.theirs')}**")
            difference_table(state.differences(theirs.scenario, started), "desk_theirs")
        both = collisions(conflict)
        if both:
            st.caption(t("desk.both", count=len(both), names="、".join(plain(changes.place_name(a)) for a in both[:8])))
        with st.container(horizontal=True):
            st.button(t("desk.merge"), key="desk_merge", type="primary", on_click=_resolve, args=("merge",),
                      help=t("desk.merge_help"), disabled=conflict.mine.base != theirs.scenario.base)
            st.button(t("desk.keep_mine"), key="desk_keep", on_click=_resolve, args=("mine",), help=t("desk.keep_help"))
            st.button(t("desk.take_theirs"), key="desk_take", on_click=_resolve, args=("theirs",), help=t("desk.take_help"))
            st.button(t("desk.as_copy"), key="desk_copy", on_click=_resolve, args=("copy",), help=t("desk.copy_help"))


def collisions(conflict: VersionConflict) -> list[str]:
    """Addresses that both changed, and not to the same value."""
    started = conflict.started.scenario
    mine = {a: new for a, _, new in state.differences(conflict.mine, started)}
    theirs = {a: new for a, _, new in state.differences(conflict.theirs.scenario, started)}
    return [a for a in mine if a in theirs and mine[a] != theirs[a]]


def merged(conflict: VersionConflict) -> Scenario:
    """Theirs with what I changed since the version that both started from; where both changed, mine."""
    mine, started = dict(conflict.mine.changes), dict(conflict.started.scenario.changes)
    theirs = conflict.theirs.scenario
    back = [a for a in started if a not in mine]
    changed = {a: v for a, v in mine.items() if a not in started or started[a] != v}
    return theirs.without(back).with_values(changed).named(conflict.mine.name, conflict.mine.note)


def _resolve(how: str) -> None:
    conflict: VersionConflict = st.session_state["_conflict"]
    theirs = conflict.theirs
    if how == "theirs":
        state.open_scenario(theirs.scenario, Stored(theirs.entry.id, theirs.version.number, theirs.entry.name))
        st.session_state.pop("_conflict", None)
        return
    comment = _comment() or t(f"desk.comment_{how}", number=theirs.version.number)

    def act() -> None:
        store = library.store()
        if how == "copy":
            name = t("desk.copy_name", name=conflict.mine.name[:60], author=author())
            took(store.save(conflict.mine.named(name), author=author(), comment=comment), "desk.saved")
        else:
            work = merged(conflict) if how == "merge" else conflict.mine
            took(store.save(work, author=author(), comment=comment, id=theirs.entry.id,
                            expected=theirs.version.number), "desk.saved")

    attempt(act)


def difference_table(found: list[tuple[str, object, object]], key: str, *scenarios: Scenario) -> None:
    """Which assumption, from what, to what."""
    if not found:
        st.caption(t("desk.no_difference"))
        return
    rows = []
    for address, old, new in found[:changes.MAX_SHOWN]:
        words = changes.shown_pair(address, old, new)
        rows.append({t("desk.assumption"): changes.place_name(address, *scenarios), t("desk.before"): words[0],
                     t("desk.after"): words[1]})
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key=key)
    if len(found) > changes.MAX_SHOWN:
        st.caption(t("changes.more", count=len(found) - changes.MAX_SHOWN))

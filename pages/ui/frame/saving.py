"""The planners' desk: saving the work as a version, and two people saving the same scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import streamlit as st

from model import InvalidInput, SandtableError, Scenario
from model.errors import NotAllowed, StoreProblem, UnknownScenario, VersionConflict
from model.io.store import Entry
from model.io.store.actors import Actor
from model.io.store.limits import LONGEST, name_key
from model.late import Late
from pages.ui.frame import merging, permits
from pages.ui.kit import jobs, views
from pages.ui.kit.problems import sentence
from pages.ui.kit.texts import listed, plain, t, together
from pages.ui.session import library, person, sign_in, state
from pages.ui.session.workspace import Stored
from pages.ui.words import place_names
from pages.ui.words.scenario_names import scenario_name

pd = Late("pandas")
#: of what both changed, and of actual months, that many are named
_NAMED = 8
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
    if isinstance(problem, NotAllowed):
        return permits.why_not(problem.deed)
    if isinstance(problem, InvalidInput):
        return " ".join(plain(sentence(v)) for v in problem.violations[:5])
    return t(f"desk.refused_{type(problem).__name__}")


_NOTICES = {"error": (st.error, ":material/error:"), "info": (st.info, ":material/info:"),
            "success": (st.success, ":material/check_circle:")}


def notice() -> None:
    """What the last action came to: until the next run that the reader asks for. A run that was broken off has not told it, and
    one that a finished computation asks for does not take it away."""
    if st.session_state.get("_notice") is st.session_state.pop("_notice_told", None) and jobs.DRAWN_AGAIN not in st.session_state:
        st.session_state.pop("_notice", None)
    kind, text = st.session_state.get("_notice") or ("", "")
    if kind:
        with st.container(key="notice"):  # stays in sight (kit/everybody.css): what was pressed may stand far down the page
            show, icon = _NOTICES[kind]
            show(text, icon=icon)


def told() -> None:
    """At the end of a run: what `notice` drew has reached the reader."""
    st.session_state["_notice_told"] = st.session_state.get("_notice")
    st.session_state.pop(jobs.DRAWN_AGAIN, None)


def name_box() -> None:
    """Who works here: asked once, kept with the work. Who is signed in has a name."""
    if sign_in.on():
        st.caption(t("desk.author"))
        st.markdown(plain(actor().name))
        return
    space = state.workspace()
    views.show(st.text_input, t("desk.author"), key="desk_author", value=space.author, max_chars=MAX_AUTHOR,
               placeholder=t("desk.author_hint"), on_change=_set_author)


def _set_author() -> None:
    state.workspace().author = st.session_state["desk_author"].strip()


def actor() -> Actor:
    """Whom every write of a page names."""
    return person.actor(state.workspace().author or t("desk.anonymous"))


def saver() -> None:
    """Name, comment and note of the next version; what was typed stays until it is saved, whatever page is looked at."""
    space, form = state.workspace(), _form()
    first, second, third = st.columns([2, 2, 1], gap="small")
    with first:
        views.show(st.text_input, t("desk.name"), key="desk_name", value=form["name"], max_chars=MAX_NAME, on_change=_typed,
                   args=("name",))
    with second:
        views.show(st.text_input, t("desk.comment"), key="desk_comment", value=form["comment"], max_chars=MAX_COMMENT,
                   placeholder=t("desk.comment_hint"), on_change=_typed, args=("comment",))
    with third:
        name_box()
    views.show(st.text_area, t("desk.note"), key="desk_note", value=form["note"], max_chars=MAX_NOTE, height=68,
               on_change=_typed, args=("note",))
    why_not = barred()
    with st.container(horizontal=True, vertical_alignment="center"):
        if space.stored is not None and not why_not and "_conflict" not in st.session_state:
            permits.button(
                "save", t("desk.save_version", name=plain(space.stored.name), number=space.stored.version + 1),
                key="desk_save", type="primary", icon=":material/save:", on_click=_save_version)
        permits.button("save", t("desk.save_new"), key="desk_new", icon=":material/add:", on_click=_save_new,
                       type="secondary" if space.stored and not why_not else "primary")
        if why_not:
            _withdrawal()
        st.caption(_standing(), width="content")
    if why_not:
        st.caption(why_not)


def barred() -> str:
    """Why what is at hand cannot become the next version of its scenario, as far as the library says now; "" where it can."""
    try:
        entry = _entry()
    except UnknownScenario as problem:
        return reason(problem)
    return permits.barring("save", entry) if entry else ""


def _entry() -> Entry | None:
    """How the scenario at hand stands in the library; None where it has none, or does not answer. Raises UnknownScenario."""
    stored = state.workspace().stored
    return library.entry(stored.id) if stored else None


def _withdrawal() -> None:
    """What is submitted can be changed once it is withdrawn."""
    with suppress(UnknownScenario):
        if (entry := _entry()) and not permits.barring("withdraw", entry):
            permits.button("withdraw", t("approval.withdraw"), key="desk_withdraw", icon=":material/undo:", on_click=_withdraw,
                           args=(entry.id,))


def _withdraw(id: str) -> None:
    attempt(lambda: library.store().approvals.withdraw(id, author=actor()), t("approval.done_withdraw"))


def _unsaid() -> dict[str, str]:
    """What the form says before anybody has typed: the name and note of the work at hand."""
    scenario = state.workspace().scenario
    return {"name": scenario_name(scenario)[:MAX_NAME], "note": scenario.note, "comment": ""}


def _form() -> dict[str, str]:
    return _unsaid() | state.workspace().form


def _typed(part: str) -> None:
    """Kept with the work and not in the widget: Streamlit forgets a widget as soon as another page is shown."""
    form, text = state.workspace().form, st.session_state[f"desk_{part}"]
    form[part] = text
    if text == _unsaid()[part]:
        del form[part]


def _asked() -> dict[str, str]:
    """The form as the reader sees it in a callback: a field that was left by the click itself has told nobody yet."""
    return {part: st.session_state.get(f"desk_{part}", value) for part, value in _form().items()}


def _forget_form() -> None:
    """It is saved: fields on the page say so too, else one that reports late would be taken for newly typed."""
    state.workspace().form.clear()
    for part, value in _unsaid().items():
        if f"desk_{part}" in st.session_state:
            st.session_state[f"desk_{part}"] = value


def _standing() -> str:
    space = state.workspace()
    if space.stored is None:
        return t("desk.never_saved")
    return t("desk.changed_since" if space.changed else "desk.as_saved", number=space.stored.version)


def _named() -> Scenario:
    """The work under the name and note that stand in the form. Raises InvalidInput where they cannot be."""
    form, scenario = _asked(), state.workspace().scenario
    return scenario.named(form["name"].strip() or scenario_name(scenario), form["note"])


def _save_new() -> None:
    """Under the name that stands there; where that is the name of what it came from, under the next one that is free."""
    def act() -> None:
        work, stored = _named(), state.workspace().stored
        if stored is not None and name_key(work.name) == name_key(stored.name):
            work = work.named(free_name(work.name), work.note)
        took(library.store().save(work, author=actor(), comment=_comment()), "desk.saved")

    attempt(act)


def _save_version() -> None:
    stored = state.workspace().stored
    if stored is None:
        return
    attempt(lambda: took(library.store().save(_named(), author=actor(), comment=_comment(), id=stored.id,
                                              expected=stored.version), "desk.saved"))


def save_at_once() -> None:
    """From the top bar: the next version under its own name; where there can be none, go and give it a name."""
    space = state.workspace()
    stored, why_not = space.stored, barred()
    if stored is None or why_not:
        said = together([why_not, t("desk.save_apart")]) if why_not else t("desk.not_yet")
        st.session_state["_goto"], st.session_state["_notice"] = "scenarios", ("info", said)
        return
    form, other_name = _asked(), space.form.get("name")
    work = space.scenario.named(stored.name, form["note"])
    saved = attempt(lambda: took(library.store().save(work, author=actor(), comment=form["comment"].strip(),
                                                      id=stored.id, expected=stored.version), "desk.saved"))
    if saved and other_name is not None:
        space.form["name"] = other_name
    if "_conflict" in st.session_state:
        st.session_state["_goto"] = "scenarios"


def save_for_link() -> None:
    """From the Share box: the next version; where there can be none, a scenario under its own name or the next free one."""
    if state.workspace().stored is not None and not barred():
        return save_at_once()

    def act() -> None:
        work = _named()
        took(library.store().save(work.named(free_name(work.name), work.note), author=actor(), comment=_comment()), "desk.saved")

    attempt(act)


def save_apart(scenario: Scenario) -> None:
    """A found scenario as a new one in the library, under a name that is free; undo leads back to what was at hand."""
    space = state.workspace()

    def act() -> None:
        name = free_name(t("desk.found_name", name=scenario_name(space.scenario)[:MAX_NAME - 30]))
        saved = library.store().save(scenario.named(name), author=actor())
        state.open_scenario(saved.scenario, Stored(saved.entry.id, saved.version.number, saved.entry.name))
        state.workspace().baseline = space.baseline
        st.session_state["_notice"] = ("success", t("desk.saved_apart", name=plain(name)))

    attempt(act)


def free_name(name: str) -> str:
    """The name, with a number behind it where a scenario has it already."""
    tried = [name, *(f"{name} {i}" for i in range(2, 100))]
    return next((n for n in tried if not _is_taken(n)), name)


def _is_taken(name: str) -> bool:
    store = library.store()
    return any(name_key(e.name) == name_key(name) for archived in (False, True)
               for e in store.list(name, archived=archived).entries)


def _comment() -> str:
    return _asked()["comment"].strip()


def took(saved, message: str) -> None:
    """The work is this saved version from now on. Name and note are the library's: undo takes back what changed in the plan."""
    space = state.workspace()
    if (saved.scenario.changes, saved.scenario.base, saved.scenario.book) != (
            space.scenario.changes, space.scenario.base, space.scenario.book):
        state.commit(saved.scenario)
    space.scenario = space.saved = saved.scenario
    space.stored = Stored(saved.entry.id, saved.version.number, saved.entry.name)
    _forget_form()
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
        for column, scenario, key in ((left, conflict.mine, "desk_mine"), (right, theirs.scenario, "desk_theirs")):
            with column:
                st.markdown(f"**{t(f'desk.{key[5:]}')}**")
                all_differences(scenario, started, key)
        if both := merging.collisions(conflict):
            st.caption(t("desk.both", count=len(both), names=listed([plain(name) for name in both[:_NAMED]])))
        with st.container(horizontal=True):
            permits.button("save", t("desk.merge"), key="desk_merge", type="primary", on_click=_resolve, args=("merge",),
                           help=t("desk.merge_help"), disabled=conflict.mine.base != theirs.scenario.base)
            permits.button("save", t("desk.keep_mine"), key="desk_keep", on_click=_resolve, args=("mine",),
                           help=t("desk.keep_help"))
            st.button(t("desk.take_theirs"), key="desk_take", on_click=_resolve, args=("theirs",), help=t("desk.take_help"))
            permits.button("save", t("desk.as_copy"), key="desk_copy", on_click=_resolve, args=("copy",),
                           help=t("desk.copy_help"))


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
            name = t("desk.copy_name", name=conflict.mine.name[:60], author=actor().name)
            took(store.save(conflict.mine.named(name), author=actor(), comment=comment), "desk.saved")
        else:
            work = merging.merged(conflict) if how == "merge" else conflict.mine
            took(store.save(work, author=actor(), comment=comment, id=theirs.entry.id,
                            expected=theirs.version.number), "desk.saved")

    attempt(act)


def all_differences(scenario: Scenario, since: Scenario, key: str) -> None:
    """What of the plan differs, from what to what, and what of its actual months."""
    found, months = state.differences(scenario, since), merging.of_months(scenario, since)
    if found or not months:
        difference_table(found, key)
    if months:
        named = listed([plain(name) for name in months[:_NAMED]])
        st.caption(t("desk.months_changed", count=len(months), names=named) if len(months) <= _NAMED else t(
            "desk.months_changed_more", count=len(months), names=named))


def difference_table(found: Sequence[tuple[str, object, object]], key: str, *scenarios: Scenario) -> None:
    """Which assumption, from what, to what."""
    if not found:
        st.caption(t("desk.no_difference"))
        return
    rows = []
    for address, old, new in found[:place_names.MAX_SHOWN]:
        words = place_names.shown_pair(address, old, new)
        rows.append({t("desk.assumption"): place_names.place_name(address, *scenarios), t("desk.before"): words[0],
                     t("desk.after"): words[1]})
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key=key)
    if len(found) > place_names.MAX_SHOWN:
        st.caption(t("changes.more", count=len(found) - place_names.MAX_SHOWN))

"""The shelf of saved scenarios: search, pick, and what can be done with what was picked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from model import SandtableError
from model.errors import StoreRefused
from model.units import RATE, shown_of
from pages.ui.frame import permits, saving
from pages.ui.kit import views
from pages.ui.kit.formats import money_unit
from pages.ui.kit.texts import half_widths, listed, plain, t, together
from pages.ui.scenarios import approval, chances, remarks, typed
from pages.ui.scenarios.opening import open_version
from pages.ui.session import library, own_presets, state
from pages.ui.session.workspace import Stored
from pages.ui.words.made_names import said
from pages.ui.words.when import when

PAGE_SIZE = 50
MOST_COMPARED = 6
_ORDERS = ("updated", "name", "author")
#: pixels of names, of rows in which they take two lines; half-width characters that one line holds
_NAME, _TWO_LINES, _LINE = 330, 66, 44


def shelf() -> None:
    """The list and the actions; says so where the store cannot be read, and the work at hand goes on."""
    try:
        page = _find()
    except SandtableError as problem:
        st.error(saving.reason(problem), icon=":material/error:")
        return
    if not page.total:
        st.info(t("shelf.nothing_found" if _asked() else "shelf.empty"), icon=":material/inventory_2:")
        return
    picked = _table(page)
    chances.fill(page.entries)
    _actions(picked)
    if len(picked) == 1:
        _details(picked[0])
    elif st.session_state.get("shelf_archived"):
        _deeds(None)  # what was deleted is in no list any more


def _asked() -> bool:
    s = st.session_state
    return bool(s.get("shelf_search") or s.get("shelf_tags") or s.get("shelf_archived"))


def _find():
    store = library.store()
    if "shelf_order" not in st.session_state:  # coming from another page: in the order that is true now
        st.session_state.pop("_shelf_order", None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        search = st.text_input(t("shelf.search"), key="shelf_search", max_chars=100, placeholder=t("shelf.search_hint"),
                               icon=":material/search:", width=320)
        known = _own(store.tags())
        tags = st.multiselect(t("shelf.tags"), known, key="shelf_tags", width=240,
                              placeholder=t("shelf.any_tag")) if known else ()
        order = views.choose(t("shelf.order"), _ORDERS, key="shelf_order", width=170, format_func=lambda o: t(f"shelf.by_{o}"))
        archived = st.toggle(t("shelf.archived"), key="shelf_archived")
    at = min(st.session_state.get("shelf_page", 1) - 1, 10_000) * PAGE_SIZE
    asked: dict[str, Any] = {"search": search, "tags": tuple(tags), "archived": archived, "order": order,
                             "descending": order == "updated"}
    page = store.list(**asked, limit=PAGE_SIZE, offset=at)
    if not page.entries and page.total:
        page = store.list(**asked, limit=PAGE_SIZE)
    if page.total > PAGE_SIZE:
        st.pagination(-(-page.total // PAGE_SIZE), key="shelf_page")
    st.caption(t("shelf.count", count=page.total))
    return replace(page, entries=_steady(page.entries, (*asked.values(), at)))


def _table(page) -> list:
    """The entries that are ticked."""
    divisor, unit = money_unit()
    at_hand = state.workspace().stored
    rows = [{
        "name": ("▸ " if at_hand and at_hand.id == e.id else "") + _name(e) + (" 🔒" if e.locked else "")
                + (f" ⚠ {t('shelf.damaged')}" if e.damaged else ""),
        "months": [round(m / divisor, 2) for m in e.summary.get("months", [])],
        "gmv": _in(divisor, e.summary.get("gmv")), "profit": _in(divisor, e.summary.get("net_profit")),
        "margin": None if e.summary.get("net_margin_rate") is None else shown_of(e.summary["net_margin_rate"], RATE),
        "chance": _chance(e), "version": e.version, "approval": approval.word(e),
        "author": said(e.author), "updated": e.updated, "tags": _own(e.tags), "note": e.note,
    } for e in page.entries]
    columns, figures = st.column_config, "%,.1f" if divisor < 1e6 else "%,.2f"
    config = {
        "name": columns.TextColumn(t("shelf.name"), pinned=True, width=_NAME), "note": columns.TextColumn(t("desk.note")),
        "months": columns.BarChartColumn(t("shelf.months", unit=unit), y_min=0),
        "gmv": columns.NumberColumn(t("shelf.gmv", unit=unit), format=figures),
        "profit": columns.NumberColumn(t("shelf.profit", unit=unit), format=figures),
        "margin": columns.NumberColumn(t("shelf.margin"), format="%.1f%%"),
        "chance": columns.NumberColumn(t("shelf.chance"), format="%.1f%%", help=t("shelf.chance_help")),
        "version": columns.NumberColumn(t("shelf.version"), format="v%d"),
        "approval": columns.TextColumn(t("approval.title"), width=105),
        "author": columns.TextColumn(t("shelf.author")), "tags": columns.ListColumn(t("shelf.tags")),
        "updated": columns.DatetimeColumn(t("shelf.updated"), format="YYYY-MM-DD HH:mm",
                                          timezone=st.context.timezone),
    }
    ids = [e.id for e in page.entries]
    key = f"shelf_{hash(tuple(ids))}"
    st.session_state["_shelf_shown"] = (key, ids)
    ticked = st.session_state.setdefault("_shelf_ticked", set())
    start: Any = {"selection": {"rows": [i for i, id in enumerate(ids) if id in ticked]}}
    # a column of nothing but what is not known would be one of words, and say None
    shown = pd.DataFrame(rows).astype(dict.fromkeys(("gmv", "profit", "margin", "chance"), float) if rows else {})
    st.dataframe(shown, hide_index=True, width="stretch", key=key, on_select=_tick, selection_default=start,
                 selection_mode="multi-row", column_config=config,
                 row_height=_TWO_LINES if max(map(half_widths, (r["name"] for r in rows)), default=0) > _LINE else None)
    return [e for e in page.entries if e.id in ticked]


def _chance(entry) -> float | None:
    found = entry.summary.get("chance")
    return shown_of(found["chance"], RATE) if found else None


def _own(tags) -> list[str]:
    """Tags that a reader has given: those that find a plan's presets are of no use to him."""
    return [x for x in tags if not own_presets.is_tag(x)]


def _name(entry) -> str:
    """A scenario's name; its figures are over the whole plan, whose months are named where they are no year."""
    months = len(entry.summary.get("months", []))
    return said(entry.name) if months in (0, 12) else t("period.of_months", text=said(entry.name), count=months)


def _in(divisor: float, amount: float | None) -> float | None:
    return None if amount is None else amount / divisor


def _tick() -> None:
    """What is ticked is remembered by id: rows may have other places when they are drawn next."""
    key, ids = st.session_state["_shelf_shown"]
    st.session_state["_shelf_ticked"] = {ids[i] for i in st.session_state[key].selection.rows if i < len(ids)}


def _steady(entries: tuple, question: tuple) -> tuple:
    """The entries in the order in which the same question was answered before, new ones on top.

    An action changes when a scenario was last touched; its row must not move away under the hand that acts.
    """
    asked, before = st.session_state.get("_shelf_order", ((), []))
    places = {id: i for i, id in enumerate(before)} if asked == question else {}
    entries = tuple(sorted(entries, key=lambda e: places.get(e.id, -1)))
    st.session_state["_shelf_order"] = (question, [e.id for e in entries])
    return entries


def _actions(picked: list) -> None:
    if not picked:
        st.caption(t("shelf.pick"))
        return
    only = picked[0] if len(picked) == 1 else None
    with st.container(horizontal=True, gap="xsmall"):
        if only:
            st.button(t("shelf.open"), key="shelf_open", type="primary", icon=":material/folder_open:",
                      on_click=open_version, args=(only.id,))
            permits.button("duplicate", t("shelf.duplicate"), key="shelf_duplicate", icon=":material/content_copy:",
                           on_click=_duplicate, args=(only,))
            turn = "unlock" if only.locked else "lock"
            permits.button(turn, t(f"shelf.{turn}"), key="shelf_lock", help=t("shelf.lock_help"), icon=":material/lock:",
                           of=picked, on_click=_switch, args=(turn, picked))
        st.button(t("shelf.compare_open" if only else "shelf.compare", count=len(picked)), key="shelf_compare",
                  icon=":material/compare_arrows:", disabled=len(picked) > MOST_COMPARED,
                  help=t("shelf.compare_help", most=MOST_COMPARED), on_click=_compare, args=(picked,))
        away = all(e.archived for e in picked)
        turn = "unarchive" if away else "archive"
        permits.button(turn, t(f"shelf.{turn}"), key="shelf_archive", icon=":material/archive:", of=picked, on_click=_switch,
                       args=(turn, picked))
        if away:
            with st.popover(t("shelf.delete"), icon=":material/delete:", key="shelf_delete_box"):
                st.markdown(t("shelf.delete_sure", count=len(picked)))
                permits.button("delete", t("shelf.delete_yes"), key="shelf_delete", of=picked, on_click=_switch,
                               args=("delete", picked))


def _duplicate(entry) -> None:
    def act() -> None:
        name = saving.free_name(t("shelf.copy_name", name=entry.name[:80]))
        saved = library.store().duplicate(entry.id, name, author=saving.actor())
        st.session_state["_notice"] = ("success", t("shelf.duplicated", name=plain(saved.entry.name)))

    saving.attempt(act)


def _switch(action: str, picked: list) -> None:
    """One action on each of the picked; what was done is said, and how to take it back, and which ones were left out, and why."""
    done: list[str] = []
    left: dict[str, list[str]] = {}

    def act() -> None:
        for entry in picked:
            try:
                getattr(library.store(), action)(entry.id, author=saving.actor())
                done.append(entry.id)
            except StoreRefused as refused:
                left.setdefault(saving.reason(refused), []).append(plain(said(entry.name)))

    if not saving.attempt(act):
        return
    told = [t(f"shelf.done_{action}", count=len(done))] if done else []
    told += [t("shelf.left_out", count=len(names), names=listed(names), reason=reason) for reason, names in left.items()]
    st.session_state["_notice"] = ("success" if done and not left else "info" if done else "error", together(told))
    space = state.workspace()
    if action == "delete" and space.stored and space.stored.id in done:
        space.stored = None


def _compare(picked: list) -> None:
    ids = [f"store:{e.id}" for e in picked]
    state.workspace().compared = tuple(ids) if len(ids) > 1 else ("now", *ids)
    st.session_state["_goto"] = "compare"


def _details(entry) -> None:
    """Rename, tags, approval, what people say, and the versions with what each changed."""
    st.markdown(f"#### {plain(said(entry.name))}")
    labels = [t("shelf.details"), t("approval.title"), t("remark.title"), t("shelf.history")]
    edit, steps, talk, versions = st.tabs(labels, key="shelf_parts")  # keyed: the chosen one stays when a notice moves it down
    with edit:
        _edit(entry)
    with steps:
        approval.card(entry, approval.DETAILS)
    with talk:
        remarks.draw(entry)
    with versions:
        _history(entry)
        _deeds(entry.id)


def _edit(entry) -> None:
    tags = t("shelf.tags_joint").join(_own(entry.tags))
    typed.field(st.text_input, t("desk.name"), entry.id, "name", entry.name, max_chars=saving.MAX_NAME)
    typed.field(st.text_area, t("desk.note"), entry.id, "note", entry.note, max_chars=saving.MAX_NOTE, height=68)
    typed.field(st.text_input, t("shelf.tags_edit"), entry.id, "tags", tags, max_chars=800, help=t("shelf.tags_help"))
    permits.button("rename", t("shelf.save_details"), key="shelf_save_details", icon=":material/save:", of=[entry],
                   on_click=_save_details, args=(entry, tags))


def _save_details(entry, shown_tags: str) -> None:
    name, note, tags = (typed.now(entry.id, part, text) for part, text in (
        ("name", entry.name), ("note", entry.note), ("tags", shown_tags)))
    wanted = tuple(dict.fromkeys(x.strip() for x in tags.replace("，", ",").split(",") if x.strip()))
    wanted += tuple(x for x in entry.tags if own_presets.is_tag(x))

    def act() -> None:
        store = library.store()
        if name.strip() != entry.name:
            _follow(store.rename(entry.id, name.strip(), author=saving.actor()), entry)
        _follow(store.describe(entry.id, note=note, tags=wanted, author=saving.actor()), entry)

    if saving.attempt(act, t("shelf.details_saved")):
        typed.forget(entry.id, "name", "note", "tags")


def _follow(saved, entry) -> None:
    """A new name or note is a version: work that stood on the latest one stands on it now, and says the same."""
    space = state.workspace()
    if space.stored and space.stored.id == entry.id and space.stored.version in (entry.version, saved.version.number - 1):
        space.stored = Stored(entry.id, saved.version.number, saved.entry.name)
        name, note = saved.scenario.name, saved.scenario.note
        space.scenario, space.saved = space.scenario.named(name, note), space.saved.named(name, note)


def _history(entry) -> None:
    store = library.store()
    try:
        versions = store.history(entry.id)
    except SandtableError as problem:
        st.error(saving.reason(problem))
        return
    numbers = [v.number for v in versions]
    words = {v.number: f"v{v.number} · {when(v.created)} · {said(v.author)}" + (f" · {said(v.comment)}" if v.comment else "")
             for v in versions}
    chosen = views.choose(t("shelf.version_pick"), numbers, key=f"shelf_version_{entry.id}",
                          format_func=lambda n: words.get(n, f"v{n}"))
    if chosen > 1:
        try:
            now, before = store.open(entry.id, chosen).scenario, store.open(entry.id, chosen - 1).scenario
        except SandtableError as problem:
            st.error(saving.reason(problem))
            return
        st.caption(t("shelf.changed_in", number=chosen, before=chosen - 1))
        saving.all_differences(now, before, f"shelf_diff_{entry.id}_{chosen}")
    else:
        st.caption(t("shelf.first_version"))
    with st.container(horizontal=True):
        st.button(t("shelf.open_version", number=chosen), key="shelf_open_version", on_click=open_version,
                  args=(entry.id, chosen))
        permits.button(
            "restore", t("shelf.restore", number=chosen), key="shelf_restore", of=[entry], disabled=chosen == numbers[0],
            help=t("shelf.restore_help"), on_click=_restore, args=(entry, chosen))


def _deeds(id: str | None) -> None:
    """Who locked, unlocked, archived, tagged or deleted, and when."""
    try:
        found = library.store().deeds(id)
    except SandtableError as problem:
        st.error(saving.reason(problem))
        return
    if found:
        st.markdown(f"**{t('shelf.deeds')}**")
        st.dataframe(pd.DataFrame([{t("shelf.updated"): when(d.created), t("shelf.author"): said(d.author), t("shelf.deed"):
                                    t(f"shelf.deed_{d.deed}"), t("shelf.name"): said(d.name)} for d in found]), hide_index=True,
                     width="stretch", key="library_deeds")


def _restore(entry, number: int) -> None:
    def act() -> None:
        comment = t("shelf.restored_comment", number=number)
        saved = library.store().restore(entry.id, number, author=saving.actor(), comment=comment)
        space = state.workspace()
        if space.stored and space.stored.id == entry.id and not space.changed:
            state.open_scenario(saved.scenario, Stored(entry.id, saved.version.number, saved.entry.name))
        st.session_state["_notice"] = ("success", t("shelf.restored", number=number, new=saved.version.number))

    saving.attempt(act)

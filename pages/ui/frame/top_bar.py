"""The common frame: navigation that survives a deep link on a cold server, and the bar on top of every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from model import Result, Scenario, to_json, to_link
from model.plan.rules import clean
from pages.ui.frame import account, documents, downloads, emptiness, month_files, permits, saving, uploads, workbooks
from pages.ui.frame.bar_state import bar_state, checked
from pages.ui.kit import csv_tables, texts, views
from pages.ui.kit.formats import short
from pages.ui.kit.problems import said, show_problem
from pages.ui.kit.texts import plain, t
from pages.ui.session import results, state, visit
from pages.ui.words.doubts import named
from pages.ui.words.scenario_names import scenario_name

#: pages by their file and url path, the first is the default; without icons twelve of them fit the menu at 1280 pixels
PAGES = ("simulate", "channels", "customers", "assumptions", "plan", "risk", "optimize",
         "review", "scenarios", "compare", "own", "method", "print")
_HIDDEN = ("print",)
_MARKS = {"PASS": ":material/check_circle:", "REVIEW": ":material/error:", "FAIL": ":material/cancel:"}


def navigation(shown: bool) -> st.Page:
    """The router, its menu only where it is to be shown. A page opened on a cold server before app.py ran is opened again, its
    query with it."""
    st.session_state["_router"] = True
    pages = {key: st.Page(f"pages/{key}.py", title=t(f"page.{key}"), url_path=key, default=key == PAGES[0],
                          visibility="hidden" if key in _HIDDEN else "visible") for key in PAGES}
    st.session_state["_pages"] = pages
    chosen = st.navigation(list(pages.values()), position="top" if shown else "hidden")
    cold = st.session_state.pop("_cold", None)
    if cold and cold[0] in pages:
        st.switch_page(pages[cold[0]], query_params=cold[1])
    return chosen


def title_of(page: str) -> str:
    """What the browser's tab says: the page and the scenario."""
    return t("everybody.title", page=page, scenario=scenario_name(state.workspace().scenario))


def guard(key: str) -> None:
    """First line of every page: on a cold server Streamlit runs the page without app.py; go there and come back. No page begins
    where the visit is over."""
    if "_router" not in st.session_state or not visit.goes_on():
        st.session_state["_cold"] = (key, st.query_params.to_dict())
        st.switch_page("app.py")


def goto(key: str) -> None:
    st.switch_page(st.session_state["_pages"][key], query_params=state.carried())


@st.fragment(key="bar")
def top_bar() -> None:
    """Name, changed mark, checks, undo, redo, reset, pin, save, share, file, language. The name takes what room is left, so that
    no button moves when a mark or a count beside it does. A fragment: what a press of its buttons says of other widgets, which
    the browser may know from before the last answer, is nothing that anybody has moved."""
    space = state.workspace()
    st.session_state["_bar"] = bar_state()
    with st.container(key="bar_row", horizontal=True, vertical_alignment="center", gap="xsmall"):
        mark = f":orange-badge[{t('bar.changed')}]" if space.changed else f":gray-badge[{t('bar.unchanged')}]"
        st.markdown(f"**{plain(scenario_name(space.scenario))}** {mark}", width="stretch")
        _checks()
        st.button(t("bar.undo"), icon=":material/undo:", key="bar_undo", on_click=_whole_run, args=(_undo,),
                  disabled=not space.undo, shortcut="Ctrl+Z")
        st.button(t("bar.redo"), icon=":material/redo:", key="bar_redo", on_click=_whole_run, args=(_redo,),
                  disabled=not space.redo, shortcut="Ctrl+Y")
        st.button(t("bar.reset"), icon=":material/restart_alt:", key="bar_reset", help=t("bar.reset_help"),
                  on_click=_whole_run, args=(state.reset,), disabled=not (space.changed or space.locks))
        st.button(t("bar.pin"), icon=":material/push_pin:", key="bar_pin", help=t("bar.pin_help"),
                  on_click=_whole_run, args=(_pin,))
        _save()
        _share()
        _file()
        language_switch()


def _whole_run(action) -> None:
    """In a callback: act, then draw the whole page, not only the fragment of the button."""
    action()
    st.rerun()


def _undo() -> None:
    state.step("undo", "redo")


def _redo() -> None:
    state.step("redo", "undo")


def _pin() -> None:
    space = state.workspace()
    space.baseline = space.scenario


def _save() -> None:
    """The next version of what was opened; what was never saved gets its name on the Scenarios page first."""
    space = state.workspace()
    permits.button("save", t("bar.save"), icon=":material/save:", key="bar_save_version",
                   help=saving.barred() or t("bar.save_help"), shortcut="Ctrl+S", on_click=_whole_run,
                   args=(saving.save_at_once,), disabled=space.stored is not None and not space.changed)


def _share() -> None:
    box = st.popover(t("bar.share"), icon=":material/share:", key="bar_share", on_change="rerun")
    if not box.open:
        return
    with box:
        _library_link()
        scenario = state.workspace().scenario
        link = to_link(scenario) if scenario.base.name == state.SAMPLE else None
        if link is None:
            st.caption(t("bar.link_too_long"))
            _save_button("share_save")
            return
        st.caption(t("bar.link_help"))
        _address(s=link)


def _address(**said: str) -> None:
    """A link to this page that opens what is said, to copy."""
    query = "&".join(f"{k}={v}" for k, v in {"lang": texts.language(), **said}.items())
    st.code(f"{(st.context.url or '').split('?')[0]}?{query}", language=None, wrap_lines=True)


def _library_link() -> None:
    """A link to the saved version; first a press that saves where what is at hand is none."""
    space = state.workspace()
    stored = space.stored
    if stored is not None:
        st.markdown(t("bar.saved_link", name=plain(stored.name), number=stored.version))
        _address(id=stored.id, version=str(stored.version))
    if stored is None or space.changed:
        st.caption(t("bar.save_first" if stored is None else "bar.not_in_link"))
        permits.button("save", t("bar.save_for_link"), key="share_store", icon=":material/save:", on_click=_whole_run,
                       args=(saving.save_for_link,))


def _save_button(key: str) -> None:
    scenario = state.workspace().scenario
    downloads.button(t("bar.save_file"), key, "", lambda: to_json(scenario).encode(), "json", icon=":material/save:",
                     width="stretch")


def _file() -> None:
    box = st.popover(t("bar.file"), icon=":material/folder_open:", key="bar_file", on_change="rerun")
    if not box.open:
        return
    scenario = state.workspace().scenario
    with box:
        account.menu()
        views.show(st.text_input, t("bar.name"), key="bar_name", value=scenario_name(scenario)[:60], max_chars=60,
                   on_change=_rename)
        _save_button("bar_save")
        downloads.button(t("bar.assumptions_csv"), "bar_plan", "assumptions", lambda: assumptions_csv(scenario),
                         icon=":material/table:", width="stretch")
        workbooks.button(scenario)
        documents.buttons(scenario)
        for name, table in (("months", month_files.months), ("channel_months", month_files.channel_months)):
            downloads.csv_button(name, partial(_table, table, scenario), t(f"bar.{name}_csv"),
                                 f"bar_{name}", icon=":material/calendar_month:", width="stretch")
        print_button("bar_print")
        st.button(t("bar.sample"), key="bar_sample", icon=":material/home:", help=t("bar.sample_help"), width="stretch",
                  on_click=_whole_run, args=(_sample,))
        uploads.panel("bar")


def _table(table: Callable[[Result], csv_tables.Table], scenario: Scenario) -> csv_tables.Table:
    return table(results.result_of(scenario))


def _sample() -> None:
    state.open_scenario(Scenario(state.sample_plan()))


def print_button(key: str, width: Literal["stretch", "content"] = "stretch",
                 kind: Literal["secondary", "tertiary"] = "secondary") -> None:
    """To the page that prints."""
    st.button(t("print.open"), key=key, icon=":material/print:", help=t("print.open_help"), width=width, type=kind,
              on_click=_whole_run, args=(_go_and_print,))


def _go_and_print() -> None:
    st.session_state["_goto"] = "print"


def assumptions_csv(scenario: Scenario) -> bytes:
    return csv_tables.plan_csv(scenario.as_plan(scenario.base.name))


def _rename() -> None:
    space = state.workspace()
    name = clean(st.session_state["bar_name"]).strip()
    if name:
        state.commit(space.scenario.named(name))
    st.rerun()


def _checks() -> None:
    scenario = state.workspace().scenario
    rows = checked(scenario)
    if not rows:
        return
    doubts = scenario.warnings()
    bad = [row for row in rows if row.status != "PASS"]
    worst = "FAIL" if any(r.status == "FAIL" for r in bad) else "REVIEW" if bad or doubts else "PASS"
    count = len(bad) + len(doubts)
    label = t("bar.checks_bad", count=count) if count else t("bar.checks_pass")
    box = st.popover(label, icon=_MARKS[worst], key="bar_checks", on_change="rerun")
    if box.open:
        with box:
            for row in rows:
                text = f"{_MARKS[row.status]} **{t(f'check.{row.key}.label')}**"
                if row.status != "PASS":
                    detail = plain(row.detail) if row.detail else short(row.worst)
                    text += f" · {t('bar.check_' + row.status)} ({detail})  \n{t(f'check.{row.key}.advice')}"
                st.markdown(text)
            if doubts:
                st.markdown(said(named(doubts, scenario)))


def language_switch() -> None:
    """Every language by its own name."""
    spoken = texts.LANGUAGES
    views.show(st.segmented_control, " / ".join(x.word for x in spoken.values()), list(spoken), key="lang",
              value=texts.language(), required=True, format_func=lambda code: spoken[code].name, label_visibility="collapsed",
              width="content", on_change=_switch_language)


def _switch_language() -> None:
    texts.speak(st.session_state["lang"])
    st.session_state["_asked"] = True
    st.query_params["lang"] = st.session_state["lang"]
    st.rerun()


def leave() -> None:
    """Go to the page that an action asked for: a callback cannot change the page itself."""
    page = st.session_state.pop("_goto", "")
    if page:
        goto(page)


def problem_box() -> None:
    """What could not be taken and what was done, on top of the page; the work stays as it was."""
    leave()
    saving.notice()
    space = state.workspace()
    if space.problem is not None:
        show_problem(space.problem, space.problem_title)
        if st.button(t("problem.dismiss"), key="problem_dismiss"):
            space.problem = None
            st.rerun()
    emptiness.notice()

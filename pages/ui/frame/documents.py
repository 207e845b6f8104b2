"""The plan document and the board's slides: their doors in the File menu, and the company's template that a document takes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from model import InvalidInput, Scenario
from model.engine.kpis import ALL, YEAR
from model.late import Late
from pages.ui.frame import downloads, saving, uploads, workbooks
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import plain, t
from pages.ui.session import results
from pages.ui.words import periods

templates = Late("model.io.document.template")
#: the files by their endings: what each is called, and its icon
_FILES = {"docx": ("document", ":material/description:"), "pptx": ("slides", ":material/co_present:"),
          "md": ("document", ":material/notes:")}
#: (name, bytes) of the template chosen in this session
_TEMPLATE = "_word_template"
#: what was wrong with the one chosen last
_REFUSED = "_word_template_refused"
_source: dict[str, Any] = {}


def come_from(making: Any) -> None:
    """Told by the app which module makes them: it asks all pages, and the bar stands below these."""
    _source["making"] = making


def buttons(scenario: Scenario) -> None:
    """Each makes its file when it is pressed."""
    for ending, (what, icon) in _FILES.items():
        downloads.button(t(f"bar.{ending}"), f"bar_{ending}", what, made(scenario, ending), ending, icon=icon, width="stretch",
                         help=t(f"bar.{ending}_help"))
    _template()


def made(scenario: Scenario, ending: str) -> Callable[[], bytes]:
    """What makes a file, on a thread without a session: what the session knows is told here."""
    chosen = periods.chosen(scenario.get("months"))  # a plan of the year speaks of one
    told = (workbooks.facts(scenario), saving.actor().name, YEAR if chosen == ALL else chosen, results.finer_of(scenario),
            results.register_known(scenario))
    _, template = st.session_state.get(_TEMPLATE, ("", None))
    return partial(_file, _source["making"], ending, scenario, told, template)


def _file(making: Any, ending: str, scenario: Scenario, told: tuple, template: bytes | None) -> bytes:
    return making.MAKERS[ending](making.work_of(scenario, *told), template)


def _template() -> None:
    """A company's own document, whose styles the Word document takes; a bad one is refused with a sentence."""
    name, _ = st.session_state.get(_TEMPLATE, ("", None))
    if name:
        st.caption(t("bar.template_taken", name=plain(name)))
        st.button(t("bar.template_off"), key="bar_template_off", icon=":material/close:", width="stretch",
                  on_click=st.session_state.pop, args=(_TEMPLATE,))
        return
    with st.expander(t("bar.template"), icon=":material/style:"):
        st.file_uploader(t("bar.template_help"), type=["docx", "dotx", "docm", "doc"], key="bar_template",
                         max_upload_size=uploads.MAX_MB, on_change=_choose)
        problem = st.session_state.get(_REFUSED)
        if problem is not None:
            show_problem(problem, "problem.template")


def _choose() -> None:
    """Take the file that was chosen, or keep why it cannot be taken; without one neither."""
    file = st.session_state["bar_template"]
    st.session_state.pop(_REFUSED, None)
    if file is None:
        return
    try:
        templates.opened(file.getvalue())
        st.session_state[_TEMPLATE] = (file.name, file.getvalue())
    except InvalidInput as problem:
        st.session_state[_REFUSED] = problem

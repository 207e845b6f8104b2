"""The page to print in the app: the sheet as it will look, a button that prints it alone, and the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from model import Scenario
from pages.ui.frame import downloads
from pages.ui.kit import browser_files
from pages.ui.kit.texts import t
from pages.ui.print import onepage, parts, review_sheet
from pages.ui.review import entering
from pages.ui.risk import view
from pages.ui.session import results, state
from pages.ui.words import periods

_sheet = browser_files.component("sheet", "<div></div>", "print/sheet.js")
_print_button = browser_files.component("print", "<button type='button' class='sd-print'></button>", "print/button.js",
                                        "print/button.css")


def draw() -> None:
    """The sheet once its risks are computed; their progress until then."""
    st.caption(t("print.intro"))
    periods.choice()
    scenario = state.workspace().scenario
    if scenario.book.cells and st.segmented_control(
            t("print.which"), ("plan", "review"), key="print_which", default="plan", required=True, label_visibility="collapsed",
            format_func=lambda k: t(f"print.of_{k}")) == "review":
        return _review(scenario)
    register = view.register_of(scenario)
    if register is None:
        return
    work = _work(register)
    _show(lambda: onepage.body(work), lambda: onepage.document(work))


def _show(body: Callable[[], str], document: Callable[[], str], what: str = "") -> None:
    """A sheet with its file and the button that prints it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        downloads.button(t("print.download"), "print_file", what, lambda: document().encode(), "html", type="primary")
        _print_button(key="print_now", data={"label": t("print.now")}, width="content")
    st.html(f"<style>{parts.styles()}{browser_files.read('print/print.css')}</style>")
    with st.spinner(t("print.making")):
        sheet = body()
    _sheet(key="sheet", data={"sheet": sheet})


def _review(scenario: Scenario) -> None:
    """The review of the months that are known."""
    actuals = entering.known()
    if actuals is not None and actuals.measured:
        sheet = review_sheet.sheet(scenario, actuals, periods.chosen(), date.today())
        _show(lambda: parts.rendered("review.html", sheet), lambda: parts.document("review.html", sheet), "review_sheet")


def _work(register) -> onepage.Work:
    space = state.workspace()
    found, period = results.risk_of(space.scenario), periods.chosen()
    return onepage.Work(space.scenario, space.baseline, found, register, space.stored, space.changed, date.today(), period)

"""The page to print in the app: the sheet as it will look, a button that prints it alone, and the file."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.ui.frame import downloads
from pages.ui.kit import browser_files
from pages.ui.kit.texts import t
from pages.ui.print import onepage
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
    register = view.register_of(scenario)
    if register is None:
        return
    work = _work(register)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        downloads.button(t("print.download"), "print_file", "", lambda: onepage.document(work).encode(), "html",
                         type="primary")
        _print_button(key="print_now", data={"label": t("print.now")}, width="content")
    st.html(f"<style>{onepage.styles()}{browser_files.read('print/print.css')}</style>")
    with st.spinner(t("print.making")):
        sheet = onepage.body(work)
    _sheet(key="sheet", data={"sheet": sheet})


def _work(register) -> onepage.Work:
    space = state.workspace()
    found, period = results.risk_of(space.scenario), periods.chosen()
    return onepage.Work(space.scenario, space.baseline, found, register, space.stored, space.changed, date.today(), period)

"""The page to print in the app: the sheet as it will look, a button that prints it alone, and the file."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.ui.frame import downloads
from pages.ui.kit.html_tables import _tight
from pages.ui.kit.texts import t
from pages.ui.print import onepage
from pages.ui.risk import view
from pages.ui.session import results, state
from pages.ui.words import periods

#: whatever is neither the sheet nor around it does not print, and what is around it leaves no mark
_PRINT_CSS = """
@media screen{.sd-sheet{border:1px solid #C5CCD5;margin:0 auto}}
@media print{
body *:not(:has(.sd-sheet)):not(.sd-sheet):not(.sd-sheet *){display:none!important}
:root,:root *:has(.sd-sheet){display:block!important;position:static!important;overflow:visible!important;margin:0!important;
padding:0!important;border:0!important;width:auto!important;max-width:none!important;min-width:0!important;height:auto!important;
min-height:0!important;max-height:none!important;transform:none!important;background:#FFF!important}
.sd-sheet{zoom:1!important}
}
"""
_BUTTON_CSS = """
.sd-print{font:inherit;color:inherit;background:none;border:1px solid color-mix(in srgb,currentColor 20%,transparent);
border-radius:.5rem;padding:.25rem .75rem;font-size:.93rem;min-height:2.5rem;cursor:pointer}
.sd-print:hover,.sd-print:focus-visible{border-color:currentColor}
.sd-print:focus-visible{outline:2px solid color-mix(in srgb,currentColor 60%,transparent)}
"""
_BUTTON_JS = """
export default function ({data, parentElement}) {
  const button = parentElement.querySelector('button')
  button.textContent = data.label
  button.onclick = () => window.print()
}
"""
#: st.html would take the pictures out. The sheet's texts are escaped by its template
_SHEET_JS = """
export default function ({data, parentElement}) {
  const place = parentElement.querySelector('div')
  if (place.sdShown !== data.sheet) place.innerHTML = place.sdShown = data.sheet
}
"""
_sheet = st.components.v2.component("sandtable_sheet", html="<div></div>", js=_tight(_SHEET_JS), isolate_styles=False)
_print_button = st.components.v2.component("sandtable_print", html="<button type='button' class='sd-print'></button>",
                                           css=_tight(_BUTTON_CSS), js=_tight(_BUTTON_JS), isolate_styles=False)


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
    st.html(f"<style>{onepage.styles()}{_tight(_PRINT_CSS)}</style>")
    with st.spinner(t("print.making")):
        sheet = onepage.body(work)
    _sheet(key="sheet", data={"sheet": sheet})


def _work(register) -> onepage.Work:
    space = state.workspace()
    found, period = results.risk_of(space.scenario), periods.chosen()
    return onepage.Work(space.scenario, space.baseline, found, register, space.stored, space.changed, date.today(), period)

"""Files that come in: what a file would change is shown before it is taken."""

from __future__ import annotations

import streamlit as st

from model import InvalidInput, Plan, Scenario, from_json, read_plan
from model.io.tables import preview
from model.late import Late
from model.plan.scenario import as_changes
from pages.ui.frame import saving
from pages.ui.kit.problems import said, show_problem
from pages.ui.kit.texts import listed, plain, t
from pages.ui.session import state
from pages.ui.words.doubts import named
from pages.ui.words.place_names import place_name

book = Late("model.io.workbook")

#: what a browser may send: whatever is larger than the model takes, and no table at all, is refused in the reader's language
MAX_MB = 20
#: how a workbook begins; of its cells with formulas so many are named
WORKBOOK, MOST_NAMED = b"PK", 12
#: kinds of files that hold tables; workbooks that are none of ours are chosen too, and are then told what to save them as
TABLES = ("csv", "txt", "xlsx", "xls", "xlsm", "ods", "numbers", "et")


def panel(key: str) -> None:
    """A file in, its differences from the work at hand, and the button that takes it. key: tells panels apart."""
    st.markdown(t("incoming.help"))
    file = st.file_uploader(t("incoming.file"), type=["json", *TABLES], key=f"{key}_incoming", max_upload_size=MAX_MB)
    if file is None:
        return
    try:
        scenario, plan, counted = read(file.getvalue())
    except InvalidInput as problem:
        show_problem(problem, "problem.csv" if file.name.lower().endswith(TABLES) else "problem.file")
        return
    if counted:
        named = listed([plain(place_name(address, scenario)) for address in counted[:MOST_NAMED]])
        st.info(t("incoming.formulas", count=len(counted), places=named))
    _preview(scenario, plan, key)


def read(data: bytes) -> tuple[Scenario, Plan | None, tuple[str, ...]]:
    """The scenario in a file; of assumptions, as changes to the plan at hand, and the plan that they are by themselves, of which
    those that say no sources keep those at hand; and the addresses of those that a workbook counts.

    Raises InvalidInput with everything wrong.
    """
    now = state.workspace().scenario
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return from_json(data, {state.SAMPLE: state.sample_plan()}), None, ()
    plan, counted = read_table(data, now.base.name)
    scenario = as_changes(plan, now.base, now.name, now.note)
    return scenario, plan if plan.sources else scenario.as_plan(now.base.name), counted


def read_table(data: bytes, name: str) -> tuple[Plan, tuple[str, ...]]:
    """The plan in a workbook or CSV of assumptions, and the addresses of those that a workbook counts. Raises InvalidInput."""
    if data.startswith(WORKBOOK):
        found = book.read_workbook(data, name)
        return found.plan, found.counted
    return read_plan(data, name), ()


def _preview(scenario: Scenario, plan: Plan | None, key: str) -> None:
    now = state.workspace().scenario
    found = [(d.address, d.values[0], d.values[1]) for d in preview(now, plan or scenario)]
    st.markdown(t("incoming.changes", count=len(found)) if found else t("incoming.same"))
    if found:
        saving.difference_table(found, f"{key}_incoming_table", scenario)
    unusual = [] if plan is None else plan.warnings()
    if plan is not None and unusual:
        st.warning(said(named(unusual, Scenario(plan))))
    with st.container(horizontal=True):
        if plan is None:
            st.button(t("incoming.open"), key=f"{key}_incoming_open", type="primary", on_click=_open, args=(scenario,))
            return
        st.button(t("incoming.take"), key=f"{key}_incoming_take", type="primary", disabled=not found,
                  help=t("incoming.take_help"), on_click=_take, args=(scenario,))
        st.button(t("incoming.as_new"), key=f"{key}_incoming_new", help=t("incoming.as_new_help"), on_click=_open,
                  args=(Scenario(Plan("own", plan.values, plan.sources)),))


def _take(scenario: Scenario) -> None:
    state.commit(scenario)
    st.session_state["_notice"] = ("success", t("incoming.taken"))
    st.rerun()


def _open(scenario: Scenario) -> None:
    state.open_scenario(scenario)
    st.session_state["_notice"] = ("success", t("incoming.taken"))
    st.rerun()

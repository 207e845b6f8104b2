"""Actual months in: a file, its preview, the sample's half year; and what the plan has no place for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

import streamlit as st

from model import InvalidInput, Result, Scenario
from model.plan.numbers import written
from model.review import COLUMNS, SHOP, Actuals, Words, read_actuals, write_actuals
from model.review.actuals import STATUSES, UNITS, Place
from model.review.doubts import unit_doubts
from model.review.kept import actuals_of, left_out, plan_of_record, read_of, with_actuals
from model.review.reading import readable
from pages.ui.frame import downloads, uploads
from pages.ui.kit import sections, tables
from pages.ui.kit.formats import number
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import plain, t
from pages.ui.review import places
from pages.ui.session import results, state
from pages.ui.words import actual_months
from pages.ui.words.month_labels import month_of_year, months_said

SAMPLE_FILE = state.SAMPLE_FOLDER / "actuals.csv"
#: corrected figures that are named one by one
MOST_NAMED = 30


@lru_cache(maxsize=16)
def of(scenario: Scenario) -> Actuals:
    """What is known of a plan's months, as it was booked. Raises InvalidInput."""
    return actuals_of(scenario)


#: the same as the page reads it: with the refunds to come where the planner says so
as_read = lru_cache(maxsize=16)(read_of)


def known() -> Actuals | None:
    """The actual months of the work at hand as they are read; None, and said, where they cannot be."""
    return _or_said(as_read)


def booked() -> Actuals | None:
    """The same as they were typed."""
    return _or_said(of)


def _or_said(reader: Callable[[Scenario], Actuals]) -> Actuals | None:
    try:
        return reader(state.workspace().scenario)
    except InvalidInput as problem:
        show_problem(problem, "review.damaged")
        st.button(t("review.clear"), key="review_clear", icon=":material/delete:", on_click=_clear)
        return None


def plan_of(scenario: Scenario) -> Result:
    """What the months are held against: the plan as it was before another split was taken for the months left."""
    return results.result_of(plan_of_record(scenario))


def keep(actuals: Actuals) -> None:
    """In a callback: these actual months instead of those at hand, as one step."""
    state.commit(with_actuals(state.workspace().scenario, actuals))


def _clear() -> None:
    scenario = state.workspace().scenario
    keep(Actuals.none(scenario))
    st.rerun()


def _words(scenario: Scenario) -> Words:
    """What a file for the reader calls things, as far as it is read back."""
    said = Words({c: t(f"review.head.{c}") for c in COLUMNS},
                 {c: actual_months.row_name(scenario, c) for c in (*Actuals.none(scenario).channels, SHOP)},
                 {s: t(f"review.status_{s}") for s in STATUSES})
    return readable(said, scenario)


# --- nothing is known yet ----------------------------------------------------------------------------------------------

def first() -> None:
    """What the page will say, and the ways to get there."""
    st.info(t("review.none"), icon=":material/event_available:")
    scenario = state.workspace().scenario
    with st.container(horizontal=True, gap="small"):
        if scenario.base.name == state.SAMPLE:
            st.button(t("review.sample"), key="review_sample", type="primary", icon=":material/play_arrow:", on_click=_sample,
                      help=t("review.sample_help"))
        _template(scenario)
    _upload()


def _sample() -> None:
    keep(read_actuals(SAMPLE_FILE.read_bytes(), state.workspace().scenario))
    st.rerun()


def _template(scenario: Scenario) -> None:
    words = _words(scenario)
    downloads.button(t("review.template"), "review_template", "actuals",
                     lambda: write_actuals(Actuals.none(scenario), words).encode("utf-8-sig"))


def more() -> None:
    """Another month's file, what there is as a file."""
    unplaced = left_out(state.workspace().scenario)
    if unplaced:
        st.caption(t("review.left_out", count=len(unplaced)))
    sections.drawer(t("review.more"), "review_more", _more, ":material/upload_file:")


def _more() -> None:
    scenario = state.workspace().scenario
    words = _words(scenario)
    with st.container(horizontal=True, gap="small"):
        downloads.button(t("review.download"), "review_download", "actuals",
                         lambda: write_actuals(of(scenario), words).encode("utf-8-sig"))
        _template(scenario)
    _upload()


# --- a file ------------------------------------------------------------------------------------------------------------

def _upload() -> None:
    """A file, what it says that is new, and the button that takes it; taken, the field is empty again."""
    key = f"review_file_{st.session_state.get('_review_files', 0)}"
    file = st.file_uploader(t("review.file"), type=list(uploads.TABLES), key=key, max_upload_size=uploads.MAX_MB,
                            help=t("review.file_help"))
    if file is None:
        return
    scenario = state.workspace().scenario
    try:
        found = read_actuals(file.getvalue(), scenario)
        merged = of(scenario).merged(found)
    except InvalidInput as problem:
        show_problem(places.in_words(problem, scenario), "problem.csv")
        return
    _preview(scenario, found, merged)


def _preview(scenario: Scenario, found: Actuals, merged: Actuals) -> None:
    now = of(scenario)
    corrected = [(place, now.said[place], value) for place, value in found.cells
                 if place in now.said and now.said[place] != value]
    new = sum(place not in now.said for place, _ in found.cells)
    months = months_said(found.measured)
    st.markdown(t("review.found", months=months, new=new, corrected=len(corrected)) if new or corrected else t("review.same"))
    if corrected:
        _corrections(scenario, corrected)
    ask_unit(scenario, [p for p, _ in found.cells], merged)
    st.button(t("review.take"), key="review_take", type="primary", icon=":material/check:", on_click=_take, args=(merged,),
              disabled=merged == now)


def ask_unit(scenario: Scenario, cells: Collection[Place], actuals: Actuals) -> None:
    """Of these figures the ones that can hardly be meant in the unit in which they are read: a question, no refusal."""
    found = unit_doubts(plan_of(scenario), actuals, cells)
    if found:
        lines = [t("review.doubt_unit", place=actual_months.place(scenario, d.place), value=written(d.value, UNITS[d.place[2]]),
                   planned=number(d.planned, UNITS[d.place[2]])) for d in found[:MOST_NAMED]]
        st.warning("\n".join([t("review.doubt_units", count=len(found)), "", *(f"- {plain(line)}" for line in lines)]),
                   icon=":material/help:")


def _corrections(scenario: Scenario, corrected: list[tuple[Place, float, float]]) -> None:
    rows = [[month_of_year(month), actual_months.row_name(scenario, channel), actual_months.column_name(column),
             number(old, UNITS[column]), number(new, UNITS[column])]
            for (month, channel, column), old, new in corrected[:MOST_NAMED]]
    tables.plain("review_corrected", [t(f"review.{k}") for k in ("month", "row", "figure", "was", "is")], rows, words=(0, 1, 2))
    if len(corrected) > MOST_NAMED:
        st.caption(t("changes.more", count=len(corrected) - MOST_NAMED))


def _take(merged: Actuals) -> None:
    keep(merged)
    st.session_state["_review_files"] = st.session_state.get("_review_files", 0) + 1
    st.session_state["_notice"] = ("success", t("review.taken"))
    st.rerun()

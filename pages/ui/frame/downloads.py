"""Files to take away: made when they are asked for, in the reader's language, no rerun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from model.io.tables import file_name
from pages.ui.kit.csv_tables import Table, csv_bytes
from pages.ui.kit.texts import language, speaking, t
from pages.ui.session import state, visit
from pages.ui.words.scenario_names import scenario_name

_MIMES = {"csv": "text/csv", "json": "application/json", "html": "text/html", "parquet": "application/vnd.apache.parquet",
          "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", "md": "text/markdown"}


def button(label: str, key: str, what: str, made: Callable[[], bytes], ending: str = "csv", of: str | None = None,
           **look) -> None:
    """A button that makes its file when it is pressed. what: `file.<what>`, of the scenario or what else it is `of`.

    Streamlit makes the file on a thread that has no session: the language is the one in which the button was drawn, and `made`
    may ask for nothing of the session. It does so without a run of the page: a visit that is over meanwhile gets no file.
    """
    spoken, goes_on = language(), visit.watch()

    def data() -> bytes:
        if not goes_on():
            raise PermissionError("the visit is over")
        with speaking(spoken):
            return made()
    st.download_button(label, data=data, file_name=name_of(ending, what, of), mime=_MIMES[ending], on_click="ignore", key=key,
                       **{"icon": ":material/download:"} | look)


def name_of(ending: str, what: str, of: str | None = None) -> str:
    """A file's name: scenario, what of it, version and date."""
    space = state.workspace()
    name = scenario_name(space.scenario) if of is None else of
    version = space.stored.version if space.stored and of is None else None
    return file_name("_".join(filter(None, (name, t(f"file.{what}") if what else ""))), version, date.today(), ending)


def message(text: str, name: str, table: Callable[[], Table], about: str | None = None) -> None:
    """What a table says, with the table as a file at the other end of the line. text: markdown."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.markdown(f"**{text}**", help=about, width="content")
        csv_button(name, table)


def csv_button(name: str, table: Callable[[], Table], label: str = "", key: str = "", of: str | None = None, **look) -> None:
    """A button that makes the table `file.<name>` when it is pressed."""
    button(label or t("plan.csv"), key or f"csv_{name}", name, lambda: csv_bytes(table()), of=of, **look)

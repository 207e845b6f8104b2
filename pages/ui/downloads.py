"""Tables as CSV for a spreadsheet: built when asked for, no rerun, no cell that could act as a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence

import streamlit as st

from model.io.tables import safe_text
from pages.ui.texts import t

Cell = str | float | int | bool | None
Rows = Sequence[Sequence[Cell]]


def csv_bytes(rows: Rows) -> bytes:
    """Rows, the head first, as Excel opens them in Chinese: texts made safe, numbers in full, the undefined empty."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> str:
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return safe_text(value) if isinstance(value, str) else repr(value)


def heading(title: str, name: str, rows: Callable[[], Rows] | None, about: str | None = None) -> None:
    """A section's heading with its table as a file at the other end of the line; rows: None where there is none."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.markdown(f"#### {title}", help=about, width="content")
        if rows:
            csv_button(name, rows)


def csv_button(name: str, rows: Callable[[], Rows]) -> None:
    """A button that makes the table when it is pressed. rows: the head first."""
    st.download_button(t("plan.csv"), data=lambda: csv_bytes(rows()), file_name=f"sandtable_{name}.csv", mime="text/csv",
                       on_click="ignore", key=f"csv_{name}", icon=":material/download:")

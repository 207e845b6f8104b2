"""Files to take away: made when they are asked for, in the reader's language, no rerun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count

import streamlit as st

from model.io.tables import csv_text, file_name
from model.units import Unit, filed
from pages.ui import state
from pages.ui.names import scenario_name
from pages.ui.texts import language, speaking, t

#: of a column whose numbers have the unit that stands in their row
OF_ROW = Unit("of_row")
Cell = str | float | int | bool | Unit | None
_MIMES = {"csv": "text/csv", "json": "application/json", "html": "text/html", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file. unit: of its numbers, named in its head; None: words. change: a difference, of rates in points."""

    title: str
    unit: Unit | None = None
    change: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: one kind of row, every column words or numbers of its unit."""

    fields: Sequence[Field]
    rows: Iterable[Sequence[Cell]]


def button(label: str, key: str, what: str, made: Callable[[], bytes], ending: str = "csv", of: str | None = None,
           **look) -> None:
    """A button that makes its file when it is pressed. what: `file.<what>`, of the scenario or what else it is `of`.

    Streamlit makes the file on a thread that has no session: the language is the one in which the button was drawn, and `made`
    may ask for nothing of the session.
    """
    spoken = language()

    def data() -> bytes:
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


def csv_bytes(table: Table) -> bytes:
    """A table as a spreadsheet opens it, Excel in Chinese as well."""
    return csv_text([heads(table.fields), *(_row(table.fields, row) for row in table.rows)]).encode("utf-8-sig")


def heads(fields: Sequence[Field]) -> list[str]:
    """Names of columns, no two alike: a planner's name of a scenario or channel may be that of another column."""
    out: list[str] = []
    for head in map(_head, fields):
        names = chain([head], (f"{head} ({i})" for i in count(2)))
        out.append(next(name for name in names if name not in out))
    return out


def _head(field: Field) -> str:
    if field.unit in (None, OF_ROW):
        return field.title
    unit = t("format.pp") if field.change and field.unit.scale == 100 else unit_word(field.unit)
    return t("file.in_unit", label=field.title, unit=unit) if unit else field.title


def unit_word(unit: Unit) -> str:
    return t(f"unit.{unit.key}.label")


def _row(fields: Sequence[Field], row: Sequence[Cell]) -> list[str | float | int | None]:
    own = next((value for value in row if isinstance(value, Unit)), None)
    return [_cell(value, own if field.unit == OF_ROW else field.unit) for field, value in zip(fields, row, strict=True)]


def _cell(value: Cell, unit: Unit | None) -> str | float | int | None:
    if isinstance(value, Unit):
        return unit_word(value)
    if isinstance(value, bool):
        return t("file.yes" if value else "file.no")
    return value if unit is None or value is None else filed(value, unit)


def heading(title: str, name: str, table: Callable[[], Table] | None, about: str | None = None) -> None:
    """A section's heading with its table as a file at the other end of the line; table: None where there is none."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.markdown(f"#### {title}", help=about, width="content")
        if table:
            csv_button(name, table)


def csv_button(name: str, table: Callable[[], Table]) -> None:
    """A button that makes the table when it is pressed."""
    button(t("plan.csv"), f"csv_{name}", name, lambda: csv_bytes(table()))

"""Who did what, for administrators and the local planner: the lines that the store keeps of every write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from model import SandtableError
from model.io.store import Actor, Deed, ScenarioStore
from pages.ui.frame import downloads, saving
from pages.ui.kit.csv_tables import Field, Table, heads
from pages.ui.kit.texts import t
from pages.ui.session import library, person, sign_in
from pages.ui.words.made_names import said
from pages.ui.words.when import when

#: lines on the page, and in the file
SHOWN, IN_FILE = 200, 100_000


def box() -> None:
    """Closed until it is asked for, and there only for whom it is for."""
    if not person.may("audit"):
        return
    title = t("audit.title" if sign_in.needed() else "audit.title_alone")
    held = st.expander(title, icon=":material/fact_check:", key="audit_box", on_change="rerun")
    if held.open:
        with held:
            _draw()


def _draw() -> None:
    try:
        found = library.store().audit(SHOWN, author=saving.actor())
    except SandtableError as problem:
        st.error(saving.reason(problem))
        return
    st.caption(t("audit.help", count=SHOWN))
    st.dataframe(pd.DataFrame(map(partial(_row, time=when), found), columns=heads(_fields())), hide_index=True, width="stretch",
                 key="audit_lines")
    made = partial(_whole, library.store(), saving.actor())
    downloads.csv_button("audit", made, key="csv_audit", of="Sandtable")


def _whole(store: ScenarioStore, actor: Actor) -> Table:
    """The file: times in UTC, which every reader of it shares."""
    return Table(_fields(), [_row(d, time=lambda moment: moment.isoformat(timespec="seconds"))
                             for d in store.audit(IN_FILE, author=actor)])


def _fields() -> list[Field]:
    return [Field(t(key)) for key in ("shelf.updated", "shelf.author", "audit.account", "audit.address", "shelf.deed",
                                      "shelf.name", "shelf.version")]


def _row(deed: Deed, time: Callable[[datetime], str]) -> tuple[str, ...]:
    return (time(deed.created), said(deed.author), deed.account, deed.address, t(f"shelf.deed_{deed.deed}"), said(deed.name),
            str(deed.version or ""))

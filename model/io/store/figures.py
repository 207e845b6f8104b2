"""The figures of the list, computed anew where another model computed those that are kept."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from model.engine.version import RESULTS
from model.errors import SandtableError, StoreProblem
from model.io.store import reading, writing
from model.io.store.content import Plans
from model.io.store.database import Database
from model.io.store.records import Entry, Page


def by_todays_model(database: Database, plans: Plans, page: Page) -> Page:
    """The page with figures of today's model in every line; they are kept, where the store can be written."""
    ids = [e.id for e in page.entries if not e.damaged]
    stale = set(database.read(lambda c: reading.stale(c, ids, RESULTS))) if ids else ()
    if not stale:
        return page
    computed = {e.id: _computed(database, plans, e) for e in page.entries if e.id in stale}
    _keep(database, computed, page)
    return replace(page, entries=tuple(_with(e, computed[e.id]) if e.id in stale else e for e in page.entries))


def _computed(database: Database, plans: Plans, entry: Entry) -> dict[str, Any] | None:
    """As columns. None where the scenario cannot be read (any more)."""
    try:
        return writing.figures_of(database.read(lambda c: reading.saved(c, plans, entry.id, entry.version)).scenario)
    except SandtableError:
        return None


def _keep(database: Database, computed: dict[str, dict | None], page: Page) -> None:
    def write(connection) -> None:
        for entry in page.entries:
            if found := computed.get(entry.id):
                writing.refresh(connection, entry.id, entry.version, found)

    with suppress(StoreProblem):  # a store that can only be read shows them all the same
        database.write(write)


def _with(entry: Entry, figures: dict[str, Any] | None) -> Entry:
    return replace(entry, summary={}, damaged=True) if figures is None else replace(entry, summary=json.loads(figures["summary"]))

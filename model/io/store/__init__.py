"""Saved scenarios: `ScenarioStore(url)` with versions, search, locks, drafts and backups, on SQLite or PostgreSQL.

    tables -> migrate -> database (transactions, faults) -> reading, writing, drafts -> backup -> scenarios
"""

from __future__ import annotations

from pathlib import Path

from model.io.store import backup as _backup
from model.io.store.database import default_url
from model.io.store.records import Entry, Page, Saved, Version
from model.io.store.scenarios import ScenarioStore

__all__ = ["Entry", "Page", "Saved", "ScenarioStore", "Version", "default_url", "restore_backup"]


def restore_backup(path: str | Path, url: str) -> Path | None:
    """Put a backup in place of what is at `url`; returns the file in which the latter is kept, None if nothing was there.

    Drafts that are there stay. Programs that have the store open see the change; only where the store is damaged is
    its file put aside as it is, and they should be stopped first. Raises StoreProblem.
    """
    return _backup.restore(Path(path), url)

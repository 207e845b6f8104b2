"""Saved scenarios: `ScenarioStore(url)` with versions, search, locks, drafts and backups, on SQLite or PostgreSQL.

    tables -> migrate -> database (transactions, faults) -> reading, standing, writing, drafts -> backup -> scenarios
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from model.late import Late

if TYPE_CHECKING:
    from model.io.store.actors import Actor
    from model.io.store.database import default_url
    from model.io.store.records import Approval, Deed, Entry, Page, Remark, Saved, Version
    from model.io.store.scenarios import ScenarioStore

_backup = Late("model.io.store.backup")
#: where a public name lives: SQLAlchemy is imported with the first of them, and no first card of a cold server waits for it
_FROM = {"Actor": "actors", "Approval": "records", "Deed": "records", "Entry": "records", "Page": "records", "Remark": "records",
         "Saved": "records", "ScenarioStore": "scenarios",
         "Version": "records", "default_url": "database"}
__all__ = ["Actor", "Approval", "Deed", "Entry", "Page", "Remark", "Saved", "ScenarioStore", "Version", "default_url",
           "restore_backup"]


def restore_backup(path: str | Path, url: str, leave_out_damaged: bool = False, author: Actor | str = "restore") -> Path | None:
    """Put a backup in place of what is at `url`; returns the file in which the latter is kept, None if nothing was there.

    Drafts that are there stay. Programs that have the store open see the change; only where the store is damaged is
    its file put aside as it is, and they should be stopped first. Raises StoreProblem; DamagedBackup where some of the
    backup cannot be read, and nothing is replaced then. leave_out_damaged: takes the rest. author: who the audit names.
    """
    return _backup.restore(Path(path), url, leave_out_damaged, author)


def __getattr__(name: str) -> object:
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_FROM[name]}"), name)

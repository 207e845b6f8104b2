"""The saved scenarios, as the pages reach them: one store a process, opened when first needed."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from model.late import Late
from pages.ui.session import sign_in

if TYPE_CHECKING:
    from model.io.store import ScenarioStore

saved = Late("model.io.store")
_lock = Lock()
_opened: dict[tuple[str, bool], ScenarioStore] = {}


def store() -> ScenarioStore:
    """The store that SANDTABLE_DB names; where people sign in nobody else writes to it. Raises StoreProblem each time that it
    cannot be opened, so that it may recover."""
    asked = saved.default_url(), sign_in.on()
    with _lock:
        if asked not in _opened:
            _opened[asked] = saved.ScenarioStore(*asked)
        return _opened[asked]

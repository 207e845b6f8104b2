"""The saved scenarios, as the pages reach them: one store a process, opened when first needed."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from model.late import Late

if TYPE_CHECKING:
    from model.io.store import ScenarioStore

saved = Late("model.io.store")
_lock = Lock()
_opened: dict[str, ScenarioStore] = {}


def store() -> ScenarioStore:
    """The store that SANDTABLE_DB names. Raises StoreProblem each time that it cannot be opened, so that it may recover."""
    url = saved.default_url()
    with _lock:
        if url not in _opened:
            _opened[url] = saved.ScenarioStore(url)
        return _opened[url]

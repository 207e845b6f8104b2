"""The saved scenarios, as the pages reach them: one store a process, opened when first needed."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from model.errors import StoreProblem
from model.late import Late
from pages.ui.session import sign_in

if TYPE_CHECKING:
    from model import Scenario
    from model.io.store import Entry, ScenarioStore

saved, approvals = Late("model.io.store"), Late("model.io.store.approvals")
#: seconds that a library which did not answer is left alone, and until when one is
AWAY = 5.0
_away: dict[str, float] = {}
_lock = Lock()
_opened: dict[tuple[str, bool], ScenarioStore] = {}


def store() -> ScenarioStore:
    """The store that SANDTABLE_DB names; where people sign in nobody else writes to it. Raises StoreProblem each time that it
    cannot be opened, so that it may recover."""
    asked = saved.default_url(), sign_in.needed()
    with _lock:
        if asked not in _opened:
            _opened[asked] = saved.ScenarioStore(*asked)
        return _opened[asked]


def entry(id: str) -> Entry | None:
    """How a saved scenario stands; None while the library does not answer. Every page asks, and none may wait at every turn for
    a machine that is gone. Raises UnknownScenario."""
    place = saved.default_url()
    if time.monotonic() < _away.get(place, 0.0):
        return None
    try:
        return store().entry(id)
    except StoreProblem:
        _away[place] = time.monotonic() + AWAY
        return None


def budget(scenario: Scenario) -> Entry | None:
    """The approved budget of the plan and year of a scenario; None where there is none. Raises StoreProblem."""
    return store().approvals.budget(*approvals.budget_of(scenario))

"""What the bar on top shows of the work: a move draws it anew only where this changes."""

from __future__ import annotations

from collections.abc import Sequence

from model import Scenario, checks
from model.engine.checks import Check
from pages.ui.session import results, state
from pages.ui.words.scenario_names import scenario_name


def checked(scenario: Scenario) -> Sequence[Check]:
    """The checks of a scenario; none of one that cannot be evaluated, for the bar leads out of it."""
    try:
        return checks(results.result_of(scenario))
    except Exception:
        return ()


def bar_state() -> tuple:
    """What the bar shows; while it stays the same a move need not draw the bar."""
    space = state.workspace()
    bad = tuple(row.status for row in checked(space.scenario) if row.status != "PASS")
    return bool(space.undo), bool(space.redo), space.changed, bool(space.locks), scenario_name(space.scenario), bad

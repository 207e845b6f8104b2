"""What scenarios are called, and what the bar shows of them."""

from __future__ import annotations

from collections.abc import Sequence

from model import Scenario, checks
from model.engine.checks import Check
from pages.ui import state, texts
from pages.ui.texts import t


def scenario_name(scenario: Scenario) -> str:
    """The scenario's name, else its plan's."""
    if scenario.name:
        return t(f"preset.{scenario.name}") if scenario.name in state.PRESETS else scenario.name
    return str(scenario.get("plan_name_zh" if texts.language() == "zh" else "plan_name_en"))


def checked(scenario: Scenario) -> Sequence[Check]:
    """The checks of a scenario; none of one that cannot be evaluated, for the bar leads out of it."""
    try:
        return checks(state.result_of(scenario))
    except Exception:
        return ()


def bar_state() -> tuple:
    """What the bar shows; while it stays the same a move need not draw the bar."""
    space = state.workspace()
    bad = tuple(row.status for row in checked(space.scenario) if row.status != "PASS")
    return bool(space.undo), bool(space.redo), space.changed, bool(space.locks), scenario_name(space.scenario), bad

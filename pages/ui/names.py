"""What scenarios are called, and what the bar shows of them."""

from __future__ import annotations

from model import Scenario, checks
from pages.ui import state, texts
from pages.ui.texts import t


def scenario_name(scenario: Scenario) -> str:
    """The scenario's name, else its plan's."""
    if scenario.name:
        return t(f"preset.{scenario.name}") if scenario.name in state.PRESETS else scenario.name
    return str(scenario.get("plan_name_zh" if texts.language() == "zh" else "plan_name_en"))


def bar_state() -> tuple:
    """What the bar shows; while it stays the same a move need not draw the bar."""
    space = state.workspace()
    bad = tuple(row.status for row in checks(state.result_of(space.scenario)) if row.status != "PASS")
    return bool(space.undo), bool(space.redo), space.changed, scenario_name(space.scenario), bad

"""What scenarios are called, and what the bar shows of them."""

from __future__ import annotations

from model import Scenario
from pages.ui.kit import texts
from pages.ui.kit.texts import t
from pages.ui.session import state


def scenario_name(scenario: Scenario) -> str:
    """The scenario's name, else its plan's."""
    if scenario.name:
        return t(f"preset.{scenario.name}") if scenario.name in state.PRESETS else scenario.name
    return str(scenario.get(f"plan_{texts.rules().own_names[0]}"))


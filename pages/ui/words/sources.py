"""Who set a value of a plan, and where it comes from."""

from __future__ import annotations

from functools import lru_cache

from model import Scenario
from model.plan.new_plan import from_template
from model.plan.schema import Value, driver_of, split
from pages.ui.kit.texts import own_source, t
from pages.ui.session import state
from pages.ui.words.scenario_names import scenario_name


@lru_cache(maxsize=8)
def changes_of(scenario: Scenario) -> dict[str, Value]:
    """What a scenario says otherwise than its plan, by address."""
    return dict(scenario.changes)


def still_of_template(scenario: Scenario, address: str) -> bool:
    """Whether nobody has replaced the template's value."""
    return from_template(scenario.base.source_of.get(address, "")) and address not in changes_of(scenario)


def set_by(scenario: Scenario, address: str) -> tuple[str, str]:
    """Who set a value (this scenario, a preset, the plan, the model), and its source text."""
    changed, said = changes_of(scenario), scenario.base.source_of.get(address, "")
    driver, a = driver_of(address), split(address)
    if address in changed:
        preset = state.presets().get(scenario.name)
        if preset is not None and dict(preset.changes).get(address) == changed[address]:
            return t("derive.who_preset", name=t(f"preset.{scenario.name}")), ""
        return t("derive.who_here"), ""
    if a.field in scenario.base.rows[a.table].get(a.row, {}):
        return t("derive.who_plan", name=scenario_name(Scenario(scenario.base))), own_source(said or driver.source)
    return t("derive.who_default"), driver.source

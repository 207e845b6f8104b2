"""The presets of a plan of one's own: scenarios of the library, found by a tag that says of which plan and which they are.

They are asked for where the page is drawn and kept with the session: a move of a slider asks no library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from model import Plan, SandtableError, Scenario
from model.io.store import Entry
from model.plan.schema import Value, split
from pages.ui.session import library

KEYS = ("conservative", "base", "ambitious")
_KEPT = "_own_presets"


class Saved(NamedTuple):
    """Where a preset is kept and how it stands, and what it says."""

    entry: Entry
    scenario: Scenario


def tag(plan: Plan, key: str) -> str:
    return f"preset:{key}:{plan.fingerprint}"


def is_tag(text: str) -> bool:
    """Whether a tag is one of these, and nobody's own."""
    return text.startswith("preset:")


def look(plan: Plan) -> Mapping[str, Saved]:
    """The presets of a plan that are in use in the library, all of them or none; none where the library cannot be read."""
    kept: Mapping[str, Saved] = kept_of(plan)
    try:
        entries = {key: e for e in library.store().list(f"preset: {plan.fingerprint}").entries
                   for key in KEYS if tag(plan, key) in e.tags}
        found = {key: Saved(e, kept[key].scenario if key in kept and _is_same(kept[key].entry, e) else
                            library.store().open(e.id).scenario) for key, e in entries.items()}
    except SandtableError:
        found = {}
    whole = len(found) == len(KEYS) and all(s.scenario.base == plan for s in found.values())
    st.session_state[_KEPT] = (plan.fingerprint, found if whole else {})
    return kept_of(plan)


def _is_same(a: Entry, b: Entry) -> bool:
    return (a.id, a.version) == (b.id, b.version)


def kept_of(plan: Plan) -> Mapping[str, Saved]:
    """The presets as they were last looked for."""
    fingerprint, found = st.session_state.get(_KEPT, ("", {}))
    return found if fingerprint == plan.fingerprint else {}


def _moved(made: Mapping[str, Scenario]) -> list[str]:
    """Addresses at which some presets differ."""
    said = [dict(s.changes) for s in made.values()]
    return [a for a in sorted({a for s in said for a in s}) if len({s.get(a) for s in said}) > 1]


def values(scenario: Scenario, key: str) -> dict[str, Value]:
    """What a preset sets in a scenario of its plan: where the presets differ, and the scenario has such a row."""
    made = {k: s.scenario for k, s in kept_of(scenario.base).items()}
    here = [a for a in _moved(made) if split(a).field and split(a).row in scenario.rows[split(a).table]]
    return {a: made[key].get(a) for a in here if split(a).row in made[key].rows[split(a).table]}


def at_hand(scenario: Scenario) -> str:
    """The preset that a scenario is as, "" where it is none."""
    for key in kept_of(scenario.base):
        said = values(scenario, key)
        if said and all(scenario.get(a) == value for a, value in said.items()):
            return key
    return ""

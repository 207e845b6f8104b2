"""The workspace of a session: the scenario at hand is the truth, every widget a view of it.

All changes go through `commit`, so that undo, the link and the list of changes see each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import streamlit as st

from model import (
    InvalidInput,
    Plan,
    Result,
    Scenario,
    evaluate,
    from_json,
    from_link,
    read_plan,
    targets,
    to_link,
    what_decides,
)
from model.analysis.sensitivity import WhatDecides
from model.engine.kpis import TargetResult
from model.plan.schema import split
from pages.ui import drafts

SAMPLE_FOLDER = Path(__file__).parents[2] / "sample_data"
SAMPLE = "sample"
PRESETS = ("conservative", "base", "ambitious")
MAX_UNDO = 100


@dataclass
class Workspace:
    """What one reader works on. saved: as opened or last saved to a file. baseline: what the cards compare with."""

    scenario: Scenario
    saved: Scenario
    baseline: Scenario
    undo: list[Scenario] = field(default_factory=list)
    redo: list[Scenario] = field(default_factory=list)
    locks: frozenset[str] = frozenset()
    axes: dict[str, float] = field(default_factory=dict)
    problem: InvalidInput | None = None
    problem_title: str = ""
    hint: str = ""

    @property
    def changed(self) -> bool:
        return self.scenario != self.saved


@lru_cache(maxsize=1)
def sample_plan() -> Plan:
    return read_plan((SAMPLE_FOLDER / "plan.csv").read_bytes(), SAMPLE)


@lru_cache(maxsize=1)
def presets() -> dict[str, Scenario]:
    """The sample's scenarios by key."""
    known = {SAMPLE: sample_plan()}
    return {k: from_json((SAMPLE_FOLDER / "scenarios" / f"{k}.json").read_bytes(), known) for k in PRESETS}


@lru_cache(maxsize=256)
def result_of(scenario: Scenario) -> Result:
    """The evaluated scenario; kept, since the saved, the pinned and the undone ones come back."""
    return evaluate(scenario)


@lru_cache(maxsize=256)
def targets_of(result: Result) -> tuple[TargetResult, ...]:
    return targets(result)


@lru_cache(maxsize=256)
def decides_of(scenario: Scenario) -> WhatDecides:
    return what_decides(scenario)


def workspace() -> Workspace:
    """This session's workspace, made from the link on the first call."""
    if "workspace" not in st.session_state:
        st.session_state["workspace"] = _from_address_bar()
    return st.session_state["workspace"]


def fresh(scenario: Scenario) -> Workspace:
    return Workspace(scenario, scenario, scenario)


def _from_address_bar() -> Workspace:
    """What the link says (?s= differences, ?d= a draft on this server, ?b= the pinned baseline, ?k= locks)."""
    query = st.query_params
    space = fresh(Scenario(sample_plan()))
    try:
        opened = _linked(query, "s", "d")
        if opened is not None:
            base = Scenario(opened.base)
            space = Workspace(opened, base, base)
        pinned = _linked(query, "b", "bd")
        if pinned is not None:
            space.baseline = pinned
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, "problem.link"
    channels = set(space.scenario.rows["channel"])
    space.locks = frozenset(k for k in query.get("k", "")[:2000].split(",") if k in channels)
    return space


def _linked(query, link: str, draft: str) -> Scenario | None:
    if link in query:
        return from_link(query[link], {SAMPLE: sample_plan()})
    return drafts.get(query[draft]) if draft in query else None


def remember() -> None:
    """Write the state into the address bar, so that a reload, a bookmark or a copied address opens the same."""
    space = workspace()
    _write("s", "d", space.scenario, space.scenario == Scenario(sample_plan()))
    _write("b", "bd", space.baseline, space.baseline == Scenario(space.scenario.base))
    _set("k", ",".join(sorted(space.locks)))


def _write(link: str, draft: str, scenario: Scenario, default: bool) -> None:
    text = None if default or scenario.base.name != SAMPLE else to_link(scenario)
    _set(link, text or "")
    _set(draft, "" if default or text else drafts.put(scenario))


def _set(key: str, value: str) -> None:
    if value:
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def carried() -> dict[str, str]:
    """The query parameters that every page keeps."""
    return {k: st.query_params[k] for k in ("s", "d", "b", "bd", "k", "lang") if k in st.query_params}


def commit(scenario: Scenario) -> None:
    """Make this the scenario at hand, as one step that can be undone."""
    space = workspace()
    if scenario == space.scenario and scenario.name == space.scenario.name:
        return
    space.undo.append(space.scenario)
    del space.undo[:-MAX_UNDO]
    space.redo.clear()
    space.scenario = scenario
    space.hint = ""


def open_scenario(scenario: Scenario) -> None:
    """Start on another scenario: saved and baseline are it, and undo leads back to what was there."""
    space = workspace()
    before = space.scenario
    new = fresh(scenario)
    new.undo = [*space.undo, before][-MAX_UNDO:]
    st.session_state["workspace"] = new


def step(source: str, target: str) -> None:
    """Undo or redo: take the last of `source`, put what was at hand onto `target`."""
    space = workspace()
    taken: list[Scenario] = getattr(space, source)
    if not taken:
        return
    getattr(space, target).append(space.scenario)
    space.scenario = taken.pop()
    if space.scenario.base != space.saved.base:
        space.saved = space.baseline = Scenario(space.scenario.base)
    space.locks = frozenset(k for k in space.locks if k in space.scenario.rows["channel"])
    space.hint = ""


def differences(scenario: Scenario, saved: Scenario) -> list[tuple[str, object, object]]:
    """(address, saved value, value now) of what differs; a whole row that came or went is one line with field ""."""
    now, then = dict(scenario.changes), dict(saved.changes)
    out: dict[str, tuple[str, object, object]] = {}
    for address in sorted({*now, *then}):
        if address in now and address in then and now[address] == then[address]:
            continue
        a = split(address)
        before, after = a.row in saved.rows[a.table], a.row in scenario.rows[a.table]
        if a.field and before and after:
            old, new = saved.get(address), scenario.get(address)
            if old != new:
                out[address] = (address, old, new)
        elif before != after:
            row = f"{a.table}.{a.row}"
            out[row] = (row, before, after)
    return list(out.values())


def revert(address: str) -> None:
    """One line of the list of changes as it was saved."""
    space = workspace()
    a = split(address)
    now = space.scenario
    if not a.field:
        related = [k for k, _ in now.changes if k == address or k.startswith(address + ".")]
        back = now.without(related)
    elif address in dict(space.saved.changes):
        back = now.with_values({address: space.saved.get(address)})
    else:
        back = now.without([address])
    commit(back)


def apply_preset(key: str) -> None:
    """A preset's changes onto the plan at hand; on a plan of one's own, those that fit it."""
    space, preset = workspace(), presets()[key]
    base = Scenario(space.scenario.base, name=key)
    if space.scenario.base.name == SAMPLE:
        commit(Scenario(base.base, key, "", preset.changes))
        return
    headline = {a: v for a, v in preset.changes if a.startswith("headline.")}
    commit(base.with_values(headline))

"""The workspace of a session: the scenario at hand is the truth, every widget a view of it.

All changes go through `commit`, so that undo, the link and the list of changes see each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

from model import InvalidInput, Plan, Scenario, Violation, from_json, from_link, read_plan
from model.engine.kpis import YEAR
from model.errors import StoreProblem, UnknownScenario
from model.plan import drivers as d
from model.plan.schema import TABLES, Value, split
from pages.ui.kit.streamlit_internals import is_open, session_id
from pages.ui.kit.texts import t, together
from pages.ui.session import drafts, library, own_presets, person, sign_in, visit
from pages.ui.session.workspace import Locked, Mark, Opened, Step, Stored, Workspace, copy_of, fresh, of_somebody_else

SAMPLE_FOLDER = Path(__file__).parents[3] / "sample_data"
SAMPLE = "sample"
PRESETS = ("conservative", "base", "ambitious")
HEADLINE = tuple(TABLES["headline"])
MAX_UNDO = 100
#: what an address may say of the scenario to open: a whole one, one of the library with its version
SAID = ("s", "id", "version")
#: what stood beside the sliders when a preset was last pressed
_PRESSED = "_pressed_preset"


@lru_cache(maxsize=1)
def sample_plan() -> Plan:
    return read_plan((SAMPLE_FOLDER / "plan.csv").read_bytes(), SAMPLE)


@lru_cache(maxsize=1)
def presets() -> dict[str, Scenario]:
    """The sample's scenarios by key."""
    known = {SAMPLE: sample_plan()}
    return {k: from_json((SAMPLE_FOLDER / "scenarios" / f"{k}.json").read_bytes(), known) for k in PRESETS}


def workspace() -> Workspace:
    """This session's workspace, made from the link on the first call. Where the visit is over, the run begins anew and ends at
    the door: also that of a fragment or a callback, which app.py would not see."""
    if not visit.goes_on():
        st.rerun()
    if "workspace" not in st.session_state:
        st.session_state["workspace"] = _from_address_bar()
    return st.session_state["workspace"]


def _from_address_bar() -> Workspace:
    """What the address says: ?s= a shared scenario, ?id= (&version=) one of the library, ?w= a draft; without a word what this
    browser worked on last."""
    query = st.query_params
    space = fresh(Scenario(sample_plan()))
    try:
        if "s" in query:
            shared = from_link(query["s"], {SAMPLE: sample_plan()})
            return Workspace(shared, space.saved, space.saved)
        if "id" in query:
            return of_library(query["id"], query.get("version", ""))
        token = query.get("w") or drafts.last_of(person.owner())
        if token:
            return _draft(token)
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, "problem.link"
    return space


def of_library(id: str, version: str = "") -> Workspace:
    """A saved scenario as work; version: its number, else the last. Raises InvalidInput where the library does not have it."""
    try:
        if version and not version.isdecimal():
            raise UnknownScenario(version)
        saved = library.store().open(id, int(version) if version else None)
    except UnknownScenario as problem:
        raise InvalidInput([Violation("scenario_gone", "link", f"{id} {version}"[:40].strip())]) from problem
    except StoreProblem as problem:
        raise InvalidInput([Violation(problem.code, "link", id[:40])]) from problem
    return replace(fresh(saved.scenario), stored=Stored(saved.entry.id, saved.version.number, saved.entry.name))


def _as_addressed(space: Workspace) -> bool:
    """Whether the address alone brings back all that there is."""
    query, stored = st.query_params, space.stored
    more = space.undo or space.locks or space.form or space.own or space.compared
    if more or space.period != YEAR or space.baseline != space.saved:
        return False
    if "id" in query:
        return not space.changed and stored is not None and (stored.id, str(stored.version)) == (
            query["id"], query.get("version", str(stored.version)))
    return "s" in query


def _draft(token: str) -> Workspace:
    """One's own goes on; somebody else's, or one's own that another tab works on, is a copy with an address of its own.

    Where people sign in, somebody else's opens nothing.
    """
    found = drafts.get(token, (sample_plan(),))
    work = copy_of(found.work)
    if sign_in.on() and found.owner != person.owner():
        raise drafts.gone(token)
    if found.owner not in ("", person.owner()):
        return of_somebody_else(work)
    if drafts.claim(token, session_id(), is_open):
        work.draft = Mark(token, found.version)
    return work


def remember() -> None:
    """Keep the work for a reload. The address changes once, at the first change: changing it costs 10 ms a move."""
    space = workspace()
    start, token = Scenario(sample_plan()), space.draft.token
    if space.scenario == space.saved == space.baseline == start and not (
            space.undo or space.locks or space.own or space.compared or token):
        return
    if _as_addressed(space):
        return
    mark = drafts.put(space.draft, copy_of(space), person.owner(), session_id(), is_open)
    if st.query_params.get("w") != mark.token:
        st.query_params["w"] = mark.token
        for key in SAID:
            st.query_params.pop(key, None)
    _stay_with(mark)


def stay_with_draft() -> None:
    """At the start of a run: the store may have said meanwhile that another tab or server went on with the draft."""
    if "workspace" in st.session_state:
        _stay_with(drafts.mark_of(workspace().draft))


def _stay_with(mark: Mark) -> None:
    """The work is kept there from now on. Where that is apart from the draft that it was, the reader is told, at once."""
    space = workspace()
    was, space.draft = space.draft.token, mark
    if was not in ("", mark.token):
        told = st.session_state.get("_notice") or ("info", "")
        st.session_state["_notice"] = (told[0], together([*filter(None, told[1:]), t("draft.apart")]))
        st.rerun()


def carried() -> dict[str, str]:
    """The query parameters that every page keeps."""
    return {k: st.query_params[k] for k in (*SAID, "w", "lang") if k in st.query_params}


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


def adopt(found: Scenario) -> None:
    """Make what was found for this work the scenario at hand, under the work's own name and note: one step of undo."""
    now = workspace().scenario
    commit(found.named(now.name, now.note))


def reset() -> None:
    """Back to what was opened or last saved, and without locks, as one step."""
    space = workspace()
    space.axes.clear()  # pictures in the size that suits what was there
    if not space.locks:
        return commit(space.saved)
    space.undo.append(Locked(space.scenario, space.locks))
    del space.undo[:-MAX_UNDO]
    space.redo.clear()
    space.scenario, space.locks, space.anchor_of, space.hint = space.saved, frozenset(), "", ""


def open_scenario(scenario: Scenario, stored: Stored | None = None) -> None:
    """Start on another scenario: saved and baseline are it, and undo leads back to what was there."""
    space = workspace()
    new = replace(fresh(scenario), draft=space.draft, author=space.author, stored=stored, own=space.own)
    new.undo = [*space.undo, space.opened][-MAX_UNDO:]
    st.session_state["workspace"] = new


def _as_saved(scenario: Scenario) -> Scenario:
    """A step that moved something, under the name and note that the library knows: the next save must not bring back those
    from before the last one. A step that only renamed is left as it is."""
    now = workspace().scenario
    under_it = scenario.named(now.name, now.note)
    return under_it if workspace().stored and under_it != now else scenario


def step(source: str, target: str) -> None:
    """Undo or redo: take the last of `source`, put what was at hand onto `target`."""
    space = workspace()
    taken: list[Step] = getattr(space, source)
    if not taken:
        return
    taken_step = taken.pop()
    if isinstance(taken_step, Opened):
        getattr(space, target).append(space.opened)
        space.scenario, space.saved = taken_step.scenario, taken_step.saved
        space.baseline, space.stored = taken_step.baseline, taken_step.stored
        space.form.clear()
    elif isinstance(taken_step, Locked):
        getattr(space, target).append(Locked(space.scenario, space.locks))
        space.scenario, space.locks = taken_step.scenario, taken_step.locks
    else:
        getattr(space, target).append(space.scenario)
        space.scenario = _as_saved(taken_step)
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


def _beside(scenario: Scenario) -> set[str]:
    """What the sample's presets set beside the headline sliders; nothing where a row of it is gone."""
    beside = {a for p in presets().values() for a, _ in p.changes if not a.startswith("headline.")}
    return beside if all(split(a).row in scenario.rows[split(a).table] for a in beside) else set()


def _preset_values(scenario: Scenario, key: str) -> dict[str, Value]:
    """What a preset sets in a scenario: of a plan of one's own where its presets differ; in the sample every headline slider, and
    what presets say beside them where the reader has not set it otherwise."""
    if scenario.base.name != SAMPLE:
        return own_presets.values(scenario, key)
    wanted = presets()[key]
    values = {f"headline.{k}": wanted.get(f"headline.{k}") for k in HEADLINE}
    beside = _beside(scenario)
    untouched = all(scenario.get(a) in {p.get(a) for p in presets().values()} for a in beside)
    return values | {a: wanted.get(a) for a in beside if untouched}


def preset_at_hand(scenario: Scenario) -> str:
    """The preset that this scenario has set, "" where it is none: of a plan of one's own what its presets set; in the sample its
    sliders, and what presets set beside them or what the reader had there when he pressed it."""
    if scenario.base.name != SAMPLE:
        return own_presets.at_hand(scenario)
    beside = {a: scenario.get(a) for a in _beside(scenario)}
    for key in PRESETS:
        wanted = presets()[key]
        if all(scenario.get(f"headline.{k}") == wanted.get(f"headline.{k}") for k in HEADLINE) and beside in (
                {a: wanted.get(a) for a in beside}, st.session_state.get(_PRESSED)):
            return key
    return ""


def apply_preset(key: str) -> None:
    """A preset's values onto the scenario at hand, as one step. A name that somebody gave it stays."""
    now = workspace().scenario
    new = now.with_values(_preset_values(now, key))
    if now.name in ("", *PRESETS) and now.base.name == SAMPLE:
        new = new.named(key if new.changes == presets()[key].changes else "", new.note)
    st.session_state[_PRESSED] = {a: new.get(a) for a in _beside(new)} if now.base.name == SAMPLE else {}
    commit(new)


def attempt(make: Callable[[], Scenario], title: str = "problem.channel") -> None:
    """The step, or a report of everything that is wrong with it."""
    space = workspace()
    try:
        commit(make())
        space.problem = None
        space.locks = frozenset(c for c in space.locks if c in space.scenario.rows[d.CHANNEL])
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, title

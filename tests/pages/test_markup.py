"""Names are text everywhere: a plan in which everything bears one name that is markup, in what Streamlit is sent.

All rows have the same name, so that every choice between them must tell its words apart as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from screens import again, app, goto, settled, sound, space
from screens import table as data_of
from streamlit.testing.v1 import AppTest

from model import InvalidInput, Plan, Scenario, Violation
from model.errors import VersionConflict
from samples import sample_plan

NAME = ":material/bomb: :red[x] `y` [z](http://a.b) **b** ~~s~~ $q$ <i>x</i> :smile: :streamlit: a -> b"
_MARKUP = r":red\[|`y`|\[z\]\(|\*\*b\*\*|~~s~~|\$q\$|<i>x"
#: in what is read as markdown (some of it acts though it is escaped), and in what is shown as it is
RAW, ESCAPED = re.compile(rf"(?<!\\)(?:{_MARKUP})|:material/b|:smile|:streamlit| ->|-\\> b"), re.compile(r"\\[:`*~$\[<]|\u200b")
IN_HTML = re.compile("<i>x")
#: fields of elements that are shown as they are
PLAIN = {"alt", "default", "value", "id", "form_id", "placeholder", "spec", "file_name", "url", "json", "element_id", "columns",
         "options", "raw_value", "raw_values"}
#: options that are read as markdown, and elements whose text is HTML
MARKED, HTML = ("ButtonGroup.options",), ("Html",)


# --- a plan, and a library ---------------------------------------------------------------------------------------------

def named() -> Scenario:
    """The sample with this name on every row, and as every source; two edits, so that what changed is named too."""
    plan = sample_plan()
    values = {a: NAME if a.endswith(("name_zh", "name_en")) else v for a, v in plan.values}
    named = Plan(NAME, tuple(values.items()), tuple((a, NAME) for a in values))
    return Scenario(named).with_values({"channel.platform.cpm": 40.0, "channel.content.cpm": 41.0}).named(NAME, NAME)


def filled(store, scenario: Scenario) -> VersionConflict:
    """Two scenarios in the library, one of two versions, and what a third person's saving comes to."""
    said = {"author": NAME[:50], "comment": NAME, "tags": [NAME[:40]]}
    first = store.save(scenario, **said)
    store.save(scenario.with_values({"channel.platform.cpm": 39.0}), id=first.entry.id, **said)
    store.save(scenario.named(f"{NAME}2", NAME), **said)
    with pytest.raises(VersionConflict) as caught:
        store.save(scenario.with_values({"channel.platform.cpm": 38.0}), id=first.entry.id, expected=1, **said)
    return caught.value


# --- what is sent ------------------------------------------------------------------------------------------------------

def elements(node) -> Iterator[object]:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from elements(child)


def texts(message, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a message with the name of its field."""
    for field, value in message.ListFields():
        name = f"{path}.{field.name}" if path else field.name
        for one in value if field.is_repeated else [value]:
            if isinstance(one, str):
                yield name, one
            elif hasattr(one, "ListFields"):
                yield from texts(one, name)


def wrong(element) -> Iterator[tuple]:
    """Texts of an element that are not shown as they were written, and choices that read the same."""
    proto = getattr(element, "proto", None)
    if proto is None:
        return
    kind = type(proto).__name__
    for name, text in texts(proto):
        marked = any(f"{kind}.{name}".startswith(m) for m in MARKED) or name.split(".")[-1] not in PLAIN
        bad = (IN_HTML if kind in HTML or "sheet-" in text else RAW if marked else ESCAPED).search(text)
        if bad:
            yield kind, name, text[max(0, bad.start() - 80):bad.end() + 80]
    if kind == "VegaLiteChart" and (bad := ESCAPED.search(str(data_of(proto)))):
        yield kind, "data", bad.string[max(0, bad.start() - 80):bad.end() + 80]
    options = [getattr(o, "content", o) for o in getattr(proto, "options", ())]
    if len(set(options)) < len(options):
        yield kind, "options read the same", str(options)[:300]


# --- the walk ----------------------------------------------------------------------------------------------------------

def _boxes(*names: str, **values) -> Callable[[AppTest], None]:
    """A step: with these boxes open and these things in the session."""
    def step(at: AppTest) -> None:
        for box, value in {**dict.fromkeys(names, True), **values}.items():
            at.session_state[box] = value
    return step


def _failed(at: AppTest) -> None:
    space(at).problem, space(at).problem_title = InvalidInput([Violation("bad_text", NAME, NAME, NAME)]), "problem.cell"


def _grouped(at: AppTest) -> None:
    """A group of channels whose name is markup, and the split that it holds."""
    at.button(key="optimize_add_group").click().run()
    at.text_input(key="optimize_group_name_1").set_value(NAME[:40]).run()
    at.multiselect(key="optimize_group_channels_1").set_value(["creators", "own_live"]).run()
    at.text_input(key="optimize_group_ceiling_share_1").set_value("25").run()


def _asked(key: str) -> Callable[[AppTest], None]:
    def step(at: AppTest) -> None:
        at.button(key=f"go_{key}").click().run()
        settled(at, key)
    return step


def _tab(name: str) -> Callable[[AppTest], None]:
    return _boxes(optimize_tab=name)


#: on each page what is done in turn, and looked at after each step
WALK: dict[str, list[list[Callable[[AppTest], None]]]] = {
    "simulate": [[_boxes("channel_edit", "bar_share", "bar_file", "bar_checks", "where_simulate"), _failed]],
    "channels": [[_boxes("roi_months", "channel_add")]],
    "customers": [[]],
    "plan": [[_boxes("edit_target", "edit_promotion", "edit_initiative", "edit_team")]],
    "risk": [[_boxes(risk_table="distribution")], [_boxes(risk_table="correlation")],
             [_boxes(risk_table="event_effect")], [_boxes(risk_table="stress_effect")]],
    "optimize": [[_tab("Best split"), again, _grouped], [_tab("Frontiers"), again, _asked("frontier")],
                 [_tab("What would have to be true?"), _boxes("goal_own"), again, _asked("goal")], [_tab("Two-way what-if"), again]],
    "scenarios": [[again]],
    "compare": [[again]],
    "own": [[again]],
    "method": [[again]],
    "print": [[again]],
}


def test_names_are_text_on_every_page(store):
    at = app("en", scenario=named())
    conflict, found = filled(store, named()), {}
    at.session_state["_conflict"] = conflict
    at.session_state["_shelf_ticked"] = {conflict.theirs.entry.id}
    space(at).compared = ("now", *(f"store:{e.id}" for e in store.list().entries))
    at.query_params["figure"], at.query_params["row"] = "driver.channel.cpm", "platform"
    for page, rounds in WALK.items():
        sound(goto(at, page))
        for steps in rounds:
            for step in steps:
                step(at)
            sound(at.run())
            found |= {problem: page for e in elements(at._tree) for problem in wrong(e)}
    assert not found, "\n".join(f"{page}: {problem}" for problem, page in found.items())

"""Several sessions on several servers with one person's drafts: nobody's work is lost, nobody is told so for nothing.

A piece of work carries the numbers of all changes that it came from, its session's own and those that it has read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import count
from types import ModuleType

import pytest
from every import as_many
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from screens import again, app, move, space
from servers import another_server, away
from streamlit.testing.v1 import AppTest

from model import InvalidInput
from model.io.store import ScenarioStore
from model.io.store import drafts as kept
from pages.ui.session import drafts, library
from pages.ui.session.workspace import Mark, Stored, Workspace, fresh, pack, says_the_same, unpack
from samples import sample
from stores import drop_database, needs_pg, new_database

OWNER, SERVERS, SESSIONS = "ann", 2, 3
START = sample()
NUMBER = count(1)
#: (what, which session, which server, which draft)
STEPS = st.tuples(st.sampled_from(("open", "change", "change", "change", "look", "write", "open", "kill", "lost")),
                  st.integers(0, SESSIONS - 1), st.integers(0, SERVERS - 1), st.sampled_from((0, 0, 0, 1)))


@dataclass
class Session:
    """A tab: on which server, where its draft is, the changes that it has behind it, whether it has work of its own there."""

    server: ModuleType
    mark: Mark
    changes: tuple[int, ...] = ()
    work: Workspace = field(default_factory=lambda: fresh(START))


class Site:
    """Two servers on one library, and the tabs that are open there."""

    def __init__(self, store: ScenarioStore) -> None:
        self.store, self.servers = store, [another_server() for _ in range(SERVERS)]
        self.sessions: dict[int, Session] = {}
        self.tokens: list[str] = []
        self.made: dict[int, ModuleType] = {}

    def open(self, who: int, where: int, which: int) -> None:
        """A new tab, or an old one reloaded, on a draft that some tab has in its address; there may be none, or it was not written."""
        server, token = self.servers[where], self.tokens[which % len(self.tokens)] if self.tokens else ""
        try:
            found = server.get(token)
        except InvalidInput:
            self.sessions[who] = Session(server, Mark())
        else:
            self.sessions[who] = Session(server, Mark(token, found.version), tuple(found.work.own["changes"]), found.work)

    def change(self, who: int, *_: int) -> None:
        if (tab := self.sessions.get(who)) is None:
            return
        number = next(NUMBER)
        tab.changes, self.made[number] = (*tab.changes, number), tab.server
        tab.work = replace(tab.work, own={"changes": list(tab.changes)})
        self.look(who)

    def look(self, who: int, *_: int) -> None:
        """Any run of a page: what stands there is remembered, changed or not."""
        if (tab := self.sessions.get(who)) is None or not tab.changes:
            return
        was, tab.mark = tab.mark, tab.server.put(tab.mark, tab.work, OWNER)
        if was.token not in ("", tab.mark.token):
            missing = set(self.behind(tab.server, was.token)) - set(tab.changes)
            assert missing, f"told of changes of others to {was.token}, where there are none"
        self.tokens = list(dict.fromkeys([*self.tokens, tab.mark.token]))

    def behind(self, server: ModuleType, token: str) -> list[int]:
        found = server.get(token)
        return found.work.own["changes"]

    def write(self, _: int, where: int, *__: int) -> None:
        assert self.servers[where].flush()

    def lost(self, _: int, where: int, *__: int) -> None:
        """The library writes, and its answer does not arrive."""
        put = ScenarioStore.put_draft

        def written_and_gone(*args) -> None:
            put(*args)
            away()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ScenarioStore, "put_draft", written_and_gone)
            self.servers[where].flush()

    def kill(self, _: int, where: int, *__: int) -> None:
        """Without a word: what it had not written is lost, and so are its tabs."""
        gone, self.servers[where] = self.servers[where], another_server()
        self.sessions = {who: tab for who, tab in self.sessions.items() if tab.server is not gone}
        written = set().union(*self.stored())
        self.made = {n: server for n, server in self.made.items() if server is not gone or n in written}

    def stored(self) -> list[set[int]]:
        rows = self.store.ask(lambda c: c.execute(kept.sa.select(kept.DRAFTS.c.payload)).scalars().all())
        return [set(unpack(bytes(payload)).own["changes"]) for payload in rows]

    def check(self) -> None:
        """Everything that a living server took is in some draft, and what a tab shows is whole in one."""
        for server in self.servers:
            assert server.flush()
        found = self.stored()
        assert set(self.made) <= set().union(*found), "work is lost"
        for who, tab in self.sessions.items():
            assert not tab.changes or any(set(tab.changes) <= draft for draft in found), who
        for who in self.sessions:
            self.look(who)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_pg)])
def library_of_two(request, tmp_path, monkeypatch) -> Iterator[ScenarioStore]:
    url = f"sqlite:///{tmp_path}/two.db" if request.param == "sqlite" else new_database()
    made = ScenarioStore(url)
    monkeypatch.setattr(library, "store", lambda: made)
    yield made
    made.close()
    if request.param != "sqlite":
        drop_database(url)


@settings(max_examples=as_many(12, 600), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=8, max_size=30))
@example([("write", 0, 0, 0), ("open", 1, 1, 0), ("change", 0, 0, 0), ("write", 0, 0, 0), ("change", 1, 0, 0)])  # two servers
@example([("write", 0, 0, 0), ("open", 1, 0, 0), ("change", 1, 0, 0), ("change", 0, 0, 0)])  # two tabs, the first asleep
@example([("write", 0, 0, 0), ("change", 0, 0, 0), ("open", 1, 0, 0), ("change", 1, 0, 0)])  # reloaded before it was written
@example([("lost", 0, 0, 0), ("change", 0, 0, 0)])  # its own write, of which nobody was told
@example([("write", 0, 0, 0), ("change", 0, 0, 0), ("open", 1, 1, 0), ("change", 1, 1, 0), ("write", 0, 1, 0),
          ("open", 2, 0, 0), ("change", 2, 0, 0)])  # back on a server that has something which it never wrote
@example([("write", 0, 0, 0), ("open", 1, 0, 0), ("look", 0, 0, 0), ("change", 1, 0, 0)])  # the first tab only looks
@example([("lost", 0, 0, 0), ("change", 0, 0, 0), ("open", 0, 1, 0), ("change", 0, 0, 0), ("write", 0, 0, 0), ("open", 1, 1, 0)])
def test_no_tab_writes_over_what_it_has_not_read_and_none_is_told_so_for_nothing(library_of_two, steps):
    library_of_two._database.write(lambda c: c.execute(kept.sa.delete(kept.DRAFTS)))
    site = Site(library_of_two)
    site.open(0, 0, 0)
    site.change(0)
    for what, *more in steps:
        getattr(site, what)(*more)
    site.check()


def test_whatever_a_draft_keeps_of_the_work_counts_as_a_change():
    base, scenario = fresh(START), sample().with_values({"headline.aov": 1.1})
    others = {"scenario": scenario, "saved": scenario, "baseline": scenario, "undo": [scenario], "redo": [scenario], "locks": frozenset(["x"]),
              "stored": Stored("a", 1, "b"), "author": "a", "form": {"name": "x"}, "own": {"texts": {}}, "period": "all", "compared": ("now",),
              "axes": {"a": 1.0}, "problem": InvalidInput([]), "problem_title": "x", "hint": "x", "draft": Mark("x"), "burst_of": "x",
              "burst_at": 1.0, "burst": [{}], "anchor_of": "x", "anchor": {"a": 1.0}, "moved_to": {"a": 1.0}}
    assert others.keys() == {f.name for f in fields(Workspace)}, "a new one: kept in drafts or not?"
    for name, value in others.items():
        changed = replace(base, **{name: value})
        assert says_the_same(base, changed) == (pack(base) == pack(changed)), name


def tab(person: str, **query) -> AppTest:
    """One of a person's tabs."""
    at = app("en", run=False, **query)
    at.session_state["_person"] = person * 32
    return at.run()


def address(at: AppTest) -> str:
    return "".join(at.query_params["w"])


def told(at: AppTest) -> bool:
    return any("a draft of its own from now on" in e.value for e in at.info)


def test_the_tab_that_comes_second_keeps_its_work_under_an_address_of_its_own_and_says_so(store):
    first = tab("x")
    move(first, "lever_cvr", 5)
    token = address(first)
    second = tab("x", w=token)
    move(second, "lever_cvr", 10)
    move(first, "lever_aov", 7)
    assert told(first) and address(first) != token == address(second) and not told(second)
    assert space(first).scenario.changes == (("headline.aov", 1.07), ("headline.cvr", 1.05))
    for token, cvr in ((address(first), 1.05), (address(second), 1.1)):
        assert space(tab("x", w=token)).scenario.get("headline.cvr") == cvr


def test_what_another_server_did_is_said_with_the_next_run(store):
    here, there = tab("y"), another_server()
    move(here, "lever_cvr", 5)
    token = address(here)
    assert drafts.flush()
    found = there.get(token)
    there.put(Mark(token, found.version), replace(found.work, scenario=sample()), found.owner)
    assert there.flush()
    again(here)
    assert not told(here) and address(here) == token, "it has done nothing since"
    move(here, "lever_cvr", 6)
    assert drafts.flush() and not told(here)
    again(here)
    assert told(here) and address(here) != token and unpack(store.get_draft(address(here)).payload).scenario.get("headline.cvr") == 1.06
    assert not unpack(store.get_draft(token).payload).scenario.changes

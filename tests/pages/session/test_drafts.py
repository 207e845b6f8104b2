"""Drafts, whatever happens: a person's last work is there, and nobody else's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from types import ModuleType

import pytest
from every import as_many
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import another_server, away

from model import InvalidInput
from model.io.store import ScenarioStore
from model.io.store import drafts as kept
from pages.ui.session import drafts, library
from pages.ui.session.workspace import Mark, Workspace, fresh
from samples import changed

PEOPLE = ("ann", "bo")
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
#: each has people and tokens of its own: the thread that writes may still be at the last one's
EXAMPLES = count()
#: (what, person, piece of work, number): the number is the conversion rate that is put, or the hours that the clock jumps by
STEPS = st.tuples(st.sampled_from(("put", "put", "put", "claim", "release", "written", "restart", "clock")),
                  st.sampled_from(PEOPLE), st.sampled_from(("a", "b", "c")), st.integers(-20_000, 20_000))


class Told:
    """What ought to be there: each draft's owner and work, each person's last, which tab holds what, how many tabs a person has
    closed."""

    def __init__(self) -> None:
        self.work: dict[str, tuple[str, int]] = {}
        self.marks: dict[str, Mark] = {}
        self.last: dict[str, str] = {}
        self.held: dict[str, str] = {}
        self.closed: Counter[str] = Counter()

    def tab(self, person: str) -> str:
        return f"{person}, tab {self.closed[person]}"


def put(told: Told, person: str, token: str, number: int) -> None:
    if told.work.get(token, (person,))[0] == person:  # of somebody else's a copy is made, under a token of its own
        mark = told.marks.setdefault(token, Mark(token))
        assert drafts.put(mark, fresh(changed(headline__cvr=1 + number / 1e5)), person) == mark, "nobody else went on with it"
        told.work[token], told.last[person] = (person, number), token


def claim(told: Told, person: str, token: str, _: int) -> None:
    tab = told.tab(person)
    free = told.held.get(token, tab) == tab
    assert drafts.claim(token, tab, lambda session: session in told.held.values()) == free, token
    if free:
        told.held[token] = tab


def release(told: Told, person: str, token: str, _: int) -> None:
    """The tab is closed."""
    told.held = {t: tab for t, tab in told.held.items() if tab != told.tab(person)}
    told.closed[person] += 1


def restart(told: Told, *_) -> None:
    """The server starts again: nothing is in memory."""
    drafts.flush()
    for memory in (drafts._drafts, drafts._held, told.held):
        memory.clear()
    told.marks = {token: Mark(token, drafts.get(token).version) for token in told.work}


def written(*_) -> None:
    drafts.flush()


DOING = {"put": put, "claim": claim, "release": release, "written": written, "restart": restart}


def as_told(told: Told, example: int) -> None:
    for token, (person, number) in told.work.items():
        found = drafts.get(token)
        assert found.owner == person and found.work.scenario.get("headline.cvr") == pytest.approx(1 + number / 1e5, rel=1e-12), token
    for person in (f"{p}-{example}" for p in PEOPLE):
        assert drafts.last_of(person) == told.last.get(person), person
    assert drafts.last_of("") is None and drafts.last_of("somebody new") is None


@pytest.fixture
def clock(monkeypatch):
    """A clock that can be set, its time in a list; it does not move by itself."""
    at = [FIRST]
    monkeypatch.setattr(kept, "now", lambda: at[0])
    return at


@settings(max_examples=as_many(40, 1000), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
def test_whatever_happens_a_person_has_the_last_work_and_nobody_elses(store, clock, steps):
    told, example = Told(), next(EXAMPLES)
    restart(told)  # what other tests' sessions left in memory is theirs
    clock[0] = FIRST  # which sets it back after an example that went ahead
    for what, person, token, number in steps:
        if what == "clock":
            clock[0] += timedelta(hours=number)
        else:
            DOING[what](told, f"{person}-{example}", f"tok-{token}-{example}", number)
        as_told(told, example)
    restart(told)
    as_told(told, example)


def test_of_many_drafts_written_together_the_last_one_is_the_last(store):
    tokens = [f"tok-many-{i}" for i in range(12)]
    for token in tokens:
        put(Told(), "cy", token, 0)
    restart(Told())
    assert drafts.last_of("cy") == tokens[-1]


def dearer(by: float) -> Workspace:
    return fresh(changed(headline__aov=by))


def put_as_read(server: ModuleType, token: str, by: float) -> None:
    """By a session that has read the draft on this server just now."""
    try:
        mark = Mark(token, server.get(token).version)
    except InvalidInput:
        mark = Mark(token)
    assert server.put(mark, dearer(by), "ann").token == token


def aov(server: ModuleType, token: str) -> float:
    return server.get(token).work.scenario.get("headline.aov")


def test_a_server_does_not_serve_its_old_copy_of_what_another_one_has_written_since(store):
    here, there = another_server(), another_server()
    put_as_read(here, "tok-shared", 1.1)
    assert here.flush()
    put_as_read(there, "tok-shared", 1.3)
    assert aov(here, "tok-shared") == 1.1 and there.flush()
    assert aov(here, "tok-shared") == aov(there, "tok-shared") == 1.3
    put_as_read(there, "tok-later", 1.2)
    assert here.last_of("ann") == "tok-shared" and there.flush()
    assert here.last_of("ann") == "tok-later", "what was worked on last, wherever that was"
    put_as_read(here, "tok-shared", 1.4)
    assert (aov(here, "tok-shared"), here.last_of("ann")) == (1.4, "tok-shared"), "what is not written yet is ahead of the library"


def test_what_a_library_out_of_reach_did_not_take_is_written_once_it_is_back_and_the_newest_of_it(store, monkeypatch):
    server = another_server()
    with monkeypatch.context() as patch:
        patch.setattr(library, "store", away)
        put_as_read(server, "tok-first", 1.1)
        put_as_read(server, "tok-second", 1.2)
        assert not server.flush()
        assert (aov(server, "tok-first"), server.last_of("ann")) == (1.1, "tok-second"), "memory serves"
        put_as_read(server, "tok-first", 1.3)
    assert server.flush()
    written = another_server()
    assert (aov(written, "tok-first"), aov(written, "tok-second"), written.last_of("ann")) == (1.3, 1.2, "tok-first")


def test_the_writer_tries_again_by_itself(store, monkeypatch):
    server, tries = another_server(), []

    class Ended(BaseException):
        """Out of the writer's loop, which has no end."""

    def put_draft(self, *_):
        tries.append(_)
        if len(tries) == 1:
            away()
        raise Ended
    monkeypatch.setattr(ScenarioStore, "put_draft", put_draft)
    server.DELAY = server.AGAIN = 0.0
    put_as_read(server, "tok-once", 1.1)
    with pytest.raises(Ended):
        server._write_forever()
    assert len(tries) == 2


def test_what_the_library_refuses_as_it_is_holds_up_no_other_and_is_not_tried_forever(store, monkeypatch):
    server, write, tries = another_server(), ScenarioStore.put_draft, []

    def put_draft(self, token, *rest):
        tries.append(token)
        if token == "tok-large":
            raise InvalidInput([])
        write(self, token, *rest)
    monkeypatch.setattr(ScenarioStore, "put_draft", put_draft)
    put_as_read(server, "tok-large", 1.1)
    put_as_read(server, "tok-small", 1.2)
    assert server.flush() and server.flush() and tries == ["tok-large", "tok-small"]
    assert aov(server, "tok-large") == 1.1, "memory is ahead of the library"

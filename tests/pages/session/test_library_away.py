"""A library that does not answer: no page waits for it at every turn."""

from __future__ import annotations

from servers import away

from model.io.store import ScenarioStore
from pages.ui.session import library
from samples import sample


def test_a_library_that_did_not_answer_is_left_alone_for_some_seconds_and_then_asked_again(store, monkeypatch):
    id = store.save(sample().named("A"), author="Wang").entry.id
    asked = []

    def entry(self, id):
        asked.append(id)
        away()
    with monkeypatch.context() as gone:
        gone.setattr(ScenarioStore, "entry", entry)
        assert library.entry(id) is library.entry(id) is None and len(asked) == 1
    assert library.entry(id) is None, "it answers again, and is still left alone"
    monkeypatch.setattr(library, "_away", {})
    assert library.entry(id).id == id

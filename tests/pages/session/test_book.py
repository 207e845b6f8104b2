"""What became of a plan's months travels with the plan: files, library, drafts; no figure of the plan follows from it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from screens import app

from model import InvalidInput, evaluate, from_json, kpi, to_json, to_link
from model.plan.book import EMPTY, Book, Frozen, Note, from_plain, merged, to_plain
from model.plan.book import changed as changed_entries
from pages.ui.session.workspace import fresh, pack, unpack
from samples import changed, sample, sample_plan

BOOK = Book((("2027-01", "platform", "gmv", 1234567.89), ("2027-01", "shop", "net_profit", -3.5)), ("2027-01",),
            (Note("2027-01", "cpm platform", "换素材", "王", "2027-02-10"),),
            (Frozen("2027-01", "2027-02-03", (("gmv", 1e8, 1.1e8, 1.2e8),), (("2027-02 gmv", 1.0, 2.0, 3.0),)),), (0.7, 0.9, 1.0), True,
            (("budget_2", None), ("channel.platform.phasing_01", 0.125), ("channel.platform.phasing_mode", "plan")))


def test_a_book_goes_through_json_as_it_is_and_an_empty_one_leaves_no_trace():
    assert from_plain(json.loads(json.dumps(to_plain(BOOK)))) == BOOK
    assert '"book"' not in to_json(sample()) and not EMPTY and BOOK
    assert not {"lag", "planned"} & to_plain(Book(notes=BOOK.notes)).keys(), "a book of before them keeps its hash"


def test_files_library_and_drafts_carry_the_book(store):
    kept = changed(headline__cvr=1.03).named("Budget").with_book(BOOK)
    assert from_json(to_json(kept).encode()) == kept and from_json(to_json(kept)).book == BOOK
    first = store.save(kept, author="Wang")
    later = store.save(kept.with_book(EMPTY), author="Li", id=first.entry.id, expected=1)
    assert store.open(first.entry.id, 1).scenario.book == BOOK, "versions keep what was known then"
    assert store.open(later.entry.id).scenario.book == EMPTY
    space = fresh(kept)
    space.undo = [sample(), kept.with_values({"headline.aov": 1.1})]
    back = unpack(pack(space), (sample_plan(),))
    assert back.scenario.book == BOOK and [s.book for s in back.undo] == [EMPTY, BOOK]
    assert unpack(pack(fresh(sample())), (sample_plan(),)).scenario == sample()


def test_steps_of_the_plan_keep_the_book_and_figures_do_not_see_it():
    kept = sample().with_book(BOOK)
    moved = kept.with_values({"headline.cvr": 1.1}).named("x").without(["headline.cvr"])
    assert moved.book == BOOK and kept != sample()
    assert kpi(evaluate(kept), "gmv") == kpi(evaluate(sample()), "gmv")
    assert to_link(kept) is None and to_link(sample())


def test_two_books_are_merged_by_what_each_has_changed_and_mine_wins():
    note = BOOK.notes[0]
    mine = replace(BOOK, cells=(("2027-01", "platform", "gmv", 5.0),), notes=(replace(note, done=True),), lag=(0.5, 1.0),
                   planned=())
    theirs = replace(BOOK, cells=((*BOOK.cells[0][:3], 7.0), BOOK.cells[1], ("2027-02", "platform", "gmv", 6.0)),
                     provisional=("2027-02",), notes=(note, Note("2027-02", "", "theirs")), lag=(0.6, 1.0), mature=False,
                     forecasts=(*BOOK.forecasts, Frozen("2027-02", "2027-03-02", ())))
    got = merged(mine, theirs, BOOK)
    assert got == replace(theirs, cells=(("2027-01", "platform", "gmv", 5.0), ("2027-02", "platform", "gmv", 6.0)),
                          notes=(replace(note, done=True), theirs.notes[1]), lag=(0.5, 1.0), planned=())
    assert merged(BOOK, theirs, BOOK) == theirs and merged(mine, BOOK, BOOK) == mine and merged(mine, mine, BOOK) == mine
    assert set(changed_entries(mine, BOOK)) & set(changed_entries(theirs, BOOK)) == {("cells", "2027-01", "platform", "gmv"), ("lag",)}


@pytest.mark.parametrize("plain", [
    [], {"cells": 3}, {"cells": [["2027-01", "platform", "gmv", "many"]]}, {"cells": [["2027-01", "x", "gmv", float("inf")]]},
    {"notes": [["2027-01"]]}, {"provisional": [3]}, {"forecasts": [["2027-01", "now", [["gmv", 1, 2]], []]]},
    {"cells": [["2027-01", "platform", "gmv", 1.0]] * 44_001}, {"lag": [0.9, 0.8]}, {"lag": ["x"]}, {"lag": [1.0] * 5},
    {"planned": [["channel.platform.share"]]}, {"planned": [["channel.platform.share", [0.1]]]}])
def test_what_is_no_book_is_refused_with_its_place(plain):
    with pytest.raises(InvalidInput) as found:
        from_plain(plain)
    assert found.value.violations[0].place.startswith("book")


def test_a_reload_brings_back_the_book():
    at = app(scenario=sample().with_book(BOOK))
    assert at.session_state["workspace"].scenario.book == BOOK and not at.exception

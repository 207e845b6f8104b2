"""The planners' desk: saving, versions, two people at once, comparing, files taken in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from every import part
from odd_plans import variant
from screens import again, app, cards, click, component, markdown, move, scenario, sound, space

from model import Plan, Scenario, to_json, write_plan
from model.plan.book import Book, Frozen, Note
from model.review.kept import actuals_of, with_actuals
from pages.ui.frame import merging
from pages.ui.kit.texts import speaking, t
from pages.ui.scenarios import saved_list
from pages.ui.session import drafts, library, state
from pages.ui.session.workspace import Mark, Workspace, fresh, pack, unpack
from samples import changed, june, sample, sample_plan


def desk_of(store=None, name: str = "", author: str = "Wang", **values):
    """The Scenarios page with a changed plan at hand."""
    at = app("en", "scenarios", scenario=changed(**values) if values else None)
    at.text_input(key="desk_author").set_value(author)
    if name:
        at.text_input(key="desk_name").set_value(name)
    return at


def press(at, button: str):
    """Click, and no more: what was done is said once."""
    at.button(key=button).click().run()
    return sound(at)


def said(at) -> str:
    return " ".join(e.value for e in (*at.success, *at.error, *at.warning, *at.info))


# --- saving ------------------------------------------------------------------------------------------------------------

def test_an_empty_library_says_what_it_is_for(store):
    assert "library is empty" in said(app("en", "scenarios"))


def test_the_first_save_makes_version_1_and_the_work_is_as_saved(store):
    at = desk_of(name="Budget 2027", headline__cvr=1.05)
    press(at, "desk_new")
    assert "Saved: “Budget 2027”, version 1." in said(at)
    (entry,) = store.list().entries
    assert (entry.name, entry.author, entry.version) == ("Budget 2027", "Wang", 1)
    assert store.open(entry.id).scenario.changes == (("headline.cvr", 1.05),)
    assert not space(at).changed and space(at).stored.version == 1


def test_a_second_save_is_version_2_with_its_comment(store):
    at = desk_of(name="Budget")
    click(at, "desk_new")
    at.switch_page("pages/simulate.py").run()
    move(at, "lever_aov", 3)
    at.switch_page("pages/scenarios.py").run()
    at.text_input(key="desk_comment").set_value("dearer baskets")
    click(at, "desk_save")
    first, second = reversed(store.history(store.list().entries[0].id))
    assert (second.number, second.comment) == (2, "dearer baskets") and first.number == 1


def test_the_same_name_twice_is_refused_and_the_work_stays(store):
    click(desk_of(name="Budget"), "desk_new")
    at = desk_of(name=" budget ", headline__cvr=1.1)
    press(at, "desk_new")
    assert "already" in said(at) and scenario(at).changes == (("headline.cvr", 1.1),)
    assert store.list().total == 1


@pytest.mark.parametrize("name", part(["Robert'); DROP TABLE scenarios;--", "<script>alert(1)</script>", "=1+1", "100%_\\"], 2))
def test_names_are_only_text(store, name):
    click(desk_of(name=name), "desk_new")
    assert [e.name for e in store.list().entries] == [name]
    assert [e.name for e in store.list(name).entries] == [name]


def test_the_bar_saves_the_next_version_at_once(store):
    at = desk_of(name="Budget")
    click(at, "desk_new")
    at.switch_page("pages/simulate.py").run()
    move(at, "lever_aov", 3)
    click(at, "bar_save_version")
    assert store.list().entries[0].version == 2 and not space(at).changed


def visit(at, page: str):
    """Another page and back: Streamlit forgets every widget of the page that was left."""
    at.switch_page(f"pages/{page}.py").run()
    return again(at.switch_page("pages/scenarios.py").run())


def test_what_was_typed_stays_while_other_pages_are_looked_at_and_after_a_reload(store):
    at = desk_of(name="Budget", headline__cvr=1.05)
    at.text_area(key="desk_note").set_value("board, 12 May").run()
    at.text_input(key="desk_comment").set_value("first").run()
    visit(at, "simulate")
    assert [at.text_input(key=k).value for k in ("desk_name", "desk_comment")] == ["Budget", "first"]
    assert unpack(pack(space(at))).form == {"name": "Budget", "note": "board, 12 May", "comment": "first"}
    click(at, "desk_new")
    (entry,) = store.list().entries
    assert (entry.name, entry.note, store.history(entry.id)[0].comment) == ("Budget", "board, 12 May", "first")
    assert at.text_input(key="desk_comment").value == "" and space(at).form == {}


@pytest.mark.parametrize("button", ["desk_save", "bar_save_version"])
def test_a_note_is_never_erased_but_by_emptying_it(store, button):
    at = desk_of(name="Budget")
    at.text_area(key="desk_note").set_value("for the board").run()
    click(at, "desk_new")
    for i, page in enumerate(("simulate", "channels"), 2):
        visit(at, page)
        assert at.text_area(key="desk_note").value == "for the board"
        at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1 + i / 100})
        again(at)
        click(at, button)
        assert store.list().entries[0].note == "for the board", page
    assert store.list().entries[0].version == 3
    at.text_area(key="desk_note").set_value("").run()
    at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1.2})
    click(again(at), button)
    assert (store.list().entries[0].note, store.list().entries[0].version) == ("", 4)


def test_undo_after_a_save_takes_back_the_move_and_not_the_note(store):
    at = desk_of(name="Budget", headline__aov=1.05)
    click(at, "desk_new")
    at.session_state["workspace"].undo.append(scenario(at))
    at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1.1})
    at.text_area(key="desk_note").set_value("for the board").run()
    click(again(at), "desk_save")
    click(at, "bar_undo")
    assert scenario(at).get("headline.aov") == 1.05 and scenario(at).note == "for the board"
    click(at, "bar_save_version")
    assert store.list().entries[0].note == "for the board" and store.list().entries[0].version == 3


def test_the_bar_saves_under_the_name_of_what_is_open_and_another_name_stays_in_the_form(store):
    at = desk_of(name="Budget")
    click(at, "desk_new")
    at.text_input(key="desk_name").set_value("Budget, bold").run()
    visit(at, "simulate")
    at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1.1})
    click(again(at), "bar_save_version")
    assert [(e.name, e.version) for e in store.list().entries] == [("Budget", 2)]
    assert at.text_input(key="desk_name").value == "Budget, bold"


def test_a_note_changed_in_the_list_is_not_taken_back_by_the_next_save(store):
    at = desk_of(name="Budget")
    click(at, "desk_new")
    (entry,) = store.list().entries
    at.session_state["_shelf_ticked"] = {entry.id}
    again(at)
    at.text_area(key=f"shelf_note_{entry.id}").set_value("agreed")
    at.button(key="shelf_save_details").click().run()
    at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1.1})
    click(again(at), "desk_save")
    assert [(e.note, e.version) for e in store.list().entries] == [("agreed", 3)]


def test_every_action_meets_what_is_ticked_and_rows_keep_their_places(store):
    ids = {name: store.save(sample().named(name), author="Wang").entry.id for name in "ABCD"}
    at = app("en", "scenarios")
    def names():
        return [n[0] for n in at.dataframe[0].value["name"]]
    assert names() == list("DCBA")
    at.session_state["_shelf_ticked"] = {ids["B"]}
    for button in ("shelf_lock", "shelf_lock", "shelf_lock"):
        click(again(at), button)
        assert names() == list("DCBA") and at.session_state["_shelf_ticked"] == {ids["B"]}
    assert {n: store.open(id).entry.locked for n, id in ids.items()} == {"A": False, "B": True, "C": False, "D": False}
    at.session_state["_shelf_ticked"] = {ids["A"]}
    click(again(at), "shelf_open")
    at.session_state["workspace"].scenario = scenario(at).with_values({"headline.aov": 1.1})
    click(again(at), "desk_save")
    assert names()[3] == "▸" and at.session_state["_shelf_ticked"] == {ids["A"]}
    click(at, "shelf_archive")
    assert names() == list("DCB") and [e.name for e in store.list(archived=True).entries] == ["A"]
    store.save(sample().named("C"), author="Li", comment="meanwhile", id=ids["C"])
    assert [names()[0], visit(at, "simulate") and names()[0]] == ["D", "C"], "the order is new when the page is"


def test_who_locked_archived_and_deleted_is_on_the_page(store):
    entry = store.save(sample().named("A"), author="Wang").entry
    store.lock(entry.id, author="Li")
    at = app("en", "scenarios")
    at.session_state["_shelf_ticked"] = {entry.id}
    def deeds():
        again(at)
        (found,) = [d for d in at.dataframe if "Did" in d.value.columns]
        return found.value[["Author", "Did", "Scenario"]].values.tolist()
    assert deeds() == [["Li", "locked", "A"]]
    store.unlock(entry.id, author="Zhao")
    store.archive(entry.id, author="Sun")
    store.delete(entry.id, author="Qian")
    store.archive(store.save(sample().named("B"), author="Wang").entry.id, author="Zhou")
    at.toggle(key="shelf_archived").set_value(True).run()
    assert deeds() == [["Zhou", "archived", "B"], ["Qian", "deleted", "A"], ["Sun", "archived", "A"], ["Zhao", "unlocked", "A"],
                       ["Li", "locked", "A"]]


def test_a_damaged_line_of_the_list_is_marked_and_the_others_are_there(store):
    ids = [store.save(sample().named(name), author="Wang").entry.id for name in "AB"]
    store._database.write(lambda c: c.exec_driver_sql(f"UPDATE scenarios SET summary = '?' WHERE id = '{ids[0]}'"))
    at = app("en", "scenarios")
    assert at.dataframe[0].value["name"].tolist() == ["B", "A ⚠ damaged"]
    at.session_state["_shelf_ticked"] = {ids[0]}
    sound(again(at))


def test_a_store_that_cannot_be_opened_is_said_and_the_work_stays(monkeypatch, tmp_path):
    (tmp_path / "broken.db").write_bytes(b"this is no database at all" * 100)
    monkeypatch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path}/broken.db")
    at = desk_of(name="Budget", headline__cvr=1.1)
    press(at, "desk_new")
    assert "damaged" in said(at) and scenario(at).changes == (("headline.cvr", 1.1),)
    assert cards(app("en")), "the simulator works without a store"


# --- two people, one scenario --------------------------------------------------------------------------------------------

def two_people(store):
    """Li opened version 1 and moved order value; Wang has meanwhile saved version 2 with another conversion rate."""
    saved = store.save(sample().named("Budget"), author="Wang")
    at = app("en", "scenarios", scenario=saved.scenario)
    work = space(at)
    work.stored = state.Stored(saved.entry.id, 1, "Budget")
    work.author = "Li"
    store.save(saved.scenario.with_values({"headline.cvr": 1.05}), author="Wang", id=saved.entry.id, expected=1)
    state_of_li = saved.scenario.with_values({"headline.aov": 1.1})
    work.scenario = state_of_li
    again(at)
    press(at, "desk_save")
    return at, saved.entry.id


def test_the_second_is_told_and_sees_both_differences(store):
    at, id = two_people(store)
    assert "Wang saved “Budget” as version 2" in said(at)
    assert len(at.dataframe) >= 2 and store.open(id).version.number == 2
    assert scenario(at).changes == (("headline.aov", 1.1),)


@pytest.mark.parametrize("choice, changes", [
    ("desk_merge", (("headline.aov", 1.1), ("headline.cvr", 1.05))),
    ("desk_keep", (("headline.aov", 1.1),)),
])
def test_merged_or_on_top_is_version_3(store, choice, changes):
    at, id = two_people(store)
    click(at, choice)
    latest = store.open(id)
    assert latest.version.number == 3 and latest.scenario.changes == changes == scenario(at).changes
    assert store.open(id, 2).scenario.changes == (("headline.cvr", 1.05),), "theirs stays in the history"


def test_as_a_copy_theirs_stays_the_latest(store):
    at, id = two_people(store)
    click(at, "desk_copy")
    assert store.open(id).version.number == 2 and store.list().total == 2
    assert scenario(at).changes == (("headline.aov", 1.1),)


def test_taking_theirs_can_be_undone(store):
    at, _ = two_people(store)
    click(at, "desk_take")
    assert scenario(at).changes == (("headline.cvr", 1.05),)
    click(at, "bar_undo")
    assert scenario(at).changes == (("headline.aov", 1.1),)


def test_a_merge_takes_mine_where_both_changed_and_what_i_took_back(store):
    """Started: cvr 1.02. Theirs: cvr 1.05, aov 1.1. Mine: cvr back to 1, refunds 0.9. Merged: aov 1.1, refunds 0.9."""
    class Conflict:
        started = type("S", (), {"scenario": changed(headline__cvr=1.02)})
        theirs = type("S", (), {"scenario": changed(headline__cvr=1.05, headline__aov=1.1)})
        mine = changed(headline__refund_rate=0.9)

    assert merging.merged(Conflict).changes == (("headline.aov", 1.1), ("headline.refund_rate", 0.9))


def test_two_who_put_in_months_keep_both_and_are_told_of_the_cell_that_both_changed(store):
    """Li corrects content's June and adds a note; Wang has saved July, private's June, and content's June otherwise."""
    def with_cells(of, cells):
        return with_actuals(of, actuals_of(of).with_cells(cells))
    june_of, july = ("2027-06", "content", "gmv"), ("2027-07", "private", "gmv")
    saved = store.save(june().named("Budget"), author="Wang")
    at = app("en", "scenarios", scenario=saved.scenario)
    work = space(at)
    work.stored, work.author = state.Stored(saved.entry.id, 1, "Budget"), "Li"
    theirs = with_cells(saved.scenario, {july: 9e5, ("2027-06", "private", "refunds"): 4e5, june_of: 5.2e5})
    store.save(theirs, author="Wang", id=saved.entry.id, expected=1)
    mine = with_cells(saved.scenario, {june_of: 5.3e5})
    work.scenario = mine.with_book(replace(mine.book, notes=(Note("2027-06", "", "New pictures"),), mature=True))
    again(at)
    press(at, "desk_save")
    told = " ".join(c.value for c in at.caption).replace("\u00a0", " ")
    assert "Changed on both sides: 1 (Jun 2027 · Content" in told and told.count("Of the actual months: 3 entries") == 2
    assert "note “New pictures”" in told
    click(at, "desk_merge")
    got = store.open(saved.entry.id).scenario
    assert got.book == scenario(at).book and got.book.mature and [n.text for n in got.book.notes] == ["New pictures"]
    cells = actuals_of(got).said
    assert (cells[june_of], cells[july], cells["2027-06", "private", "refunds"]) == (5.3e5, 9e5, 4e5)
    click(at, "bar_undo")
    assert july not in actuals_of(scenario(at)).said and scenario(at).book.notes, "undo leads back to what was mine"


def test_what_a_file_kept_of_its_months_has_a_name_whatever_it_is():
    of = sample().with_book(Book((("2027-13", "tv", "gvm", 1.0), ("2027-01", "tv", "gmv", 2.0), ("2027-01", "tv", "gvm", 2.0)), ("x",),
                                 (), (Frozen("", "now", ()), Frozen("2027-02", "now", ())), (0.5, 1.0), True, (("a", 1.0),)))
    with speaking("en"):
        found = [name.replace("\u00a0", " ") for name in merging.of_months(of, sample())]
    assert found == ["2027-13 · tv · gvm", "Jan 2027 · tv · GMV", "2027-01 · tv · gvm", "x", "frozen forecast of before the year",
                     "frozen forecast of Feb 2027", "curve of refunds still to come", "refunds still to come counted"]


# --- drafts --------------------------------------------------------------------------------------------------------------

def test_work_survives_a_restart_of_the_server(store):
    at = app("en", scenario=sample())
    move(at, "lever_cvr", 5)
    drafts.flush()
    drafts._drafts.clear()  # as a new process has it
    library._opened.clear()
    back = app("en", w="".join(at.query_params["w"]))
    assert scenario(back).changes == (("headline.cvr", 1.05),)
    click(back, "bar_undo")
    assert scenario(back).changes == ()


def test_packed_work_comes_back_as_it_was():
    work = fresh(changed(headline__cvr=1.05, months=24))
    work.undo = [sample(), Workspace(*[changed(vat=0.09)] * 3).opened]
    work.redo, work.locks, work.author = [changed(budget=1e7)], frozenset({"platform"}), "王"
    work.stored = state.Stored("a" * 32, 4, "预算")
    back = unpack(pack(work), (sample_plan(),))
    for field in ("scenario", "saved", "baseline", "undo", "redo", "locks", "stored", "author"):
        assert getattr(back, field) == getattr(work, field), field
    assert back.scenario.base is sample_plan()


def as_browser(at, key: str):
    at.session_state["_person"] = key * 32
    return at


def test_a_draft_goes_on_in_its_own_browser_and_is_a_copy_without_name_and_version_in_another(store):
    saved = store.save(sample().named("Budget"), author="Wang")
    at = as_browser(app("en", run=False), "a").run()
    work = space(at)
    state_of_wang = state.Stored(saved.entry.id, 1, "Budget")
    work.author, work.stored, work.scenario, work.undo = "Wang", state_of_wang, changed(headline__cvr=1.05), [work.opened]
    work.undo = [Workspace(*[sample()] * 3, stored=state_of_wang).opened]
    again(at)
    token = "".join(at.query_params["w"])
    for query in ({"w": token}, {}):  # a reload, and the bare address
        same = space(as_browser(app("en", run=False, **query), "a").run())
        assert (same.draft.token, same.author, same.stored, same.scenario) == (token, "Wang", state_of_wang, changed(headline__cvr=1.05))
    other = as_browser(app("en", run=False, w=token), "b").run()
    copy = space(other)
    assert (copy.author, copy.stored, copy.scenario) == ("", None, changed(headline__cvr=1.05)) and copy.draft.token != token
    click(other, "bar_undo")
    assert space(other).stored is None
    assert space(as_browser(app("en", run=False), "c").run()).scenario == sample(), "nobody sees what others work on"
    drafts.flush()
    assert unpack(store.get_draft(token).payload).author == "Wang" and unpack(store.get_draft(copy.draft.token).payload).author == ""


def test_a_draft_that_another_tab_works_on_is_not_taken_from_it():
    drafts.put(Mark("t-held"), fresh(sample()), "me", "tab 1")
    assert drafts.claim("t-held", "tab 1", lambda s: True) and drafts.claim("t-held", "tab 1", lambda s: True)
    assert not drafts.claim("t-held", "tab 2", lambda s: s == "tab 1"), "both would write over each other"
    assert drafts.claim("t-held", "tab 2", lambda s: False), "the first is closed"


@pytest.mark.parametrize("data", [b"", b"x", b"\x78\x9c\x03\x00\x00\x00\x00\x01"])
def test_bytes_that_are_no_draft_are_no_draft(data):
    with pytest.raises(ValueError):
        unpack(data)


# --- taking files in -----------------------------------------------------------------------------------------------------

def incoming(at, name: str, data: bytes):
    at.file_uploader(key="scenarios_incoming").set_value((name, data, "text/csv")).run()
    return again(at)


def edited_csv(**values) -> bytes:
    return write_plan(changed(**values).as_plan("sample")).encode("gb18030")


def test_a_table_edited_in_excel_is_shown_before_it_is_taken(store):
    at = app("en", "scenarios")
    incoming(at, "plan.csv", edited_csv(channel__platform__cpm=40.0))
    assert "**1** figure would change" in markdown(at) and scenario(at) == sample()
    click(at, "scenarios_incoming_take")
    assert scenario(at).changes == (("channel.platform.cpm", 40.0),)
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_a_row_that_the_table_lacks_is_taken_out_and_comes_back_with_undo(store):
    rows = [line for line in write_plan(sample_plan()).splitlines() if not line.startswith("team,finance,")]
    gone = [r for r in sample_plan().rows["team"] if not any(line.startswith(f"team,{r},") for line in rows)]
    at = app("en", "scenarios")
    incoming(at, "plan.csv", "\n".join(rows).encode())
    if gone:
        click(at, "scenarios_incoming_take")
        assert scenario(at).changes == (("team.finance", None),)


@pytest.mark.parametrize("data", [b"\x00\xff" * 50, b"table;row\n\n", to_json(sample()).encode().replace(b'"schema": 1', b'"schema": 99')])
def test_a_file_that_is_none_is_reported_and_nothing_is_lost(store, data):
    at = app("en", "scenarios", scenario=changed(vat=0.09))
    incoming(at, "x.csv", data)
    assert at.error and scenario(at) == changed(vat=0.09)


def test_a_scenario_file_of_another_plan_shows_what_differs(store):
    other = Plan("other", tuple((dict(sample_plan().values) | {"vat": 0.06}).items()))
    at = app("en", "scenarios")
    incoming(at, "s.json", to_json(Scenario(other)).encode())
    assert "**1** figure would" in markdown(at)
    click(at, "scenarios_incoming_open")
    assert scenario(at).base.name == "other"


# --- comparing -------------------------------------------------------------------------------------------------------------

def compared(*keys: str, language: str = "en", **values):
    at = app(language, "compare", scenario=changed(**values) if values else None, run=True)
    at.multiselect(key="compare_pick").set_value(list(keys)).run()
    return again(at)


def test_presets_stand_side_by_side_from_the_start(store):
    at = app("en", "compare")
    assert "earns most" in at.subheader[0].value
    table = component(at, "compare_kpis")
    assert table["head"][1] == "Conservative (preset)" and table["rows"][0][0] == "GMV"


def test_the_answer_names_the_group_that_makes_the_difference(store):
    at = compared("preset:base", "now", headline__cvr=1.1)
    assert "mostly through conversion" in at.subheader[0].value
    drivers = component(at, "compare_drivers")
    assert [r[0] for r in drivers["rows"]] == ["Conversion rate", "conversion"]


def test_equal_scenarios_have_no_bridge(store):
    at = compared("preset:base", "now")
    assert "The two come to the same result." in " ".join(c.value for c in at.caption)


def test_one_scenario_alone_asks_for_another(store):
    at = compared("now")
    assert "at least two" in said(at)


def test_saved_scenarios_can_be_compared_and_two_of_one_name_are_told_apart(store):
    saved = store.save(changed(headline__cvr=1.1).named("Base (preset)"), author="Wang")
    at = compared("preset:base", f"store:{saved.entry.id}", language="en")
    head = component(at, "compare_kpis")["head"]
    assert head[1] != head[2] and head[1] == "Base (preset)"


def test_an_undefined_kpi_says_why_there_is_no_bridge(store):
    at = compared("preset:base", "now", budget=0.0, channel__organic__visits=0.0, months=1)
    at.segmented_control(key="compare_of").set_value("net_margin_rate").run()
    assert not again(at).exception


def test_the_list_names_the_months_of_a_plan_that_is_no_year(store):
    for months in (12, 24):
        store.save(changed(months=months).named(f"of {months}"), author="Wang")
    assert {saved_list._name(e) for e in store.list().entries} == {"of 12", t("period.of_months", text="of 24", count=24)}


def test_what_the_list_does_not_know_of_any_plan_is_an_empty_cell(store):
    """A column of nothing else but None is one of words to pandas, and Streamlit writes them out."""
    store.save(variant(("target", "last_year", "last_year_repurchase_rate")).named("A"), author="Wang")
    (shown,) = [d.value for d in app("en", "scenarios").dataframe if "chance" in d.value.columns]
    assert [str(shown[c].dtype) for c in ("gmv", "profit", "margin", "chance")] == ["float64"] * 4

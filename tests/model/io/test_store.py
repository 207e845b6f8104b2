"""The store as planners use it: save, list, open, conflict, lock, archive. Each test on SQLite and on PostgreSQL."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from every import each

import plans
from model import Plan, Scenario, UnknownName, evaluate, kpi
from model.errors import (
    DuplicateName,
    NotArchived,
    ScenarioArchived,
    ScenarioLocked,
    StoreProblem,
    StoreRefused,
    UnknownScenario,
    VersionConflict,
)
from model.io.store import Entry, ScenarioStore, reading
from model.io.store.records import Draft
from samples import changed, codes, refused, sample, sample_plan

BUDGET = sample().get("budget")


def named(name: str, note: str = "", **values) -> Scenario:
    return changed(**values).named(name, note)


def put(store, name: str = "预算", **values) -> Entry:
    return store.save(named(name, **values), author="李雷").entry


def whole(scenario: Scenario) -> tuple:
    """Everything in a scenario, with the types of its values."""
    base = scenario.base
    return (scenario, scenario.name, scenario.note, scenario.changes, base.name, base.values, base.sources,
            [type(v) for _, v in (*base.values, *scenario.changes)])


# --- saving and opening -----------------------------------------------------------------------------------------------

@each("scenario", [
    sample().named("样例"), named("双十一（终版）", "第一行\n第二行 – “注”\t🎯", budget=0.1 + 0.2, vat=5e-324),
    changed(promotion__618=None, months=24, start="2028-02").named("row removed"), plans.scenario(plans.rich()).named("rich"),
    sample().with_values({"team.new.heads": 2.0, "team.new.monthly_cost": 9000.5, "team.new.name_zh": "直播"}).named("new row"),
    Scenario(Plan("整数", tuple({**plans.bare(), "budget": 0, "months": 12}.items()), (("budget", "A: 合同"),))).named("ints"),
], ids=lambda s: s.name)
def test_what_is_saved_comes_back_exactly(url, scenario):
    with closing(ScenarioStore(url)) as store:
        saved = store.save(scenario, author="李雷")
        assert whole(saved.scenario) == whole(scenario)
    with closing(ScenarioStore(url)) as another:  # nothing from memory
        assert whole(another.open(saved.entry.id).scenario) == whole(scenario)


def test_an_entry_says_who_when_and_the_figures_of_the_list(store):
    before = datetime.now(UTC)
    entry = store.save(named("预算", "给董事会", budget=8e6), author="李雷", tags=["2027", " 华东 ", "2027"]).entry
    result = evaluate(changed(budget=8e6))
    assert (entry.name, entry.note, entry.tags, entry.author, entry.editor) == ("预算", "给董事会", ("2027", "华东"), "李雷", "李雷")
    assert (entry.version, entry.archived, entry.locked) == (1, False, False)
    assert before <= entry.created == entry.updated <= datetime.now(UTC)
    assert entry.created.utcoffset() == timedelta(0)
    assert entry.summary == {
        "gmv": kpi(result, "gmv")[0], "net_revenue": kpi(result, "net_revenue")[0], "net_profit": kpi(result, "net_profit")[0],
        "net_margin_rate": kpi(result, "net_margin_rate")[0], "months": result.lines["gmv"][:, 0].tolist(), "start": "2027-01"}
    assert store.list().entries == (entry,) and store.open(entry.id).entry == entry


def test_an_undefined_margin_is_none_and_no_number(store):
    saved = store.save(plans.scenario(plans.bare()).named("nothing sold"), author="a")
    assert saved.entry.summary["net_margin_rate"] is None and saved.entry.summary["gmv"] == 0


def test_every_save_is_a_version_that_can_be_opened(store):
    first = put(store)
    for i in range(2, 5):
        saved = store.save(named(f"预算{i}", budget=BUDGET + i), author=f"作者{i}", comment=f"第{i}稿", id=first.id, expected=i - 1)
        assert (saved.entry.version, saved.version.number, saved.entry.editor, saved.entry.author) == (i, i, f"作者{i}", "李雷")
    history = store.history(first.id)
    assert [(v.number, v.author, v.comment, v.name) for v in history] == [
        (4, "作者4", "第4稿", "预算4"), (3, "作者3", "第3稿", "预算3"), (2, "作者2", "第2稿", "预算2"), (1, "李雷", "", "预算")]
    assert store.open(first.id, 3).scenario == named("预算3", budget=BUDGET + 3)
    assert store.open(first.id).scenario.name == "预算4"


def test_the_same_again_without_a_comment_makes_no_version(store):
    entry = put(store)
    assert store.save(named("预算"), author="韩", id=entry.id, expected=1).entry == entry
    assert store.save(named("预算"), author="韩", id=entry.id, comment="已核对").version.number == 2
    assert store.save(named("预算", "新备注"), author="韩", id=entry.id).version.number == 3


def test_plans_that_are_equal_are_one_object(store):
    again = Plan("sample", sample_plan().values, sample_plan().sources)
    ids = [put(store, "a").id, store.save(Scenario(again).named("b"), author="x").entry.id]
    assert store.open(ids[0]).scenario.base is store.open(ids[1]).scenario.base is sample_plan()


@pytest.fixture
def shelf(store):
    """Four scenarios to look for."""
    for name, note, author, tags in (("Budget 2027", "董事会通过", "李雷", ["终版", "2027"]), ("双十一冲刺", "50% 折扣_A", "韩梅梅", ["2027"]),
                                     ("budget light", "ＦＵＬＬ width", "Wu", []), ("旧案", "", "李雷", ["2026"])):
        store.save(sample().named(name, note), author=author, tags=tags)
    store.archive(store.list("旧案").entries[0].id, author="李雷")
    return store


@each("action", [
    lambda s, id: s.open(id), lambda s, id: s.history(id), lambda s, id: s.save(named("n"), author="a", id=id),
    lambda s, id: s.rename(id, "n", author="a"), lambda s, id: s.delete(id, author="a"), lambda s, id: s.lock(id, author="a"),
    lambda s, id: s.duplicate(id, "n", author="a"), lambda s, id: s.restore(id, 1, author="a"),
], ids=["open", "history", "save", "rename", "delete", "lock", "duplicate", "restore"])
@each("id", ["0" * 32, "", "x' OR 1=1 --", "\0", 7, "0" * 31 + "\n"])
def test_an_id_that_does_not_exist_is_unknown_to_every_action(shelf, action, id):
    with pytest.raises(UnknownScenario):
        action(shelf, id)
    assert shelf.list().total == 3


@each("version", [0, -1, 2, 2**40, True, "1", 1.0])
def test_a_version_that_does_not_exist_is_unknown(shelf, version):
    with pytest.raises(UnknownScenario):
        shelf.open(shelf.list().entries[0].id, version)


# --- two people -------------------------------------------------------------------------------------------------------

def test_the_second_of_two_savers_is_told_and_nobody_loses_work(store):
    entry = put(store)
    mine, theirs = named("预算", budget=9e6), named("预算", vat=0.09)
    store.save(theirs, author="韩梅梅", id=entry.id, expected=1)
    with pytest.raises(VersionConflict) as caught:
        store.save(mine, author="李雷", id=entry.id, expected=1)
    told = caught.value
    assert (told.mine, told.theirs.scenario, told.started.scenario) == (mine, theirs, named("预算"))
    assert (told.theirs.version.number, told.theirs.version.author, told.started.version.number) == (2, "韩梅梅", 1)
    assert [v.number for v in store.history(entry.id)] == [2, 1]  # nothing was written
    # the three ways out: on top of theirs, as a scenario of one's own, or theirs again
    assert store.save(mine, author="李雷", id=entry.id, expected=2).version.number == 3
    assert store.save(mine.named("预算（李雷）"), author="李雷").version.number == 1
    assert store.restore(entry.id, 2, author="李雷").scenario == theirs


def test_of_savers_at_the_same_moment_one_wins_and_the_others_are_told(store):
    entry = put(store)

    def save(i: int) -> bool:
        try:
            return bool(store.save(named("预算", budget=BUDGET + i), author=f"a{i}", id=entry.id, expected=1))
        except VersionConflict:
            return False
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, range(1, 9))) == 1
    assert [v.number for v in store.history(entry.id)] == [2, 1]


def test_two_new_scenarios_of_one_name_at_the_same_moment_are_not_both_there(store):
    def save(i: int) -> bool:
        try:
            return bool(put(store, "同名", budget=BUDGET + i))
        except DuplicateName:
            return False
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, range(8))) == 1
    assert store.list().total == 1


def test_savers_who_do_not_ask_get_versions_without_gaps(store):
    entry = put(store)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: store.save(named("预算", budget=BUDGET + i), author="a", id=entry.id), range(1, 25)))
    assert [v.number for v in store.history(entry.id)] == list(range(25, 0, -1))


# --- names and texts --------------------------------------------------------------------------------------------------

@pytest.fixture
def two(store):
    """A store with a name that is taken, though put away, and another scenario."""
    entry, other = put(store, "Budget A"), put(store, "other")
    store.archive(entry.id, author="a")
    return store, other


@each("twin", ["Budget A", "budget a", " BUDGET A ", "Ｂｕｄｇｅｔ Ａ", "Budget\u3000A"])
def test_a_name_stands_once_whatever_its_case_and_width(two, twin):
    store, other = two
    for action in (lambda: put(store, twin), lambda: store.rename(other.id, twin, author="a"),
                   lambda: store.duplicate(other.id, twin, author="a"),
                   lambda: store.save(named(twin), author="a", id=other.id)):
        with pytest.raises(DuplicateName):
            action()
    assert store.history(other.id)[0].number == 1 and store.list().total == 1


def test_a_deleted_name_is_free_again_and_ones_own_name_is_no_duplicate(store):
    entry = put(store, "Budget")
    assert store.rename(entry.id, "BUDGET", author="a").entry.name == "BUDGET"
    store.archive(entry.id, author="a")
    store.delete(entry.id, author="a")
    assert put(store, "Budget").id != entry.id


HOSTILE = ["'; DROP TABLE scenarios; --", "<script>alert(1)</script>", "100%_\\", "=HYPERLINK(\"http://x\")", "a\"b'c`d",
           "{{7*7}} ${x} %s :name ?", "👍🏽 ﷽", "NULL", "‮txt"[1:]]


@each("text", HOSTILE)
def test_sql_and_html_are_only_text(store, text):
    entry = store.save(named(text, text), author=text, comment=text, tags=[text]).entry
    assert (entry.name, entry.note, entry.author, entry.tags) == (text, text, text, (text,))
    assert store.history(entry.id)[0].comment == text
    word = text.split()[0]
    assert store.list(word).total == store.list(tags=[text]).total == 1
    assert store.list(text + "x").total == 0
    store.archive(entry.id, author="a")


@each("place, longest", [("name", 100), ("note", 4000), ("comment", 500), ("author", 60), ("tags", 40)])
def test_texts_have_a_longest_length(store, place, longest):
    before = store.list().total

    def save(size: int):
        text = "字" * size
        scenario = sample().named(text if place == "name" else place, text if place == "note" else "")
        return store.save(scenario, author=text if place == "author" else "a", comment=text if place == "comment" else "",
                          tags=[text] if place == "tags" else None)
    assert save(longest).version.number == 1
    for size in (longest + 1, 10_000_000):
        (found,) = refused(save, size)
        assert found.code == "text_too_long" and found.place.startswith(place)
    assert store.list().total == before + 1


@each("values, expected", [
    ({"name": ""}, [("missing_value", "name")]), ({"name": " \u3000 "}, [("missing_value", "name")]),
    ({"name": "a\nb"}, [("bad_text", "name")]), ({"name": "a\0b"}, [("bad_text", "name")]),
    ({"name": "\ud800"}, [("bad_text", "name")]), ({"note": "a\x1bb"}, [("bad_text", "note")]),
    ({"name": "ﷺ" * 100}, [("text_too_long", "name")]),  # 18 letters each, once written out
    ({"author": " "}, [("missing_value", "author")]), ({"author": None}, [("not_text", "author")]),
    ({"comment": 3}, [("not_text", "comment")]), ({"tags": "abc"}, [("not_text", "tags")]),
    ({"tags": [1]}, [("not_text", "tags")]), ({"tags": ["a"] * 21}, [("too_many_rows", "tags")]),
    ({"tags": ["ok", "", "x\n"]}, [("missing_value", "tags 2"), ("bad_text", "tags 3")]),
    ({"name": "", "note": "\x07"}, [("missing_value", "name"), ("bad_text", "note")]),
])
def test_what_is_no_text_is_refused_with_all_that_is_wrong(store, values, expected):
    given = {"name": "n", "note": "", "author": "a", "comment": "", "tags": None} | values
    scenario = sample().named(given.pop("name"), given.pop("note"))
    assert codes(refused(lambda: store.save(scenario, **given))) == expected
    assert store.list().total == 0


# --- changing ---------------------------------------------------------------------------------------------------------

def test_another_name_or_note_is_a_version_and_other_tags_are_none(store):
    entry = store.save(named("旧名"), author="李雷", tags=["a"]).entry
    assert store.rename(entry.id, "新名", author="韩").version.number == 2
    assert store.describe(entry.id, note="备注", author="韩").version.number == 3
    last = store.describe(entry.id, tags=["b"], author="吴")
    assert (last.version.number, last.entry.tags, last.entry.editor, last.version.author) == (3, ("b",), "吴", "韩")
    assert store.rename(entry.id, "新名", author="x").version.number == 3  # it has that name
    assert (last.scenario.name, last.scenario.note) == ("新名", "备注")
    assert store.open(entry.id, 1).scenario == named("旧名")
    assert store.describe(entry.id, note="", tags=[], author="吴").entry.tags == ()


def test_a_duplicate_is_a_scenario_of_its_own(store):
    entry = store.save(named("原版", "注", budget=7e6), author="李雷", tags=["x"]).entry
    store.save(named("原版", "注", budget=8e6), author="李雷", id=entry.id)
    store.lock(entry.id, author="总监")
    copy, old = store.duplicate(entry.id, "副本", author="韩"), store.duplicate(entry.id, "旧副本", author="韩", version=1)
    assert copy.scenario == named("副本", "注", budget=8e6) and old.scenario == named("旧副本", "注", budget=7e6)
    assert (copy.entry.version, copy.entry.author, copy.entry.tags, copy.entry.locked) == (1, "韩", ("x",), False)
    store.save(named("副本", budget=9e6), author="韩", id=copy.entry.id)
    assert store.open(entry.id).scenario == named("原版", "注", budget=8e6)


CHANGES = {"save": lambda s, id: s.save(named(s.open(id).entry.name, budget=1e6), author="a", id=id),
           "rename": lambda s, id: s.rename(id, f"x{id}", author="a"), "describe": lambda s, id: s.describe(id, note="x", author="a"),
           "tags": lambda s, id: s.describe(id, tags=["x"], author="a"), "restore": lambda s, id: s.restore(id, 1, author="a")}


@each("change", CHANGES)
@each("close, reopen, error", [("lock", "unlock", ScenarioLocked), ("archive", "unarchive", ScenarioArchived)])
def test_what_is_approved_or_put_away_cannot_be_changed(store, change, close, reopen, error):
    entry = put(store, f"{close} {change}")
    getattr(store, close)(entry.id, author="总监")
    before = store.open(entry.id)
    assert before.entry.editor == "总监"
    with pytest.raises(error) as caught:
        CHANGES[change](store, entry.id)
    assert isinstance(caught.value, StoreRefused) and store.open(entry.id) == before
    getattr(store, reopen)(entry.id, author="总监")
    CHANGES[change](store, entry.id)


def test_deleting_needs_the_archive_and_no_lock(store):
    entry = put(store)
    with pytest.raises(NotArchived):
        store.delete(entry.id, author="a")
    store.lock(entry.id, author="a")
    store.archive(entry.id, author="a")
    with pytest.raises(ScenarioLocked):
        store.delete(entry.id, author="a")
    store.unlock(entry.id, author="a")
    store.delete(entry.id, author="a")
    assert store.list(archived=True).total == 0 and store.tags() == ()
    with pytest.raises(UnknownScenario):
        store.open(entry.id)


def test_a_restored_version_is_a_new_one_with_the_present_name(store):
    entry = put(store, "甲", budget=7e6)
    store.save(named("乙", "注", budget=8e6), author="a", id=entry.id)
    put(store, "甲")  # by now the old name is somebody else's
    restored = store.restore(entry.id, 1, author="韩", comment="回到第一稿")
    assert restored.scenario == named("乙", budget=7e6)
    assert (restored.version.number, restored.version.comment) == (3, "回到第一稿")
    assert [v.number for v in store.history(entry.id)] == [3, 2, 1]


# --- the list ---------------------------------------------------------------------------------------------------------

@each("search, names", [
    ("", ["Budget 2027", "budget light", "双十一冲刺"]), ("BUDGET", ["Budget 2027", "budget light"]), ("full", ["budget light"]),
    ("２０２７", ["Budget 2027", "双十一冲刺"]), ("李雷", ["Budget 2027"]), ("终版", ["Budget 2027"]), ("通过 budget", ["Budget 2027"]),
    ("通过 light", []), ("%", ["双十一冲刺"]), ("_", ["双十一冲刺"]), ("0%", ["双十一冲刺"]), ("t_l", []), ("\\", []), ("/", []),
    ("' OR 1=1", []), ("旧案", []), ("\0 \ud800 WU", ["budget light"]), ("x" * 200, []),
])
def test_search_finds_words_anywhere_and_takes_signs_as_they_are(shelf, search, names):
    found = shelf.list(search, order="name", descending=False)
    assert ([e.name for e in found.entries], found.total) == (names, len(names))


def test_tags_are_all_wanted_and_the_archive_is_a_list_of_its_own(shelf):
    assert {e.name for e in shelf.list(tags=["2027"]).entries} == {"Budget 2027", "双十一冲刺"}
    assert [e.name for e in shelf.list(tags=["2027", "终版"]).entries] == ["Budget 2027"]
    assert shelf.list(tags=["202"]).total == shelf.list(tags=["2026"]).total == 0
    assert [e.name for e in shelf.list(archived=True).entries] == ["旧案"]
    assert shelf.tags() == ("2026", "2027", "终版")


def test_the_list_comes_in_the_order_and_pages_asked_for(store):
    ids = [put(store, name).id for name in ("b", "A", "c")]
    store.save(named("b", "n"), author="z", id=ids[0])

    def names(**how) -> str:
        return "".join(e.name for e in store.list(**how).entries)
    assert (names(), names(descending=False)) == ("bcA", "Acb")
    assert (names(order="created"), names(order="name", descending=False)) == ("cAb", "Abc")
    assert [names(order="name", limit=2, offset=i) for i in (0, 2, 4)] == ["cb", "A", ""]
    assert store.list(limit=0).total == 3 and store.list(limit=-5, offset=-1).entries == ()
    with pytest.raises(UnknownName):
        store.list(order="id; DROP TABLE scenarios")


def test_a_search_of_ten_million_letters_is_refused(store):
    assert codes(refused(store.list, "x" * 10_000_000)) == [("text_too_long", "search")]


# --- drafts -----------------------------------------------------------------------------------------------------------

def test_a_draft_comes_back_byte_by_byte_after_a_restart(url):
    store, payload = ScenarioStore(url), bytes(range(256)) * 2048
    store.put_draft("t-1", b"older")
    store.put_draft("t-1", payload)
    store.close()
    again = ScenarioStore(url)
    assert again.get_draft("t-1").payload == payload and again.get_draft("t-2") is None
    again.close()


@each("token, payload, code", [
    ("t", b"x" * (512 * 1024 + 1), "file_too_large"), ("", b"", "bad_key"), ("a\0", b"", "bad_key"), ("x" * 201, b"", "bad_key"),
    ("李", b"", "bad_key"), (None, b"", "bad_key")])
def test_drafts_too_large_or_under_no_token_are_refused(store, token, payload, code):
    assert refused(store.put_draft, token, payload)[0].code == code
    assert store.get_draft(token) is None


def test_the_oldest_drafts_go_beyond_the_number_and_after_sixty_days(store, monkeypatch):
    day = datetime(2027, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("model.io.store.drafts.KEPT", 3)
    for i in range(5):
        monkeypatch.setattr("model.io.store.drafts.now", lambda i=i: day + timedelta(days=i))
        store.put_draft(f"t{i}", b"x")
    assert [i for i in range(5) if store.get_draft(f"t{i}")] == [2, 3, 4]
    monkeypatch.setattr("model.io.store.drafts.KEPT", 100)
    for i in range(5, 64):  # a store in use: something is written each day
        monkeypatch.setattr("model.io.store.drafts.now", lambda i=i: day + timedelta(days=i))
        store.put_draft(f"t{i}", b"x")
    assert [i for i in range(64) if store.get_draft(f"t{i}")] == list(range(4, 64))


def clock(monkeypatch, time: datetime) -> None:
    monkeypatch.setattr("model.io.store.drafts.now", lambda: time)


def test_a_clock_that_jumps_ahead_or_back_deletes_no_draft(store, monkeypatch):
    day = datetime(2027, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("model.io.store.drafts.KEPT", 30)
    for i in range(20):
        clock(monkeypatch, day + timedelta(days=i))
        store.put_draft(f"t{i}", b"x")
    for jump in (400, 10_000, 20, -300):  # years ahead, and back again
        clock(monkeypatch, day + timedelta(days=jump))
        store.put_draft(f"jump{jump}", b"x")
        assert all(store.get_draft(f"t{i}") for i in range(20)), jump
    for i in range(40):  # beyond the number the oldest go, in the order in which they were written
        store.put_draft(f"new{i}", b"x")
        assert store.get_draft(f"new{i}")
    assert [i for i in range(40) if store.get_draft(f"new{i}")] == list(range(10, 40))


def test_a_draft_has_an_owner_who_finds_the_last_one_again_and_cannot_push_out_others(store, monkeypatch):
    monkeypatch.setattr("model.io.store.drafts.KEPT_EACH", 3)
    store.put_draft("hers", b"1", "her")
    for i in range(6):
        store.put_draft(f"his{i}", b"%d" % i, "him")
    assert (store.last_draft("him"), store.last_draft("her")) == ("his5", "hers")
    assert [i for i in range(6) if store.get_draft(f"his{i}")] == [3, 4, 5]
    assert (store.get_draft("his5").owner, store.get_draft("none"), store.last_draft("")) == ("him", None, None)


def test_known_people_push_out_nobodys_drafts_but_their_own(url, monkeypatch):
    monkeypatch.setattr("model.io.store.drafts.KEPT", 3)
    for known, kept in ((True, list(range(6))), (False, [3, 4, 5])):
        with closing(ScenarioStore(url, known)) as store:
            for i in range(6):
                store.put_draft(f"{known}{i}", b"x", f"person {i}")
            assert [i for i in range(6) if store.get_draft(f"{known}{i}")] == kept, "browsers are as many as come"
    with closing(ScenarioStore(url, True)) as store:
        for i in range(6):
            store.put_draft(f"nobodys{i}", b"x")
        assert [i for i in range(6) if store.get_draft(f"nobodys{i}")] == [3, 4, 5] and store.get_draft("False5")


def test_a_draft_is_written_over_by_its_owner_alone(store):
    store.put_draft("t", b"from before there were owners")
    store.put_draft("t", b"hers", "her")
    for other in ("him", ""):
        assert refused(store.put_draft, "t", b"theirs", other)[0].code == "draft_gone"
    store.put_draft("t", b"hers too", "her")
    assert (store.get_draft("t"), store.last_draft("him")) == (Draft(b"hers too", "her", ""), None)


# --- figures of the list, who did what, damage --------------------------------------------------------------------------

def test_figures_of_another_model_are_computed_anew_and_an_unchanged_save_is_no_version(url, monkeypatch):
    with closing(ScenarioStore(url)) as store:
        entries = [put(store, f"s{i}", budget=BUDGET * (i + 1)) for i in range(3)]
        store._database.write(lambda c: c.exec_driver_sql("UPDATE scenarios SET summary = '{\"gmv\": 1}'"))
        assert {e.summary["gmv"] for e in store.list().entries} == {1}, "kept figures of today's model are taken as they are"
        monkeypatch.setattr("model.io.store.figures.RESULTS", 99)
        monkeypatch.setattr("model.io.store.writing.RESULTS", 99)
        assert {e.id: e for e in store.list().entries} == {e.id: e for e in entries}, "also when each was last changed"
        assert not store._database.read(lambda c: reading.stale(c, [e.id for e in entries], 99)), "and kept"
        for i, entry in enumerate(entries):
            assert store.save(named(f"s{i}", budget=BUDGET * (i + 1)), author="x", id=entry.id).version.number == 1


def test_a_rename_keeps_the_figures_and_an_old_version_gets_its_own(store):
    entry = put(store)
    store.save(named("预算", budget=1e6), author="a", id=entry.id)
    second = store.list().entries[0].summary
    assert store.rename(entry.id, "x", author="a").entry.summary == second
    store.restore(entry.id, 1, author="a")
    assert store.list().entries[0].summary == entry.summary != second


def test_who_locked_archived_and_deleted_stays_after_the_scenario_is_gone(store):
    entry = put(store)
    for deed, who in (("lock", "a"), ("lock", "b"), ("unlock", "c"), ("archive", "d"), ("unarchive", "e"), ("archive", "f")):
        getattr(store, deed)(entry.id, author=who)
    assert [(d.deed, d.author, d.name) for d in store.deeds(entry.id)] == [
        ("archive", "f", "预算"), ("unarchive", "e", "预算"), ("archive", "d", "预算"), ("unlock", "c", "预算"), ("lock", "a", "预算")]
    store.delete(entry.id, author="g")
    assert (store.deeds()[0].deed, store.deeds()[0].author, len(store.deeds(entry.id))) == ("delete", "g", 6)


DAMAGED = {"summary": "'nothing'", "created": "'yesterday'", "updated": "x'00'", "latest": "'x'", "name": "x'00ff'"}


@pytest.mark.parametrize("column", DAMAGED)
def test_the_list_survives_a_damaged_row(tmp_path, column):
    with closing(ScenarioStore(f"sqlite:///{tmp_path}/s.db")) as store:
        entries = [put(store, name) for name in "abc"]
        store._database.write(lambda c: c.exec_driver_sql(
            f"UPDATE scenarios SET {column} = {DAMAGED[column]} WHERE id = '{entries[1].id}'"))
        found = {e.id: e for e in store.list().entries}
        assert {e.id: found[e.id] for e in (entries[0], entries[2])} == {e.id: e for e in (entries[0], entries[2])}
        assert found[entries[1].id].damaged and found[entries[1].id].summary in ({}, entries[1].summary)


def test_a_damaged_version_is_said_and_the_others_open(store):
    entry = put(store)
    store.save(named("预算", budget=1e6), author="a", id=entry.id)
    store._database.write(lambda c: c.exec_driver_sql("UPDATE versions SET changes = '[[\"budget\",2e6]]' WHERE number = 2"))
    with pytest.raises(StoreProblem) as caught:
        store.open(entry.id)
    assert caught.value.code == "store_corrupt" and "预算" in caught.value.violation.place
    assert store.open(entry.id, 1).scenario == named("预算")


def test_figures_of_the_list_are_numbers_for_every_preset(store):
    for i in range(3):
        summary = put(store, f"s{i}", budget=BUDGET * (i + 1)).summary
        assert len(summary["months"]) == 12 and all(map(math.isfinite, summary["months"]))
        assert sum(summary["months"]) == pytest.approx(summary["gmv"], rel=1e-12)

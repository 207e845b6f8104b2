"""Scenario files: round trips are exact, and whatever is wrong is refused with all that is wrong in it."""

from __future__ import annotations

import json
import random
import time

from every import each
from hypothesis import given
from hypothesis import strategies as st

import plans
from model import Plan, Scenario, from_json, to_json
from model.io.files import KIND, MAX_BYTES, SCHEMA
from model.plan.rules import MAX_REPORTED
from samples import changed, codes, refused, sample, sample_plan

KNOWN = {"sample": sample_plan()}


def document(**more) -> dict:
    """The sample's document, with other members."""
    return {"schema": SCHEMA, "kind": KIND, "name": "", "note": "", "base": "sample", "changes": {}} | more


def read(content) -> Scenario:
    data = content if isinstance(content, (bytes, str)) else json.dumps(content)
    return from_json(data, KNOWN)


def whole(scenario: Scenario) -> tuple:
    """Everything that a file keeps, with the types of its values."""
    base = scenario.base
    return (scenario, scenario.name, scenario.note, scenario.changes, base.name, base.values, base.sources,
            [type(v) for _, v in (*base.values, *scenario.changes)])


# --- round trips ----------------------------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_categories=("C", "Z")), max_size=60)


@given(st.floats(0.5, 1.5), st.floats(0.011, 99_999), st.floats(0, 0.95), NAMES, st.text(max_size=200).filter(
    lambda text: text.isprintable()))
def test_any_number_and_name_comes_back_exactly(factor, cpm, rate, name, note):
    scenario = changed(headline__cvr=factor, channel__platform__cpm=cpm, channel__content__refund_rate=rate)
    scenario = scenario.named(name, note)
    assert whole(from_json(to_json(scenario).encode())) == whole(scenario)
    assert whole(from_json(to_json(scenario, embed_base=False), KNOWN)) == whole(scenario)


@each("scenario", [
    sample(), sample().named("双十一冲刺方案（终版）", "第一行\n第二行 – “注”"), plans.scenario(plans.rich()),
    plans.scenario(plans.tiered()),
    changed(promotion__618=None), changed(promotion__618__on=False, months=24, start="2028-02"),
    sample().with_values({"month.2027-08.fill": 0.7}),
    sample().with_values({"team.new.heads": 2.0, "team.new.monthly_cost": 9000.5, "team.new.name_zh": "直播"}),
    changed(budget=0.1 + 0.2, headline__aov=1 / 3 + 0.5, vat=5e-324),
], ids=["sample", "named", "rich", "tiers", "row removed", "flag, whole, month", "new month", "new row", "odd floats"])
def test_each_kind_of_change_comes_back_exactly(scenario):
    again = from_json(to_json(scenario).encode())
    assert whole(again) == whole(scenario)
    assert again.base.fingerprint == scenario.base.fingerprint
    assert to_json(again) == to_json(scenario)


def test_sources_come_back():
    plan = sample_plan()
    assert len(plan.sources) > 300
    assert from_json(to_json(Scenario(plan))).base.source_of == plan.source_of


def test_a_file_without_its_base_names_it_and_is_small():
    scenario = changed(headline__cvr=1.05)
    text = to_json(scenario, embed_base=False)
    assert json.loads(text)["base"] == "sample" and len(text) < 400
    assert from_json(text, {"other": plans.scenario(plans.rich()).base, **KNOWN}) == scenario


def test_a_byte_order_mark_does_not_matter():
    assert from_json(to_json(sample()).encode("utf-8-sig")) == sample()


def test_names_of_the_presets_may_be_in_languages():
    found = read(document(name={"zh": "保守", "en": "Conservative"}, note={"en": "n"}))
    assert (found.name, found.note) == ("保守", "n")


def test_what_was_taken_can_be_written_again():
    """Lone surrogates come through JSON escapes, and cannot be written as UTF-8."""
    hostile = [document(note="\ud800"), document(name="\ud800"),
               document(base={"name": "\ud800", "values": dict(sample_plan().values)}),
               document(base={"name": "b", "values": dict(sample_plan().values), "sources": {"vat": "\ud800"}})]
    for content in hostile:
        try:
            found = read(content)
        except Exception as error:
            assert hasattr(error, "violations")
        else:
            to_json(found).encode()


# --- no such file at all --------------------------------------------------------------------------------------------

@each("content, code", [
    (b"", "empty_file"), (b" \r\n\t ", "empty_file"),
    (b"\xff\xfe\x00{", "not_utf8"), ("方案".encode("gb18030"), "not_utf8"), (random.Random(7).randbytes(100_000), "not_utf8"),
    (b"{", "not_json"), (b"hello", "not_json"), (b'{"schema": 1,}', "not_json"), (b'{"a": 1} {"b": 2}', "not_json"),
    (b"PK\x03\x04", "not_json"), (b"[" * 100_000, "not_json"), (b'{"a":' * 100_000, "not_json"),
    (b"[" * 500_000 + b"]" * 500_000, "not_json"), (b"1" * 5000, "not_json"),
    (b"[]", "wrong_kind"), (b"null", "wrong_kind"), (b"3", "wrong_kind"), (b'"text"', "wrong_kind"), (b"NaN", "wrong_kind"),
    (b"{}", "wrong_kind"), (document(kind="another.app"), "wrong_kind"), (document(kind=[KIND]), "wrong_kind"),
    (document(kind={}), "wrong_kind"),
    (document(schema=2), "wrong_schema"), (document(schema=0), "wrong_schema"), (document(schema=-1), "wrong_schema"),
    (document(schema=True), "wrong_schema"), (document(schema="1"), "wrong_schema"), (document(schema=None), "wrong_schema"),
    (document(schema=[1]), "wrong_schema"), (document(schema=float("nan")), "wrong_schema"),
], ids=lambda v: v if isinstance(v, str) else None)
def test_no_scenario_file(content, code):
    found = refused(read, content, unreadable=True)
    assert [v.code for v in found] == [code]


@each("fill", [lambda n: random.Random(1).randbytes(n), lambda n: b" " * n, lambda n: b"[" * n],
                         ids=["random", "blank", "brackets"])
def test_ten_megabytes_are_refused_before_they_are_read(fill):
    content = fill(10_000_000)
    start = time.perf_counter()
    found = refused(read, content, unreadable=True)
    assert codes(found) == [("file_too_large", "file")]
    assert (found[0].got, found[0].allowed) == ("10.0 MB", "≤ 4.2 MB")
    assert time.perf_counter() - start < 0.1


def test_a_file_of_just_the_limit_is_read():
    text = to_json(sample())
    assert read(text + " " * (MAX_BYTES - len(text.encode()) - 1)) == sample()


def test_a_syntax_error_says_its_line():
    found = refused(read, b'{\n"schema": 1,\n"kind": oops\n}', unreadable=True)
    assert codes(found) == [("not_json", "line 3")]


def test_another_schema_says_which_one_is_read():
    (found,) = refused(read, document(schema=7), unreadable=True)
    assert (found.place, found.got, found.allowed) == ("schema", "7", str(SCHEMA))


# --- members --------------------------------------------------------------------------------------------------------

def test_a_key_that_stands_twice_is_refused_and_named():
    found = refused(read, '{"schema":1,"schema":1,"kind":"x","kind":"y"}')
    assert codes(found) == [("duplicate_row", "kind"), ("duplicate_row", "schema")]
    twice = json.dumps(document())[:-2] + '"vat": 0.1, "vat": 0.2}}'
    assert codes(refused(read, twice)) == [("duplicate_row", "vat")]


def test_many_twins_do_not_take_long():
    """Looking for twins is linear: a file of 4 MB could hold 300,000 keys."""
    twins = '{"changes":{' + ",".join(f'"k{i}":1' for i in range(8000)) + ',"k0":2}}'
    start = time.perf_counter()
    refused(read, twins)
    assert time.perf_counter() - start < 0.3


def test_of_many_unknown_addresses_the_first_are_named_and_the_rest_counted():
    """A suggestion for each of 380,000 took 21 s."""
    found = refused(read, document(changes={f"channel.c{i:04}.cpmm": 1 for i in range(2000)}))
    assert [v.code for v in found] == ["unknown_field"] * MAX_REPORTED + ["and_more"]
    assert (found[-1].place, found[-1].got) == (f"channel.c{MAX_REPORTED:04}.cpmm", str(2000 - MAX_REPORTED))


@each("more, code, place", [
    ({"name": "x" * 101}, "text_too_long", "name"), ({"name": 3}, "not_text", "name"),
    ({"name": "a\x00b"}, "bad_text", "name"),
    ({"name": None}, "not_text", "name"), ({"name": ["x"]}, "not_text", "name"),
    ({"note": "x" * 4001}, "text_too_long", "note"), ({"note": 3}, "not_text", "note"),
    ({"changes": []}, "missing_value", "changes"), ({"changes": None}, "missing_value", "changes"),
    ({"changes": "vat"}, "missing_value", "changes"),
    ({"base": None}, "missing_value", "base.values"), ({"base": {}}, "missing_value", "base.values"),
    ({"base": {"name": "b", "values": []}}, "missing_value", "base.values"),
    ({"base": {"name": "", "values": {}}}, "not_text", "base.name"),
    ({"base": {"name": 3, "values": {}}}, "not_text", "base.name"),
    ({"base": {"name": "b", "values": {}, "sources": [1]}}, "not_text", "base.sources"),
    ({"base": {"name": "b", "values": {}, "sources": {"vat": 3}}}, "not_text", "base.sources.vat"),
    ({"base": {"name": "b", "values": {"vat": [1]}}}, "not_text", "base.values.vat"),
    ({"base": "elsewhere"}, "unknown_base", "base"),
])
def test_a_member_that_is_not_what_it_should_be(more, code, place):
    assert (code, place) in codes(refused(read, document(**more)))


def test_an_unknown_base_says_which_ones_are_known():
    (found,) = refused(read, document(base="2031"))
    assert (found.got, found.allowed) == ("2031", "sample")


# --- values ---------------------------------------------------------------------------------------------------------

@each("address, value, code, got, allowed", [
    ("channel.platform.cpm", -3, "too_low", "-3", "0.01 … 100000"),
    ("channel.platform.aov", -0.01, "too_low", "-0.01", "0 … 1e+06"),
    ("headline.cvr", 1.6, "too_high", "1.6", "0.5 … 1.5"),
    ("channel.platform.cpm", "64", "not_a_number", "64", "0.01 … 100000"),
    ("channel.platform.cpm", "", "not_a_number", "", "0.01 … 100000"),
    ("channel.platform.cpm", True, "not_a_number", "True", "0.01 … 100000"),
    ("budget", float("nan"), "not_finite", "nan", "0 … 1e+11"),
    ("budget", float("inf"), "not_finite", "inf", "0 … 1e+11"),
    ("budget", -float("inf"), "not_finite", "-inf", "0 … 1e+11"),
    ("budget", 10**30, "not_finite", str(10**30), "0 … 1e+11"),
    ("months", 12.5, "not_whole", "12.5", "1 … 36"), ("months", 37, "too_high", "37", "1 … 36"),
    ("promotion.618.on", 1, "not_a_flag", "1", "true, false"),
    ("promotion.618.on", "true", "not_a_flag", "true", "true, false"),
    ("promotion.618.first", "02-29", "not_a_day", "02-29", "01-01 … 12-31"),
    ("start", "2027-13", "not_a_month", "2027-13", "2000-01 … 2100-12"), ("start", 2027, "not_text", "2027", ""),
    ("plan_name_en", "x" * 201, "text_too_long", "x" * 59 + "…", "≤ 200"),
    ("plan_name_en", "a\nb", "bad_text", "a�b", ""),
    ("chanel.platform.cpm", 3, "unknown_table", "chanel.platform.cpm", "channel?"),
    ("channel.platform.cpmm", 3, "unknown_field", "channel.platform.cpmm", "channel.platform.cpm?"),
    ("budgett", 3, "unknown_field", "budgett", "budget?"),
])
def test_a_value_that_breaks_a_rule_is_reported_with_place_value_and_bounds(address, value, code, got, allowed):
    found = refused(read, document(changes={address: value, "vat": 0.12}))
    hit = next(v for v in found if v.code == code)
    assert (hit.got, hit.allowed) == (got, allowed)
    assert address in hit.place


@each("kind", ["tv", "", 3, True, None])
def test_a_channel_of_a_kind_that_does_not_exist_is_refused(kind):
    """Whatever else its row says: nothing may get past the checks and stop the evaluation."""
    rows = {"channel.extra.kind": kind, "channel.extra.cpm": "text", "channel.extra.share": -5}
    base = {"name": "own", "values": dict(sample_plan().values) | rows}
    for content in (document(changes=rows), document(base=base)):
        assert "channel.extra.kind" in [v.place for v in refused(read, content)]


def test_a_list_as_value_is_refused_before_anything_is_computed_with_it():
    found = refused(read, document(changes={"vat": [0.1], "budget": {"a": 1}, "aov": []}))
    assert codes(found) == [("not_text", "changes.vat"), ("not_text", "changes.budget"), ("not_text", "changes.aov")]
    assert found[0].got == "[0.1]"


def test_shares_that_miss_one_are_refused_with_their_sum():
    (found,) = refused(read, document(changes={"channel.platform.share": 0.47}))
    assert (found.code, found.place, found.got, found.allowed) == ("shares_not_one", "channel.*.share", "0.99", "1")


def test_everything_wrong_is_reported_at_once():
    found = refused(read, document(changes={
        "channel.platform.cpm": -1, "channel.content.ctr": "high", "months": 0, "promotion.618.first": "06-31",
        "channel.platform.share": 0.9, "promotion.618.channels": "nowhere", "headline.aov": float("nan"),
        "team.one.heads": -1}))
    assert sorted(codes(found)) == sorted([
        ("too_low", "channel.platform.cpm"), ("not_a_number", "channel.content.ctr"), ("too_low", "months"),
        ("not_a_day", "promotion.618.first"), ("shares_not_one", "channel.*.share"),
        ("unknown_reference", "promotion.618.channels"), ("not_finite", "headline.aov"),
        ("too_low", "team.one.heads")])


def test_a_base_in_the_file_is_checked_like_any_plan():
    values = dict(sample_plan().values) | {"channel.platform.cpm": -1, "vat": float("nan"), "season.05.season": "x"}
    found = refused(read, document(base={"name": "own", "values": values}))
    assert sorted(codes(found)) == [("not_a_number", "season.05.season"), ("not_finite", "vat"),
                                    ("too_low", "channel.platform.cpm")]
    del values["channel.platform.ctr"]
    assert ("missing_value", "channel.platform.ctr") in codes(refused(
        read, document(base={"name": "own", "values": values})))


def test_a_refused_file_changes_nothing_of_the_known_bases():
    before = sample_plan().fingerprint
    refused(read, document(changes={"channel.platform.cpm": -1}))
    assert sample_plan().fingerprint == before and Plan("sample", sample_plan().values, sample_plan().sources) == sample_plan()

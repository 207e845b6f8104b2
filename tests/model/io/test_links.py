"""Links: the differences from a known plan, whole or not at all, never larger than a chat program carries."""

from __future__ import annotations

import base64
import json
import random
import re
import time
import tracemalloc
import zlib

from every import each
from hypothesis import given
from hypothesis import strategies as st

import plans
from model import Scenario, from_link, to_link
from model.io.files import MAX_LINK, SCHEMA
from samples import changed, codes, refused, sample, sample_plan

KNOWN = {"sample": sample_plan()}
FINGERPRINT = sample_plan().fingerprint


def packed(payload: object) -> str:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")


def link(schema=SCHEMA, base="sample", fingerprint=FINGERPRINT, name="", changes=None) -> str:
    return packed([schema, base, fingerprint, name, {"headline.cvr": 1.05} if changes is None else changes])


@given(st.floats(0.5, 1.5), st.floats(0.011, 99_999), st.text(st.characters(exclude_categories=("C", "Z")), max_size=60))
def test_any_number_and_name_comes_back_exactly(factor, cpm, name):
    scenario = changed(headline__cvr=factor, channel__platform__cpm=cpm).named(name)
    text = to_link(scenario)
    again = from_link(text, KNOWN)
    assert (again, again.name, again.changes) == (scenario, name, scenario.changes)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text) and len(text) <= MAX_LINK


@each("scenario", [
    sample(), changed(promotion__618=None), changed(promotion__618__on=False, months=24),
    sample().with_values({"team.new.heads": 2.0, "team.new.monthly_cost": 9000.5, "team.new.name_zh": "直播"}),
], ids=["none", "row removed", "flag", "new row"])
def test_each_kind_of_change_comes_back(scenario):
    again = from_link(to_link(scenario), KNOWN)
    assert again.changes == scenario.changes
    assert [type(v) for _, v in again.changes] == [type(v) for _, v in scenario.changes]


def test_the_helper_writes_what_the_model_reads():
    assert from_link(link(), KNOWN) == changed(headline__cvr=1.05)


def test_a_link_cut_off_anywhere_is_refused():
    text = to_link(changed(headline__cvr=1.05, channel__platform__cpm=61.5).named("促销"))
    for size in range(len(text)):
        assert codes(refused(from_link, text[:size], KNOWN)) == [("damaged_link", "link")]


def test_a_link_with_one_wrong_letter_never_opens_as_something_else():
    scenario = changed(headline__cvr=1.05, channel__platform__cpm=61.5)
    text = to_link(scenario)
    for i, letter in enumerate(text):
        wrong = text[:i] + ("A" if letter != "A" else "B") + text[i + 1:]
        try:
            found = from_link(wrong, KNOWN)
        except Exception as error:
            assert [v.code for v in error.violations] == ["damaged_link"]
        else:
            assert found == scenario  # the last letter may carry bits that nobody reads


@each("text", [
    "", "x", "=", "a b", "héllo", "促销", "../../etc/passwd", "<script>", "%00", "\x00", "A" * 10_000, "A" * 3_000_001,
    base64.b64encode(random.Random(3).randbytes(300)).decode(), packed(b""), packed(b"\xff\xfe"), packed(b"{"),
    packed(b"[" * 100_000), packed(3), packed([]), packed([1, 2, 3]), packed("abcd"),
    base64.urlsafe_b64encode(b'[1,"sample"]').decode(),
])
def test_garbage_is_a_damaged_link(text):
    (found,) = refused(from_link, text, KNOWN)
    assert (found.code, found.place) == ("damaged_link", "link") and len(found.got) <= 30


def test_a_zip_bomb_is_never_unpacked():
    zeros = zlib.compressobj(9)
    bomb = base64.urlsafe_b64encode(zeros.compress(b" " * 500_000_00) + zeros.flush()).decode()
    small = packed(b" " * 4_000_000)
    assert len(small) < 4 * MAX_LINK
    tracemalloc.start()
    start = time.perf_counter()
    for text in (bomb, small):
        assert codes(refused(from_link, text, KNOWN)) == [("damaged_link", "link")]
    assert time.perf_counter() - start < 0.5
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


@each("schema", [2, 0, -1, "1", None, True, [1], {"a": 1}, 1.5])
def test_another_schema_says_which_one_is_read(schema):
    (found,) = refused(from_link, link(schema=schema), KNOWN)
    assert (found.code, found.place, found.allowed) == ("wrong_schema", "link", str(SCHEMA))


@each("more", [
    {"base": "elsewhere"}, {"base": None}, {"base": ["sample"]}, {"base": {"values": {}}}, {"fingerprint": "0" * 12},
    {"fingerprint": None},
])
def test_a_link_to_a_plan_that_is_not_here_or_is_another_by_now(more):
    (found,) = refused(from_link, link(**more), KNOWN)
    assert (found.code, found.place, found.allowed) == ("unknown_base", "link", "sample")


def test_the_fingerprint_changes_with_any_value():
    other = Scenario(plans.scenario(dict(sample_plan().values), {"vat": 0.12}).base)
    assert other.base.fingerprint != FINGERPRINT
    assert codes(refused(from_link, to_link(changed(headline__cvr=1.05)), {"sample": other.base})) == [
        ("unknown_base", "link")]


@each("more, code", [
    ({"name": 3}, "not_text"), ({"name": "x" * 101}, "text_too_long"), ({"changes": [["vat", 0.1]]}, "missing_value"),
    ({"changes": {"vat": [0.1]}}, "not_text"), ({"changes": {"vat": 2}}, "too_high"),
    ({"changes": {"nothing": 2}}, "unknown_field"), ({"changes": {"channel.platform.share": 0.9}}, "shares_not_one"),
    ({"changes": {"channel.extra.kind": "tv"}}, "not_a_choice"),
])
def test_what_a_link_says_is_checked_like_a_file(more, code):
    assert code in [v.code for v in refused(from_link, link(**more), KNOWN)]


def test_all_that_is_wrong_in_a_link_is_reported():
    found = refused(from_link, link(changes={"vat": 2, "months": 0, "headline.cvr": 9}), KNOWN)
    assert sorted(codes(found)) == [("too_high", "headline.cvr"), ("too_high", "vat"), ("too_low", "months")]


def test_too_many_changes_for_a_link():
    rng = random.Random(5)
    many = {a: v * rng.uniform(0.99, 1.0) for a, v in sample_plan().values
            if isinstance(v, float) and v and a.split(".")[0] in ("channel", "last_year", "opening")
            and not a.endswith((".share", ".shape"))}
    assert len(many) > 150 and to_link(sample().with_values(many)) is None
    few = dict(list(many.items())[:20])
    assert len(to_link(sample().with_values(few))) <= MAX_LINK

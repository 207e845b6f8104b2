"""Assumptions as people and spreadsheets hand them in: the failing uploads of tests/cases/doors, headings, keys, dates, text."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess

import pytest
from every import as_many, each, some
from hypothesis import given, settings
from hypothesis import strategies as st

import plans
from model import InvalidInput, Plan, Scenario, from_json, from_link, read_plan, to_json, to_link, write_plan
from model.io.spreadsheet import band_of, day_of, guarded, month_of, read_key, unguarded, written_key
from model.io.tables import preview
from model.plan.rules import clean
from model.plan.schema import driver_of
from samples import ROOT, refused, sample, sample_plan

CASES = ROOT / "tests" / "cases" / "doors"
BASE = (CASES / "00_base_ok.csv").read_bytes()


def case(name: str) -> Plan:
    (path,) = CASES.glob(f"{name}_*.csv")
    return read_plan(path.read_bytes(), "own")


def of_lines(*lines: str, base: bytes = BASE) -> Plan:
    return read_plan(base + "\r\n".join(lines).encode(), "own")


# --- the uploads that failed ------------------------------------------------------------------------------------------

def test_what_spreadsheets_made_of_the_plan_opens_as_it_was():
    plain = dict(case("00").values)
    assert dict(case("02b").values) == plain
    excel = dict(case("02").values)
    more = {"promotion.d11.first": "11-01", "promotion.d11.last": "11-11", "opening.m.group": "member", "opening.m.depth": "once",
            "opening.m.band": "1-3", "opening.m.people": 100, "last_year.2026-01.gmv": 100}
    assert excel == plain | more


@each("name, address, value", [
    ("12", "months", 18), ("13", "budget", 1_200_000), ("14", "budget", 1_200_000), ("15", "last_year.2026-01.net_profit", -75_500),
    ("16", "budget", 1_200_000), ("17", "channel.ads.kind", "paid")])
def test_numbers_titles_and_keys_are_read_right(name, address, value):
    assert Scenario(case(name)).get(address) == value


@each("name, key", [("08", "Ads"), ("08b", "投放")])
def test_a_bad_row_key_is_told_what_keys_look_like(name, key):
    keys = [v for v in refused(case, name) if v.code == "bad_key"]
    assert len(keys) == 10 and {(v.got, v.allowed) for v in keys} == {(key, "a … z, 0 … 9, _, -; ≤ 40")}


def test_per_cent_of_money_are_refused_with_a_question():
    (found,) = refused(case, "09")
    assert (found.code, found.place, found.got) == ("no_per_cent", "line 3: budget", "12%")


@each("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_called_one(start):
    (found,) = refused(read_plan, start + b"\x00rest", "own", unreadable=True)
    assert found.code == "workbook"


# --- headings -----------------------------------------------------------------------------------------------------------

@each("above", ["sep=,\r\n", "\r\n\r\n", "2027 年度预算表,,,\r\n编制：王,,,\r\n\r\n", "\ufeff", "\ufeff\ufeff\r\n" + "\r\n" * 40])
def test_lines_above_the_heading_are_passed_over(above):
    data = above.encode() + BASE.removeprefix("\ufeff".encode())
    assert read_plan(data, "own") == case("00")
    (found,) = refused(read_plan, data.replace(b"budget,1200000", b"budget,-1"), "own")
    assert found.place == f"line {3 + above.count(chr(10))}: budget"


def test_headings_in_chinese_and_another_separator():
    rows = list(csv.reader(io.StringIO(BASE.decode("utf-8-sig"))))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["sep=;"], ["表", "行", "字段", "值"], *rows[1:]])
    assert read_plan(out.getvalue().encode(), "own") == case("00")


def test_dashes_in_cells_that_a_channel_does_not_use_say_nothing():
    assert of_lines("channel,shop,cpm,-", "channel,shop,share,n/a", "channel,shop,ctr,—") == case("00")
    (found,) = refused(of_lines, "channel,shop,cpm,viel")
    assert found.code == "not_a_number" and found.place.endswith("channel.shop.cpm")


def test_a_row_of_names_stands_without_them():
    effect = ("stress_effect,e,stress,hard", "stress_effect,e,driver,cpm", "stress_effect,e,factor,1.2")
    plan = of_lines("stress,hard,name_zh,", *effect)
    assert "hard" in plan.rows["stress"]
    assert read_plan(write_plan(Scenario(plan).as_plan("own")).encode(), "own").rows == plan.rows


# --- keys and dates -----------------------------------------------------------------------------------------------------

@each("read, wanted, texts", [
    (month_of, "2027-01", "2027-01 2027-1 2027/01 2027/1/1 2027-01-01 2027年1月 2027年01月1日 m2027-01 Jan-27 27-Jan Jan-2027 "
                          "1-Jan-27 2027.01 01/2027 1/1/2027 01.01.2027 46388 janv.-27 ２０２７-０１"),
    (month_of, "2027-04", "2027-4 Apr-27 01/04/2027 4/1/2027 avr.-27 2027/4/1"),
    (day_of, "01-04", "01-04 1-4 1/4 d01-04 1月4日 4-Jan Jan-04 2027/1/4 2027-01-04 01/04/2027 04-janv."),
    (day_of, "06-18", "06-18 6/18 18-Jun 6月18日 18/06/2027"),
    (band_of, "1-3", "1-3 m1-3 Jan-03 3-Jan 1月3日 2027/1/3 01/03/2027 01-Mar 1/3"),
    (band_of, "7-12", "7-12 m7-12 12-Jul 7月12日 07/12/2027"),
    (band_of, "4-6", "4-6 6-Apr 4月6日 6-Apr-27"),
])
def test_dates_as_spreadsheets_write_them(read, wanted, texts):
    assert {text: read(text) for text in texts.split()} == dict.fromkeys(texts.split(), wanted)


@each("text", ["6个月", "soon", "2027", "13-2027-5", "Q1", "year2", "31-06-07-08", "27000.0", "2027-1-1-1", ""])
def test_what_is_no_date_is_handed_on(text):
    assert month_of(text) == text and band_of(text) == text
    assert day_of(text) == text


@each("table, wanted, texts", [
    ("season", "01", "01 1 m01 m1 1月 1.0 \u200b01"), ("timing", "00", "00 0 m00"),
    ("last_year", "2026-01", "Jan-26 2026-01 m2026-01 2026/1/1"), ("month", "2027-11", "Nov-27 2027年11月")])
def test_keys_as_spreadsheets_write_them(table, wanted, texts):
    assert {text: read_key(table, text) for text in texts.split()} == dict.fromkeys(texts.split(), wanted)


@given(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True))
def test_any_key_comes_back(key):
    assert read_key("channel", written_key("channel", key)) == key


@each("key", ["0618", "12-1", "mar1", "dec-12", "1e5", "true", "11-11"])
def test_a_key_that_a_spreadsheet_would_change_is_marked(key):
    assert written_key("promotion", key) == "#" + key


@given(st.text(max_size=30))
def test_a_guarded_text_comes_back(text):
    assert unguarded(guarded(text)) == text


# --- text that people type ----------------------------------------------------------------------------------------------

TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\xa0\u200b\u200d\ufeff\u3000👩🏽\u200d🚒=+-@'\""), max_size=40)


def opened(make) -> Plan | Scenario | None:
    try:
        return make()
    except InvalidInput:
        return None


@settings(max_examples=as_many(20, 200))
@given(TYPED.map(str.strip), TYPED.map(clean), st.text(max_size=60).map(clean))
def test_a_file_that_the_app_saves_opens_again(cell, name, note):
    """Whatever a text field takes: the cell is refused at the field, or every file and link brings it back."""
    changed = opened(lambda: sample().with_values({"plan_name_en": cell, "channel.platform.name_zh": cell}))
    if changed is None:
        return
    scenario = Scenario(changed.base, name, note, changed.changes)
    again = from_json(to_json(scenario).encode())
    assert (again, again.name, again.note) == (scenario, scenario.name, scenario.note)
    link = to_link(scenario)
    assert link is None or from_link(link, {"sample": sample_plan()}) == scenario.named(scenario.name, "")
    plan = Plan("own", scenario.as_plan("own").values, (("vat", cell or "x"),))
    back = read_plan(write_plan(plan).encode("utf-8-sig"), "own")
    assert {a: v for a, v in back.values if v != ""} == {a: v for a, v in plan.values if v not in ("", None)}
    assert back.sources == plan.sources
    assert from_json(to_json(Scenario(back)).encode()).base == back


def test_marks_that_no_file_could_keep_leave_a_name():
    assert clean("a\u202eb\ud800c\x00\n") == "abc "
    assert clean("👩🏽\u200d🚒 a\xa0b") == "👩🏽\u200d🚒 a\xa0b"


def test_a_source_from_a_file_is_kept_as_every_other_file_can():
    plan = of_lines(base=BASE.replace(b"field,value", b"field,value,unit,source").replace(
        b"budget,1200000", "budget,1200000,yuan,\"A:\xa0one\u200b \u202etwo\x01\nthree\"".encode()))
    assert plan.source_of["budget"] == "A:\xa0one\u200b two three"
    assert from_json(to_json(Scenario(plan))).base.sources == plan.sources


# --- the real LibreOffice -----------------------------------------------------------------------------------------------

OUT = "csv:Text - txt - csv (StarCalc):{mark},34,76,1,,{language},false,true"
SPREADSHEET = shutil.which("soffice")


def in_a_spreadsheet(folder, files: list[bytes], language: int, mark: int, detect: str) -> list[bytes]:
    """Opened and saved again: language of the cells (1033 US English, 2052 Chinese, 1031 German), special numbers detected or not.
    All in one start of the program, which is what takes the time."""
    paths = [folder / f"plan{i}.csv" for i in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    subprocess.run([SPREADSHEET, f"-env:UserInstallation=file://{folder}/profile", "--headless",
                    f"--infilter=CSV:{mark},34,76,1,,{language},false,{detect}", "--convert-to",
                    OUT.format(mark=mark, language=language), "--outdir", str(folder / "out"), *map(str, paths)],
                   check=True, capture_output=True, timeout=180)
    return [(folder / "out" / path.name).read_bytes() for path in paths]


def same_in(plan: Plan, data: bytes) -> list:
    """What differs beyond the digits that a spreadsheet shows."""
    again = read_plan(data, plan.name)
    assert again.sources == plan.sources
    return [d for d in preview(Scenario(plan), again) if not (driver_of(d.address).unit.is_number
                                                             and d.values[1] == pytest.approx(d.values[0], rel=1e-9))]


@pytest.mark.skipif(SPREADSHEET is None, reason="no LibreOffice here")
def test_a_plan_survives_libreoffice(tmp_path):
    awkward = plans.scenario(plans.rich(), {
        "months": 36, "promotion.11-11.first": "11-01", "promotion.11-11.last": "11-11", "promotion.11-11.name_zh": "11-11",
        "target.x.kpi": "gmv", "target.x.period": "2027-06", "target.x.value": -5.5, "plan_name_zh": "3.50", "plan_name_en": "=1+1"}).base
    both = (sample_plan(), awkward)
    for language, detect in some([(1033, "true"), (1033, "false"), (2052, "true")], keep=2):
        files = [write_plan(plan).encode("utf-8-sig") for plan in both]
        for plan, data in zip(both, in_a_spreadsheet(tmp_path, files, language, 44, detect), strict=True):
            assert same_in(plan, data) == [], (plan.name, language, detect)
    commas = io.StringIO()
    csv.writer(commas, delimiter=";").writerows(
        [[c.replace(".", ",") if i == 3 and c.lstrip("-").replace(".", "").isdigit() else c for i, c in enumerate(row)]
         for row in csv.reader(io.StringIO(write_plan(sample_plan())))])
    (data,) = in_a_spreadsheet(tmp_path, [commas.getvalue().encode("utf-8-sig")], 1031, 59, "true")
    assert same_in(sample_plan(), data) == []

"""The assumptions CSV: what spreadsheets in China and elsewhere write is read, the rest refused with all that is wrong."""

from __future__ import annotations

import csv
import io
import random
import sys
import time
from datetime import date

import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

import plans
from model import DRIVERS, InvalidInput, Plan, Scenario, evaluate, kpi, read_plan, write_plan
from model.io.assumptions import COLUMNS, parse
from model.io.csv_door import MAX_LINES
from model.io.tables import MAX_NAME, file_name, plain_text, safe_text
from model.plan.rules import MAX_REPORTED
from model.plan.schema import driver_of
from samples import CSV, codes, refused, sample_plan

SAMPLE = CSV.read_text(encoding="utf-8-sig")


def table(*lines: str, head: str = "table,row,field,value", join: str = "\r\n") -> bytes:
    return join.join([head, *lines]).encode() + join.encode()


def edited(*replacements: tuple[str, str]) -> bytes:
    """The sample's file with lines changed: (start of a line, the whole new line or "")."""
    lines = SAMPLE.splitlines()
    for start, new in replacements:
        hits = [i for i, line in enumerate(lines) if line.startswith(start)]
        assert len(hits) == 1, (start, hits)
        lines[hits[0]] = new
    return "\r\n".join(line for line in lines if line).encode()


def read(data: bytes) -> Plan:
    return read_plan(data, "own")


def line_of(start: str) -> int:
    return next(i for i, line in enumerate(SAMPLE.splitlines(), 1) if line.startswith(start))


# --- round trips ----------------------------------------------------------------------------------------------------

def test_the_sample_comes_back_exactly():
    plan = sample_plan()
    again = read_plan(write_plan(plan).encode("utf-8-sig"), "sample")
    assert again == plan and again.sources == plan.sources and again.fingerprint == plan.fingerprint
    assert [type(v) for _, v in again.values] == [type(v) for _, v in plan.values]
    assert write_plan(again) == write_plan(plan)


@each("values", [plans.rich(), plans.tiered(), plans.bare()], ids=["rich", "tiers", "bare"])
def test_other_plans_come_back_exactly(values):
    plan = plans.scenario(values).base
    again = read_plan(write_plan(plan).encode(), plan.name)
    assert dict(again.values) == {a: v for a, v in plan.values if v not in (None, "")}
    assert evaluate(Scenario(again)).lines["cash"][-1] == evaluate(Scenario(plan)).lines["cash"][-1]


@given(st.floats(0, 1), st.floats(0.01, 99_999), st.floats(-1e12, 1e12))
def test_any_number_comes_back_exactly(rate, cpm, value):
    plan = plans.scenario(plans.rich(), {"halo": rate, "channel.search.cpm": cpm, "target.gmv.value": value}).base
    again = dict(read(write_plan(plan).encode()).values)
    assert (again["halo"], again["channel.search.cpm"], again["target.gmv.value"]) == (rate, cpm, value)


@each("name", ["双十一 “冲刺”", 'say "hi", twice', "a;b", "line,with,commas", "'", "''x",
                                  "3.50", "true", "2027-01", "=1+1", "+1", "-1", "-3.5", "@SUM(A1)", "'=1+1", "'+x", "＝1", "＠x",
                                  "''－1"])
def test_any_name_comes_back_exactly(name):
    plan = plans.scenario(plans.rich(), {"plan_name_zh": name}).base
    assert dict(read(write_plan(plan).encode()).values)["plan_name_zh"] == name


@given(st.text(st.characters(exclude_categories=("C",)), max_size=30).map(str.strip))
def test_safe_text_has_an_inverse(text):
    assert plain_text(safe_text(text)) == text


@each("text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(1)"])
def test_a_formula_stays_text_and_is_written_so_that_no_spreadsheet_runs_it(text):
    cell = text if text.isprintable() else "=1"
    data = table(f'business,,plan_name_zh,"{cell}"', head="table,row,field,value,unit,source") + edited().split(b"\r\n", 2)[2]
    plan = read_plan(data, "own")
    assert dict(plan.values)["plan_name_zh"] == cell
    rows = list(csv.reader(io.StringIO(write_plan(plan))))
    assert next(r for r in rows if r[2] == "plan_name_zh")[3] == "'" + cell
    assert safe_text(text) == "'" + text


def test_a_formula_in_a_source_is_written_with_an_apostrophe_too():
    plan = Plan("own", sample_plan().values, (("vat", "=cmd|' /C calc'!A0"),))
    rows = list(csv.reader(io.StringIO(write_plan(plan))))
    assert next(r for r in rows if r[2] == "vat")[5].startswith("'=")
    assert dict(read(write_plan(plan).encode()).sources)["vat"] == "=cmd|' /C calc'!A0"


def test_no_cell_of_a_written_plan_starts_a_formula():
    hostile = plans.scenario(plans.rich(), {
        "plan_name_zh": "=1", "plan_name_en": "@x", "channel.search.name_zh": "+x", "promotion.618.name_en": "-x",
        "team.traffic.name_zh": "=HYPERLINK(1)", "initiative.pages.name_zh": "=2"}).base
    for row in csv.reader(io.StringIO(write_plan(hostile))):
        for i, cell in enumerate(row):
            assert not cell.startswith(("=", "@", "+", "\t", "\r"))
            assert not cell.startswith("-") or i == 3 and float(cell) < 0


def test_all_columns_are_written_with_the_unit_of_each_driver():
    rows = list(csv.reader(io.StringIO(write_plan(sample_plan()))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 1 + len(sample_plan().values)
    assert {len(r) for r in rows} == {len(COLUMNS)}
    units = {driver.unit.key for driver in DRIVERS}
    assert all(r[4] in units for r in rows[1:])


# --- what spreadsheets write ------------------------------------------------------------------------------------------

def test_the_template_as_it_is_shipped_is_read_without_warning_of_units():
    assert kpi(evaluate(Scenario(sample_plan())), "gmv")[0] == pytest.approx(1.1e8, rel=0.1)


@each("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@each("newline", ["\r\n", "\n"])
def test_encodings_and_line_ends(encoding, newline):
    data = newline.join(SAMPLE.splitlines()).encode(encoding)
    assert read_plan(data, "sample") == sample_plan()


@each("encoding", ["utf-16", "utf-8", "gb18030"])
def test_unicode_text_and_tabs_as_spreadsheets_save_them(encoding):
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows(csv.reader(io.StringIO(SAMPLE)))
    assert read_plan(out.getvalue().encode(encoding), "sample") == sample_plan()


@each("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_european_spreadsheet_writes_semicolons_and_decimal_commas(encoding):
    out, rows = io.StringIO(), csv.reader(io.StringIO(SAMPLE))
    csv.writer(out, delimiter=";").writerows(
        [[c.replace(".", ",") if i == 3 and c.replace(".", "").isdigit() else c for i, c in enumerate(row)] for row in rows])
    assert "0,13" in out.getvalue()
    assert read_plan(out.getvalue().encode(encoding), "sample") == sample_plan()


def test_one_decimal_mark_a_file():
    """1,125 yuan are a thousand in a file with decimal points, and one and an eighth in one with decimal commas."""
    point = [("business,,fulfilment_cost,", 'business,,fulfilment_cost,"1,125"')]
    comma = [*point, ("business,,vat,", 'business,,vat,"0,13"')]
    assert dict(read(edited(*point)).values)["fulfilment_cost"] == 1125
    (asked,) = refused(read, edited(*comma))  # decimal points elsewhere: asked about, not guessed
    line = line_of("business,,fulfilment_cost,")
    assert (asked.code, asked.place, asked.got, asked.allowed) == ("mixed_marks", f"line {line}: fulfilment_cost", "1,125",
                                                                   "1125 / 1.125")
    assert parse(driver_of("fulfilment_cost"), "1,125", comma=True) == 1.125


def test_empty_lines_and_columns_at_the_end_are_nothing():
    out = io.StringIO()
    csv.writer(out).writerows([*([*row, "", " ", ""] for row in csv.reader(io.StringIO(SAMPLE))), [""] * 9, ["", ""], []])
    assert read_plan(out.getvalue().encode(), "sample") == sample_plan()


def test_cells_beyond_the_columns_are_refused():
    """13,200,000 without quotes is three cells: thirteen, not thirteen million."""
    data = table("business,,budget,13,200,000", "business,,vat,0.13")
    (violation,) = refused(read, data, unreadable=True)
    assert (violation.code, violation.place) == ("not_csv", "line 2")


def test_a_column_twice_is_refused():
    (violation,) = refused(read, table("business,,vat,0.13,0.1", head="table,row,field,value,Value"), unreadable=True)
    assert (violation.code, violation.place) == ("duplicate_row", "line 1: value")


@each("delimiter", [";", "\t"])
def test_other_delimiters(delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(SAMPLE)))
    found = read_plan(out.getvalue().encode(), "sample")
    assert found == sample_plan() and found.sources == sample_plan().sources


def test_columns_in_any_order_and_case_others_ignored_and_empty_lines_skipped():
    rows = list(csv.DictReader(io.StringIO(SAMPLE)))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([" Value", "FIELD", "comment", "Row", "table "])
    for r in rows:
        writer.writerow([f" {r['value']} ", r["field"], "note", r["row"], r["table"]])
        writer.writerow([])
        writer.writerow(["", " ", "", "", ""])
    assert read_plan(out.getvalue().encode(), "sample").values == sample_plan().values


@each("address, text, value", [
    ("vat", "0.13", 0.13), ("vat", "13%", 0.13), ("vat", "13 %", 0.13), ("vat", "13％", 0.13), ("vat", "12.5%", 0.125),
    ("vat", "0,13", 0.13), ("vat", "12,5%", 0.125), ("vat", ".13", 0.13), ("vat", "1.3e-1", 0.13),
    ("budget", "13,200,000", 13_200_000), ("budget", "13，200，000", 13_200_000), ("budget", "13 200 000", 13_200_000),
    ("budget", "13,200,000.50", 13_200_000.5), ("budget", "13200000", 13_200_000), ("budget", "1.32e7", 13_200_000),
    ("budget", "1.32E+07", 13_200_000), ("budget", "13.200.000", 13_200_000), ("budget", "13.200.000,50", 13_200_000.5),
    ("budget", "13\u202f200\xa0000", 13_200_000), ("budget", "1,234", 1234), ("budget", "-1,234,567", -1_234_567),
    ("vat", "0,085", 0.085), ("vat", "-0,085", -0.085), ("vat", "00,085", 0.085), ("vat", ",085", 0.085),
    ("vat", "1.234", 1.234), ("vat", "1,2345", 1.2345), ("vat", "8,500%", 85.0), ("vat", "0,085%", 0.00085),
    ("channel.platform.cpm", "64,5", 64.5), ("channel.platform.cpm", "64", 64.0),
    ("months", "12", 12), ("months", "12.0", 12), ("target.x.value", "-5,5", -5.5),
    ("promotion.618.on", "TRUE", True), ("promotion.618.on", "false", False), ("promotion.618.on", "是", True),
    ("promotion.618.on", "否", False), ("promotion.618.on", "1", True), ("promotion.618.on", "0", False),
    ("promotion.618.first", "6-1", "06-01"), ("promotion.618.first", "6/18", "06-18"),
    ("plan_name_en", "'=x", "=x"), ("plan_name_en", "", None), ("vat", "", None),
])
def test_cells(address, text, value):
    found = parse(driver_of(address), text)
    assert found == value and isinstance(found, bool) == isinstance(value, bool)


@each("hundredths", range(101))
def test_whole_per_cent_are_the_same_number_as_their_fraction(hundredths):
    assert parse(driver_of("halo"), f"{hundredths}%") == hundredths / 100


@each("text", ["abc", "1,2,3.4.5", "1,2,3", "1,23,456", "1,234.567,8", "1.2.3", "=1+1", "@x", "12元", "--5", "%", "0x10", "1e", "9" * 50, "∞"])
@each("address", ["vat", "months"])
def test_text_in_a_number_is_handed_on_for_the_report(address, text):
    assert parse(driver_of(address), text) == text


# --- no table at all --------------------------------------------------------------------------------------------------

@each("data, code", [
    (b"", "empty_file"), (b"\r\n \t\r\n", "empty_file"),
    (SAMPLE.encode("utf-16-le"), "not_utf8"), (b"\xff\xfe\x00\xd8a", "not_utf8"), (b"\x89PNG\r\n\x1a\n\x00\x00", "not_utf8"),
    (random.Random(2).randbytes(200_000), "not_utf8"), (b"table,row\x00", "not_utf8"),
    (b"hello", "missing_column"), (b"{}", "missing_column"), (b"<html>\n</html>", "missing_column"),
    (table('business,,vat,"' + "x" * 200_000 + '"'), "not_csv"),
])
def test_no_table(data, code):
    assert {v.code for v in refused(read, data, unreadable=True)} == {code}


def test_ten_megabytes_are_refused_before_they_are_read():
    data = random.Random(1).randbytes(10_000_000)
    start = time.perf_counter()
    (found,) = refused(read, data, unreadable=True)
    assert (found.code, found.got) == ("file_too_large", "10.0 MB") and time.perf_counter() - start < 0.1


def test_too_many_lines():
    data = table(*["business,,vat,0.13"] * (MAX_LINES + 5))
    found = refused(read, data, unreadable=True)
    assert [v.code for v in found] == ["too_many_rows"]


@each("missing", ["table", "row", "field", "value"])
def test_a_missing_column_is_named_with_what_should_be_there(missing):
    head = ",".join(c for c in ("table", "row", "field", "value") if c != missing)
    (found,) = refused(read, table("business,vat,0.13", head=head), unreadable=True)
    assert (found.code, found.place, found.got) == ("missing_column", f"line 1: {missing}", head)
    assert found.allowed == ", ".join(COLUMNS)


def test_all_missing_columns_are_named():
    found = refused(read, table("x", head="name;amount"), unreadable=True)
    assert [v.place for v in found] == ["line 1: table", "line 1: row", "line 1: field", "line 1: value"]


@each("start", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"table,row,field,value\r\n"])
def test_random_bytes_are_refused_whatever_they_start_with(start):
    for seed in range(20):
        with pytest.raises(InvalidInput):
            read(start + random.Random(seed).randbytes(5000))


# --- names of files -----------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 22)


@each("name, version, expected", [
    ("双11加码", 3, "双11加码_v3_20261122.csv"), ("Base plan", None, "Base_plan_20261122.csv"),
    ("a/b\\c:d*e?f\"g<h>i|j", 1, "a_b_c_d_e_f_g_h_i_j_v1_20261122.csv"), ("", 1, "sandtable_v1_20261122.csv"),
    ("../../etc/passwd", None, "etc_passwd_20261122.csv"), ("CON.x", None, "CON_x_20261122.csv"),
    (" . ", None, "sandtable_20261122.csv"), ("-rf ~", None, "rf_~_20261122.csv"), ("\u202egpj", 2, "gpj_v2_20261122.csv"),
    ("=1+1", None, "1+1_20261122.csv"), ("e\u0301t\u00e9", None, "\u00e9t\u00e9_20261122.csv"), ("\ud800", None, "sandtable_20261122.csv"),
])
def test_a_file_says_scenario_version_and_date(name, version, expected):
    assert file_name(name, version, DAY, "csv") == expected


@given(st.text(max_size=200), st.none() | st.integers(1, 10**6), st.sampled_from(["csv", ".json", "xlsx"]))
def test_any_name_is_safe_on_every_file_system(name, version, ending):
    found = file_name(name, version, DAY, ending)
    assert len(found.encode()) <= MAX_NAME and found.isprintable()
    assert found.endswith("20261122." + ending.lstrip(".")) and found.count(".") == 1 and not found.startswith(("_", "20261122"))
    assert not set(found) & set('<>:"/\\|?*% ')


# --- lines that are wrong ---------------------------------------------------------------------------------------------

def test_two_lines_for_one_value_are_refused_and_both_named():
    data = SAMPLE.encode() + b"business,,vat,0.12,rate,\r\nchannel,platform,cpm,60,,\r\n"
    last = len(SAMPLE.splitlines())
    found = refused(read, data)
    assert codes(found) == [("duplicate_row", f"line {last + 1}: vat"), ("duplicate_row", f"line {last + 2}: channel.platform.cpm")]
    assert [v.got for v in found] == [f"line {line_of('business,,vat,')}", f"line {line_of('channel,platform,cpm,')}"]


@each("line, new, code, got, allowed", [
    ("business,,vat,", "business,,vat,1.3,rate,", "too_high", "1.3", "0 … 0.5"),
    ("business,,vat,", "business,,vat,-1%,rate,", "too_low", "-0.01", "0 … 0.5"),
    ("business,,vat,", "business,,vat,thirteen,rate,", "not_a_number", "thirteen", "0 … 0.5"),
    ("business,,vat,", "business,,vat,nan,rate,", "not_finite", "nan", "0 … 0.5"),
    ("business,,vat,", "business,,vat,inf,rate,", "not_finite", "inf", "0 … 0.5"),
    ("business,,months,", "business,,months,12.5,months,", "not_whole", "12.5", "1 … 36"),
    ("business,,months,", "business,,months,inf,months,", "not_finite", "inf", "1 … 36"),
    ("business,,months,", "business,,months,nan,months,", "not_finite", "nan", "1 … 36"),
    ("business,,months,", "business,,months,1e400,months,", "not_finite", "inf", "1 … 36"),
    ("channel,platform,cpm,", "channel,platform,cpm,-3,,", "too_low", "-3.0", "0.01 … 100000"),
    ("channel,platform,kind,", "channel,platform,kind,tv,,", "not_a_choice", "tv", "paid, owned, organic"),
    ("business,,start,", "business,,start,2027,,", "not_a_month", "2027", "2000-01 … 2100-12"),
    ("promotion,618,first,", "promotion,618,first,31-06,,", "not_a_day", "31-06", "01-01 … 12-31"),
])
def test_a_value_that_breaks_a_rule_is_reported_with_its_line(line, new, code, got, allowed):
    found = refused(read, edited((line, new)))
    place = f"line {line_of(line)}: " + (new.split(",")[2] if new.startswith("business") else ".".join(new.split(",")[:3]))
    assert [(v.code, v.got, v.allowed) for v in found if v.place == place] == [(code, got, allowed)]


@each("line, code, got", [
    ("chanel,platform,cpm,3", "unknown_table", "chanel.platform.cpm"),
    ("channel,platform,cpmm,3", "unknown_field", "channel.platform.cpmm"),
    ("business,,budgett,3", "unknown_field", "budgett"), ("channel,PLATFORM!,cpm,3", "bad_key", "PLATFORM!"),
    ("channel,platform,,3", "missing_value", ""), ("<script>,x,y,3", "unknown_table", "<script>.x.y"),
])
def test_a_line_for_nothing_that_exists(line, code, got):
    found = refused(read, SAMPLE.encode() + line.encode() + b"\r\n")
    assert [(v.code, v.got) for v in found] == [(code, got)]
    assert found[0].place.startswith(f"line {len(SAMPLE.splitlines()) + 1}: ")


def test_a_missing_value_is_named_even_where_there_is_no_line():
    found = refused(read, edited(("channel,platform,cpm,", ""), ("channel,content,ctr,", "channel,content,ctr,,,")))
    assert ("missing_value", "channel.platform.cpm") in codes(found)
    assert ("missing_value", f"line {line_of('channel,content,ctr,') - 1}: channel.content.ctr") in codes(found)
    assert len(found) == 2


def test_everything_wrong_in_a_table_is_reported_at_once():
    found = refused(read, edited(
        ("channel,platform,cpm,", "channel,platform,cpm,-3,,"), ("channel,content,ctr,", "channel,content,ctr,high,,"),
        ("channel,platform,share,", "channel,platform,share,47%,,"), ("business,,months,", "business,,months,40,,"),
        ("promotion,618,last,", "promotion,618,last,06-31,,"), ("season,03,season,", "seasons,03,season,1,,")))
    assert sorted(v.code for v in found) == ["missing_row", "not_a_day", "not_a_number", "shares_not_one", "too_high",
                                            "too_low", "unknown_table"]
    shares = next(v for v in found if v.code == "shares_not_one")
    assert (shares.place, shares.got, shares.allowed) == ("channel.*.share", "0.99", "1")


def test_of_a_table_of_nonsense_the_first_lines_are_named_and_the_rest_counted():
    found = refused(read, table(*(f"channel,c{i},cpmm,3" for i in range(3000))))
    unknown = [v for v in found if v.code in ("unknown_field", "and_more")]
    assert [v.code for v in unknown] == ["unknown_field"] * MAX_REPORTED + ["and_more"]
    assert (unknown[-1].place, unknown[-1].got) == (f"line {MAX_REPORTED + 2}: channel.c{MAX_REPORTED}.cpmm", str(3000 - MAX_REPORTED))


def steps(data: bytes) -> int:
    """Calls that it takes to refuse a table: what time depends on, and the same on every machine."""
    count = 0

    def seen(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        read_plan(data, "own")
    except InvalidInput:
        return count
    finally:
        sys.setprofile(None)
    raise AssertionError("taken")


@each("line", ["{key}{i},platform,cvr,1", "channel,{key}{i},cvr,1", "channel,platform,{key}{i},1", ",,{key}{i},1",
               "season,{key}{i},season,1", "month,{key}{i},budget,1", "channel,platform,cvr,{key}{i}"])
def test_long_keys_are_refused_in_as_many_steps_as_short_ones(line):
    """Each sign looked at by itself makes seconds of a file of 4 MB."""
    short, long = (table(*(line.format(key="1-k" * length, i=i) for i in range(1000))) for length in (10, 60))
    assert steps(long) < 1.3 * steps(short)


@each("line", ["channel,c{i},cvr,0.1", "event,e{i},probability,0.1", "effect,e{i},initiative,x", "target,t{i},value,1",
               "promotion,p{i},budget_share,0"])
def test_of_a_table_of_thousands_of_rows_those_that_it_may_have_are_looked_at(line):
    few, many = (table(*(line.format(i=i) for i in range(count))) for count in (1000, 3000))
    found, first = refused(read, many), refused(read, few)
    assert {(v.code, v.place) for v in found} == {(v.code, v.place) for v in first}
    assert "too_many_rows" in {v.code for v in found}
    assert steps(many) < 3.3 * steps(few)

"""The industry's figures: the file that is delivered, the nearest row, and every problem of a broken file."""

from __future__ import annotations

from every import each

from model.io.industry import COLUMNS, Benchmark, benchmark, read_industry
from samples import ROOT, changed, codes, refused, sample

FILE = ROOT / "sample_data" / "industry.csv"
HEAD = ",".join(COLUMNS)


def read(*lines: str) -> dict:
    return read_industry("\n".join((HEAD, *lines)).encode())


def test_every_figure_has_a_range_and_a_graded_source_in_both_languages():
    found = read_industry(FILE.read_bytes())
    assert len(found) >= 15
    for row in found.values():
        assert row.low <= row.likely <= row.high and row.grade in "ABCJ"
        chinese, both, english = row.source.partition(" ‖ ")
        assert both and chinese and english and chinese != english


def test_a_channels_own_row_stands_before_its_kinds_and_that_before_alls():
    rows = {k: Benchmark(0, v, 1, "C") for k, v in ((("all", "cpm"), 0.1), (("paid", "cpm"), 0.2), (("content", "cpm"), 0.3))}
    assert [benchmark(rows, sample(), c, "cpm").likely for c in ("content", "platform", "private")] == [0.3, 0.2, 0.1]
    assert benchmark(rows, sample(), "content", "ctr").source.startswith("C") and benchmark({}, sample(), "organic", "ctr") is None


def test_the_planners_own_figure_comes_first_and_widens_the_range():
    rows = {("platform", "ctr"): Benchmark(0.02, 0.03, 0.04, "C: x")}
    found = benchmark(rows, changed(channel__platform__benchmark_ctr=0.05), "platform", "ctr")
    assert (found.low, found.likely, found.high) == (0.02, 0.05, 0.05) and found.grade == "A"


@each("value, side", [(0.1, -1), (0.2, 0), (0.3, 0), (0.4, 0), (0.5, 1)])
def test_on_which_side_a_rate_lies(value, side):
    assert Benchmark(0.2, 0.3, 0.4, "B").side(value) == side


def test_every_problem_of_a_file_is_reported():
    found = refused(read, "a,ctr,x,0.1,0.2,rate,C", "a,cvr,0.3,0.2,0.4,rate,C", "b,ctr,0.1,0.2,inf,rate,C",
                    "c,ctr,0.1,0.2,0.3,rate,C", "c,ctr,0.1,0.2,0.3,rate,C")
    assert codes(found) == [("not_a_number", "line 2: low"), ("too_low", "line 3: high"), ("not_finite", "line 4"),
                            ("duplicate_row", "line 6")]


@each("data", [b"", b"a,b\n1,2\n", HEAD.encode("utf-16")])
def test_no_such_file(data):
    refused(read_industry, data, unreadable=True)

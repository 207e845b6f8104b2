"""The months CSV: every line and channel with full precision."""

from __future__ import annotations

import csv
import io
from functools import cache

import pytest
from every import each

import plans
from model import LINES, Result, evaluate, write_months
from samples import changed, sample


@cache
def rows(which: str) -> tuple[Result, list[list[str]]]:
    result = evaluate({"sample": sample(), "rich": plans.scenario(plans.rich()), "long": changed(months=36),
                       "one": changed(months=1)}[which])
    return result, list(csv.reader(io.StringIO(write_months(result))))


@each("which", ["sample", "rich", "long", "one"])
def test_every_line_is_there_once_and_by_channel_where_it_is_known(which):
    result, table = rows(which)
    assert table[0] == ["line", "channel", "unit", *result.months, "total"]
    found = [(r[0], r[1]) for r in table[1:]]
    assert len(set(found)) == len(found)
    assert {line for line, _ in found} == set(LINES)
    assert {line for line, channel in found if channel == ""} == set(LINES), "lines without a total"
    for channel in result.channels:
        assert {k for k, c in found if c == channel} == {k for k, line in LINES.items() if line.channel}
    assert all(r[2] == LINES[r[0]].unit.key for r in table[1:])


@each("which", ["sample", "rich", "long", "one"])
def test_numbers_are_those_of_the_result_to_the_last_digit(which):
    result, table = rows(which)
    for key, channel, _, *cells in table[1:]:
        months = [float(c) for c in cells[:-1]]
        source = result.by_channel[key][result.channels.index(channel)] if channel else result.lines[key]
        assert months == [float(v) for v in source[:, 0]]
        total = months[-1] if LINES[key].kind == "balance" else sum(months)
        assert float(cells[-1]) == pytest.approx(total, rel=1e-12, abs=1e-6)


def test_channels_add_up_to_the_total():
    result, table = rows("sample")
    by = {(r[0], r[1]): [float(c) for c in r[3:]] for r in table[1:]}
    for key, line in LINES.items():
        if line.channel:
            sums = [sum(by[key, c][m] for c in result.channels) for m in range(12)]
            assert by[key, ""][:12] == pytest.approx(sums, rel=1e-9, abs=1e-6), key

"""The industry's figures, `sample_data/industry.csv`: low, likely and high of a rate, each with a graded source.

A row is for one channel (its key), for a kind of channels (paid, owned, organic) or for all; the nearest one counts.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass

from model.errors import InvalidInput, UnreadableFile, Violation, shown
from model.io.tables import plain_text
from model.plan import drivers as d
from model.plan.scenario import Scenario

COLUMNS = ("channel", "rate", "low", "likely", "high", "unit", "source")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a rate is elsewhere. source: text with its grade in front, as in a plan."""

    low: float
    likely: float
    high: float
    source: str

    @property
    def grade(self) -> str:
        return self.source[:1]

    def side(self, value: float) -> int:
        """−1 below the range, +1 above it, 0 within."""
        return int(value > self.high) - int(value < self.low)


Industry = Mapping[tuple[str, str], Benchmark]


def read_industry(data: bytes) -> dict[tuple[str, str], Benchmark]:
    """Benchmarks by (channel, rate). Raises UnreadableFile or InvalidInput with every violation, each with its line."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as error:
        raise UnreadableFile([Violation("not_utf8", f"byte {error.start}")]) from None
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableFile([Violation("missing_column", f"line 1: {c}", "", ", ".join(COLUMNS)) for c in missing])
    out: dict[tuple[str, str], Benchmark] = {}
    bad: list[Violation] = []
    for row in reader:
        place, key = f"line {reader.line_num}", (row["channel"] or "", row["rate"] or "")
        numbers, problems = _numbers(row, place)
        if key in out:
            problems.append(Violation("duplicate_row", place, shown(" ".join(key))))
        bad += problems
        if not problems:
            low, likely, high = numbers
            out[key] = Benchmark(low, likely, high, plain_text(row["source"] or ""))
    if bad:
        raise InvalidInput(bad)
    return out


def _numbers(row: Mapping[str, str], place: str) -> tuple[list[float], list[Violation]]:
    """low, likely and high, in this order of size, or what is wrong with them."""
    numbers, bad = [], []
    for column in ("low", "likely", "high"):
        try:
            numbers.append(float(row[column]))
        except (TypeError, ValueError):
            bad.append(Violation("not_a_number", f"{place}: {column}", shown(row[column] or "")))
    bad += [Violation("not_finite", place, shown(str(n))) for n in numbers if not math.isfinite(n)]
    if not bad and numbers != sorted(numbers):
        bad.append(Violation("too_low", f"{place}: high", f"{numbers[2]:g}", "low ≤ likely ≤ high"))
    return numbers, bad


def benchmark(industry: Industry, scenario: Scenario, channel: str, rate: str) -> Benchmark | None:
    """What a channel's rate is compared with: the planner's own figure, else the row nearest to the channel.

    The planner's figure (`benchmark_ctr`, `benchmark_cvr`) stands in for the likely value; the range is the industry's.
    """
    row = scenario.rows[d.CHANNEL][channel]
    found = next((industry[k, rate] for k in (channel, row["kind"], ALL) if (k, rate) in industry), None)
    own = row.get(f"benchmark_{rate}")
    if own is None:
        return found
    source = scenario.base.source_of.get(f"channel.{channel}.benchmark_{rate}", "J")
    low, high = (found.low, found.high) if found else (own, own)
    return Benchmark(min(low, own), own, max(high, own), source)

"""Tables out: of months; what every written CSV and every file's name keep to.

Text cells can never start a formula in a spreadsheet. The table of assumptions, which is read as well: `assumptions.py`.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from model.analysis.compare.changes import Difference, differences
from model.engine.evaluate import Result
from model.engine.lines import LINES
from model.plan.scenario import Plan, Scenario

#: what may start a formula in a spreadsheet; Chinese and Japanese ones take the wide signs as well
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """Text that no spreadsheet executes: a leading = + - @ gets an apostrophe in front."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def plain_text(text: str) -> str:
    """The inverse of `safe_text`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV text: the one way out, so that no writer can forget what makes a cell safe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    """Numbers with full precision (never quoted as text), empty where there is none, text that no spreadsheet executes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return safe_text(value)
    return "" if math.isnan(value) else repr(int(value) if isinstance(value, int) else float(value))


def write_months(result: Result) -> str:
    """Every line by month, totals first, then by channel; full precision."""
    rows: list[Iterable[object]] = [["line", "channel", "unit", *result.months, "total"]]
    for key, line in LINES.items():
        series = [("", result.lines[key])] if key in result.lines else []
        if key in result.by_channel:
            series += [(c, result.by_channel[key][i]) for i, c in enumerate(result.channels)]
        for channel, months in series:
            row = np.broadcast_to(months, (len(result.months), result.draws))[:, 0]
            rows.append([key, channel, line.unit.key, *row, row[-1] if line.kind == "balance" else row.sum()])
    return csv_text(rows)


def preview(scenario: Scenario, upload: Plan | Scenario) -> tuple[Difference, ...]:
    """What an upload would change: address, value at hand, value of the upload; None where there is no such row."""
    return differences((scenario, Scenario(upload) if isinstance(upload, Plan) else upload))


#: bytes of a file's name: the tightest common limit is 143 (encrypted Linux folders)
MAX_NAME = 120
_UNSAFE = re.compile(r'[<>:"/\\|?*.%\s]+')


class Day(Protocol):
    """A `datetime.date`; the model itself has no clock."""

    def strftime(self, format: str, /) -> str: ...


def file_name(name: str, version: int | None, day: Day, ending: str) -> str:
    """`双11加码_v3_20261122.csv`: scenario, version and date, safe on every file system, at most MAX_NAME bytes."""
    tail = ("" if version is None else f"_v{version}") + f"_{day.strftime('%Y%m%d')}.{ending.lstrip('.')}"
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name.strip()))
    plain = "".join(c for c in plain if c.isprintable()).lstrip("-~_=+@'")
    stem = plain.encode()[:MAX_NAME - len(tail.encode())].decode(errors="ignore").rstrip("_- ") or "sandtable"
    return stem + tail

"""Tables in and out: the CSV of assumptions (table, row, field, value, unit, source), and of months.

Columns come from the schema; text cells can never start a formula in a spreadsheet. Numbers are read as people and
spreadsheets write them: `model/plan/numbers.py`.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np

from model.analysis.changes import Difference, differences
from model.engine.evaluate import Result
from model.engine.lines import LINES
from model.errors import InvalidInput, UnreadableFile, Violation, shown
from model.io.files import MAX_BYTES
from model.plan import rules
from model.plan.numbers import NotANumber, decimal_comma_of, read_number
from model.plan.scenario import Plan, Scenario, Value, nest
from model.plan.schema import Driver, driver_of, join, split

COLUMNS = ("table", "row", "field", "value", "unit", "source")
_NEEDED = ("table", "row", "field", "value")
MAX_LINES = 20_000
#: what may start a formula in a spreadsheet; Chinese and Japanese ones take the wide signs as well
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FLAGS = {"true": True, "false": False, "1": True, "0": False, "是": True, "否": False, "yes": True, "no": False}


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


def _cell(value: object) -> str:
    """Numbers with full precision (never quoted as text), empty where there is none, text that no spreadsheet executes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return safe_text(value)
    return "" if math.isnan(value) else repr(int(value) if isinstance(value, int) else float(value))


def write_plan(plan: Plan) -> str:
    """All assumptions of a plan, one a line; encode as utf-8-sig so that Excel opens it in Chinese."""
    rows = [(*split(address), value, driver_of(address).unit.key, plan.source_of.get(address, ""))
            for address, value in plan.values]
    return csv_text([COLUMNS, *rows])


def read_plan(data: bytes, name: str) -> Plan:
    """A plan from an assumptions CSV (UTF-8 with or without BOM, UTF-16 or GB18030; comma, semicolon or tab).

    A text's spaces at either end are dropped; empty lines and columns too. Numbers: see `model/plan/numbers.py`.
    Raises UnreadableFile or InvalidInput with every violation, each with its line.
    """
    values: dict[str, Value] = {}
    sources: dict[str, str] = {}
    where: dict[str, int] = {}
    bad: list[Violation] = []
    lines = list(_lines(_decoded(data)))
    comma = bool(decimal_comma_of(row["value"] for _, row in lines))
    unknown: list[tuple[str, str]] = []
    for number, row in lines:
        address = join(row["table"], row["row"], row["field"])
        place = f"line {number}: {shown(address)}"
        if split(address) is None:
            unknown.append((address, place))
        elif not row["field"]:
            bad.append(Violation("missing_value", place))
        elif address in where:
            bad.append(Violation("duplicate_row", place, f"line {where[address]}"))
        else:
            where[address] = number
            values[address] = parse(driver_of(address), row["value"], comma)
            if row.get("source"):
                sources[address] = plain_text(row["source"])[:500]
    bad += _unknown(unknown)
    values = {a: v for a, v in values.items() if v is not None}
    bad += [_placed(v, where) for v in rules.check_rows(nest(values.items())) if v.level == "error"]
    if bad:
        raise InvalidInput(bad)
    return Plan(name, tuple(values.items()), tuple(sources.items()))


def _unknown(found: list[tuple[str, str]]) -> list[Violation]:
    """(address, place) of lines that name nothing: what is wrong with each, but for those that are only counted."""
    problems = rules.check_addresses(address for address, _ in found)
    return [Violation(v.code, place, v.got, v.allowed) for v, (_, place) in zip(problems, found, strict=False)]


def _placed(violation: Violation, where: dict[str, int]) -> Violation:
    line = where.get(violation.place)
    return violation if line is None else Violation(violation.code, f"line {line}: {violation.place}", violation.got,
                                                    violation.allowed)


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableFile([Violation("file_too_large", "file", f"{len(data) / 1e6:.1f} MB", f"≤ {MAX_BYTES / 1e6:.1f} MB")])
    if not data.strip():
        raise UnreadableFile([Violation("empty_file", "file")])
    # Excel's "Unicode text" is UTF-16, which it marks
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile([Violation("not_utf8", "file", shown(data[:12]))])


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells by column) of every line that is not empty."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [c.strip().lower() for c in next(reader)]
        _check_columns(columns, head)
        for cells in reader:
            if reader.line_num > MAX_LINES:
                raise UnreadableFile([Violation("too_many_rows", f"line {reader.line_num}", "", f"≤ {MAX_LINES}")])
            if any(cell.strip() for cell in cells[len(columns):]):  # a comma too many: the cells are not where they seem
                raise UnreadableFile([Violation("not_csv", f"line {reader.line_num}", shown(", ".join(cells)),
                                                f"{len(columns)}")])
            if any(cell.strip() for cell in cells):
                padded = cells + [""] * (len(columns) - len(cells))
                yield reader.line_num, dict(zip(columns, (cell.strip() for cell in padded), strict=False))
    except (csv.Error, StopIteration) as error:
        raise UnreadableFile([Violation("not_csv", f"line {reader.line_num}", shown(str(error)))]) from None


def _check_columns(columns: list[str], head: str) -> None:
    bad = [Violation("missing_column", f"line 1: {c}", shown(head.strip()), ", ".join(COLUMNS))
           for c in _NEEDED if c not in columns]
    bad += [Violation("duplicate_row", f"line 1: {c}") for c in COLUMNS if columns.count(c) > 1]
    if bad:
        raise UnreadableFile(bad)


def parse(driver: Driver, text: str, comma: bool = False) -> Value:
    """A cell as the value of its driver; text that is none is handed on for the check to report. None where empty.

    comma: the file's decimal mark is a comma.
    """
    text = plain_text(text)
    if text == "":
        return None
    if driver.unit.kind == "flag":
        return _FLAGS.get(text.lower(), text)
    if not driver.unit.is_number:
        return _padded_day(text) if driver.unit.kind == "day" else text
    try:
        return read_number(text, driver.unit, comma)
    except NotANumber:
        return text


def _padded_day(text: str) -> str:
    parts = text.replace("/", "-").split("-")
    return "-".join(p.zfill(2) for p in parts) if len(parts) == 2 else text


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

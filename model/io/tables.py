"""Tables in and out: the assumptions CSV (table, row, field, value, unit, source) and the months CSV.

Columns come from the schema; text cells can never start a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

import numpy as np

from model.engine.evaluate import Result
from model.engine.lines import LINES
from model.errors import InvalidInput, UnreadableFile, Violation, shown
from model.io.files import MAX_BYTES
from model.plan import rules
from model.plan.scenario import Plan, Value, nest
from model.plan.schema import Driver, driver_of, join, split

COLUMNS = ("table", "row", "field", "value", "unit", "source")
_NEEDED = ("table", "row", "field", "value")
MAX_LINES = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FLAGS = {"true": True, "false": False, "1": True, "0": False, "是": True, "否": False, "yes": True, "no": False}


def safe_text(text: str) -> str:
    """Text that no spreadsheet executes: a leading = + - @ gets an apostrophe in front."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def plain_text(text: str) -> str:
    """The inverse of `safe_text`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def write_plan(plan: Plan) -> str:
    """All assumptions of a plan, one a line; encode as utf-8-sig so that Excel opens it in Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for address, value in plan.values:
        a, driver = split(address), driver_of(address)
        writer.writerow([a.table, a.row, a.field, _cell(value), driver.unit.key,
                         safe_text(plan.source_of.get(address, ""))])
    return out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_text(value) if isinstance(value, str) else repr(value)


def read_plan(data: bytes, name: str) -> Plan:
    """A plan from an assumptions CSV (UTF-8 with or without BOM, or GB18030; comma, semicolon or tab).

    Raises UnreadableFile or InvalidInput with every violation, each with its line.
    """
    values: dict[str, Value] = {}
    sources: dict[str, str] = {}
    where: dict[str, int] = {}
    bad: list[Violation] = []
    for number, row in _lines(_decoded(data)):
        address = join(row["table"], row["row"], row["field"])
        problem = rules.check_address(address)
        if problem or not row["field"]:
            problem = problem or Violation("missing_value", address)
            bad.append(Violation(problem.code, f"line {number}: {shown(address)}", problem.got, problem.allowed))
        elif address in where:
            bad.append(Violation("duplicate_row", f"line {number}: {address}", f"line {where[address]}"))
        else:
            where[address] = number
            values[address] = parse(driver_of(address), row["value"])
            if row.get("source"):
                sources[address] = plain_text(row["source"])[:500]
    values = {a: v for a, v in values.items() if v is not None}
    bad += [_placed(v, where) for v in rules.check_rows(nest(values.items())) if v.level == "error"]
    if bad:
        raise InvalidInput(bad)
    return Plan(name, tuple(values.items()), tuple(sources.items()))


def _placed(violation: Violation, where: dict[str, int]) -> Violation:
    line = where.get(violation.place)
    return violation if line is None else Violation(violation.code, f"line {line}: {violation.place}", violation.got,
                                                    violation.allowed)


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableFile([Violation("file_too_large", "file", f"{len(data) / 1e6:.1f} MB", f"≤ {MAX_BYTES / 1e6:.1f} MB")])
    if not data.strip():
        raise UnreadableFile([Violation("empty_file", "file")])
    for encoding in ("utf-8-sig", "gb18030"):
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
        missing = [c for c in _NEEDED if c not in columns]
        if missing:
            raise UnreadableFile([Violation("missing_column", f"line 1: {c}", shown(head.strip()), ", ".join(COLUMNS))
                                  for c in missing])
        for cells in reader:
            if reader.line_num > MAX_LINES:
                raise UnreadableFile([Violation("too_many_rows", f"line {reader.line_num}", "", f"≤ {MAX_LINES}")])
            if any(cell.strip() for cell in cells):
                padded = cells + [""] * (len(columns) - len(cells))
                yield reader.line_num, dict(zip(columns, (cell.strip() for cell in padded), strict=False))
    except (csv.Error, StopIteration) as error:
        raise UnreadableFile([Violation("not_csv", f"line {reader.line_num}", shown(str(error)))]) from None


def parse(driver: Driver, text: str) -> Value:
    """A cell as the value of its driver; text that is none is handed on for the check to report. None where empty."""
    text = plain_text(text)
    if text == "":
        return None
    if driver.unit.kind == "flag":
        return _FLAGS.get(text.lower(), text)
    if not driver.unit.is_number:
        return _padded_day(text) if driver.unit.kind == "day" else text
    return _number(text, driver.unit.whole)


def _number(text: str, whole: bool) -> Value:
    plain = text.replace("，", ",").replace("％", "%").replace(" ", "")
    per_cent = plain.endswith("%")
    plain = plain.rstrip("%")
    head, comma, tail = plain.rpartition(",")
    if comma and "." not in plain and len(tail) != 3:
        plain = f"{head.replace(',', '')}.{tail}"  # a decimal comma
    plain = plain.replace(",", "")
    try:
        value = float(plain) if len(plain) < 40 else None
    except ValueError:
        value = None
    if value is None:
        return text
    if per_cent:
        return value / 100
    return int(value) if whole and math.isfinite(value) and value == int(value) else value


def _padded_day(text: str) -> str:
    parts = text.replace("/", "-").split("-")
    return "-".join(p.zfill(2) for p in parts) if len(parts) == 2 else text


def write_months(result: Result) -> str:
    """Every line by month, totals first, then by channel; full precision."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["line", "channel", "unit", *result.months, "total"])
    for key, line in LINES.items():
        series = [("", result.lines[key])] if key in result.lines else []
        if key in result.by_channel:
            series += [(c, result.by_channel[key][i]) for i, c in enumerate(result.channels)]
        for channel, months in series:
            row = np.broadcast_to(months, (len(result.months), result.draws))[:, 0]
            total = row[-1] if line.kind == "balance" else row.sum()
            writer.writerow([key, channel, line.unit.key, *map(repr, map(float, row)), repr(float(total))])
    return out.getvalue()

"""A CSV as people hand it in: encodings, separators, headings and what stands above them, for every table that is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from model.errors import UnreadableFile, Violation, shown
from model.io.files import MAX_BYTES
from model.io.spreadsheet import without_marks

MAX_LINES = 20_000
#: lines that may stand above the heading, empty ones aside: a title, a date, Excel's sep=
_ABOVE = 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Form:
    """columns: that a table has. needed: without which it is none. headings: as people write them -> columns."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]
    headings: Mapping[str, str]


def lines(data: bytes, form: Form) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells by column) of every line that is not empty; UTF-8, UTF-16 or GB18030. Raises UnreadableFile."""
    text = _decoded(data)
    above, delimiter, columns = _heading(text, form)
    stream = io.StringIO(text, newline="")
    for _ in range(above + 1):
        stream.readline()
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        for cells in reader:
            number = reader.line_num + above + 1
            if number > MAX_LINES:
                raise UnreadableFile([Violation("too_many_rows", f"line {number}", "", f"≤ {MAX_LINES}")])
            if any(cell.strip() for cell in cells[len(columns):]):  # a comma too many: the cells are not where they seem
                raise UnreadableFile([Violation("not_csv", f"line {number}", shown(", ".join(cells)), f"{len(columns)}")])
            if any(cell.strip() for cell in cells):
                padded = cells + [""] * (len(columns) - len(cells))
                yield number, dict(zip(columns, (cell.strip() for cell in padded), strict=False))
    except csv.Error as error:
        raise UnreadableFile([Violation("not_csv", f"line {reader.line_num + above + 1}", shown(str(error)))]) from None


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableFile([Violation("file_too_large", "file", f"{len(data) / 1e6:.1f} MB", f"≤ {MAX_BYTES / 1e6:.1f} MB")])
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile([Violation("workbook", "file", shown(data[:4]))])
    # Excel's "Unicode text" is UTF-16, which it marks
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise UnreadableFile([Violation("empty_file", "file")])
        if "\x00" not in text:
            return text
    raise UnreadableFile([Violation("not_utf8", "file", shown(data[:12]))])


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _columns(cells: list[str], form: Form) -> list[str]:
    plain = [without_marks(c).lower() for c in cells]
    return [form.headings.get(c, c) for c in plain]


def _heading(text: str, form: Form) -> tuple[int, str, list[str]]:
    """(lines above the heading, delimiter, columns); of the first lines the one that names most columns."""
    said = ((above, line) for above, line in enumerate(io.StringIO(text, newline="")) if line.strip())
    first = islice(said, _ABOVE + 1)
    found = [(above, line, mark, _columns(_cells(line, mark), form)) for above, line in first for mark in _DELIMITERS]
    above, line, delimiter, columns = max(found, key=lambda x: (sum(c in x[3] for c in form.needed), -x[0], len(x[3])))
    bad = [Violation("missing_column", f"line {above + 1}: {c}", shown(line.strip()), ", ".join(form.columns))
           for c in form.needed if c not in columns]
    bad += [Violation("duplicate_row", f"line {above + 1}: {c}") for c in form.columns if columns.count(c) > 1]
    if bad:
        raise UnreadableFile(bad)
    return above, delimiter, columns

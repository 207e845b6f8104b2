"""An edited workbook back in: the coloured cells of its assumptions, as the plan that they say. Nothing else of it is read."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from model.errors import InvalidInput, UnreadableFile, Violation, shown
from model.io.assumptions import parse
from model.io.package import WORKBOOK, packed, parts_of
from model.io.workbook.excel import place
from model.io.workbook.inputs import ADDRESS, EXACT, MARK_OF, VALUE, WRITTEN
from model.plan import rules
from model.plan.scenario import Plan, nest
from model.plan.schema import Value, driver_of, find, split

#: rows in which the marks are looked for, that a sheet may have, and letters of its last column
_MARKED, _MOST_ROWS, _LONGEST_COLUMN = 30, 20_000, 2


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands at a place for an address. It was `before` when the file was written, in all its digits `exact`."""

    at: str
    address: str
    content: Any
    before: Any
    exact: str

    @property
    def value(self) -> Value:
        """Numbers in stored units as they stand, texts as the CSV's; None where it is empty."""
        driver, content = driver_of(self.address), self.content
        if self.exact and content == self.before:
            return float(self.exact)
        if isinstance(content, bool):
            return content if driver.unit.kind == "flag" else parse(driver, str(content).upper())
        if not isinstance(content, (int, float)):
            return parse(driver, str(content).strip())
        if driver.unit.is_number:
            return int(content) if driver.unit.whole and float(content).is_integer() else float(content)
        return parse(driver, f"{content:.15g}")


@dataclass(frozen=True, slots=True)
class Found:
    """plan: what the cells say. counted: addresses whose cell holds a formula, of which the value was taken."""

    plan: Plan
    counted: tuple[str, ...]


def read_workbook(data: bytes, name: str) -> Found:
    """The plan in a workbook that `workbook` wrote and somebody edited; sources are not read.

    Raises UnreadableFile where it is no such workbook, InvalidInput with every violation where cells break rules, each with its
    cell.
    """
    parts = parts_of(data, WORKBOOK)
    try:
        cells, formulas = _sheet(parts)
    except (CalamineError, ElementTree.ParseError, KeyError) as error:
        raise UnreadableFile([Violation("workbook_damaged", "file", shown(str(error)))]) from None
    where, bad = _places(cells)
    values = {address: cell.value for address, cell in where.items()}
    said: dict[str, Value] = {a: v for a, v in values.items() if v is not None}
    rows = {split(a)[:2] for a in said}
    said |= {a: v for a, v in values.items() if v is None and split(a)[:2] not in rows}  # a row of empty cells is still a row
    bad += [_placed(v, where) for v in rules.check_rows(nest(said.items())) if v.level == "error"]
    if bad:
        raise InvalidInput(bad)
    return Found(Plan(name, tuple(said.items())), tuple(a for a, cell in where.items() if cell.at in formulas))


def _sheet(parts: Mapping[str, bytes]) -> tuple[list[Cell], set[str]]:
    """The rows of the sheet that has the marks, whatever it is called now, and which of its cells hold formulas."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(packed(parts)))
    xml = _xml_of(parts)
    for name in book.sheet_names:
        if name in xml and (formulas := _formulas(xml[name])) is not None:
            rows = list(enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            for at, row in rows[:_MARKED]:
                if set(MARK_OF.values()) <= set(row):
                    return list(_cells(row, rows[at + 1:])), formulas
    raise UnreadableFile([Violation("workbook_foreign", "file", shown(", ".join(book.sheet_names)))])


def _cells(marks: list[Any], rows: list[tuple[int, list[Any]]]) -> Iterator[Cell]:
    value, before, exact, address = (marks.index(MARK_OF[c]) for c in (VALUE, WRITTEN, EXACT, ADDRESS))
    for at, row in rows:
        if row[address] != "":
            yield Cell(place(at, value), str(row[address]).strip(), row[value], row[before], str(row[exact]))


def _xml_of(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of sheets by their names."""
    links = {e.get("Id"): e.get("Target", "") for e in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])}
    sheets = [e for e in ElementTree.fromstring(parts["xl/workbook.xml"]).iter() if e.tag.endswith("}sheet")]
    of_id = {e.get("name", ""): next((v for k, v in e.items() if k.endswith("}id")), "") for e in sheets}
    targets = {name: links.get(key, "").lstrip("/") for name, key in of_id.items()}
    return {name: parts[t if t in parts else f"xl/{t}"] for name, t in targets.items() if t in parts or f"xl/{t}" in parts}


def _formulas(xml: bytes) -> set[str] | None:
    """Cells of a sheet that hold a formula; None of a sheet that reaches too far to be one of ours: two cells at its ends would
    be read as all that lies between."""
    found = set()
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        tag, at = element.tag.rpartition("}")[2], element.get("r", "")
        if tag in ("c", "row"):
            column = at.rstrip("0123456789")
            if len(column) > _LONGEST_COLUMN or int(at[len(column):] or 0) > _MOST_ROWS:
                return None
        if tag == "c" and any(e.tag.endswith("}f") for e in element):
            found.add(at)
        if tag == "row":
            element.clear()
    return found


def _places(cells: list[Cell]) -> tuple[dict[str, Cell], list[Violation]]:
    """Cells by address, and the rows that name nothing or something twice."""
    where: dict[str, Cell] = {}
    bad: list[Violation] = []
    for cell in cells:
        found = find(cell.address)
        if found is None or not found.field:
            unknown = rules.check_addresses([cell.address]) or [Violation("missing_value", cell.address)]
            bad += [Violation(v.code, f"{cell.at}: {shown(cell.address)}", v.got, v.allowed) for v in unknown]
        elif cell.address in where:
            bad.append(Violation("duplicate_row", f"{cell.at}: {cell.address}", where[cell.address].at))
        else:
            where[cell.address] = cell
    return where, bad


def _placed(violation: Violation, where: dict[str, Cell]) -> Violation:
    cell = where.get(violation.place)
    named = f"{cell.at}: {violation.place}" if cell else violation.place
    return Violation(violation.code, named, violation.got, violation.allowed)

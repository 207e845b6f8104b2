"""The CSV of assumptions, out and in: table, row, field, value, unit, source; one value a line.

Written so that no spreadsheet takes a key for a date (`spreadsheet.py`); read with what spreadsheets and people make of
it: other encodings, separators and headings, lines above the heading, numbers as people write them (`plan/numbers.py`).
"""

from __future__ import annotations

from model.errors import InvalidInput, Violation, shown
from model.io.csv_door import Form, lines
from model.io.spreadsheet import guarded, read_key, read_text, unguarded, without_marks, written_key, written_text
from model.io.tables import csv_text, plain_text
from model.plan import rules
from model.plan.numbers import EITHER, NotANumber, decimal_comma_of, mark_of, read_number
from model.plan.scenario import Plan, nest
from model.plan.schema import TABLES, Driver, Value, applies, driver_of, find, join, split
from model.units import TEXT

COLUMNS = ("table", "row", "field", "value", "unit", "source")
#: headings as people write them; "" is a column of no concern
_HEADINGS = {
    "表": "table", "表名": "table", "数据表": "table", "行": "row", "代号": "row", "行代号": "row", "行名": "row",
    "字段": "field", "字段名": "field", "项目": "field", "值": "value", "数值": "value", "取值": "value", "单位": "unit",
    "来源": "source", "出处": "source", "数据来源": "source",
}
_FORM = Form(COLUMNS, ("table", "row", "field", "value"), _HEADINGS)
MAX_SOURCE = 1000
_FLAGS = {word: flag for flag, words in (
    (True, "true 1 yes y on 是 对 开 启用 vrai wahr verdadero vero"), (False, "false 0 no n off 否 不 关 停用 faux falsch falso"))
    for word in words.split()}
#: says that a channel has no such number
_NOTHING = ("-", "--", "—", "——", "–", "/", "n/a", "na", "无", "不适用", "none", "null")


def write_plan(plan: Plan) -> str:
    """All assumptions of a plan, one a line; encode as utf-8-sig so that Excel opens it in Chinese."""
    return csv_text([COLUMNS, *(_line(plan, address, value) for address, value in plan.values)])


def _line(plan: Plan, address: str, value: Value) -> tuple:
    a, driver = split(address), driver_of(address)
    said = written_text(value, driver) if isinstance(value, str) and value else value
    return a.table, written_key(a.table, a.row), a.field, said, driver.unit.key, guarded(plan.source_of.get(address, ""))


def read_plan(data: bytes, name: str) -> Plan:
    """A plan from an assumptions CSV (UTF-8 with or without BOM, UTF-16 or GB18030; comma, semicolon or tab).

    A text's spaces at either end are dropped; empty lines and columns too.
    Raises UnreadableFile or InvalidInput with every violation, each with its line.
    """
    where, bad = _places([(number, _named(row)) for number, row in lines(data, _FORM)])
    cells = {address: row["value"] for address, (_, row) in where.items()}
    comma = decimal_comma_of(plain_text(text) for address, text in cells.items() if driver_of(address).unit.is_number)
    bad += _asked(where, comma)
    values = _said(cells, bool(comma))
    rows = nest(values.items())
    numbers = {address: number for address, (number, _) in where.items()}
    bad += [_placed(v, numbers) for v in rules.check_rows(rows) if v.level == "error"]
    if bad:
        raise InvalidInput(bad)
    sources = {address: rules.clean(unguarded(plain_text(row.get("source", ""))))[:MAX_SOURCE].strip()
               for address, (_, row) in where.items() if row.get("source") and address in values}
    return Plan(name, tuple(values.items()), tuple((a, s) for a, s in sources.items() if s))


def _places(said: list[tuple[int, dict[str, str]]]) -> tuple[dict[str, tuple[int, dict[str, str]]], list[Violation]]:
    """(line number, cells) by address, and the lines that name nothing, or something twice."""
    where: dict[str, tuple[int, dict[str, str]]] = {}
    unknown: list[tuple[str, str]] = []
    bad: list[Violation] = []
    for number, row in said:
        address = join(row["table"], row["row"], row["field"])
        place = f"line {number}: {shown(address)}"
        if find(address) is None:
            unknown.append((address, place))
        elif not row["field"]:
            bad.append(Violation("missing_value", place))
        elif address in where:
            bad.append(Violation("duplicate_row", place, f"line {where[address][0]}"))
        else:
            where[address] = (number, row)
    problems = rules.check_addresses(address for address, _ in unknown)
    bad += [Violation(v.code, place, v.got, v.allowed) for v, (_, place) in zip(problems, unknown, strict=False)]
    return where, bad


def _asked(where: dict[str, tuple[int, dict[str, str]]], comma: bool | None) -> list[Violation]:
    """Where some numbers have a decimal comma and others a point: those that could be read either way."""
    if comma is not None:
        return []
    out = []
    for address, (number, row) in where.items():
        driver, text = driver_of(address), plain_text(row["value"])
        if driver.unit.is_number and mark_of(text) == EITHER:
            readings = (parse(driver, text, mark) for mark in (False, True))
            both = " / ".join(f"{value:.12g}" for value in readings)
            out.append(Violation("mixed_marks", f"line {number}: {address}", shown(text), both))
    return out


def _said(cells: dict[str, str], comma: bool) -> dict[str, Value]:
    """Values without what is empty or not meant for its channel. A row of names alone stands without them."""
    rows = nest((a, text) for a, text in cells.items() if split(a).field == "kind")
    out: dict[str, Value] = {}
    for address, text in cells.items():
        a, driver = split(address), driver_of(address)
        value = parse(driver, text, comma)
        unused = text.lower() in _NOTHING and not applies(driver, rows[a.table].get(a.row, {}))
        if value is None and all(d.unit == TEXT for d in TABLES[a.table].values()):
            out[address] = None
        elif value is not None and not unused:
            out[address] = value
    return out


def _placed(violation: Violation, where: dict[str, int]) -> Violation:
    line = where.get(violation.place)
    place = violation.place if line is None else f"line {line}: {violation.place}"
    return Violation(violation.code, place, violation.got, violation.allowed, violation.level)


def _named(row: dict[str, str]) -> dict[str, str]:
    table = without_marks(row["table"]).lower()
    return row | {"table": table, "row": read_key(table, row["row"]), "field": without_marks(row["field"])}


def parse(driver: Driver, text: str, comma: bool = False) -> Value:
    """A cell as the value of its driver; text that is none is handed on for the check to report. None where empty.

    comma: the file's decimal mark is a comma.
    """
    text = plain_text(text)
    if text == "":
        return None
    if driver.unit.kind == "flag":
        return _FLAGS.get(without_marks(text).lower(), text)
    if not driver.unit.is_number:
        return read_text(text, driver)
    try:
        return read_number(text, driver.unit, comma)
    except NotANumber:
        return text

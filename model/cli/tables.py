"""An answer as a person reads it, as CSV and as JSON: the same rows, numbers in full in the files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from model.io.tables import csv_text
from model.units import Unit, shown_of

#: what stands behind a number of a unit
_SIGNS = {"rate": "%", "fine_rate": "%", "yuan": " CNY", "yuan_each": " CNY", "yuan_per_1000": " CNY"}
#: what stands where there is no number
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Table:
    """columns: names, as in the files. rows: stored values. units: of each row's numbers, where the reader is to see them."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    units: Sequence[Unit | None] = ()

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, (_plain(x) for x in row), strict=True)) for row in self.rows]


def answers(command: Callable[..., dict[str, Any]]) -> Callable[..., int]:
    """A command that gives name -> Table or value, and says it as asked for; "ok": False makes the exit code 3."""
    @click.option("--json", "form", flag_value="json", help="All of it as JSON, numbers in stored units and in full.")
    @click.option("--csv", "form", flag_value="csv", help="The first table as CSV, numbers in stored units and in full.")
    @wraps(command)
    def said(form: str | None, **given: Any) -> int:
        answer = command(**given)
        {"json": _json, "csv": _csv}.get(form or "", _text)(answer)
        return 0 if answer.get("ok", True) else 3

    return said


def shown(value: Any, unit: Unit | None) -> str:
    """A stored value as a person reads it."""
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return _NONE
    if isinstance(value, bool) or not isinstance(value, int | float) or unit is None:
        return str(value)
    return f"{shown_of(float(value), unit):,.{unit.decimals}f}{_SIGNS.get(unit.key, '')}"


def _plain(value: Any) -> Any:
    """JSON knows neither arrays nor nan."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _json(answer: dict[str, Any]) -> None:
    said = {name: value.records() if isinstance(value, Table) else _plain(value) for name, value in answer.items()}
    click.echo(json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False))


def _csv(answer: dict[str, Any]) -> None:
    table = next(x for x in answer.values() if isinstance(x, Table))
    click.echo(csv_text([table.columns, *([_plain(x) for x in row] for row in table.rows)]), nl=False)


def _text(answer: dict[str, Any]) -> None:
    for name, value in answer.items():
        if isinstance(value, Table):
            _lines(value)
        elif name != "ok":
            click.echo(f"{name}: {value}")


def _lines(table: Table) -> None:
    """Aligned columns: text to the left, numbers to the right."""
    units = [*table.units, *[None] * (len(table.rows) - len(table.units))]
    cells = [[shown(_plain(x), unit) for x in row] for row, unit in zip(table.rows, units, strict=True)]
    right = [all(not isinstance(_plain(row[i]), str) for row in table.rows) for i in range(len(table.columns))]
    widths = [max(map(len, column)) for column in zip(table.columns, *cells, strict=True)]
    for line in (table.columns, *cells):
        click.echo("  ".join(x.rjust(n) if r else x.ljust(n) for x, n, r in zip(line, widths, right, strict=True)).rstrip())

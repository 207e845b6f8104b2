"""Reads worked examples (tests/cases/*.toml): a plan on top of `plans.bare`, and lines with the arithmetic beside them.

    [plan]      addresses and values, on top of the bare plan
    [let]       names for parts of the arithmetic, in order
    [expect]    lines = [[line, channel or "", month or "year", arithmetic, result], …]

The arithmetic is worked out here, by a reader of + − × ÷ and powers that knows nothing of the model.
"""

from __future__ import annotations

import ast
import math
import operator
import tomllib
from dataclasses import dataclass
from pathlib import Path

import plans
from model.engine.evaluate import Result
from model.plan.scenario import Scenario

CASES = Path(__file__).parent / "cases"
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
              ast.Pow: operator.pow}
_FUNCTIONS = {"min": min, "max": max, "exp": math.exp}


@dataclass(frozen=True)
class Row:
    line: str
    channel: str
    month: str
    arithmetic: str
    result: float

    def __str__(self) -> str:
        return " ".join(part for part in (self.line, self.channel, self.month) if part)


@dataclass(frozen=True)
class Case:
    name: str
    plan: dict[str, object]
    rows: tuple[Row, ...]
    names: dict[str, float]

    def scenario(self) -> Scenario:
        return plans.scenario(plans.bare(), self.plan)

    def worked_out(self, row: Row) -> float:
        return work_out(row.arithmetic, self.names)


def read(path: Path) -> Case:
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    names: dict[str, float] = {}
    for name, arithmetic in given.get("let", {}).items():
        names[name] = work_out(arithmetic, names)
    rows = tuple(Row(*row) for row in given["expect"]["lines"])
    return Case(path.stem, given["plan"], rows, names)


def everyone() -> list[Case]:
    return [read(path) for path in sorted(CASES.glob("*.toml"))]


def work_out(arithmetic: str, names: dict[str, float]) -> float:
    """The value of an arithmetic text; numbers may carry commas between thousands as 57_344."""
    return _value(ast.parse(str(arithmetic).strip(), mode="eval").body, names)


def _value(node: ast.expr, names: dict[str, float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names)
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left, names), _value(node.right, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id](*(_value(a, names) for a in node.args))
    raise ValueError(f"no arithmetic: {ast.unparse(node)}")


def found(result: Result, row: Row) -> float:
    """What the model says for a row: a line, by channel where one is named, an index, or a sum beside the lines."""
    months = slice(None) if row.month == "year" else slice(*(result.months.index(row.month) + i for i in (0, 1)))
    if row.channel:
        series = result.by_channel[row.line][result.channels.index(row.channel)]
    else:
        series = next(t[row.line] for t in (result.lines, result.index, result.extra) if row.line in t)
    return float(series[months].sum())

"""Formulas as people read them (· ÷ − Σ, "owned: …", `name[m−1]`), read by the program: their names, and their value."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

_SIGNS = str.maketrans({"·": "*", "÷": "/", "−": "-", "^": "@"})
_EARLIER = "[m−1]"
_PART = re.compile(r";\s+(\w+): ")
_NAME = re.compile(r"(?<![\w.])([a-z][a-z_0-9]+)(\[m−1\])?")
_PER_CENT = re.compile(r"(\d+) %")


def by_kind(formula: str) -> dict[str, str]:
    """Equation by kind of channel; "" is the one for all kinds that have none of their own."""
    first, *rest = _PART.split(formula)
    return {"": first, **dict(zip(rest[::2], rest[1::2], strict=True))}


def for_kind(formula: str, kind: str) -> str:
    """The equation that a kind of channel follows; "alone" is organic where nothing else is said."""
    parts = by_kind(formula)
    return parts.get(kind) or (parts.get("organic") if kind == "alone" else None) or parts[""]


def names_in(formula: str, functions: tuple[str, ...] = ()) -> list[tuple[str, bool]]:
    """(name, of the month before) in the order of reading, each once; names of functions and of kinds left out."""
    found = [m for part in by_kind(formula).values() for m in _NAME.findall(part)]
    return list(dict.fromkeys((name, bool(before)) for name, before in found if name not in functions))


@lru_cache(maxsize=512)
def _tree(equation: str) -> ast.expr:
    text = _PER_CENT.sub(lambda m: str(int(m[1]) / 100), equation).replace("Σ ", "")
    text = _NAME.sub(lambda m: f"n_{m[1]}{'__before' if m[2] else ''}", text)
    return ast.parse(text.translate(_SIGNS).replace("@", "**"), mode="eval").body


_DO = {ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
       ast.Div: lambda a, b: a / b, ast.Pow: lambda a, b: a ** b}


def value(equation: str, read: Callable[[str, bool], object], functions: Mapping[str, Callable]) -> object:
    """The equation's value; read(name, of the month before) gives a name's. Plain arithmetic and `functions` only."""
    def visit(node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            name = node.id.removeprefix("n_")
            return read(name.removesuffix("__before"), name.endswith("__before"))
        if isinstance(node, ast.UnaryOp):
            return -visit(node.operand)
        if isinstance(node, ast.BinOp):
            return _DO[type(node.op)](visit(node.left), visit(node.right))
        return functions[node.func.id.removeprefix("n_")](*map(visit, node.args))
    return visit(_tree(equation))


def only_adds(equation: str) -> bool:
    """Whether it is a sum and difference of names of the same month: then it holds of their totals, too."""
    allowed = (ast.BinOp, ast.Add, ast.Sub, ast.Name, ast.Load)
    return _EARLIER not in equation and all(isinstance(n, allowed) for n in ast.walk(_tree(equation)))

"""Stored and shown numbers are converted in one place, `model/units.py`: nothing that is typed is scaled by hand."""

from __future__ import annotations

import ast

from samples import ROOT

#: where a figure that is only drawn or said is scaled
DRAWN = {
    "compare/bridges", "customers/specs", "kit/charts", "kit/formats", "kit/jobs", "plan/statement", "print/onepage",
    "print/parts", "risk/decides", "risk/editor_pictures", "risk/files", "risk/specs", "risk/view", "scenarios/saved_list", "simulate/specs",
    "simulate/pictures", "words/place_names",
}


def by_hand(tree: ast.AST) -> list[int]:
    """Lines that multiply or divide by 100 or by a unit's scale."""
    def scales(node: ast.AST) -> bool:
        return isinstance(node, ast.Constant) and node.value == 100 or isinstance(node, ast.Attribute) and node.attr == "scale"
    return [n.lineno for n in ast.walk(tree) if isinstance(n, ast.BinOp) and isinstance(n.op, (ast.Mult, ast.Div))
            and (scales(n.left) or scales(n.right))]


def test_no_number_that_is_typed_is_scaled_by_hand():
    files = [*(ROOT / "pages").rglob("*.py")]
    found = {"/".join(f.with_suffix("").parts[-2:]): lines for f in files if (lines := by_hand(ast.parse(f.read_text(encoding="utf-8"))))}
    assert {name: lines for name, lines in found.items() if name not in DRAWN} == {}

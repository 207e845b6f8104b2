"""Imports that wait until they are used."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from model.late import Late
from samples import ROOT

#: what the first card of a cold server does not wait for, and what it needs: the entry and the page's modules up to its cards
HEAVY = ("scipy", "pandas", "sqlalchemy", "alembic", "altair", "pyarrow")
#: every module of ours that the Simulate page imports, read from its file
PAGE = (ROOT / "pages" / "simulate.py").read_text(encoding="utf-8")
FIRST_CARD = "\n".join(ast.unparse(n) for n in ast.parse(PAGE).body if isinstance(n, ast.ImportFrom))


def test_a_late_module_gives_what_the_module_gives():
    later = Late("fractions")
    import fractions
    assert later.Fraction is fractions.Fraction
    assert later.Fraction is fractions.Fraction, "the second time from its own memory"


def test_an_unknown_module_or_name_says_so_when_it_is_used():
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = Late("no_such_module").anything
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = Late("fractions").no_such_name


def test_the_first_card_waits_for_no_heavy_library():
    asked = f"import sys, streamlit\nbefore = set(sys.modules)\n{FIRST_CARD}\n" \
            f"print(*[m for m in {HEAVY} if m in sys.modules and m not in before])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_what_the_model_offers_late_is_the_module_itself():
    import model
    import model.analysis.risk
    assert model.risk is model.analysis.risk
    assert set(model.__all__) <= set(dir(model)) | {"compare", "goalseek", "optimize", "risk", "store"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = model.nothing

"""Figures that are kept beside saved scenarios say which model computed them: other figures need another number.

cases/results.json holds what the model of RESULTS comes to. After a change of results on purpose: raise RESULTS in
model/engine/version.py, then `python tests/model/engine/test_version.py` writes the case anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]

import pytest  # noqa: E402

from model import evaluate, from_json, kpi, read_plan  # noqa: E402
from model.engine.version import RESULTS  # noqa: E402

ROOT = Path(__file__).parents[3]
CASE = ROOT / "tests" / "cases" / "results.json"
KEYS = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "cac_blended")
MOVES = {"plan": {}, "24 months": {"months": 24}, "budget 0": {"budget": 0.0}, "no promotion": {"promotion.618": None}}


def figures() -> dict[str, dict[str, float]]:
    plan = read_plan((ROOT / "sample_data" / "plan.csv").read_bytes(), "sample")
    found = {f.stem: from_json(f.read_bytes(), {"sample": plan}) for f in sorted((ROOT / "sample_data" / "scenarios").glob("*.json"))}
    start = found["base"].without([a for a, _ in found["base"].changes])
    for name, values in MOVES.items():
        found[name] = start.with_values(values)
    return {name: {k: float(kpi(evaluate(s), k)[0]) for k in KEYS} for name, s in found.items()}


def test_other_results_have_another_number():
    case, today = json.loads(CASE.read_text()), figures()
    same = {n: pytest.approx(f, rel=1e-9, nan_ok=True) for n, f in case["figures"].items()} == today
    assert same or case["model"] != RESULTS, "the figures have changed: raise RESULTS and write the case anew (see above)"
    assert same and case["model"] == RESULTS, "write the case anew: python tests/model/engine/test_version.py"


if __name__ == "__main__":
    CASE.write_text(json.dumps({"model": RESULTS, "figures": figures()}, indent=1) + "\n")

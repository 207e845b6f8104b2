"""`make bench-peers`: one run side by side with PyMC-Marketing's BudgetOptimizer and SLSQP from the equal split.

Same curves, budgets and bounds (tests/cases/optimizer_cases.json); the value reached as a share of the certified optimum,
how much of the budget was spent, and the time to the first answer in a warm process (imports not counted, the peer's
compilation counted, since it comes with every new problem). The peer is asked in the case's own units of
money, which suits it better than shares of the budget. It lives in an environment of its own, build/peers-pymc, made on
the first run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "optimizer_cases.json").read_text())["cases"]
PEER = ROOT / "build" / "peers-pymc"
PEER_PACKAGE = "pymc-marketing==0.19.2"
INSIDE = "--inside-the-peers-environment"


def value_of(case, x) -> float:
    """Σ of the case's curves, written out once more so that neither side marks its own work."""
    total = 0.0
    for c, spend in zip(case["channels"], x, strict=True):
        if c["family"] == "logistic":
            total += c["a"] * (2 / (1 + np.exp(-c["lam"] * spend)) - 1)
        else:
            s = c.get("s", 1.0)
            total += c["a"] * spend ** s / (c["k"] ** s + spend ** s)
    return float(total)


def ours(case) -> tuple[list[float], float]:
    from model.analysis.optimize import Hill, Logistic, MichaelisMenten, allocate
    make = {"mm": lambda c: MichaelisMenten(c["a"], c["k"]), "hill": lambda c: Hill(c["a"], c["k"], c["s"]),
            "logistic": lambda c: Logistic(c["a"], c["lam"])}
    start = time.perf_counter()
    found = allocate([make[c["family"]](c) for c in case["channels"]], case["budget"], case["lb"], case["ub"])
    return found.spend.tolist(), time.perf_counter() - start


def slsqp(case) -> tuple[list[float], float]:
    """scipy's SLSQP from the equal split, gradients by differences: in shares of the budget or in money, whichever is better."""
    return max((_slsqp(case, case["budget"]), _slsqp(case, 1.0)), key=lambda a: value_of(case, np.maximum(a[0], 0)))


def _slsqp(case, unit: float) -> tuple[list[float], float]:
    from scipy.optimize import minimize
    start = time.perf_counter()
    n, budget = len(case["channels"]), case["budget"]
    size = value_of(case, np.full(n, budget / n)) if unit == budget else 1.0
    found = minimize(lambda x: -value_of(case, np.maximum(x, 0) * unit) / size, np.full(n, budget / unit / n), method="SLSQP",
                     bounds=[(a / unit, b / unit) for a, b in zip(case["lb"], case["ub"], strict=True)],
                     constraints={"type": "eq", "fun": lambda x: x.sum() - budget / unit},
                     options={"maxiter": 1000, "ftol": 1e-9})
    return (found.x * unit).tolist(), time.perf_counter() - start


def pymc(case) -> tuple[list[float], float]:
    """PyMC-Marketing's BudgetOptimizer on a model with these curves and known parameters (one posterior draw)."""
    import arviz as az
    import pymc as pm
    import pymc.dims as pmd
    from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer, CustomModelWrapper
    start = time.perf_counter()
    channels = [c["name"] for c in case["channels"]]
    a = np.array([c["a"] for c in case["channels"]])
    logistic = np.array([c["family"] == "logistic" for c in case["channels"]])
    k = np.array([c.get("k", 1.0) for c in case["channels"]])
    s = np.array([c.get("s", 1.0) for c in case["channels"]])
    lam = np.array([c.get("lam", 0.0) for c in case["channels"]])
    even = case["budget"] / len(channels)
    with pm.Model(coords={"date": [0], "channel": channels}) as model:
        x = pmd.Data("channel_data", np.full((1, len(channels)), even), dims=("date", "channel"))
        height = pmd.Normal("height", 0, 1, dims=("channel",))
        k, s, lam, logistic = (pmd.as_xtensor(v, dims=("channel",)) for v in (k, s, lam, logistic))
        safe = pmd.math.maximum(x, 1e-9 * even)
        curve = pmd.math.where(logistic, 2 / (1 + pmd.math.exp(-lam * x)) - 1, safe ** s / (k ** s + safe ** s))
        contribution = pmd.Deterministic("channel_contribution", height * curve)
        pmd.Deterministic("total_contribution", contribution.sum())
    idata = az.from_dict(posterior={"height": a[None, None]}, dims={"height": ["channel"]}, coords={"channel": channels})
    optimizer = BudgetOptimizer(model=CustomModelWrapper(base_model=model, idata=idata, channels=channels), num_periods=1)
    bounds = {c: limits for c, *limits in zip(channels, case["lb"], case["ub"], strict=True)}
    found, _ = optimizer.allocate_budget(case["budget"], bounds, return_if_fail=True)
    return found.values.tolist(), time.perf_counter() - start


def inside() -> None:
    """Answers of the peer, one JSON line a case; the first case is asked twice, the first time for warming up."""
    for i, case in enumerate([CASES[0], *CASES]):
        try:
            answer = pymc(case)
        except Exception as error:  # whatever the peer raises is its answer
            answer = [None, f"{type(error).__name__}: {error}"[:100]]
        if i:
            print(json.dumps(answer), flush=True)


def of_the_peer() -> list:
    """Its answers, or the reason why there are none."""
    python = PEER / "bin" / "python"
    try:
        if not python.exists():
            print(f"making {PEER.relative_to(ROOT)} with {PEER_PACKAGE}: a few minutes, once", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER_PACKAGE],
                           check=True, timeout=1800)
        done = subprocess.run([python, __file__, INSIDE], check=True, capture_output=True, text=True, timeout=1800)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"no answers of PyMC-Marketing: {error}", file=sys.stderr)
        return [[None, "not installed"]] * len(CASES)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def cell(case, answer) -> str:
    x, took = answer
    if x is None:
        return took
    share = value_of(case, np.maximum(x, 0)) / case["optimum"]["value"]
    spent = sum(x) / case["budget"]
    return f"{100 * share:.3f} % in {took * 1e3:.0f} ms" + ("" if abs(spent - 1) < 1e-6 else f", {100 * spent:.1f} % spent")


def main() -> None:
    sys.path.insert(0, str(ROOT))
    ours(CASES[0]), slsqp(CASES[0])
    peer = of_the_peer()
    print("| case | Sandtable | PyMC-Marketing BudgetOptimizer | SLSQP from the equal split |\n|---|---|---|---|")
    for case, theirs in zip(CASES, peer, strict=True):
        print(f"| {case['id']} | {cell(case, ours(case))} | {cell(case, theirs)} | {cell(case, slsqp(case))} |")


if __name__ == "__main__":
    inside() if INSIDE in sys.argv else main()

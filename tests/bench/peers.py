"""`make bench-peers`: one small model on our engine, squigglepy and monaco, side by side in one run.

Each peer lives in a virtual environment of its own under build/peers-<name>, made on first use. The model: a year of
12 months × 4 channels, 14 correlated PERT inputs, 10,000 draws, from distributions to the quantiles of yearly GMV and
profit. squigglepy samples and correlates (Iman and Conover) and then runs the same vectorised model. monaco runs case by
case; it offers no correlations, so each case turns its independent normal scores into correlated inputs before it runs. `environment` and `in_environment` serve other comparisons too.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
DRAWS, SEEDS, BOUND = 10_000, 200, 0.005
CHANNELS = ("search", "content", "creators", "live")
SPEND = (480_000.0, 140_000.0, 120_000.0, 180_000.0)
SEASON = (0.98, 0.76, 0.95, 0.93, 1.02, 1.08, 0.85, 0.83, 1.0, 1.17, 1.31, 1.12)
#: PERT low, likely, high of each input
INPUTS = {f"{k}_{c}": (v * low, v, v * high) for k, low, high, values in (
    ("cpm", 0.85, 1.3, (64.0, 28.0, 40.0, 22.0)), ("ctr", 0.8, 1.2, (0.04, 0.029, 0.03, 0.025)),
    ("cvr", 0.75, 1.2, (0.028, 0.0115, 0.028, 0.026))) for c, v in zip(CHANNELS, values, strict=True)}
INPUTS |= {"aov": (194.0, 220.0, 246.0), "refund": (0.34, 0.4, 0.5)}
NAMES = tuple(INPUTS)
MARGIN, FIXED = 0.42, 250_000.0


def rank_correlation() -> np.ndarray:
    """0.5 between prices of channels, 0.3 between click rates, 0.4 between conversions, −0.2 of order value with them."""
    out = np.eye(len(NAMES))
    for i, a in enumerate(NAMES):
        for j, b in enumerate(NAMES):
            same = a.split("_")[0] == b.split("_")[0]
            if i != j and same:
                out[i, j] = {"cpm": 0.5, "ctr": 0.3, "cvr": 0.4}[a.split("_")[0]]
            elif {a.split("_")[0], b.split("_")[0]} == {"aov", "cvr"}:
                out[i, j] = -0.2
    return out


def model(x) -> dict[str, np.ndarray]:
    """Yearly GMV and profit (draws,) of inputs by name; sales saturate with the impressions of each month and channel."""
    gmv = 0.0
    for c, spend in zip(CHANNELS, SPEND, strict=True):
        seen = 1000 * spend / x[f"cpm_{c}"]
        reach = seen / (1000 * spend / INPUTS[f"cpm_{c}"][1])
        sales = 2 * seen * x[f"ctr_{c}"] * x[f"cvr_{c}"]
        for season in SEASON:
            gmv = gmv + sales * season / (1 + reach * season)
    gmv = gmv * x["aov"]
    return {"gmv": gmv, "profit": gmv * (1 - x["refund"]) * MARGIN - 12 * (sum(SPEND) + FIXED)}


def points(values: np.ndarray) -> list[float]:
    return [float(v) for v in np.quantile(values, (0.05, 0.5, 0.95))]


# --- each program in its own process -------------------------------------------------------------------------------------

def ours() -> dict:
    """Seconds of the first run in a fresh process, of later ones with other seeds, and with the same seed, whose points are
    kept as behind a slider; and the accuracy of P5. Draws are as precise as the app's own.
    """
    sys.path.insert(0, str(ROOT))
    from model.analysis.risk.distributions import pert
    from model.analysis.risk.engine import run
    from model.analysis.risk.simulate import PRECISION
    from model.engine.batch import keep_memory

    marginals = {n: pert(*v) for n, v in INPUTS.items()}
    matrix = rank_correlation()
    pairs = {(a, b): matrix[i, j] for i, a in enumerate(NAMES) for j, b in enumerate(NAMES) if i < j and matrix[i, j]}

    def once(seed: int, draws: int = DRAWS):
        return run(model, marginals, pairs, draws=draws, seed=seed, precision=PRECISION)

    keep_memory()
    seconds, found = clocked(once, range(24))
    kept, _ = clocked(once, [1] * 24)
    truth = once(10_000, 2 ** 22)["gmv"].point(5)
    accuracy = {}
    for draws in (1024, 2048, 4096):
        misses = [abs(once(seed, draws)["gmv"].point(5) / truth - 1) for seed in range(SEEDS)]
        accuracy[draws] = (float(np.mean(np.array(misses) <= BOUND)), float(np.quantile(misses, 0.95)))
    return {"first": seconds[0], "seconds": statistics.median(seconds[1:]), "kept": statistics.median(kept[1:]), "truth": float(truth), "draws": found.draws,
            "gmv": [float(found["gmv"].point(p)) for p in (5, 50, 95)], "accuracy": accuracy}


def squigglepy() -> dict:
    import squigglepy as sq

    def once(seed: int):
        sq.set_seed(seed)
        inputs = sq.correlate(tuple(sq.pert(*v) for v in INPUTS.values()), rank_correlation().tolist(), tolerance=None)
        return points(model({n: sq.sample(v, DRAWS) for n, v in zip(NAMES, inputs, strict=True)})["gmv"])

    seconds, found = clocked(once, range(4))
    return {"first": seconds[0], "seconds": statistics.median(seconds[1:]), "gmv": found}


def monaco() -> dict:
    import monaco as mc
    from scipy import special, stats

    values, vectors = np.linalg.eigh(2 * np.sin(np.pi * rank_correlation() / 6))
    root = (vectors * np.sqrt(values)) @ vectors.T
    low, likely, high = np.array(list(INPUTS.values())).T
    alpha = 1 + 4 * (likely - low) / (high - low)

    def preprocess(case):
        z = root @ np.array([case.invals[n].val for n in NAMES])
        x = low + (high - low) * special.betaincinv(alpha, 6 - alpha, special.ndtr(z))
        return (dict(zip(NAMES, x.tolist(), strict=True)),)

    def postprocess(case, out):
        for key, value in out.items():
            case.addOutVal(key, value)

    def once(seed: int):
        functions = {"preprocess": preprocess, "run": lambda x: (model(x),), "postprocess": postprocess}
        sim = mc.Sim(name="peers", ndraws=DRAWS, fcns=functions, seed=seed, verbose=False)
        for name in NAMES:
            sim.addInVar(name=name, dist=stats.norm, distkwargs={"loc": 0, "scale": 1})
        sim.runSim()
        return points(np.array(sim.outvars["gmv"].nums))

    seconds, found = clocked(once, range(2))
    return {"first": seconds[0], "seconds": min(seconds), "gmv": found}


def clocked(once, seeds) -> tuple[list[float], object]:
    """Seconds of each call, and what the last one found."""
    seconds, found = [], None
    for seed in seeds:
        start = time.perf_counter()
        found = once(seed)
        seconds.append(time.perf_counter() - start)
    return seconds, found


PROGRAMS = {"ours": ours, "squigglepy": squigglepy, "monaco": monaco}


def environment(name: str, *packages: str) -> Path:
    """The interpreter of build/peers-<name>, with these packages installed."""
    folder = ROOT / "build" / f"peers-{name}"
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
        (folder / ".ready").touch()
    return python


def in_environment(python: Path, script: Path, *arguments: str) -> dict:
    """What a script prints as its last line, as JSON."""
    done = subprocess.run([str(python), str(script), *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    pythons = {"ours": Path(sys.executable), "squigglepy": environment("squigglepy", "squigglepy"),
               "monaco": environment("monaco", "monaco")}
    found = {name: in_environment(python, Path(__file__), name) for name, python in pythons.items()}
    mine = found["ours"]
    print(f"{DRAWS:,} draws, 12 months × {len(CHANNELS)} channels, {len(NAMES)} inputs (ours: {mine['draws']:,} draws)\n")
    print("| program | first run, ms | later, ms | ÷ ours | ÷ ours with kept points | GMV P5, P50, P95 (million) |")
    print("|---|---|---|---|---|---|")
    for name, row in found.items():
        gmv = ", ".join(f"{v / 1e6:.3f}" for v in row["gmv"])
        print(f"| {name} | {row['first'] * 1e3:.0f} | {row['seconds'] * 1e3:.1f} | {row['seconds'] / mine['seconds']:.1f} | "
              f"{row['seconds'] / mine['kept']:.0f} | {gmv} |")
    print(f"ours with kept points (the same seed again, as a slider moves): {mine['kept'] * 1e3:.1f} ms")
    print(f"\nP5 of yearly GMV against {mine['truth'] / 1e6:.4f} million (4 million draws), {SEEDS} seeds:")
    for draws, (share, miss) in mine["accuracy"].items():
        print(f"  {draws} draws: {share:.1%} of seeds within {BOUND:.1%}; 95 % of seeds within {miss:.2%}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(PROGRAMS[sys.argv[1]]()))
    else:
        main()

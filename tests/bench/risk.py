"""`make bench`, risk: a slider move with bands, many draws and their memory, errors of differences. Also run by itself.

Processor time is given beside the clock's: on a busy machine only the first says what the work is.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from model import Scenario, read_plan
from model.analysis.risk.register import register
from model.analysis.risk.shares import variance_shares
from model.analysis.risk.simulate import simulate
from model.engine.batch import keep_memory
from model.io.files import from_json

SAMPLE = Path(__file__).parents[2] / "sample_data" / "plan.csv"
MANY = 1_000_000
SEEDS = 60


def clock(actions) -> tuple[float, float, float]:
    """Median, least and processor milliseconds of the actions after two that do not count."""
    wall, work = [], []
    for i, action in enumerate(actions):
        start, busy = time.perf_counter(), time.process_time()
        action()
        if i >= 2:
            wall.append((time.perf_counter() - start) * 1e3)
            work.append((time.process_time() - busy) * 1e3)
    return statistics.median(wall), min(wall), statistics.median(work)


def differences(sample: Scenario) -> None:
    """How many times smaller the error of (preset − base) is on common draws than on draws of its own for each of the two."""
    known = {sample.base.name: sample.base}
    presets = {p.stem: from_json(p.read_bytes(), known) for p in sorted(SAMPLE.parent.glob("scenarios/*.json"))}
    kpis = ("gmv", "net_profit", "net_margin_rate")

    def found(scenario: Scenario, seed: int) -> list[tuple[float, float]]:
        result = simulate(scenario, seed=seed, by_month=False)
        return [(float(result.year(k).mean), float(result.year(k).point(5))) for k in kpis]

    base = np.array([found(sample, seed) for seed in range(SEEDS)])
    print(f"\n| preset − base, {SEEDS} seeds of 4,096 draws | mean | 5 % point |\n|---|---|---|")
    for name, scenario in presets.items():
        if scenario.changes:
            its = np.array([found(scenario, seed) for seed in range(SEEDS)])
            ratio = np.sqrt(its.var(axis=0) + base.var(axis=0)) / (its - base).std(axis=0)
            for key, (mean, low) in zip(kpis, ratio, strict=True):
                print(f"| {name}, {key} | {mean:.1f} | {low:.1f} |")


def main() -> None:
    keep_memory()
    sample = Scenario(read_plan(SAMPLE.read_bytes(), "sample"))
    start = time.perf_counter()
    result = simulate(sample)
    print(f"first run of a process: {(time.perf_counter() - start) * 1e3:.0f} ms\n")
    moves = [sample.with_values({"headline.ctr": round(1 + i / 10_000, 4)}) for i in range(1, 100)]
    rows = [
        ("slider move, 1,024 draws: the cards of Simulate", [lambda s=s: simulate(s, 1024, by_month=False) for s in moves[75:99]]),
        ("slider move, 4,096 draws: cards and targets", [lambda s=s: simulate(s, by_month=False) for s in moves[:25]]),
        ("slider move, 4,096 draws: with bands by month", [lambda s=s: simulate(s) for s in moves[25:50]]),
        ("another seed (draws made anew)", [lambda i=i: simulate(sample, seed=i) for i in range(1, 14)]),
        ("variance shares", [lambda: variance_shares(result)] * 9),
        ("register: 6 events, 6 mitigations", [lambda: register(sample)] * 4),
    ]
    print("| what | ms | least | processor |\n|---|---|---|---|")
    for name, actions in rows:
        print("| {} | {:.1f} | {:.1f} | {:.1f} |".format(name, *clock(actions)))
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = simulate(sample, MANY)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{found.run.draws:,} draws: {time.perf_counter() - start:.1f} s, at most {most:.0f} MB (before: {before:.0f} MB)")
    differences(sample)


if __name__ == "__main__":
    main()

"""`make bench`: what the model costs, each figure also as a ratio to one plain numpy pass measured in the same run.

The ratio is what to compare between machines and commits; milliseconds are this machine's, at this moment.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from model import Scenario, evaluate, evaluate_blocks, read_plan, what_decides
from model.engine.batch import keep_memory
from model.engine.kpis import kpi
from model.plan import rules
from model.plan.schema import TABLES

SAMPLE = Path(__file__).parents[2] / "sample_data" / "plan.csv"
DRAWS = 10_000
PASS = np.random.default_rng(0).random(1_000_000)


def milliseconds(action, repeat: int) -> float:
    """Median of `repeat` runs after two that do not count."""
    times = []
    for i in range(repeat + 2):
        start = time.perf_counter()
        action()
        if i >= 2:
            times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def many_draws(scenario: Scenario) -> dict[str, np.ndarray]:
    """10,000 draws of every driver with a spread that lines follow from, channel by channel, ± 10 % around the plan."""
    rng, out = np.random.default_rng(1), {}
    for table in ("business", "channel"):
        for row_key, row in scenario.rows[table].items():
            for field, driver in TABLES[table].items():
                address = f"channel.{row_key}.{field}" if row_key else field
                if driver.spread and not driver.feeds and rules.applies(driver, row) and scenario.get(address) is not None:
                    drawn = scenario.get(address) * rng.uniform(0.9, 1.1, DRAWS)
                    out[address] = np.clip(drawn, driver.low, driver.high)
    return out


def main() -> None:
    keep_memory()
    scenario = Scenario(read_plan(SAMPLE.read_bytes(), "sample"))
    moved = iter([scenario.with_values({"headline.ctr": round(1 + i / 10_000, 4)}) for i in range(1, 500)])
    draws = many_draws(scenario)
    single = {address: values.astype(np.float32) for address, values in draws.items()}

    def pick(result):
        return {"gmv": kpi(result, "gmv"), "net_profit": kpi(result, "net_profit")}

    one_pass = milliseconds(lambda: np.sqrt(PASS).sum(), 30)
    rows = [
        ("one evaluation of the sample plan", milliseconds(lambda: evaluate(next(moved)), 300)),
        ("what decides it: 32 drivers up and down, marginals", milliseconds(lambda: what_decides(next(moved)), 60)),
        (f"{DRAWS:,} draws × 12 months × 6 channels, {len(draws)} drivers drawn, one thread",
         milliseconds(lambda: evaluate_blocks(scenario, draws, pick, threads=1), 9)),
        ("the same on two threads", milliseconds(lambda: evaluate_blocks(scenario, draws, pick, threads=2), 9)),
        ("in single precision, as risk draws it", milliseconds(lambda: evaluate_blocks(scenario, single, pick, threads=1), 9)),
        ("the same on two threads", milliseconds(lambda: evaluate_blocks(scenario, single, pick, threads=2), 9)),
    ]
    print(f"one numpy pass (square roots of a million numbers, summed): {one_pass:.2f} ms\n")
    print("| what | ms | ÷ one pass |\n|---|---|---|")
    for name, ms in rows:
        print(f"| {name} | {ms:.1f} | {ms / one_pass:.1f} |")


if __name__ == "__main__":
    main()

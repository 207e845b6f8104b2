"""`make bench-review`: forecasts of 60 years drawn from the sample plan's own risks, and how long a review takes.

    python tests/bench/review.py [years] [first seed]

For each number of closed months, without and with 5 % monthly noise and 8 % missed spend: the error of the rest of the year
(root of the mean square) beside that of regressions trained on 3,000 other years and of two naive forecasts; how often the
80 % band of the year holds, and its width. One regression sees every line. The other does not see the cost of stock and what holds it:
in drawn years the stock foresees the sales to come, in a shop it does not.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

import drawn_years as dy

from model import Scenario, evaluate, read_plan, review
from model.engine.batch import keep_memory
from model.review.forecast import conditioned

SAMPLE = Path(__file__).parents[2] / "sample_data"
FORESEES = frozenset({"inventory", "net_profit", "taxes"})
TRAINED = 3000


def accuracy(sample: Scenario, count: int, seed: int) -> None:
    frame = review.Actuals.none(sample)
    print("| noise | closed | KPI | error | ÷ regression | ÷ without stock | as planned | × ratio | held | width |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for noise, missed in ((0.0, 0.0), (0.05, 0.08)):
        test, train = dy.years(sample, count, seed, noise, missed), dy.years(sample, TRAINED, seed + 1, noise, missed)
        for closed in (3, 6, 9):
            found, naive = dy.scores(sample, test, closed), dy.naive(sample, test, closed)
            every, fair = (dy.regression(train, test, closed, frame, leave) for leave in (frozenset(), FORESEES))
            for key in dy.KPIS:
                x = found[key]
                print(f"| {noise:.0%} | {closed} | {key} | {x.error / 1e6:.2f} | {x.error / every[key]:.3f} | {x.error / fair[key]:.3f} "
                      f"| {naive[key][0] / 1e6:.2f} | {naive[key][1] / 1e6:.2f} | {x.cover:.1%} | {x.width / 1e6:.2f} |", flush=True)


def clock(name: str, action, clear) -> None:
    """Median wall and processor milliseconds of seven runs after one that does not count."""
    wall, work = [], []
    for _ in range(8):
        clear()
        start, busy = time.perf_counter(), time.process_time()
        action()
        wall.append((time.perf_counter() - start) * 1e3)
        work.append((time.process_time() - busy) * 1e3)
    print(f"| {name} | {statistics.median(wall[1:]):.0f} | {min(wall[1:]):.0f} | {statistics.median(work[1:]):.0f} |", flush=True)


def speed(sample: Scenario) -> None:
    year = dy.measured(sample, evaluate(sample.with_values({"headline.cvr": 0.95})), 12)
    six = review.read_actuals((SAMPLE / "actuals.csv").read_bytes(), sample)
    print("\n| what | ms | least | processor |\n|---|---|---|---|")
    for name, actual in (("6 months", six), ("12 months", year)):
        clock(f"as happened, {name}", lambda a=actual: review.as_happened(sample, a), review.as_happened.cache_clear)
        for key in dy.KPIS:
            clock(f"bridge of {key}, {name}", lambda a=actual, k=key: review.bridge(sample, a, k), lambda: None)
        clock(f"forecast, 4,096 draws, {name}", lambda a=actual: review.forecast(sample, a), conditioned.cache_clear)

        def whole(a=actual) -> None:
            for key in dy.KPIS:
                review.bridge(sample, a, key)
            review.forecast(sample, a)
        clock(f"all of it, {name}", whole, lambda: (review.as_happened.cache_clear(), conditioned.cache_clear()))


def main() -> None:
    keep_memory()
    sample = Scenario(read_plan((SAMPLE / "plan.csv").read_bytes(), "sample"))
    speed(sample)
    accuracy(sample, int(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 4711)


if __name__ == "__main__":
    main()

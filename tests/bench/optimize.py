"""Times of the optimizer: the median of a few runs, each with a value or a gap, so that speed is not bought with quality."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from model import Scenario, read_plan
from model.analysis.goalseek import seek
from model.analysis.optimize import (
    Hill,
    Limits,
    Objective,
    allocate,
    best_split,
    drawn,
    frontier,
    trade_off,
)
from model.analysis.twoway import two_way
from model.engine.batch import keep_memory

SAMPLE = Path(__file__).parents[2] / "sample_data" / "plan.csv"
#: of the plan's own, as the app takes them, events included
DRAWS = 4096


def thirty(seed: int):
    """Thirty channels with shapes from 1 to 3, the budget enough for about half of them."""
    chance = np.random.default_rng(seed)
    return [Hill(*p) for p in zip(chance.uniform(5e4, 1e6, 30), chance.uniform(3e3, 3e4, 30), chance.uniform(1, 3, 30),
                                  strict=True)], 5e5


def timed(action, repeat: int):
    """(median seconds, last answer) after one run that does not count."""
    times, answer = [], action()
    for _ in range(repeat):
        drawn.forget()
        start = time.perf_counter()
        answer = action()
        times.append(time.perf_counter() - start)
    return statistics.median(times), answer


def questions(scenario: Scenario):
    """(name, what a run costs, how good its answer is)."""
    for seed in (0, 1):
        curves, budget = thirty(seed)
        yield f"allocate, 30 S-shaped channels, case {seed}", lambda c=curves, b=budget: allocate(c, b, 0, b), \
            lambda a: f"gap {a.gap:.0e}, {a.nodes} nodes"
        functions = [(c.value, c.slope) for c in curves]
        yield f"the same as functions of arrays, case {seed}", lambda c=functions, b=budget: allocate(c, b, 0, b), \
            lambda a: f"gap {a.gap:.0e}, {a.nodes} nodes"
    yield "best split, shares", lambda: best_split(scenario), told
    yield "best split, shares without explanation", lambda: best_split(scenario, explained=False), told
    yield "best split, shares and total", lambda: best_split(scenario, limits=Limits(budget=(6e6, 24e6))), told
    for name, objective in (("mean", Objective(measure="mean")), ("10 % point", Objective(measure="percentile", level=0.1)),
                            ("chance", Objective(measure="chance", target=4e6))):
        yield f"best split, {name} over {DRAWS:,} draws", lambda o=objective: best_split(scenario, o, draws=DRAWS), told
    yield "best split, shares × months", lambda: best_split(scenario, phasing=True), told
    yield "frontier, 13 totals", lambda: frontier(scenario), lambda f: f"{len(f.points)} points"
    yield "GMV against margin, 13 points", lambda: trade_off(scenario), lambda f: f"{len(f.points)} points"
    yield "goal seek, one number", lambda: seek(scenario, "net_profit", 4e6, ["headline.cvr"]), hit
    yield "goal seek, three numbers", \
        lambda: seek(scenario, "net_profit", 4e6, ["headline.cvr", "headline.aov", "headline.refund_rate"]), hit
    yield f"goal seek, 80 % sure over {DRAWS:,} draws", \
        lambda: seek(scenario, Objective("gmv", "chance", target=1.15e8), 0.8, ["headline.cvr"], DRAWS), hit
    yield "two-way, 21 × 21", lambda: two_way(scenario, "net_profit", "headline.cvr", "headline.aov"), lambda t: ""


def told(found) -> str:
    return f"{found.value_before:,.4g} → {found.value_after:,.4g}"


def hit(found) -> str:
    return "hit" if found.hit else "missed"


def main() -> None:
    keep_memory()
    scenario = Scenario(read_plan(SAMPLE.read_bytes(), "sample"))
    print("| what | ms | answer |\n|---|---|---|")
    for name, action, quality in questions(scenario):
        seconds, answer = timed(action, 5)
        print(f"| {name} | {seconds * 1e3:.0f} | {quality(answer)} |", flush=True)


if __name__ == "__main__":
    main()

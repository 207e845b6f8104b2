"""`make soak`: mutated CSVs, JSON files and links, from seeds. What a door accepts computes; what it refuses it refuses in our words.

Nothing may take over 2 s at the door, nor the program over 300 MB more than at its start. MUTATED: how many (100,000).
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import mutations  # noqa: E402

from model import InvalidInput, Scenario, from_json, from_link, read_plan  # noqa: E402
from samples import sample_plan  # noqa: E402

DOORS = {
    "csv": lambda chance: Scenario(read_plan(mutations.csv_of(chance), "own")),
    "json": lambda chance: from_json(mutations.json_of(chance)),
    "link": lambda chance: from_link(mutations.link_of(chance), {"sample": sample_plan()}),
}
SLOWEST, MOST_MB = 2.0, 300


def tried(seed: int) -> tuple[str, str]:
    """The door of a seed, and what came of it: accepted, refused, or the fault."""
    door = tuple(DOORS)[seed % len(DOORS)]
    start = time.process_time()
    try:
        scenario = DOORS[door](random.Random(seed))
    except InvalidInput:
        scenario = None
    except Exception:
        return door, traceback.format_exc()
    if time.process_time() - start > SLOWEST:
        return door, f"{time.process_time() - start:.1f} s at the door"
    if scenario is None:
        return door, "refused"
    try:
        mutations.hold(scenario)
    except Exception:
        return door, traceback.format_exc()
    return door, "accepted"


def main(count: int) -> None:
    before, found, faults = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Counter(), {}
    for seed in range(count):
        door, outcome = tried(seed)
        kind = outcome if outcome in ("accepted", "refused") else "FAULT"
        found[door, kind] += 1
        if kind == "FAULT":
            faults.setdefault(outcome.strip().splitlines()[-1], (seed, outcome))
        if (seed + 1) % 1000 == 0 or seed + 1 == count:
            print(seed + 1, dict(found), flush=True)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{grown:.0f} MB more than at the start")
    for line, (seed, outcome) in faults.items():
        print(f"\nseed {seed}: {line}\n{outcome}")
    assert not faults, f"{len(faults)} kinds of faults"
    assert grown < MOST_MB, f"{grown:.0f} MB"


if __name__ == "__main__":
    main(int(os.environ.get("MUTATED", "100000")))

"""`make soak`: 8 writers and 8 readers on one store for a minute. No save may get lost or be there twice.

On SQLite, and on the PostgreSQL at SANDTABLE_TEST_PG where that is set. Two programs with 4 + 4 threads each, so that
both kinds of neighbours meet. A version of 5 s is a test: tests/model/io/test_store_soak.py.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from model.errors import VersionConflict  # noqa: E402
from model.io.store import ScenarioStore  # noqa: E402
from samples import sample  # noqa: E402
from stores import PG, drop_database, new_database  # noqa: E402

SHARED = 6
PROGRAMS, THREADS = 2, 4


@dataclass
class Tally:
    """What was done: comments of confirmed saves by scenario, conflicts told, reads, errors nobody expected, ms of saves."""

    saves: dict[str, list[str]] = field(default_factory=dict)
    conflicts: int = 0
    reads: int = 0
    errors: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def write(store: ScenarioStore, who: str, ids: list[str], until: float, tally: Tally) -> None:
    chance, count = random.Random(who), 0
    while time.time() < until:
        id, count = chance.choice(ids), count + 1
        opened = store.open(id)
        mine = opened.scenario.with_values({"budget": round(chance.uniform(1e6, 5e7), 2)})
        comment, expected = f"{who}-{count}", opened.version.number
        while True:
            start = time.perf_counter()
            try:
                store.save(mine, author=who, comment=comment, id=id, expected=expected)
            except VersionConflict as told:
                tally.conflicts, expected = tally.conflicts + 1, told.theirs.version.number
                continue
            tally.times.append((time.perf_counter() - start) * 1e3)
            tally.saves.setdefault(id, []).append(comment)
            break
        store.put_draft(who, comment.encode())


def read(store: ScenarioStore, who: str, ids: list[str], until: float, tally: Tally) -> None:
    chance = random.Random(who)
    while time.time() < until:
        id = chance.choice(ids)
        numbers = [v.number for v in store.history(id)]
        assert numbers == list(range(len(numbers), 0, -1)), f"gap: {numbers}"
        opened = store.open(id, chance.choice(numbers))
        assert opened.scenario.name == opened.version.name
        assert store.list("shared", limit=10).total == SHARED
        tally.reads += 3


def guarded(action, *args) -> None:
    try:
        action(*args)
    except Exception:
        args[-1].errors.append(traceback.format_exc())


def program(url: str, number: int, ids: list[str], until: float, results) -> None:
    store, tallies, threads = ScenarioStore(url), [], []
    for i in range(2 * THREADS):
        tallies.append(Tally())
        action = write if i < THREADS else read
        threads.append(threading.Thread(target=guarded, args=(action, store, f"{action.__name__}-{number}-{i}", ids, until, tallies[-1])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    results.put(tallies)


def soak(url: str, seconds: float, start: str = "spawn") -> dict[str, float]:
    """Runs, checks what is there against what was confirmed, and returns figures. Raises AssertionError."""
    store = ScenarioStore(url)
    ids = [store.save(sample().named(f"shared {i}"), author="soak", comment="first").entry.id for i in range(SHARED)]
    store.close()
    context = multiprocessing.get_context(start)
    results, until = context.Queue(), time.time() + seconds + (4 if start == "spawn" else 0)
    programs = [context.Process(target=program, args=(url, n, ids, until, results)) for n in range(PROGRAMS)]
    for process in programs:
        process.start()
    tallies = [tally for _ in programs for tally in results.get(timeout=seconds + 90)]
    for process in programs:
        process.join()
    errors = [error for tally in tallies for error in tally.errors]
    assert not errors, f"{len(errors)} errors, the first:\n{errors[0]}"
    check(url, ids, tallies)
    times = sorted(ms for tally in tallies for ms in tally.times)
    return {"saves": len(times), "conflicts": sum(t.conflicts for t in tallies), "reads": sum(t.reads for t in tallies),
            "save_ms": statistics.median(times), "save_p95_ms": times[int(len(times) * 0.95)], "slowest_ms": times[-1]}


def check(url: str, ids: list[str], tallies: list[Tally]) -> None:
    store = ScenarioStore(url)
    for id in ids:
        history = store.history(id)
        assert [v.number for v in history] == list(range(len(history), 0, -1))
        there = Counter(v.comment for v in history if v.comment != "first")
        confirmed = Counter(c for tally in tallies for c in tally.saves.get(id, ()))
        assert there == confirmed, f"lost {confirmed - there}, too many {there - confirmed}"
    store.close()


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite", soak(f"sqlite:///{folder}/soak.db", seconds), flush=True)
    if not PG:
        print("PostgreSQL left out: SANDTABLE_TEST_PG is not set")
        return
    url = new_database()
    try:
        print("PostgreSQL", soak(url, seconds))
    finally:
        drop_database(url)


if __name__ == "__main__":
    main(float(os.environ.get("SECONDS_EACH", "60")))

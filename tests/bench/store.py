"""Part of `make bench`: a SQLite store of 10,000 scenarios in 50,000 versions, and how long a planner waits on it."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import sqlalchemy as sa  # noqa: E402

from model import Plan, Scenario  # noqa: E402
from model.io.store import ScenarioStore, limits, writing  # noqa: E402
from model.io.store.content import Plans, as_json, summary_of  # noqa: E402
from model.io.store.database import Database  # noqa: E402
from model.io.store.tables import PLANS, SCENARIOS, TAGS, VERSIONS  # noqa: E402
from samples import sample, sample_plan  # noqa: E402

SCENARIOS_COUNT, VERSIONS_EACH, PLANS_COUNT = 10_000, 5, 100
WORDS = ("预算", "保守", "进取", "双十一", "618", "直播", "私域", "华东", "华南", "旗舰店", "新品", "清仓", "拉新", "复购", "毛利", "二稿")
PEOPLE = ("李雷", "韩梅梅", "王芳", "张伟", "刘洋", "陈静", "Wu", "赵敏")
LIMITS = {"list": 100, "search": 100, "open": 50, "save": 50}


def plans_of_shops(prefix: str) -> list[Plan]:
    """Plans that differ, as those of different shops do: none shares its row with another."""
    base = sample_plan()
    return [Plan(f"{prefix}{i}", tuple({**dict(base.values), "budget": 1e7 + i}.items()), base.sources) for i in range(PLANS_COUNT)]


def fill(url: str) -> list[str]:
    """Rows as `save` would write them, in one transaction; returns the ids."""
    chance, shelf, database = random.Random(1), Plans(), Database(url)
    packed = [shelf.pack(plan) for plan in plans_of_shops("shop")]
    figures, ids = as_json(summary_of(sample())), []
    rows: dict[sa.Table, list[dict]] = {SCENARIOS: [], VERSIONS: [], TAGS: []}
    for i in range(SCENARIOS_COUNT):
        id, author, plan = writing.fresh_id(), chance.choice(PEOPLE), chance.choice(packed)
        name = f"{''.join(chance.choices(WORDS, k=3))} {i}"
        note, tags = "，".join(chance.choices(WORDS, k=60)), sorted(set(chance.choices(WORDS, k=3)))
        time_0 = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
        ids.append(id)
        rows[SCENARIOS].append({
            "id": id, "name": name, "name_key": limits.name_key(name), "note": note, "author": author, "editor": author,
            "created": time_0, "updated": time_0 + timedelta(days=VERSIONS_EACH), "latest": VERSIONS_EACH,
            "archived": i % 20 == 0, "locked": i % 10 == 0, "summary": figures,
            "searched": limits.searched_text(name, note, author, author, tags)})
        rows[TAGS] += [{"scenario": id, "tag": tag} for tag in tags]
        for number in range(1, VERSIONS_EACH + 1):
            changes = {"budget": 1e7 + chance.random(), **{f"channel.{c}.cpm": chance.uniform(20, 90) for c in ("platform", "content")}}
            rows[VERSIONS].append({
                "uid": writing.fresh_id(), "scenario": id, "number": number, "author": author, "comment": f"第{number}稿", "name": name,
                "created": time_0 + timedelta(days=number), "note": note, "plan": plan.sha,
                "changes": as_json(sorted(changes.items())), "summary": figures})

    def insert(connection: sa.Connection) -> None:
        connection.execute(sa.insert(PLANS), [{"sha": p.sha, "packed": p.data} for p in packed])
        for table, of_table in rows.items():
            connection.execute(sa.insert(table), of_table)
    database.write(insert)
    database.close()
    return ids


def measured(action, repeat: int) -> tuple[float, float]:
    """Median and 95 % point in ms, after three runs that do not count."""
    times = []
    for i in range(repeat + 3):
        start = time.perf_counter()
        action()
        times += [(time.perf_counter() - start) * 1e3] if i >= 3 else []
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def rows_of(store: ScenarioStore, ids: list[str]):
    chance, number = random.Random(2), count(1)
    free = [e.id for offset in range(0, 1000, 100) for e in store.list(limit=100, offset=offset).entries if not e.locked]

    def save_again() -> None:
        opened = store.open(chance.choice(free))
        start = time.perf_counter()
        saved = store.save(opened.scenario.with_values({"budget": 2e7 + next(number)}), author="李雷", comment="改预算",
                           id=opened.entry.id, expected=opened.version.number)
        save_again.times.append((time.perf_counter() - start) * 1e3)
        assert saved.version.number == opened.version.number + 1

    save_again.times = []
    new = iter([Scenario(plan, f"新方案 {i}") for i, plan in enumerate(plans_of_shops("new"))])
    yield "list", "list: newest 100", lambda: store.list(), 100
    yield "list", "list: page 50 by name", lambda: store.list(order="name", descending=False, offset=4900), 100
    yield "list", "list: one tag", lambda: store.list(tags=["双十一"]), 100
    yield "search", "search: a word in most of them", lambda: store.list("直播"), 100
    yield "search", "search: three words", lambda: store.list("双十一 华东 wu"), 100
    yield "search", "search: one scenario", lambda: store.list(" 4711"), 100
    yield "search", "search: nothing found", lambda: store.list("不存在的词"), 100
    yield "open", "open: the latest version", lambda: store.open(chance.choice(ids)), 300
    yield "open", "open: an old version", lambda: store.open(chance.choice(ids), 2), 300
    yield "open", "open: from a program just started", lambda: fresh_open(store, chance.choice(ids)), 50
    yield "open", "history", lambda: store.history(chance.choice(ids)), 300
    yield "save", "save: a new version", save_again, 200
    yield "save", "save: a new scenario, a new plan", lambda: store.save(next(new), author="a"), 97
    yield "save", "draft of 20 KB", lambda: store.put_draft(f"t{next(number) % 500}", b"x" * 20_000), 200


def fresh_open(store: ScenarioStore, id: str) -> None:
    """Without any plan in memory."""
    store._plans = Plans()
    store.open(id)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.db"
        ids = fill(url)
        store = ScenarioStore(url)
        size = Path(f"{folder}/store.db").stat().st_size / 1e6
        print(f"\nSQLite, {SCENARIOS_COUNT:,} scenarios, {SCENARIOS_COUNT * VERSIONS_EACH:,} versions, {PLANS_COUNT} plans: {size:.0f} MB\n")
        print("| what | median ms | p95 ms | wanted |\n|---|---|---|---|")
        for kind, what, action, repeat in rows_of(store, ids):
            median, p95 = measured(action, repeat)
            if own := getattr(action, "times", None):
                median, p95 = statistics.median(own[3:]), sorted(own[3:])[int(len(own[3:]) * 0.95)]
            print(f"| {what} | {median:.1f} | {p95:.1f} | ≤ {LIMITS[kind]} |")
        start = time.perf_counter()
        store.backup(f"{folder}/backup.db")
        print(f"\nbackup of all of it: {time.perf_counter() - start:.1f} s")
        store.close()


if __name__ == "__main__":
    main()

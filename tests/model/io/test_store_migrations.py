"""Stores of yesterday and of tomorrow. cases/store_revision_1.db was written at revision 1 and is never written again."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import plans
from model import Plan, Scenario
from model.errors import StoreProblem
from model.io.store import ScenarioStore, migrate, restore_backup
from model.io.store.tables import METADATA
from samples import ROOT, sample

OLD = ROOT / "tests" / "cases" / "store_revision_1.db"
FORK = get_context("fork")


@pytest.fixture
def old_url(tmp_path) -> str:
    shutil.copy(OLD, tmp_path / "old.db")
    return f"sqlite:///{tmp_path}/old.db"


def old_scenario(version: int) -> Scenario:
    base = Plan("旧计划", tuple(plans.bare().items()), (("budget", "A: 合同"),))
    name = "年度预算 2026" + ("" if version == 3 else " 草稿")
    return Scenario(base, name, "董事会通过", (("budget", version * 1e6 + 0.1), ("vat", 0.06)))


def check_old(store: ScenarioStore) -> None:
    """What is in the old file, whole."""
    entry = store.open("a" * 32).entry
    assert (entry.name, entry.tags, entry.author, entry.editor) == ("年度预算 2026", ("2026", "终版"), "李雷", "韩梅梅")
    assert (entry.version, entry.locked, entry.created) == (3, True, datetime(2026, 1, 1, tzinfo=UTC))
    for version in (1, 2, 3):
        found = store.open("a" * 32, version).scenario
        assert found == old_scenario(version) and found.base.sources == (("budget", "A: 合同"),)
    assert [v.comment for v in store.history("a" * 32)] == ["第3稿", "第2稿", "第1稿"]
    assert [e.id[0] for e in store.list(archived=True).entries] == ["b"]


def test_the_old_file_is_of_revision_1():
    with closing(sqlite3.connect(f"file:{OLD}?mode=ro&immutable=1", uri=True)) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert "searched" not in [row[1] for row in file.execute("PRAGMA table_info(scenarios)")]


def test_a_store_of_revision_1_is_upgraded_and_nothing_in_it_changes(old_url):
    with closing(ScenarioStore(old_url)) as store:
        check_old(store)
        assert store.list("董事会 李雷").total == store.list("FULL", archived=True).total == store.list("o'brien <b>").total == 1
        store.put_draft("t", b"new table")
        assert store.save(sample().named("O'Brien's <b>plan</b>"), author="a", id="c" * 32).version.number == 2
    with closing(ScenarioStore(old_url)) as store:  # the second start finds it done
        check_old(store)


def test_an_old_backup_is_restored_into_todays_store(url, tmp_path):
    shutil.copy(OLD, tmp_path / "backup.db")
    with closing(ScenarioStore(url)) as store:
        store.save(sample().named("today"), author="a")
        restore_backup(tmp_path / "backup.db", url)
        check_old(store)
        assert store.list("today").total == 0


def start(url: str, ready, results) -> None:
    ready.wait(10)
    try:
        with closing(ScenarioStore(url)) as store:
            results.put(store.list().total)
    except Exception as error:
        results.put(repr(error))


@pytest.mark.parametrize("old", [False, True], ids=["new", "revision 1"])
def test_programs_that_start_together_migrate_once(new_url, old):
    if old and new_url.startswith("sqlite"):
        shutil.copy(OLD, new_url.removeprefix("sqlite:///"))
    ready, results = FORK.Event(), FORK.Queue()
    programs = [FORK.Process(target=start, args=(new_url, ready, results)) for _ in range(6)]
    for program in programs:
        program.start()
    ready.set()
    assert {results.get(timeout=30) for _ in programs} == {2 if old and new_url.startswith("sqlite") else 0}
    for program in programs:
        program.join()


def engine_of(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def test_a_store_of_a_newer_program_is_refused_and_left_alone(new_url):
    ScenarioStore(new_url).close()
    engine = engine_of(new_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreProblem) as caught:
        ScenarioStore(new_url)
    assert (caught.value.code, caught.value.violation.got) == ("store_newer", "9999")
    with engine.connect() as connection:
        assert migrate.revision_of(connection) == "9999"
    engine.dispose()


def test_the_migrations_lead_to_the_tables_that_the_program_uses(new_url):
    ScenarioStore(new_url).close()
    engine = engine_of(new_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA) == []
    engine.dispose()


def test_a_migration_that_fails_leaves_the_store_as_it_was(old_url, monkeypatch):
    monkeypatch.setattr("unicodedata.normalize", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ScenarioStore(old_url)
    monkeypatch.undo()
    with closing(sqlite3.connect(old_url.removeprefix("sqlite:///"))) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'drafts'").fetchone() == (0,)
    with closing(ScenarioStore(old_url)) as store:
        check_old(store)


def test_sqlite_runs_with_a_log_and_sure_writes(tmp_path):
    with closing(ScenarioStore(f"sqlite:///{tmp_path}/store.db")) as store:
        pragmas = {p: store._database.read(lambda c, p=p: c.exec_driver_sql(f"PRAGMA {p}").scalar())
                   for p in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}

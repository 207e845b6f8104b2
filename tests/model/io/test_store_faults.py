"""What the store does when something breaks: it says what, loses nothing that was confirmed, and goes on afterwards."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import zlib
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from every import as_many

from model.errors import ADVICE, DuplicateName, SandtableError, StoreProblem
from model.io.store import ScenarioStore, faults, restore_backup
from samples import changed, sample
from stores import PG, needs_pg

FORK = get_context("fork")
NOBODY = 65534


def put(store, name: str, **values):
    return store.save(changed(**values).named(name), author="李雷", comment=name)


def names(store) -> set[str]:
    return {entry.name for entry in store.list(limit=1000).entries}


def problem(code: str, action, *args, **more) -> StoreProblem:
    """The StoreProblem of an action that must fail so; it says what to do and shows nothing secret."""
    with pytest.raises(StoreProblem) as caught:
        action(*args, **more)
    found = caught.value
    assert found.code == code, str(found)
    assert found.violation.code == code and found.violation.place and ADVICE[code] in str(found)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return found


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


# --- kill -9 -----------------------------------------------------------------------------------------------------------

def save_for_ever(url: str, id: str, pipe) -> None:
    store, i = ScenarioStore(url), 0
    while True:
        i += 1
        saved = store.save(changed(budget=1e7 + i).named("预算"), author="a", comment=f"{os.getpid()} {i}", id=id)
        pipe.send_bytes(saved.version.comment.encode())


def test_kill_9_in_the_middle_of_a_save_loses_at_most_that_save(url):
    """A saving program is killed, at moments spread over its saves; what it had confirmed is there."""
    store = ScenarioStore(url)
    id = put(store, "预算").entry.id
    store.close()
    chance, confirmed, kills = random.Random(9), ["预算"], as_many(5, 15)
    for _ in range(kills):
        ours, theirs = FORK.Pipe(duplex=False)
        program = FORK.Process(target=save_for_ever, args=(url, id, theirs))
        program.start()
        theirs.close()
        confirmed.append(ours.recv_bytes().decode())
        time.sleep(chance.uniform(0, 0.05))
        os.kill(program.pid, signal.SIGKILL)
        program.join()
        try:
            while True:
                confirmed.append(ours.recv_bytes().decode())
        except (EOFError, OSError):
            pass
    store = ScenarioStore(url)
    history = store.history(id)
    assert [v.number for v in history] == list(range(len(history), 0, -1))
    there = [v.comment for v in reversed(history)]
    assert [c for c in there if c in set(confirmed)] == confirmed
    assert len(there) - len(confirmed) <= kills  # written, but killed before it could say so
    for version in history:
        assert store.open(id, version.number).scenario.name == "预算"
    store.close()


# --- locked -----------------------------------------------------------------------------------------------------------

def hold_sqlite(path: str, ready, done) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        ready.set()
        done.wait(30)


def test_a_sqlite_file_locked_by_another_program_is_said_and_the_save_passes_afterwards(sqlite_url):
    store = ScenarioStore(sqlite_url + "?timeout=0.2")
    put(store, "before")
    ready, done = FORK.Event(), FORK.Event()
    other = FORK.Process(target=hold_sqlite, args=(str(file_of(sqlite_url)), ready, done))
    other.start()
    assert ready.wait(10)
    assert problem("store_locked", put, store, "during").violation.place == str(file_of(sqlite_url))
    assert names(store) == {"before"}  # reading goes on
    done.set()
    other.join()
    put(store, "during")
    assert names(store) == {"before", "during"}
    store.close()


@needs_pg
def test_a_locked_table_on_postgresql_is_said_too(pg_url):
    store = ScenarioStore(pg_url + "?options=-c%20lock_timeout%3D200")
    put(store, "before")
    with psycopg.connect(pg_url) as other:
        other.execute("LOCK TABLE scenarios IN EXCLUSIVE MODE")
        problem("store_locked", put, store, "during")
        assert names(store) == {"before"}
    put(store, "during")
    store.close()


# --- a full disk ------------------------------------------------------------------------------------------------------

@contextmanager
def small_disk(megabytes: int):
    folder = Path(tempfile.mkdtemp())
    try:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True).returncode:
            pytest.skip("a small file system cannot be mounted here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_full_disk_is_said_and_what_was_saved_stays():
    """A real file system of 2 MB (tmpfs), filled up; skipped where none can be mounted."""
    with small_disk(2) as disk:
        store = ScenarioStore(f"sqlite:///{disk}/store.db")
        put(store, "before")
        filler = disk / "filler"
        with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        for _ in range(3):
            problem("store_full", put, store, "during", budget=2e7)
        problem("store_full", store.put_draft, "t", b"x" * 500_000)
        assert names(store) == {"before"}
        problem("store_full", store.backup, disk / "backup.db")
        assert sorted(p.name for p in disk.iterdir()) == ["filler", "store.db", "store.db-shm", "store.db-wal"]
        filler.unlink()
        put(store, "during", budget=2e7)
        assert names(store) == {"before", "during"}
        store.close()


def test_a_store_that_may_not_grow_is_said_as_a_full_disk(sqlite_url):
    """SQLite's own SQLITE_FULL, brought about by PRAGMA max_page_count on every new connection."""
    def limit(connection, record):
        connection.execute("PRAGMA max_page_count = 40")
    put(store := ScenarioStore(sqlite_url), "before")
    store.close()
    sa.event.listen(sa.pool.Pool, "connect", limit)
    try:
        store = ScenarioStore(sqlite_url)
        problem("store_full", store.put_draft, "t", b"x" * 500_000)
        assert names(store) == {"before"}
        store.close()
    finally:
        sa.event.remove(sa.pool.Pool, "connect", limit)


def in_child(action) -> str:
    """What an action says in a forked program of its own."""
    ours, theirs = FORK.Pipe(duplex=False)

    def run():
        try:
            theirs.send(str(action()))
        except BaseException as error:
            theirs.send(f"{type(error).__name__} {getattr(error, 'code', '')}")
    child = FORK.Process(target=run)
    child.start()
    assert ours.poll(30)
    said = ours.recv()
    child.join()
    return said


def test_a_file_beyond_the_limit_for_files_is_said_as_a_full_disk(sqlite_url):
    """RLIMIT_FSIZE: the kernel refuses every write beyond it, as a quota does."""
    def save_in_little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        with closing(ScenarioStore(sqlite_url)) as store:
            put(store, "fits")
            store.put_draft("t", os.urandom(400_000))
    assert in_child(save_in_little_room) == "StoreProblem store_full"
    with closing(ScenarioStore(sqlite_url)) as store:
        assert names(store) == {"fits"}


# --- read-only --------------------------------------------------------------------------------------------------------

@contextmanager
def as_nobody():
    """Root may write anywhere: rights are tried as the user `nobody`."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that every user can look into; those of pytest are closed to all but their owner."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o444), (0o555, 0o644), (0o777, 0o444)],
                         ids=["both", "folder", "file"])
def test_a_store_without_the_right_to_write_is_said(open_folder, folder_mode, file_mode):
    file = open_folder / "store.db"
    with closing(ScenarioStore(f"sqlite:///{file}")) as store:
        put(store, "before")
    file.chmod(file_mode)
    open_folder.chmod(folder_mode)

    def save():
        with closing(ScenarioStore(f"sqlite:///{file}")) as store:
            put(store, "during")
    with as_nobody():
        problem("store_readonly", save)
    for path in open_folder.iterdir():
        path.chmod(0o644)
    with closing(ScenarioStore(f"sqlite:///{file}")) as store:
        assert names(store) == {"before"}


@pytest.mark.parametrize("path", ["store.db", "new/store.db"])
def test_a_store_that_cannot_be_made_is_said(open_folder, path):
    open_folder.chmod(0o555)
    with as_nobody():
        problem("store_readonly", ScenarioStore, f"sqlite:///{open_folder}/{path}")
    assert list(open_folder.iterdir()) == []


@needs_pg
def test_a_read_only_postgresql_is_said_and_can_be_read(pg_url):
    with closing(ScenarioStore(pg_url)) as store:
        put(store, "before")
    with closing(ScenarioStore(pg_url + "?options=-c%20default_transaction_read_only%3Don")) as store:
        problem("store_readonly", put, store, "during")
        assert names(store) == {"before"}


# --- damage -----------------------------------------------------------------------------------------------------------

def filled(url: str) -> tuple[Path, Path]:
    """A store of twelve scenarios and its backup."""
    with closing(ScenarioStore(url)) as store:
        for i in range(12):
            store.save(sample().named(f"s{i}", "注" * 2000), author="a")
        backup = file_of(url).with_name("backup.db")
        store.backup(backup)
    return file_of(url), backup


@pytest.mark.parametrize("damage", ["the head", "the middle", "cut off", "random bytes"])
def test_a_damaged_file_is_said_and_the_backup_brings_everything_back(sqlite_url, damage):
    file, backup = filled(sqlite_url)
    size = file.stat().st_size
    with file.open("r+b") as f:
        if damage == "cut off":
            f.truncate(size // 3)
        else:
            f.seek(0 if damage != "the middle" else 8192)
            f.write(random.Random(1).randbytes({"the head": 100, "the middle": size - 8192, "random bytes": size}[damage]))
    broken = file.read_bytes()

    def read_all():
        with closing(ScenarioStore(sqlite_url)) as store:
            for entry in store.list(limit=1000).entries:
                store.open(entry.id)
    assert str(file) in problem("store_corrupt", read_all).violation.place
    assert restore_backup(backup, sqlite_url) == file.with_name("store.db.before-restore")
    assert file.with_name("store.db.before-restore").read_bytes() == broken
    with closing(ScenarioStore(sqlite_url)) as store:
        assert names(store) == {f"s{i}" for i in range(12)}
        put(store, "after")


def test_a_file_without_a_log_that_somebody_reads_opens_and_is_put_under_a_running_program(sqlite_url):
    """Each of a hundred tries to switch it waited for 15 seconds, and every session behind the first."""
    with closing(ScenarioStore(sqlite_url)) as store:
        put(store, "a")
        store.backup(file_of(sqlite_url).with_name("copy.db"))
        put(store, "b")
        copy = file_of(sqlite_url).with_name("copy.db")
        with closing(sqlite3.connect(copy)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM scenarios").fetchone()
            for part in ("-wal", "-shm"):
                Path(f"{file_of(sqlite_url)}{part}").unlink(missing_ok=True)
            os.replace(copy, file_of(sqlite_url))
            started = time.monotonic()
            assert names(store) == {"a"}
            assert time.monotonic() - started < 60, "hung"
        put(store, "c")
        assert names(store) == {"a", "c"}


@pytest.mark.parametrize("data", [b"not what was stored", zlib.compress(b'["another", [], []]')], ids=["noise", "another plan"])
def test_a_plan_that_is_not_what_was_stored_is_said(url, data):
    with closing(ScenarioStore(url)) as store:
        id = put(store, "n").entry.id
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE plans SET packed = :bytes"), {"bytes": data})
    engine.dispose()
    with closing(ScenarioStore(url)) as store:
        problem("store_corrupt", store.open, id)
        assert names(store) == {"n"}


def test_a_file_removed_or_replaced_under_a_running_program_takes_no_save_into_nowhere(sqlite_url):
    file, backup = filled(sqlite_url)
    store = ScenarioStore(sqlite_url)
    put(store, "later")
    aside = file.with_name("aside.db")
    file.rename(aside)
    problem("store_missing", put, store, "lost?")
    problem("store_missing", store.list)
    assert not file.exists()
    shutil.copy(backup, file)
    put(store, "found")
    assert names(store) == {f"s{i}" for i in range(12)} | {"found"}
    store.close()


# --- the network ------------------------------------------------------------------------------------------------------

def cut(pg_url: str) -> int:
    """Ends every connection of the store to its database; how many."""
    with psycopg.connect(PG, autocommit=True) as server:
        return len(server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                                  [pg_url.rpartition("/")[2]]).fetchall())


@needs_pg
def test_a_connection_cut_between_two_saves_is_not_noticed(pg_url):
    with closing(ScenarioStore(pg_url)) as store:
        id = put(store, "n").entry.id
        for i in range(3):
            assert cut(pg_url) >= 1
            assert store.save(changed(budget=1e7 + i).named("n"), author="a", id=id).version.number == i + 2
            assert cut(pg_url) >= 1
            assert store.open(id).version.number == i + 2


@needs_pg
def test_a_connection_cut_in_the_middle_of_a_save_repeats_it_once(pg_url):
    store = ScenarioStore(pg_url)
    id, cuts = put(store, "n").entry.id, []

    def before(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO versions") and not cuts:
            cuts.append(cut(pg_url))
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", before)
    try:
        assert store.save(changed(budget=2e7).named("n"), author="a", id=id).version.number == 2
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", before)
    assert cuts and [v.number for v in store.history(id)] == [2, 1]
    store.close()


@needs_pg
def test_a_name_taken_between_the_question_and_the_insert_is_a_duplicate(pg_url):
    store, other, taken = ScenarioStore(pg_url), ScenarioStore(pg_url), []
    put(store, "the plan is there already: a plan just being stored would be waited for")

    def before(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO scenarios") and not taken:
            taken.append(True)
            put(other, "n")
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", before)
    try:
        with pytest.raises(DuplicateName):
            put(store, "N")
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", before)
    assert taken and len(names(store)) == 2 and "n" in names(store)
    store.close()
    other.close()


@pytest.mark.parametrize("kind", ["new", "version", "rename", "duplicate", "restore"])
def test_a_save_whose_answer_got_lost_is_there_once(url, kind):
    """The transaction is written, then the connection breaks before the program hears of it."""
    store, lost = ScenarioStore(url), []
    id = put(store, "n").entry.id

    def after(connection):
        if not lost:
            lost.append(True)
            connection.connection.dbapi_connection.commit()
            raise sa.exc.OperationalError("COMMIT", None, Exception("connection lost"), connection_invalidated=True)
    sa.event.listen(sa.engine.Engine, "commit", after)
    try:
        saved = {"new": lambda: put(store, "m"), "rename": lambda: store.rename(id, "m", author="a"),
                 "version": lambda: store.save(changed(budget=2e7).named("m"), author="a", id=id, expected=1),
                 "duplicate": lambda: store.duplicate(id, "m", author="a"),
                 "restore": lambda: store.restore(id, 1, author="a")}[kind]()
    finally:
        sa.event.remove(sa.engine.Engine, "commit", after)
    assert store.open(saved.entry.id) == saved  # before the list works out figures that a restored version has none of
    assert lost and sum(len(store.history(e.id)) for e in store.list().entries) == 2
    store.close()


@pytest.mark.parametrize(("url", "code"), [
    ("postgresql+psycopg://planner:geheim@127.0.0.1:1/plans", "store_unreachable"),
    ("postgresql://planner:geheim@127.0.0.1:1/plans?password=geheim", "store_unreachable"),
    ("postgresql://planner:geheim@no-such-host.invalid/plans", "store_unreachable"),
    ("mysql://planner:geheim@127.0.0.1/plans", "store_unreachable"), ("sqlite://", "store_unreachable"),
    ("geheim", "store_unreachable"), ("", "store_unreachable"), ("postgresql://planner:geheim@[/x", "store_unreachable"),
    (None, "store_unreachable"), ("sqlite:////dev/null/x.db", "store_unreachable"),
])
def test_a_store_that_cannot_be_reached_is_said_without_its_password(url, code):
    found = problem(code, ScenarioStore, url)
    assert "geheim" not in str(found) + repr(found.violation)


@needs_pg
def test_what_postgresql_refuses_at_the_door(pg_url):
    assert "sandtable_none" in str(problem("store_missing", ScenarioStore, PG.rpartition("/")[0] + "/sandtable_none"))
    problem("store_unreachable", ScenarioStore, pg_url.replace("postgres@", "sandtable_nobody:geheim@"))


@pytest.mark.parametrize(("state", "code"), [
    ("53100", "store_full"), ("53300", "store_unreachable"), ("57P01", "store_unreachable"), ("08006", "store_unreachable"),
    ("25006", "store_readonly"), ("42501", "store_readonly"), ("XX001", "store_corrupt"), ("40P01", "store_locked"),
    ("42P01", "store_missing"), ("42601", "store_failed"),
])
def test_states_of_postgresql_that_no_test_brings_about(state, code):
    cause = psycopg.errors.lookup(state)("said by planner:geheim")
    found = faults.translated(sa.exc.DBAPIError("", None, cause), sa.make_url("postgresql://planner:geheim@h/db"))
    assert (found.code, found.violation.place) == (code, "h:5432/db")
    assert "geheim" not in str(found)


def test_problems_are_part_of_the_tree():
    assert issubclass(StoreProblem, SandtableError)

"""Backups: one SQLite file, of whichever database; checked before it is taken back, and what was there is kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url

from model.errors import DamagedBackup, StoreProblem
from model.io.store import faults, migrate, proof
from model.io.store.actors import Actor, named
from model.io.store.database import Database, file_of, parsed, text_of
from model.io.store.tables import DEEDS, DRAFTS, METADATA, SCENARIOS, SIGN_OUTS
from model.io.store.writing import Act, insert_new, note

#: a SQLite database is up to three files
_PARTS = ("", "-wal", "-shm")
_TABLES = tuple(METADATA.sorted_tables)
#: a restore leaves the work at hand alone, who did what, and who is signed out: these are added, never taken back
_RESTORED = tuple(table for table in _TABLES if table not in (DRAFTS, DEEDS, SIGN_OUTS))


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def backup(database: Database, path: Path) -> None:
    """Everything in the database, at one moment, into a file; the file is there whole or not at all."""
    path = Path(path).absolute()
    partial = path.with_name(path.name + ".partial")
    _remove(partial)
    try:
        with closing(Database(url_of(partial), migrating=True)) as target:
            database.read(lambda source: target.write(lambda to: _copy(source, to, _TABLES)))
        _close_file(partial)
        os.replace(partial, path)
    except (sqlite3.Error, OSError) as error:
        raise _problem(error, path) from None
    finally:
        _remove(partial)


def restore(path: Path, url: str, leave_out_damaged: bool = False, author: Actor | str = "restore") -> Path | None:
    """Put a backup's scenarios in place of those of the database at `url`, which the audit tells. Returns where the latter are
    kept. author: who does it.

    All of the backup is read first, and what is damaged named (DamagedBackup); leave_out_damaged: takes the rest.

    The place of a SQLite file is <file>.before-restore, of another database <backup>.before-restore; None where there
    was no database. Raises StoreProblem before anything is changed where the backup is damaged or newer.
    """
    path, act = Path(path).absolute(), Act(named(author, known=False), "replace")
    check(path)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "backup.db"
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise _problem(error, path) from None
        with closing(_todays(copy, path)) as source:
            _prove(source, path, leave_out_damaged)
            _rehearse(source, Path(folder) / "rehearsal.db", path)
            kept = _set_aside(url, path)
            with closing(Database(url, migrating=True)) as target:  # whoever restores may
                source.read(lambda from_: target.write(lambda to: _replace(from_, to, act, path.name)))
    return kept


def _todays(copy: Path, path: Path) -> Database:
    """An older backup comes to today's schema here; what cannot is damaged."""
    try:
        return Database(url_of(copy), migrating=True)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StoreProblem("store_corrupt", str(path)) from None


def _rehearse(source: Database, empty: Path, path: Path) -> None:
    """Every row of every table into an empty database, before the one that counts is touched."""
    try:
        with closing(Database(url_of(empty), migrating=True)) as target:
            source.read(lambda from_: target.write(lambda to: _copy(from_, to, _TABLES)))
    except (StoreProblem, ValueError, TypeError) as error:
        if isinstance(error, StoreProblem) and error.code == "store_full":
            raise
        raise StoreProblem("store_corrupt", str(path), error.violation.got if isinstance(error, StoreProblem) else "") from None


def _prove(source: Database, path: Path, leave_out_damaged: bool) -> None:
    found = source.read(proof.damages)
    if found and leave_out_damaged:
        source.write(lambda to: proof.mend(to, found))
        found = source.read(proof.damages)
    if found:
        count = source.read(lambda c: c.execute(sa.select(sa.func.count()).select_from(SCENARIOS)).scalar_one())
        raise DamagedBackup(str(path), tuple(map(str, found)), count - len(found))


def check(path: Path) -> None:
    """Raises StoreProblem: store_missing, store_corrupt (also for what is no backup of ours), store_newer."""
    if not path.is_file():
        raise StoreProblem("store_missing", str(path))
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            file.text_factory = text_of
            bad = _damage(file)
            found = bad or file.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise _problem(error, path) from None
    except UnicodeDecodeError:  # of SQLite's own message, with damaged names in it
        raise StoreProblem("store_corrupt", str(path)) from None
    if bad or not found:
        raise StoreProblem("store_corrupt", str(path), bad)
    if found[0] not in migrate.known_revisions():
        raise StoreProblem("store_newer", str(path), str(found[0]))


def _damage(file: sqlite3.Connection) -> str:
    """What SQLite finds wrong, "" for nothing."""
    (said,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    loose = file.execute("PRAGMA foreign_key_check").fetchone()
    return said if said != "ok" else "rows that belong to nothing" if loose else ""


def _set_aside(url: str, path: Path) -> Path | None:
    file = file_of(parsed(url))
    if file is None:
        return _backup_aside(url, _free(path))
    if not file.exists():
        return None
    try:
        check(file)
        return _backup_aside(url, _free(file))
    except StoreProblem as problem:
        if problem.code not in ("store_corrupt", "store_missing"):
            raise
        return _move_aside(file, _free(file))


def _backup_aside(url: str, aside: Path) -> Path:
    with closing(Database(url)) as database:
        backup(database, aside)
    return aside


def _move_aside(file: Path, aside: Path) -> Path:
    for part in _PARTS:
        if (found := Path(f"{file}{part}")).exists():
            os.replace(found, f"{aside}{part}")
    return aside


def _free(path: Path) -> Path:
    """A name beside the path that nothing has yet: an earlier before-restore is kept too."""
    number, found = 1, Path(f"{path}.before-restore")
    while found.exists():
        number += 1
        found = Path(f"{path}.before-restore-{number}")
    return found


def _copy(source: Connection, target: Connection, tables: Iterable[sa.Table]) -> None:
    for table in tables:
        rows = source.execution_options(yield_per=500).execute(sa.select(table))
        for part in rows.partitions():
            insert_new(target, table, [dict(row._mapping) for row in part])


def _replace(source: Connection, target: Connection, act: Act, file: str) -> None:
    """In one transaction: who reads meanwhile sees all of the old or all of the new."""
    for table in reversed(_RESTORED):
        target.execute(sa.delete(table))
    _copy(source, target, _TABLES)
    note(target, act, "", file)


def _close_file(path: Path) -> None:
    """Out of WAL mode, so that the backup is one file that opens from anywhere."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")


def _remove(path: Path) -> None:
    for part in _PARTS:
        Path(f"{path}{part}").unlink(missing_ok=True)


def _problem(error: sqlite3.Error | OSError, path: Path) -> StoreProblem:
    if isinstance(error, OSError):
        return faults.of_system(error, str(path))
    url = make_url("sqlite://").set(database=str(path))
    found = faults.translated(sa.exc.DBAPIError("", None, error), url)
    # a file without our tables is no backup
    return StoreProblem("store_corrupt", str(path), found.violation.got) if found.code == "store_missing" else found

"""Brings a database to today's schema with Alembic; any number of programs may start on it at the same time."""

from __future__ import annotations

import sqlite3
import time
from functools import cache
from pathlib import Path
from threading import Lock

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from model.errors import StoreProblem

FOLDER = Path(__file__).parents[1] / "migrations"
#: any number, as long as it stays: programs that migrate PostgreSQL wait for each other on it
_ADVISORY_LOCK = 7_340_215_377
#: seconds for which a SQLite file is asked to change into WAL mode
WAL_PATIENCE = 2.0
#: Alembic keeps the running migration in module variables
_one_thread = Lock()


def to_newest(engine: Engine, place: str, allowed: bool = True) -> None:
    """Raises StoreProblem store_newer for a database that a newer program has written, store_older for one that would have to be
    migrated where that is not allowed; nothing is changed then."""
    with engine.connect() as connection:
        done = _is_newest(connection, place)
        if not (done or allowed):
            raise StoreProblem("store_older", place, revision_of(connection) or "-")
    if engine.dialect.name == "sqlite":
        _into_wal(engine)
    if not done:
        with _one_thread, engine.connect().execution_options(sandtable_begin="BEGIN IMMEDIATE") as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
            if not _is_newest(connection, place):  # another program may have done it meanwhile
                command.upgrade(_config(connection), "head")


def revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str:
    """Today's schema."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def known_revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _is_newest(connection: Connection, place: str) -> bool:
    found = revision_of(connection)
    if found is not None and found not in known_revisions():
        raise StoreProblem("store_newer", place, found)
    return found == newest()


def _into_wal(engine: Engine) -> None:
    """The switch needs the file alone, and is tried for a moment. Where somebody reads a file that was copied in, the store
    works without it, only less well side by side, and the next start switches. No try waits: each would for 15 seconds.
    """
    end = time.monotonic() + WAL_PATIENCE
    while not _switched(engine) and time.monotonic() < end:
        time.sleep(0.05)


def _switched(engine: Engine) -> bool:
    with engine.connect().execution_options(sandtable_begin="") as connection:
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            return connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar() == "wal"
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")

"""`Database`: one SQLite file or PostgreSQL database, opened, brought to today's schema, worked on in transactions."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from model.errors import StoreProblem
from model.io.store import faults, migrate

T = TypeVar("T")
#: how long to wait for another writer, in seconds, unless the URL says otherwise (SQLite ?timeout=, PostgreSQL ?options=)
PATIENCE = 15
_POOL = {"pool_size": 10, "max_overflow": 30, "pool_timeout": PATIENCE}


def default_url() -> str:
    """The store without further words: SANDTABLE_DB, else a SQLite file in the repository's data folder."""
    file = Path(__file__).resolve().parents[3] / "data" / "sandtable.db"
    return os.environ.get("SANDTABLE_DB") or f"sqlite:///{file}"


def parsed(url: str) -> URL:
    """The URL with the driver that is used. Raises StoreProblem, without showing what may be a password."""
    try:
        made = make_url(url)
        backend = made.get_backend_name()
    except (SQLAlchemyError, ValueError, TypeError, AttributeError):
        raise StoreProblem("store_unreachable", "URL", "not an address of a database") from None
    if backend == "sqlite" and made.database and made.database != ":memory:":
        return made.set(drivername="sqlite", database=os.path.abspath(made.database))
    if backend in ("postgresql", "postgres"):
        return made.set(drivername="postgresql+psycopg")
    raise StoreProblem("store_unreachable", "URL", "neither sqlite:///file nor postgresql://")


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None of another one."""
    return Path(url.database) if url.drivername == "sqlite" and url.database else None


def may_migrate() -> bool:
    """Whether a program brings the tables to today's schema by itself; SANDTABLE_MIGRATE=no where an account of its own does."""
    return os.environ.get("SANDTABLE_MIGRATE", "").lower() not in ("no", "never", "0", "false")


class Database:
    """Transactions on one database. Every error of the driver comes out as StoreProblem. migrating: None: as `may_migrate`."""

    def __init__(self, url: str, migrating: bool | None = None):
        self.url = parsed(url)
        self.is_sqlite = self.url.drivername == "sqlite"
        self.file = file_of(self.url)
        self._migrating = may_migrate() if migrating is None else migrating
        if self.file:
            _make_folder(self.file.parent)
        self._engine = _engine(self.url)
        self._identity: tuple[int, int] | None = None
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns on one snapshot of the data."""
        return self._transaction(work, {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"})

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, written whole or not at all. `work` may run twice and must allow for that."""
        return self._transaction(work, {"sandtable_begin": "BEGIN IMMEDIATE"})

    def close(self) -> None:
        self._engine.dispose()

    def _prepare(self) -> None:
        try:
            migrate.to_newest(self._engine, faults.place_of(self.url), self._migrating)
        except SQLAlchemyError as error:
            raise faults.translated(error, self.url) from None
        self._identity = _identity(self.file)

    def _transaction(self, work: Callable[[Connection], T], options: dict) -> T:
        for again in (True, False):
            self._check_file()
            try:
                with self._engine.connect().execution_options(**options) as connection, connection.begin():
                    return work(connection)
            except SQLAlchemyError as error:
                if not (again and faults.worth_again(error)):
                    raise faults.translated(error, self.url) from None
        raise AssertionError("unreachable")

    def _check_file(self) -> None:
        """A file removed or replaced under open connections would take every further save into nowhere."""
        found = _identity(self.file)
        if found == self._identity:
            return
        self._engine.dispose()
        if found is None:
            raise StoreProblem("store_missing", faults.place_of(self.url))
        self._prepare()


def _identity(file: Path | None) -> tuple[int, int] | None:
    try:
        status = os.stat(file) if file else None
    except OSError:
        return None
    return status and (status.st_dev, status.st_ino)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise faults.of_system(error, str(folder)) from None


def _engine(url: URL) -> Engine:
    # parameters stay out of every message: they are other people's plans
    if url.drivername == "sqlite":
        patience = {} if "timeout" in url.query else {"timeout": PATIENCE}
        engine = sa.create_engine(url, hide_parameters=True, connect_args=patience, **_POOL)
        sa.event.listen(engine, "connect", _on_sqlite_connect)
        sa.event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    options = f"-c lock_timeout={PATIENCE}s {url.query.get('options', '')}".strip()
    reach = {"connect_timeout": "5", "tcp_user_timeout": "15000", "application_name": "sandtable"}
    url = url.set(query={**reach, **url.query, "options": options})
    return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, **_POOL)


def _on_sqlite_connect(connection, record) -> None:
    # the driver's own way of opening transactions is put aside; see _on_sqlite_begin
    connection.isolation_level = None
    # a bit that changed on the disk may leave bytes that are no text: they are shown as such, and take no other row with them
    connection.text_factory = text_of
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: a save that was confirmed is on the disk, whether the program is killed or the power fails
    connection.execute("PRAGMA synchronous = FULL")


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _on_sqlite_begin(connection: Connection) -> None:
    """Who will write says so at the start, and waits for the other writers there and not in the middle."""
    if statement := connection.get_execution_options().get("sandtable_begin", "BEGIN"):
        connection.exec_driver_sql(statement)

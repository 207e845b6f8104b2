"""What drivers report, in the words of `StoreProblem`: by error code where there is one, never with a password."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from model.errors import StoreProblem, shown

#: extended SQLite codes that say more than their primary code. A write that fails for another reason than ENOSPC is
#: a quota or a size limit in practice
_SQLITE_EXTENDED = {sqlite3.SQLITE_IOERR_WRITE: "store_full", sqlite3.SQLITE_IOERR_SHORT_READ: "store_corrupt"}
_SQLITE = {sqlite3.SQLITE_BUSY: "store_locked", sqlite3.SQLITE_LOCKED: "store_locked", sqlite3.SQLITE_FULL: "store_full",
           sqlite3.SQLITE_READONLY: "store_readonly", sqlite3.SQLITE_PERM: "store_readonly",
           sqlite3.SQLITE_CORRUPT: "store_corrupt", sqlite3.SQLITE_NOTADB: "store_corrupt"}
#: SQLSTATE, or its class of two letters
_POSTGRES = {"55P03": "store_locked", "40001": "store_locked", "40P01": "store_locked", "53100": "store_full",
             "25006": "store_readonly", "42501": "store_readonly", "XX001": "store_corrupt", "XX002": "store_corrupt",
             "3D000": "store_missing", "42P01": "store_missing", "08": "store_unreachable", "28": "store_unreachable",
             "57": "store_unreachable", "53": "store_unreachable"}
#: of the operating system, where folders and files are made
_SYSTEM = {errno.ENOSPC: "store_full", errno.EDQUOT: "store_full", errno.EACCES: "store_readonly",
           errno.EPERM: "store_readonly", errno.EROFS: "store_readonly", errno.ENOENT: "store_missing"}
#: serialization failure, deadlock
_AGAIN = ("40001", "40P01")


def place_of(url: URL) -> str:
    """Where a store is, safe to show: a file, or host, port and database."""
    if url.get_backend_name() == "sqlite":
        return url.database or "sqlite"
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def worth_again(error: SQLAlchemyError) -> bool:
    """The connection was cut, or another transaction came first: the same transaction once more may pass."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or isinstance(error, IntegrityError) or _state(error.orig) in _AGAIN


def translated(error: SQLAlchemyError, url: URL) -> StoreProblem:
    """The StoreProblem of anything that SQLAlchemy raises."""
    if isinstance(error, PoolTimeout):
        return StoreProblem("store_locked", place_of(url), "too many at once")
    cause = getattr(error, "orig", None) or error
    code = _of_sqlite(cause, url) if isinstance(cause, sqlite3.Error) else _of_postgres(cause, error)
    return StoreProblem(code, place_of(url), said(cause, url))


def of_system(error: OSError, place: str) -> StoreProblem:
    """The StoreProblem of a file or folder that cannot be made."""
    return StoreProblem(_SYSTEM.get(error.errno or 0, "store_unreachable"), place, os.strerror(error.errno or 0))


def said(cause: BaseException, url: URL) -> str:
    """The first line of an error's text, without secrets."""
    text = next(iter(str(cause).splitlines()), "")
    secrets = [url.password, *(value for key, value in url.query.items() if "password" in key)]
    for secret in secrets:
        text = text.replace(str(secret), "***") if secret else text
    return shown(text, 160)


def _of_sqlite(cause: sqlite3.Error, url: URL) -> str:
    code = getattr(cause, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_CANTOPEN:
        return "store_readonly" if _forbidden(Path(url.database or "")) else "store_unreachable"
    # SQLite has one code for every error in a statement: a table that is not there is only said in words
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(cause):
        return "store_missing"
    return _SQLITE_EXTENDED.get(code) or _SQLITE.get(code & 0xFF, "store_failed")


def _forbidden(path: Path) -> bool:
    found = path if path.exists() else path.parent
    return not os.access(found, os.R_OK | os.W_OK, effective_ids=True) or not os.access(path.parent, os.W_OK, effective_ids=True)


def _state(cause: BaseException | None) -> str:
    return getattr(cause, "sqlstate", None) or ""


def _of_postgres(cause: BaseException, error: SQLAlchemyError) -> str:
    state = _state(cause)
    if found := _POSTGRES.get(state) or _POSTGRES.get(state[:2]):
        return found
    # libpq reports a refused start of a connection in words only
    if not state and "database" in str(cause) and "does not exist" in str(cause):
        return "store_missing"
    cut = isinstance(error, DBAPIError) and (error.connection_invalidated or type(cause).__name__ == "OperationalError")
    return "store_unreachable" if cut else "store_failed"

"""Stores for tests, on SQLite and on PostgreSQL; without a server the second half is skipped and says so.

A store is made once, with all its migrations, and handed out empty to each test: copied, or emptied after use. Tests of
the making itself take `new_url`, where nothing is yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.io.store import ScenarioStore
from stores import drop_database, empty_tables, needs_pg, new_database

each_kind = pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_pg)])


@pytest.fixture(scope="session")
def made_file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("made") / "store.db"
    ScenarioStore(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def made_pg() -> Iterator[str]:
    url = new_database()
    ScenarioStore(url).close()
    yield url
    drop_database(url)


@pytest.fixture
def sqlite_url(made_file, tmp_path) -> str:
    return f"sqlite:///{shutil.copy(made_file, tmp_path / 'store.db')}"


@pytest.fixture
def pg_url(made_pg) -> Iterator[str]:
    """For tests marked `needs_pg`."""
    yield made_pg
    empty_tables(made_pg)


@each_kind
def url(request) -> str:
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url")


@each_kind
def new_url(request, tmp_path) -> Iterator[str]:
    """Of a database in which nothing is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    url = new_database()
    yield url
    drop_database(url)


@pytest.fixture
def store(url) -> Iterator[ScenarioStore]:
    store = ScenarioStore(url)
    yield store
    store.close()

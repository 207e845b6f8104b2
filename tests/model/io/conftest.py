"""Stores for tests, on SQLite and on PostgreSQL; without a server the second half is skipped and says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from model.io.store import ScenarioStore
from stores import drop_database, needs_pg, new_database


@pytest.fixture
def sqlite_url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def pg_url() -> Iterator[str]:
    """For tests marked `needs_pg`."""
    url = new_database()
    yield url
    drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_pg)])
def url(request) -> str:
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url")


@pytest.fixture
def store(url) -> Iterator[ScenarioStore]:
    store = ScenarioStore(url)
    yield store
    store.close()

"""Where tests find databases: files, and the PostgreSQL server at SANDTABLE_TEST_PG (postgresql://user@host:port/database)."""

from __future__ import annotations

import os
import uuid

import psycopg
import pytest

from model.io.store.tables import METADATA

PG = os.environ.get("SANDTABLE_TEST_PG", "")
needs_pg = pytest.mark.skipif(not PG, reason="SANDTABLE_TEST_PG names no PostgreSQL server")


def new_database() -> str:
    """The URL of an empty database on the test server."""
    name = f"sandtable_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(PG, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"{PG.rpartition('/')[0]}/{name}"


def drop_database(url: str) -> None:
    with psycopg.connect(PG, autocommit=True) as server:
        server.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def empty_tables(url: str) -> None:
    """Takes every row out of a PostgreSQL store: a hundredth of what a new database costs."""
    with psycopg.connect(url, autocommit=True) as store:
        store.execute("SET session_replication_role = replica")  # the trigger that keeps the audit lets nobody else
        for table in reversed(METADATA.sorted_tables):
            store.execute(f"DELETE FROM {table.name}")

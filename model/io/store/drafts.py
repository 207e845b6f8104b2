"""Unsaved work, kept under a token of the session so that a reload or a restart of the server goes on where it was."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from model.errors import InvalidInput, Violation, shown
from model.io.store import limits, writing
from model.io.store.records import now
from model.io.store.tables import DRAFTS

KEPT = 2000
KEPT_FOR = timedelta(days=60)


def check(token: str, payload: bytes) -> None:
    """Raises InvalidInput."""
    if not limits.is_token(token):
        raise InvalidInput([Violation("bad_key", "token", shown(token))])
    if len(payload) > limits.MAX_DRAFT_BYTES:
        size = f"{len(payload) / 1024:.0f} KiB"
        raise InvalidInput([Violation("file_too_large", "draft", size, f"≤ {limits.MAX_DRAFT_BYTES // 1024} KiB")])


def put(connection: Connection, token: str, payload: bytes) -> None:
    """Keep the payload under the token; the oldest beyond the bounds go."""
    values = {"payload": bytes(payload), "updated": now()}
    if not connection.execute(sa.update(DRAFTS).where(DRAFTS.c.token == token).values(**values)).rowcount:
        writing.insert_new(connection, DRAFTS, [{"token": token, **values}])
    beyond = sa.select(DRAFTS.c.token).order_by(DRAFTS.c.updated.desc(), DRAFTS.c.token).offset(KEPT)
    too_old = DRAFTS.c.updated < values["updated"] - KEPT_FOR
    connection.execute(sa.delete(DRAFTS).where(too_old | DRAFTS.c.token.in_(beyond)))


def get(connection: Connection, token: str) -> bytes | None:
    if not limits.is_token(token):
        return None
    payload = connection.execute(sa.select(DRAFTS.c.payload).where(DRAFTS.c.token == token)).scalar()
    return None if payload is None else bytes(payload)

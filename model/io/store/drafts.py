"""Unsaved work, kept under a token of the session so that a reload or a restart of the server goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from model.errors import DraftMoved, InvalidInput, Violation, shown
from model.io.store import limits, writing
from model.io.store.records import Draft, now
from model.io.store.tables import DRAFTS

#: how many in all (of nobody's, where owners are known people), and of one owner
KEPT, KEPT_EACH = 2000, 100
#: days on which drafts were written, counted one by one: a clock that jumps ahead is one more day, not a year
KEPT_DAYS, _DAYS_ALLOWED = 60, range(1, 3651)
_DAY = 86_400_000_000
_TICK = timedelta(microseconds=1)


def check(token: str, payload: bytes, owner: str = "", version: str = "") -> None:
    """Raises InvalidInput."""
    if not limits.is_token(token) or max(len(owner), len(version)) > 64:
        raise InvalidInput([Violation("bad_key", "token", shown(token))])
    if len(payload) > limits.MAX_DRAFT_BYTES:
        size = f"{len(payload) / 1024:.0f} KiB"
        raise InvalidInput([Violation("file_too_large", "draft", size, f"≤ {limits.MAX_DRAFT_BYTES // 1024} KiB")])


def put(connection: Connection, token: str, payload: bytes, owner: str = "", known_people: bool = False, version: str = "",
        past: Collection[str] = ("",)) -> None:
    """Keep the payload under the token as this version; the oldest beyond the bounds go, never the one that is written.

    past: what this work goes on from and may be written over: versions, and what those of a whole session begin with, ending in
    a point. So a write whose answer got lost does not stand in the way of the next one. Raises DraftMoved where something else
    stands there, InvalidInput where the token is another owner's. known_people: owners are signed in, so there are only so many
    of them, and nobody's work pushes out another's; browsers are as many as come.
    """
    values = {"payload": bytes(payload), "updated": _time(connection), "owner": owner, "version": version}
    may = DRAFTS.c.token == token, DRAFTS.c.owner.in_(("", owner)), _is_of(past)
    if not connection.execute(sa.update(DRAFTS).where(*may).values(**values)).rowcount:
        writing.insert_new(connection, DRAFTS, [{"token": token, **values}])
        _check_is_written(connection, token, owner, version)
    beyond = _beyond(KEPT, DRAFTS.c.owner == "" if known_people else sa.true())
    if owner:
        beyond |= _beyond(KEPT_EACH, DRAFTS.c.owner == owner)
    connection.execute(sa.delete(DRAFTS).where(beyond | _too_old(connection), DRAFTS.c.token != token))


def _is_of(past: Collection[str]) -> sa.ColumnElement[bool]:
    sessions = [DRAFTS.c.version.startswith(p, autoescape=True) for p in past if p.endswith(".")]
    return sa.or_(DRAFTS.c.version.in_(past), *sessions)


def _check_is_written(connection: Connection, token: str, owner: str, version: str) -> None:
    found = get(connection, token)
    if found is None or found.owner not in ("", owner):
        raise InvalidInput([Violation("draft_gone", "token", shown(token))])
    if found.version != version:
        raise DraftMoved(f"draft {shown(token)} is of another tab or server by now")


def _beyond(kept: int, of: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Not among the newest of these."""
    newest = sa.select(DRAFTS.c.token).where(of).order_by(DRAFTS.c.updated.desc(), DRAFTS.c.token)
    return DRAFTS.c.token.in_(newest.offset(kept))


def _time(connection: Connection) -> datetime:
    """Now, and in any case after every other draft: a clock that is set back must not make the newest the oldest."""
    last = connection.execute(sa.select(sa.func.max(DRAFTS.c.updated))).scalar()
    return now() if last is None else max(now(), last + _TICK)


def _too_old(connection: Connection) -> sa.ColumnElement:
    """Written before the last days on which anything was written."""
    day = sa.type_coerce(DRAFTS.c.updated, sa.BigInteger) // _DAY
    kept = kept_days()
    days = connection.execute(sa.select(day).distinct().order_by(day.desc()).limit(kept)).scalars().all()
    return day < days[-1] if len(days) == kept else sa.false()


def kept_days() -> int:
    """What SANDTABLE_DRAFT_DAYS says, 60 where it says nothing that can be."""
    said = os.environ.get("SANDTABLE_DRAFT_DAYS", "")
    return int(said) if said.isdecimal() and int(said) in _DAYS_ALLOWED else KEPT_DAYS


def get(connection: Connection, token: str) -> Draft | None:
    if not limits.is_token(token):
        return None
    query = sa.select(DRAFTS.c.payload, DRAFTS.c.owner, DRAFTS.c.version).where(DRAFTS.c.token == token)
    row = connection.execute(query).first()
    return row and Draft(bytes(row.payload), row.owner, row.version)


def last_of(connection: Connection, owner: str) -> str | None:
    """The token of what an owner worked on last."""
    query = sa.select(DRAFTS.c.token).where(DRAFTS.c.owner == owner).order_by(DRAFTS.c.updated.desc())
    return connection.execute(query.limit(1)).scalar() if owner else None

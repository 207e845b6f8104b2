"""Sign-outs that every tab and every server must know of: of one sign-in, or of all of a person's until then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from model.io.store import writing
from model.io.store.database import Database
from model.io.store.records import now
from model.io.store.tables import SIGN_OUTS

#: for longer than Streamlit's cookie lives (30 days) nobody can come with a sign-in of before
KEPT = timedelta(days=40)


class SignOuts:
    """`ScenarioStore.sign_outs`. whose: the digest of a person, or of one sign-in. Every method may raise StoreProblem."""

    def __init__(self, database: Database):
        self._database = database

    def end(self, whose: str) -> None:
        """From this moment on."""
        self._database.write(lambda c: _end(c, whose, now()))

    def since(self, whose: Iterable[str]) -> dict[str, datetime]:
        """When these last signed out; who never did is not in it."""
        query = sa.select(SIGN_OUTS).where(SIGN_OUTS.c.whose.in_(list(whose)))
        return self._database.read(lambda c: {row.whose: row.since for row in c.execute(query)})


def _end(connection: Connection, whose: str, time: datetime) -> None:
    if not connection.execute(sa.update(SIGN_OUTS).where(SIGN_OUTS.c.whose == whose).values(since=time)).rowcount:
        writing.insert_new(connection, SIGN_OUTS, [{"whose": whose, "since": time}])
    connection.execute(sa.delete(SIGN_OUTS).where(SIGN_OUTS.c.since < time - KEPT))

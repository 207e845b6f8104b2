"""Sign-outs that every tab and every server must know of: of one sign-in, or of all of a person's until then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from model.io.store import writing
from model.io.store.actors import Actor, named
from model.io.store.database import Database
from model.io.store.records import now
from model.io.store.tables import SIGN_OUTS
from model.io.store.writing import Act

#: for longer than Streamlit's cookie lives (30 days) nobody can come with a sign-in of before
KEPT = timedelta(days=40)


class SignOuts:
    """`ScenarioStore.sign_outs`. whose: the digest of a person, or of one sign-in. Every method may raise StoreProblem."""

    def __init__(self, database: Database, known_people: bool):
        self._database, self._known_people = database, known_people

    def end(self, whose: str) -> None:
        """From this moment on: one's own."""
        self._database.write(lambda c: _end(c, whose, now()))

    def end_of(self, whose: str, name: str, *, author: Actor | str) -> None:
        """Somebody else's, which is a line of the audit. name: as the provider calls this person. Raises NotAllowed."""
        act = Act(named(author, self._known_people), "sign_out")
        self._database.write(lambda c: _end_of(c, whose, name, act))

    def since(self, whose: Iterable[str]) -> dict[str, datetime]:
        """When these last signed out; who never did is not in it."""
        query = sa.select(SIGN_OUTS).where(SIGN_OUTS.c.whose.in_(list(whose)))
        return self._database.read(lambda c: {row.whose: row.since for row in c.execute(query)})


def _end(connection: Connection, whose: str, time: datetime) -> None:
    """Never back to an earlier time, which another server's clock may say: what was over would go on again."""
    later = SIGN_OUTS.c.whose == whose, SIGN_OUTS.c.since < time
    if not connection.execute(sa.update(SIGN_OUTS).where(*later).values(since=time)).rowcount:
        writing.insert_new(connection, SIGN_OUTS, [{"whose": whose, "since": time}])
    connection.execute(sa.delete(SIGN_OUTS).where(SIGN_OUTS.c.since < time - KEPT))


def _end_of(connection: Connection, whose: str, name: str, act: Act) -> None:
    _end(connection, whose, act.time)
    writing.note(connection, act, "", name)

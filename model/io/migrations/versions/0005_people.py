"""The audit: what came of each deed and from where; no row of it is changed or deleted any more, the database sees to that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
_SQLITE = "CREATE TRIGGER deeds_stay_{0} BEFORE {0} ON deeds BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
_POSTGRES = (
    "CREATE FUNCTION deeds_stay() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$",
    "CREATE TRIGGER deeds_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON deeds EXECUTE FUNCTION deeds_stay()")


def upgrade() -> None:
    op.add_column("deeds", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("deeds", sa.Column("account", sa.Text, nullable=False, server_default=""))
    op.add_column("deeds", sa.Column("address", sa.Text, nullable=False, server_default=""))
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in [_SQLITE.format(what) for what in ("update", "delete")] if sqlite else _POSTGRES:
        op.execute(statement)

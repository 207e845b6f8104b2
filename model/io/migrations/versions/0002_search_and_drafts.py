"""Text to search in beside each scenario, filled for those that are there; drafts; indexes for the list by time and by name."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("scenarios", sa.Column("searched", sa.Text, nullable=False, server_default=""))
    op.create_index("scenarios_by_time", "scenarios", ["archived", "updated"])
    op.create_index("scenarios_by_name", "scenarios", ["archived", "name_key"])
    op.create_table(
        "drafts",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False))
    op.create_index("drafts_by_time", "drafts", ["updated"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Written out here on purpose: a migration keeps doing what it did, whatever the program does later."""
    tags: dict[str, list[str]] = {}
    for scenario, tag in connection.execute(sa.text("SELECT scenario, tag FROM tags ORDER BY scenario, tag")):
        tags.setdefault(scenario, []).append(tag)
    rows = connection.execute(sa.text("SELECT id, name, note, author, editor FROM scenarios")).all()
    texts = [{"id": id, "text": "\n".join([*words, *tags.get(id, ())])} for id, *words in rows]
    for row in texts:
        row["text"] = unicodedata.normalize("NFKC", row["text"]).casefold()
    if texts:
        connection.execute(sa.text("UPDATE scenarios SET searched = :text WHERE id = :id"), texts)

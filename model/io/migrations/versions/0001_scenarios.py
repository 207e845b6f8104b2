"""The first shape of the store: plans, scenarios, their versions and tags. There is no way down: restore a backup."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("sha", sa.String(64), primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False))
    _scenarios()
    _versions()
    op.create_table(
        "tags",
        sa.Column("scenario", sa.String(32), sa.ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag", sa.Text, primary_key=True))
    op.create_index("tags_by_tag", "tags", ["tag"])


def _scenarios() -> None:
    code_points = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", code_points, nullable=False, unique=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("editor", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("summary", sa.Text, nullable=False))


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("uid", sa.String(32), primary_key=True),
        sa.Column("scenario", sa.String(32), sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("plan", sa.String(64), sa.ForeignKey("plans.sha"), nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.UniqueConstraint("scenario", "number"))

"""Remarks on versions, and replies to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("uid", sa.String(32), primary_key=True),
        sa.Column("scenario", sa.String(32), sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("parent", sa.String(32), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False))
    op.create_index("remarks_by_scenario", "remarks", ["scenario", "created"])

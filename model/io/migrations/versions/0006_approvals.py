"""Where each scenario stands on its way to being the approved budget; at most one of a plan and year is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("scenario", sa.String(32), sa.ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("submitter", sa.Text, nullable=False),
        sa.Column("submitter_key", sa.String(64), nullable=False),
        sa.Column("submitted", sa.BigInteger, nullable=False),
        sa.Column("decider", sa.Text, nullable=False),
        sa.Column("decided", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, nullable=False))
    approved = sa.text("state = 'approved'")
    op.create_index("one_approved_budget", "approvals", ["plan", "year"], unique=True, sqlite_where=approved,
                    postgresql_where=approved)
    op.create_index("approvals_by_state", "approvals", ["state", "submitted"])

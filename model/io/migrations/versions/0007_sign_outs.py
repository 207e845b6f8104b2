"""Who has signed out everywhere, and which sign-ins are over: other tabs and other servers read it here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "sign_outs",
        sa.Column("whose", sa.String(64), primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False))

"""Each write of a draft has a version, so that nobody writes over work that they have not read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("version", sa.String(64), nullable=False, server_default=""))

"""What Alembic runs for every migration: on the connection that `model.io.store.migrate` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from model.io.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()

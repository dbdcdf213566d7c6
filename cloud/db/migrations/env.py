"""Alembic's door: the connection comes from `cloud.db.migrate`."""

from __future__ import annotations

from typing import Any

from alembic import context

from cloud.db.tables import metadata

connection: Any = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

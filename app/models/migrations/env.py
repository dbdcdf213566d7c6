"""Alembic's way in: runs the steps on the connection that `app.models.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from app.models.tables import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()

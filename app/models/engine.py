"""SQLAlchemy's way to the same database, for windows, reports and migrations; the agent never loads it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from app.models.database import connect, connect_read_only


def read_engine(path: Path) -> Engine:
    """An engine that cannot write. Its connections raise `StorageError` when they cannot be opened."""
    return create_engine("sqlite://", creator=lambda: connect_read_only(path))


def write_engine(path: Path) -> Engine:
    """An engine whose transactions take the write lock at their start, DDL included."""
    engine = create_engine("sqlite://", creator=lambda: connect(path))

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine

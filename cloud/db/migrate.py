"""Bringing a database to this version's schema, once, however many replicas start at the same time."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from cloud.db.database import DatabaseAway
from cloud.db.postgres import dial
from cloud.settings import Settings

# Any number will do that no other program of this database takes as its advisory lock.
_ADVISORY_LOCK = 0x44455650


class SchemaUnfit(Exception):
    """The database has another version's schema; the words say whose move it is."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def newest() -> str:
    """The revision this version of the service works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


async def current(settings: Settings) -> str | None:
    """The revision the database is at; None when it is empty. Raises DatabaseAway."""
    if not settings.postgresql and not settings.database_file.exists():
        return None
    async with _connected(settings) as connection:
        return await connection.run_sync(_revision)


async def migrate(settings: Settings) -> tuple[str | None, str]:
    """Bring the schema to `newest()`; the revisions before and after. Raises DatabaseAway, SchemaUnfit."""
    with _alone(settings):
        async with _connected(settings) as connection:
            return await connection.run_sync(_upgrade)


async def ensure(settings: Settings) -> None:
    """Migrate where the settings say so, otherwise only look. Raises DatabaseAway, SchemaUnfit."""
    if settings.migrate == "on-start":
        await migrate(settings)
        return
    at = await current(settings)
    _refuse_newer(at)
    if at != newest():
        raise SchemaUnfit("The database is not at this version's schema. Run: devpulse-cloud migrate")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(at: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if at is not None and at not in known:
        raise SchemaUnfit(
            "A newer devpulse-cloud made this database. Nothing was changed: "
            "start that version, or restore a backup."
        )


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
        connection.commit()
    before = _revision(connection)
    connection.rollback()
    _refuse_newer(before)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
    return before, newest()


@contextmanager
def _alone(settings: Settings) -> Generator[None]:
    """One migration of a file at a time; PostgreSQL has its advisory lock instead."""
    if settings.postgresql:
        yield
        return
    path = settings.database_file
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_suffix(".migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        path.touch(mode=0o600)
        yield


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncGenerator[Any]:
    engine = _engine(settings)
    try:
        async with engine.connect() as connection:
            yield connection
    except (OSError, DBAPIError) as error:
        raise DatabaseAway from error
    finally:
        await engine.dispose()


def _engine(settings: Settings) -> AsyncEngine:
    if settings.postgresql:
        # By the same reading of the URL as the service's own connections: `?sslmode=` and all.
        return create_async_engine(
            "postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: dial(settings.database_url)
        )
    engine = create_async_engine(f"sqlite+aiosqlite:///{settings.database_file}", poolclass=NullPool)

    # pysqlite would commit before each CREATE TABLE; so a migration is whole or not at all.
    @event.listens_for(engine.sync_engine, "connect")
    def plain(raw: Any, _: object) -> None:
        raw.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    _ = plain, begin
    return engine

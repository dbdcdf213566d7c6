"""One history for both databases, run once however many start at the same time."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cloud.db import open_database
from cloud.db.migrate import SchemaUnfit, _connected, current, ensure, migrate, newest
from cloud.db.tables import metadata
from cloud.settings import Settings


async def test_an_empty_database_becomes_exactly_the_tables(settings: Settings) -> None:
    assert await current(settings) is None
    assert await migrate(settings) == (None, newest())
    assert await migrate(settings) == (newest(), newest())

    def differences(connection: Any) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with _connected(settings) as connection:
        assert await connection.run_sync(differences) == []


async def test_a_newer_schema_is_left_alone(settings: Settings) -> None:
    await migrate(settings)
    database = await open_database(settings)
    async with database.transaction() as connection:
        await connection.execute("UPDATE alembic_version SET version_num = 'zzzz'")
    await database.close()
    for attempt in (migrate(settings), ensure(settings), ensure(replace(settings, migrate="by-hand"))):
        with pytest.raises(SchemaUnfit, match="newer"):
            await attempt


async def test_by_hand_means_by_hand(settings: Settings) -> None:
    with pytest.raises(SchemaUnfit, match="devpulse-cloud migrate"):
        await ensure(replace(settings, migrate="by-hand"))
    await migrate(settings)
    await ensure(replace(settings, migrate="by-hand"))


async def test_processes_that_migrate_at_once_all_succeed(bare_stack: Any) -> None:
    async def one() -> int:
        words = [sys.executable, "-m", "cloud", "migrate"]
        process = await asyncio.create_subprocess_exec(*words, env=bare_stack.environ)
        return await process.wait()

    assert await asyncio.gather(*(one() for _ in range(3))) == [0, 0, 0]


async def test_a_url_is_read_as_the_service_reads_it(settings: Settings) -> None:
    if not settings.postgresql:
        return
    url = settings.database_url.replace("postgresql://", "postgresql+asyncpg://")
    with_options = replace(settings, database_url=f"{url}?sslmode=prefer")
    assert await migrate(with_options) == (None, newest())
    database = await open_database(with_options)
    await database.ping()
    await database.close()

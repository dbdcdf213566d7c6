"""The one interface over SQLite and PostgreSQL behaves the same on both."""

from __future__ import annotations

import asyncio

import pytest

from cloud.db import AlreadyThere, Database, DatabaseAway, open_database
from cloud.settings import Settings

PUT = "INSERT INTO service (name, value) VALUES ($1, $2)"
COUNT = "SELECT count(*) FROM service"


async def test_what_is_put_is_read_again_as_bytes(database: Database) -> None:
    async with database.transaction() as connection:
        assert await connection.execute(PUT, "a", b"\0\xff") == 1
    async with database.reading() as connection:
        row = await connection.row("SELECT name, value FROM service WHERE name = $1", "a")
        assert row is not None
        assert (row["name"], row[1]) == ("a", b"\0\xff")
        assert await connection.row("SELECT 1 FROM service WHERE name = $1", "b") is None
        assert await connection.value("SELECT value FROM service WHERE name = $1", "b") is None


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as connection:
            await connection.execute(PUT, "a", b"1")
            raise RuntimeError
    async with database.reading() as connection:
        assert await connection.value(COUNT) == 0


async def test_a_key_that_is_taken_is_told(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(PUT, "a", b"1")
    with pytest.raises(AlreadyThere):
        async with database.transaction() as connection:
            await connection.execute(PUT, "a", b"2")


async def test_many_writers_lose_no_update(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(PUT, "n", b"0")

    async def one_more() -> None:
        async with database.transaction() as connection:
            sql = "SELECT value FROM service WHERE name = 'n'" + connection.lock
            value = int(await connection.value(sql))
            await connection.execute(
                "UPDATE service SET value = $1 WHERE name = 'n'", str(value + 1).encode()
            )

    await asyncio.gather(*(one_more() for _ in range(50)))
    async with database.reading() as connection:
        assert await connection.value("SELECT value FROM service WHERE name = 'n'") == b"50"
    assert database.active == 0


async def test_rows_stream_in_order(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.many(PUT, [(f"{n:03}", b"") for n in range(200)])
    async with database.transaction() as connection:
        names = [
            row["name"] async for row in connection.stream("SELECT name FROM service ORDER BY name", page=7)
        ]
        assert names == [f"{n:03}" for n in range(200)]
        assert [
            row[0] for row in await connection.rows("SELECT name FROM service ORDER BY name LIMIT 2")
        ] == [
            "000",
            "001",
        ]


async def test_a_cancelled_transaction_is_undone(database: Database) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with database.transaction() as connection:
            await connection.execute(PUT, "a", b"1")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as connection:
        assert await connection.value(COUNT) == 0


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/x.db", "postgresql://x@127.0.0.1:1/x"])
async def test_a_database_that_is_not_there_is_away(url: str) -> None:
    with pytest.raises(DatabaseAway):
        await open_database(Settings(database_url=url))


async def test_who_is_cancelled_at_any_moment_holds_up_nobody(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(PUT, str(number), b"1")
        async with database.snapshot() as connection:
            await connection.value(COUNT)

    for number in range(60):
        task = asyncio.create_task(write(number))
        await asyncio.sleep(number / 20_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(10), database.transaction() as connection:
            await connection.execute(PUT, f"after {number}", b"1")
    assert database.active == 0

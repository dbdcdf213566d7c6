"""The database as a PostgreSQL server, through asyncpg's pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from cloud.db.database import AlreadyThere, Database, DatabaseAway, Row
from cloud.errors import Problem

_CALL_SECONDS = 20
_CONNECT_SECONDS = 5


def plain_url(url: str) -> str:
    """The URL as libpq and asyncpg read it, without the name of a driver."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def dial(url: str) -> Any:
    """One connection outside any pool, for whoever speaks to asyncpg itself."""
    driver: Any = asyncpg
    return await driver.connect(plain_url(url), timeout=_CONNECT_SECONDS)


@contextmanager
def _away() -> Generator[None]:
    """Every way in which the server can be away, as one error."""
    try:
        yield
    except asyncpg.UniqueViolationError:
        raise AlreadyThere from None
    except asyncpg.CharacterNotInRepertoireError:
        # The only sign that JSON can carry and a text of PostgreSQL cannot hold.
        told = (
            "A text of the request holds the character U+0000, which nothing here may have. Nothing was kept."
        )
        raise Problem(400, told, kind="invalid-request") from None
    except (
        OSError,
        TimeoutError,
        asyncpg.PostgresConnectionError,
        asyncpg.CannotConnectNowError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.TooManyConnectionsError,
        asyncpg.QueryCanceledError,
        asyncpg.InvalidPasswordError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        raise DatabaseAway from error


class _Connection:
    lock = " FOR UPDATE"

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    async def row(self, sql: str, *values: Any) -> Row | None:
        return await self._raw.fetchrow(sql, *values)

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        return await self._raw.fetch(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        return await self._raw.fetchval(sql, *values)

    async def execute(self, sql: str, *values: Any) -> int:
        with _away():
            status: str = await self._raw.execute(sql, *values)
        # "INSERT 0 1", "UPDATE 3": the last word counts.
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def many(self, sql: str, each: Iterable[tuple[Any, ...]]) -> None:
        await self._raw.executemany(sql, each)

    async def stream(self, sql: str, *values: Any, page: int = 64) -> AsyncIterator[Row]:
        async for row in self._raw.cursor(sql, *values, prefetch=page):
            yield row


class PostgreSQL(Database):
    """A pool of connections, which mends itself when the server comes back."""

    dialect = "postgresql"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, url: str, most: int) -> PostgreSQL:
        """Connect to the server. Raises DatabaseAway."""
        with _away():
            pool = await asyncpg.create_pool(
                plain_url(url),
                min_size=1,
                max_size=most,
                command_timeout=_CALL_SECONDS,
                timeout=_CONNECT_SECONDS,
                max_inactive_connection_lifetime=120,
                server_settings={"application_name": "devpulse-cloud", "jit": "off"},
            )
        return cls(pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[_Connection]:
        async with self._acquired() as raw, raw.transaction():
            yield _Connection(raw)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[_Connection]:
        async with self._acquired() as raw:
            yield _Connection(raw)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[_Connection]:
        transaction = {"isolation": "repeatable_read", "readonly": True}
        async with self._acquired() as raw, raw.transaction(**transaction):
            yield _Connection(raw)

    @asynccontextmanager
    async def _acquired(self) -> AsyncGenerator[Any]:
        with _away():
            async with self._pool.acquire(timeout=_CONNECT_SECONDS) as raw:
                yield raw

    async def ping(self) -> None:
        async with asyncio.timeout(_CONNECT_SECONDS), self.reading() as connection:
            await connection.value("SELECT 1")

    @property
    def active(self) -> int:
        return self._pool.get_size() - self._pool.get_idle_size()

    async def close(self) -> None:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

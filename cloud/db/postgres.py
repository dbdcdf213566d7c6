"""The database as a PostgreSQL server, through asyncpg's pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from asyncpg.connection import Connection as RawConnection  # pyright: ignore[reportMissingTypeStubs]
from asyncpg.exceptions import CharacterNotInRepertoireError  # pyright: ignore[reportMissingTypeStubs]

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


# Every way in which the server can be away.
_AWAY: tuple[type[Exception], ...] = (
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
)


def _ours(error: BaseException | None) -> Exception | None:
    """The driver's error as one that the service knows; None for any other."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return AlreadyThere()
    if isinstance(error, CharacterNotInRepertoireError):
        # The only sign that JSON can carry and a text of PostgreSQL cannot hold.
        told = (
            "A text of the request holds the character U+0000, which nothing here may have. Nothing was kept."
        )
        return Problem(400, told, kind="invalid-request")
    return DatabaseAway() if isinstance(error, _AWAY) else None


class _Raw(RawConnection):
    """A connection that leaves nothing behind to be reset: no setting, no lock, no cursor outlives its block.

    The driver would ask the server to forget them all after each use, which is as dear as a question.
    """

    def get_reset_query(self) -> str:
        return ""


class _Connection:
    lock = " FOR UPDATE"

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    async def row(self, sql: str, *values: Any) -> Row | None:
        return await self.raw.fetchrow(sql, *values)

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        return await self.raw.fetch(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        return await self.raw.fetchval(sql, *values)

    async def execute(self, sql: str, *values: Any) -> int:
        try:
            status: str = await self.raw.execute(sql, *values)
        except Exception as error:
            if (told := _ours(error)) is not None:
                raise told from None
            raise
        # "INSERT 0 1", "UPDATE 3": the last word counts.
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def many(self, sql: str, each: Iterable[tuple[Any, ...]]) -> None:
        await self.raw.executemany(sql, each)

    async def stream(self, sql: str, *values: Any, page: int = 64) -> AsyncIterator[Row]:
        async for row in self.raw.cursor(sql, *values, prefetch=page):
            yield row


class _Use:
    """One connection out of the pool for a `with` block."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._raw: Any = None

    async def __aenter__(self) -> _Connection:
        # Where one is idle nothing is waited for, and no timer is needed.
        patience = None if self._pool.get_idle_size() else _CONNECT_SECONDS
        try:
            self._raw = await self._pool.acquire(timeout=patience)
        except _AWAY as error:
            raise DatabaseAway from error
        return _Connection(self._raw)

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        try:
            await self._pool.release(self._raw)
        except _AWAY as lost:
            raise DatabaseAway from lost
        if (told := _ours(error)) is not None:
            raise told from error


class PostgreSQL(Database):
    """A pool of connections, which mends itself when the server comes back."""

    dialect = "postgresql"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, url: str, most: int) -> PostgreSQL:
        """Connect to the server. Raises DatabaseAway."""
        try:
            pool = await asyncpg.create_pool(
                plain_url(url),
                connection_class=_Raw,
                min_size=1,
                max_size=most,
                command_timeout=_CALL_SECONDS,
                timeout=_CONNECT_SECONDS,
                max_inactive_connection_lifetime=120,
                server_settings={"application_name": "devpulse-cloud", "jit": "off"},
            )
        except _AWAY as error:
            raise DatabaseAway from error
        return cls(pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[_Connection]:
        async with self.reading() as connection, connection.raw.transaction():
            yield connection

    def reading(self) -> _Use:
        return _Use(self._pool)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[_Connection]:
        transaction = {"isolation": "repeatable_read", "readonly": True}
        async with self.reading() as connection, connection.raw.transaction(**transaction):
            yield connection

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

"""The database as one SQLite file: a writer, a few readers, WAL."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosqlite

from cloud.db.database import AlreadyThere, Database, DatabaseAway, Row

_READERS = 4
# FULL: an acknowledged push survives a power cut. secure_delete: what is erased leaves no bytes behind.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -16000",
)


@lru_cache(maxsize=512)
def _own_marks(sql: str) -> str:
    return re.sub(r"\$(\d+)", r"?\1", sql)


class _Connection:
    lock = ""

    def __init__(self, raw: aiosqlite.Connection) -> None:
        self._raw = raw

    async def row(self, sql: str, *values: Any) -> Row | None:
        found = await self._raw.execute_fetchall(_own_marks(sql), values)
        return next(iter(found), None)

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        return list(await self._raw.execute_fetchall(_own_marks(sql), values))

    async def value(self, sql: str, *values: Any) -> Any:
        found = await self.row(sql, *values)
        return found[0] if found is not None else None

    async def execute(self, sql: str, *values: Any) -> int:
        try:
            async with self._raw.execute(_own_marks(sql), values) as cursor:
                return cursor.rowcount
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in (
                sqlite3.SQLITE_CONSTRAINT_UNIQUE,
                sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
            ):
                raise AlreadyThere from None
            raise

    async def many(self, sql: str, each: Iterable[tuple[Any, ...]]) -> None:
        await self._raw.executemany(_own_marks(sql), each)

    async def stream(self, sql: str, *values: Any, page: int = 64) -> AsyncIterator[Row]:
        async with self._raw.execute(_own_marks(sql), values) as cursor:
            while found := await cursor.fetchmany(page):
                for row in found:
                    yield row


class SQLite(Database):
    """One file, opened by this process; other processes of the same machine may have it open too."""

    dialect = "sqlite"

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._writing = asyncio.Lock()
        self._all = [writer, *readers]
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @classmethod
    async def connect(cls, path: Path) -> SQLite:
        """Open or make the file (for its owner only). Raises DatabaseAway."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            writer = await _open(path)
            return cls(writer, [await _open(path) for _ in range(_READERS)])
        except (OSError, sqlite3.Error):
            raise DatabaseAway from None

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[_Connection]:
        async with self._writing:
            try:
                # Whoever is cancelled while it begins leaves no transaction open for the next one either.
                with _away():
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield _Connection(self._writer)
            except BaseException:
                await asyncio.shield(self._writer.rollback())
                raise
            with _away():
                await self._writer.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[_Connection]:
        reader = await self._idle.get()
        try:
            with _away():
                yield _Connection(reader)
        finally:
            self._idle.put_nowait(reader)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[_Connection]:
        async with self.reading() as connection:
            try:
                await connection.execute("BEGIN")
                yield connection
            finally:
                await asyncio.shield(self._end(connection))

    @staticmethod
    async def _end(connection: _Connection) -> None:
        with suppress(sqlite3.OperationalError):  # it may not have begun
            await connection.execute("ROLLBACK")

    async def ping(self) -> None:
        async with self.reading() as connection:
            await connection.value("SELECT 1")

    @property
    def active(self) -> int:
        return _READERS - self._idle.qsize() + int(self._writing.locked())

    async def close(self) -> None:
        for connection in self._all:
            await connection.close()


async def _open(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in _PRAGMAS:
        await connection.execute(pragma)
    return connection


class _away:  # noqa: N801
    """A disk or file that does not take part any more is a database that is away."""

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, sqlite3.OperationalError) and "syntax" not in str(error):
            raise DatabaseAway from error

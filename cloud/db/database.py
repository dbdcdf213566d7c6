"""What the rest of the service sees of a database.

Statements are plain SQL that both databases understand, with `$1`, `$2` … for values; ids and digests are
bytes, times whole milliseconds since 1970, flags 0 or 1. What differs is asked of `Connection.lock`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from cloud.errors import Unavailable


class AlreadyThere(Exception):
    """A row with this key is there already; the statement changed nothing."""


class DatabaseAway(Unavailable):
    """The database does not answer, or not in time."""

    def __init__(self) -> None:
        super().__init__("database")


class Row(Protocol):
    """One row, by position or by column's name."""

    def __getitem__(self, key: Any, /) -> Any: ...


class Connection(Protocol):
    """One connection for the length of a `with` block."""

    @property
    def lock(self) -> str:
        """What follows a SELECT inside a transaction that locks its rows: `FOR UPDATE` or nothing."""
        ...

    async def row(self, sql: str, *values: Any) -> Row | None:
        """The first row, or None."""
        ...

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows."""
        ...

    async def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        ...

    async def execute(self, sql: str, *values: Any) -> int:
        """Run it; how many rows it changed. Raises AlreadyThere on a key that is taken."""
        ...

    async def many(self, sql: str, each: Iterable[tuple[Any, ...]]) -> None:
        """Run it once for each tuple of values."""
        ...

    def stream(self, sql: str, *values: Any, page: int = 64) -> AsyncIterator[Row]:
        """Rows one after the other, `page` at a time in memory. On PostgreSQL only inside a transaction."""
        ...


class Database(ABC):
    """The pool. Every method may raise DatabaseAway, which is answered as 503."""

    dialect: str

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """A connection whose changes are committed at the end of the block, or undone if it raises.

        On SQLite writers queue here (BEGIN IMMEDIATE), so what is read inside stays true until the end.
        """
        ...

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for statements that change nothing, each by itself."""
        ...

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that reads one moment of the database for the whole block, and holds up nobody."""
        ...

    @abstractmethod
    async def ping(self) -> None:
        """Ask the smallest question."""
        ...

    @property
    @abstractmethod
    def active(self) -> int:
        """Connections in use now."""
        ...

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection."""

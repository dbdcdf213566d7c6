"""The side file `analytics-cache.db`: what was reckoned from finished days.

It may be thrown away at any time. It holds numbers and ids, never a text. A file that cannot be read or
written is done without.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.analytics.digest import DayDigest, PartSum
from app.analytics.extent import Extent
from app.models.side_file import discard_side_file, side_file

logger = logging.getLogger(__name__)

T = TypeVar("T")

_VERSION = 2
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_SCHEMA = """
    CREATE TABLE era (name TEXT NOT NULL);
    CREATE TABLE columns (
        name TEXT PRIMARY KEY, bound INTEGER NOT NULL, marks TEXT NOT NULL, content BLOB NOT NULL
    );
    CREATE TABLE days (
        scope INTEGER, day INTEGER, mark TEXT NOT NULL, active_ms INTEGER NOT NULL,
        switches INTEGER NOT NULL, focused_ms INTEGER NOT NULL, short_ms INTEGER NOT NULL,
        longest_ms INTEGER NOT NULL, blocks INTEGER NOT NULL, PRIMARY KEY (scope, day)
    ) WITHOUT ROWID;
    CREATE TABLE parts (
        scope INTEGER, project INTEGER, day INTEGER, branch INTEGER, language INTEGER,
        active_ms INTEGER NOT NULL, PRIMARY KEY (scope, project, day, branch, language)
    ) WITHOUT ROWID;
    CREATE INDEX ix_parts_day ON parts (scope, day);
"""


@dataclass(frozen=True, slots=True)
class StoredColumns:
    """A rollup's columns of the days below `extent.bound`, as they were under `extent.marks`."""

    extent: Extent
    content: bytes


class CacheFile:
    """Opened for each reading and writing, and closed again, so that an erasure can remove it."""

    def __init__(self, database: Path, scope: int = 0) -> None:
        """`scope`: whose days these are (`machines.Machines.scope`)."""
        self.path = side_file(database)
        self._scope = scope

    def stamp(self) -> tuple[int, int]:
        """Changes when the file does."""
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def columns(self, name: str, era: str) -> StoredColumns | None:
        """A rollup's stored columns; None when there are none of this era."""

        def read(file: sqlite3.Connection) -> StoredColumns | None:
            row = file.execute("SELECT bound, marks, content FROM columns WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            marks = {int(day): str(mark) for day, mark in json.loads(row[1]).items()}
            return StoredColumns(Extent(era, row[0], marks), row[2])

        return self._do(era, read, None)

    def keep_columns(self, name: str, stored: StoredColumns) -> None:
        """Keep a rollup's columns for the next start."""
        row = (name, stored.extent.bound, json.dumps(dict(stored.extent.marks)), stored.content)

        def write(file: sqlite3.Connection) -> None:
            file.execute("INSERT OR REPLACE INTO columns VALUES (?, ?, ?, ?)", row)

        self._do(stored.extent.era, write, None)

    def digests(self, extent: Extent) -> list[DayDigest]:
        """The digests that are still good, without their parts; the others are dropped."""

        def read(file: sqlite3.Connection) -> list[DayDigest]:
            rows = file.execute(_DAYS, (self._scope,)).fetchall()
            good = [row for row in rows if row[0] < extent.bound and row[1] == extent.mark(row[0])]
            if len(good) < len(rows):
                kept = {row[0] for row in good}
                _drop(file, self._scope, [row[0] for row in rows if row[0] not in kept])
            return [DayDigest(row[0], *row[2:]) for row in good]

        return self._do(extent.era, read, [])

    def keep_digests(self, extent: Extent, digests: Sequence[DayDigest]) -> None:
        """Keep the digests of finished days with their parts."""

        def write(file: sqlite3.Connection) -> None:
            scope = self._scope
            _drop(file, scope, [digest.day for digest in digests])
            file.executemany(
                "INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(scope, d.day, extent.mark(d.day), *d.numbers) for d in digests],
            )
            file.executemany(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (scope, p.project, d.day, p.branch, p.language, p.active_ms)
                    for d in digests
                    for p in d.parts
                ],
            )

        self._do(extent.era, write, None)

    def parts(self, era: str, project: int, days: range) -> list[PartSum]:
        """A project's time by branch and language, summed over the kept ones of those days.

        Ask for `digests` first, which drops what is not good any more.
        """

        def read(file: sqlite3.Connection) -> list[PartSum]:
            rows = file.execute(_PARTS, (self._scope, project, days.start, days.stop))
            return [PartSum(project, *row) for row in rows]

        return self._do(era, read, [])

    def _do(self, era: str, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What `work` answers in a transaction on the file, empty unless it is of this era; `otherwise` when
        the file cannot be used."""
        try:
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _require(connection, era)
                answer = work(connection)
                connection.execute("COMMIT")
                return answer
        except (sqlite3.Error, OSError, ValueError) as error:
            logger.info("the analytics cache could not be used: %s", type(error).__name__)
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN or isinstance(error, ValueError):
                discard_side_file(self.path)
            return otherwise

    def _connect(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=1)
        connection.execute("PRAGMA secure_delete = ON")
        return connection


def _require(connection: sqlite3.Connection, era: str) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != _VERSION:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            connection.execute(f'DROP TABLE "{name}"')
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    if connection.execute("SELECT name FROM era").fetchall() != [(era,)]:
        for table in ("era", "columns", "days", "parts"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        connection.execute("INSERT INTO era VALUES (?)", (era,))


def _drop(file: sqlite3.Connection, scope: int, days: Iterable[int]) -> None:
    chosen = [(scope, day) for day in days]
    file.executemany("DELETE FROM days WHERE scope = ? AND day = ?", chosen)
    file.executemany("DELETE FROM parts WHERE scope = ? AND day = ?", chosen)


_DAYS = """
    SELECT day, mark, active_ms, switches, focused_ms, short_ms, longest_ms, blocks
    FROM days WHERE scope = ? ORDER BY day
"""
_PARTS = """
    SELECT branch, language, sum(active_ms) FROM parts
    WHERE scope = ? AND project = ? AND day >= ? AND day < ? GROUP BY branch, language
"""

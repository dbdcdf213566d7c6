"""One moment of the database: a read-only transaction in which all parts of an answer are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app.analytics.labels import Label, Names, application_label
from app.analytics.meetings import CATEGORY_UUID
from app.models.database import tell
from app.models.engine import read_engine
from app.models.tables import applications, branches, categories, languages, projects

Row = tuple[Any, ...]


class Moment:
    """What an answer reads from; valid inside `Reader.moment`.

    `revision`: changes whenever somebody committed to the database, this process or another.
    """

    def __init__(self, connection: Connection, revision: tuple[int, int]) -> None:
        self.connection = connection
        self.revision = revision

    def rows(self, query: str, *values: Any, **named: Any) -> list[Row]:
        """Rows of plain SQL, past SQLAlchemy's own row objects, which double the time of long answers."""
        driver = self.raw
        return driver.execute(query, named or values).fetchall()

    @property
    def raw(self) -> sqlite3.Connection:
        """The driver's own connection, inside the same transaction."""
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver

    def names(self) -> Names:
        """All names and colours."""
        ask = self.connection.execute
        p, c, a = projects.c, categories.c, applications.c
        return Names(
            {i: Label(i, n, color) for i, n, color in ask(select(p.id, p.name, p.color))},
            {
                i: Label(i, n, color, productivity)
                for i, n, color, productivity in ask(select(c.id, c.name, c.color, c.productivity))
            },
            {i: application_label(i, n) for i, n in ask(select(a.id, a.name))},
            _plain(ask(select(branches.c.id, branches.c.name)).all()),
            _plain(ask(select(languages.c.id, languages.c.name)).all()),
            frozenset(row[0] for row in self.rows(_MEETINGS, CATEGORY_UUID)),
        )


_MEETINGS = """
    WITH RECURSIVE below (id) AS (
        SELECT id FROM categories WHERE uuid = ?
        UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id
    ) SELECT id FROM below
"""


def _plain(rows: Any) -> Mapping[int, str]:
    return {row[0]: row[1] for row in rows}


class Reader:
    """A connection of its own, for one question at a time; the lock makes it safe to ask from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = read_engine(path)
        self._connection: Connection | None = None
        self._file = (0, 0)
        self._lock = RLock()
        # A new connection counts its revisions anew.
        self._opened = 0

    @contextmanager
    def moment(self) -> Generator[Moment]:
        """One moment, the same for all that is read inside. Raises `StorageError` and its kinds."""
        with self._lock:
            try:
                connection = self._connected()
                connection.exec_driver_sql("BEGIN")
                try:
                    revision = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
                    yield Moment(connection, (self._opened, int(revision)))
                finally:
                    connection.rollback()
            except sqlite3.Error as error:
                raise tell(error) or error from error
            except DBAPIError as error:
                told = tell(error.orig) if isinstance(error.orig, sqlite3.Error) else None
                raise told or error from error

    def _connected(self) -> Connection:
        # After a recovery another file lies in the place of the one that is open.
        file = _identity(self._path)
        if self._connection is not None and file != self._file:
            self.close()
        if self._connection is None:
            self._connection = self._engine.connect()
            self._file = file
            self._opened += 1
        return self._connection

    def close(self) -> None:
        """Give the connection back; the next question opens one anew."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._engine.dispose()


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)

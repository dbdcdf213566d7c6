"""Whether somebody has committed to the database since one last looked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.errors import StorageError
from app.models.database import connect_read_only


class DataVersion:
    """SQLite's `PRAGMA data_version` of a connection that stays open: it changes with others' commits.

    Call it in one thread only. A file that was replaced (restored, recovered) counts as changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file = 0
        self._files = 0

    def __call__(self) -> tuple[int, int] | None:
        """A value that differs from the last one when something was committed; None without a database."""
        try:
            file = self._path.stat().st_ino
            if self._connection is None or file != self._file:
                self._open(file)
            assert self._connection is not None
            return (self._files, int(self._connection.execute("PRAGMA data_version").fetchone()[0]))
        except (OSError, sqlite3.Error, StorageError):
            self.close()
            return None

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self, file: int) -> None:
        self.close()
        self._connection = connect_read_only(self._path)
        self._file = file
        self._files += 1

"""Brings the log into the database's file in a thread of its own: no switch of windows waits for the disk.

SQLite does it in the commit that fills the log, and waits twice there until the disk has written
(sqlite.org/wal.html, "Checkpointing").
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Thread

from app.errors import StorageError
from app.models.database import PAGE_SIZE, WAL_PAGES, connect, translated

logger = logging.getLogger(__name__)

# A switch of windows changes some nine rows, on half as many pages. Seldomer would write no less: until the
# log begins anew it grows, and the last page of a growing file is written at every commit of the file system.
_EVERY_CHANGES = 2 * WAL_PAGES
# Where the thread cannot keep the log short, the commit does.
_LONGEST_PAGES = 4 * WAL_PAGES


class Checkpoints:
    """Looks after the log of a connection that writes; all methods belong to its thread."""

    def __init__(self, connection: sqlite3.Connection, database: Path) -> None:
        self._connection = connection
        self._database = database
        self._done_at = connection.total_changes
        self._thread: Thread | None = None
        with translated():
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LONGEST_PAGES}")
            connection.execute(f"PRAGMA journal_size_limit = {2 * _LONGEST_PAGES * PAGE_SIZE}")

    def look(self) -> None:
        """To be called after storing: begins to empty the log when it is long."""
        if self._connection.total_changes - self._done_at < _EVERY_CHANGES:
            return
        if self._thread is not None and self._thread.is_alive():
            return
        self._done_at = self._connection.total_changes
        self._thread = Thread(target=_empty, args=(self._database,), name="checkpoint", daemon=True)
        self._thread.start()

    def stop(self, within_s: float = 2.0) -> None:
        """Wait for one that is under way, before the connection is closed."""
        if self._thread is not None:
            self._thread.join(within_s)


def _empty(database: Path) -> None:
    try:
        with closing(connect(database)) as connection, translated():
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except StorageError as error:
        # The file may be gone or busy: the next one does it, or the commit.
        logger.debug("the log was not emptied: %s", error.title)

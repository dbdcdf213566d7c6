"""Which line of descent a database belongs to: only within one do equal ids mean equal rows."""

from __future__ import annotations

import sqlite3
from uuid import uuid4

_NAME = "lineage"


def lineage(connection: sqlite3.Connection) -> str | None:
    """The line's name, shared by a database and its backups; None when it was lost."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_NAME,)).fetchone()
    return None if row is None else str(row[0])


def begin_lineage(connection: sqlite3.Connection, *, anew: bool = False) -> None:
    """Give the database a name of its own: the first time, or `anew` after a backup was restored."""
    verb = "REPLACE" if anew else "IGNORE"
    connection.execute(f"INSERT OR {verb} INTO meta (key, value) VALUES (?, ?)", (_NAME, str(uuid4())))  # noqa: S608

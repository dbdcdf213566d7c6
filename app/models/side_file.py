"""The analytics' side file beside the database: reckoned from finished days, and thrown away at any time."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

_NAME = "analytics-cache.db"


def side_file(database: Path) -> Path:
    """Where the side file of a database lies."""
    return database.with_name(_NAME)


def discard_side_file(path: Path) -> None:
    """Remove a side file, should there be one; a disk that refuses is no reason to stop."""
    for file in (path, path.with_name(f"{path.name}-journal")):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def discard_beside(connection: sqlite3.Connection) -> None:
    """Remove the side file of an open database: after an erasure nothing reckoned before may stay."""
    database = connection.execute("PRAGMA database_list").fetchone()[2]
    if database:
        discard_side_file(side_file(Path(database)))

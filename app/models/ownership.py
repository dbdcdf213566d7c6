"""Which machine's activity is this home's own, and which another device of the account tells."""

from __future__ import annotations

import sqlite3

from app.errors import UsageError


def require_own(connection: sqlite3.Connection, device_id: int) -> None:
    """Raises `UsageError` for activity of another machine: what moves in time is changed where it was."""
    row = connection.execute(
        "SELECT name FROM devices WHERE id = ? AND owner IS NOT NULL", (device_id,)
    ).fetchone()
    if row is not None:
        raise UsageError(
            f"This was recorded on {row[0]}.",
            detail="Its times are changed there; project, category and note can be changed here. "
            "Nothing was changed.",
        )

"""What an erasure leaves behind: texts and names that nothing refers to any more."""

from __future__ import annotations

import sqlite3
from uuid import uuid4

_MARK = "swept"

# Table, and every column that refers to it. Applications are also named in the daily rollup's key,
# which equals the raw spans.
_REFERENCES = {
    "texts": (
        ("activity_logs", "title_id"),
        ("activity_logs", "url_id"),
        ("activity_logs", "path_id"),
        ("activity_logs", "note_id"),
        ("projects", "remote_text_id"),
        ("project_roots", "path_text_id"),
        ("focus_sessions", "note_id"),
        ("imports", "name_text_id"),
    ),
    "applications": (("activity_logs", "application_id"),),
    "branches": (("activity_logs", "branch_id"),),
    "languages": (("activity_logs", "language_id"),),
}


def drop_orphans(connection: sqlite3.Connection) -> int:
    """Delete every text, application, branch and language without a reference; returns how many.

    Reads all spans once (a second or two for ten million). Belongs inside a transaction.
    """
    dropped = 0
    for table, columns in _REFERENCES.items():
        used = " UNION ".join(
            f"SELECT {column} FROM {owner} WHERE {column} IS NOT NULL"  # noqa: S608  our own names only
            for owner, column in columns
        )
        statement = f"DELETE FROM {table} WHERE id NOT IN ({used})"  # noqa: S608  our own names only
        dropped += connection.execute(statement).rowcount
    if dropped:
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (_MARK, str(uuid4())))
    return dropped


def sweep_mark(connection: sqlite3.Connection) -> str:
    """Another one after each sweep: numbers of texts and names noted before may stand for others now."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_MARK,)).fetchone()
    return "" if row is None else str(row[0])

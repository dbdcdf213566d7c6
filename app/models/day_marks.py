"""Marks on local days: a day's mark changes whenever something recorded on it is corrected.

What is reckoned from a finished day stays good while its mark does, however the database was changed and by
whom. What the agent records now leaves no mark, for a day counts as finished only when the day after
the next one has begun; what it records belatedly on a finished day does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from uuid import uuid4

from app.models.lineage import lineage

_ERA = "days"
_PREFIX = "day:"


def finished_before(connection: sqlite3.Connection) -> int | None:
    """Days (numbers since 1970-01-01) below this one are finished; None while nothing is recorded."""
    newest = connection.execute("SELECT max(day) FROM rollup_daily").fetchone()[0]
    return None if newest is None else int(newest) - 1


def mark_days(connection: sqlite3.Connection, days: Iterable[int]) -> None:
    """Give those days a new mark. Belongs inside the transaction that corrects them."""
    connection.executemany(_MARK, [(f"{_PREFIX}{day}",) for day in set(days)])


def mark_days_under(connection: sqlite3.Connection, column: str, identity: int) -> None:
    """Give a new mark to all days with time under a project or category (`column`, like project_id)."""
    days = connection.execute(_UNDER[column], (identity,)).fetchall()
    mark_days(connection, (row[0] for row in days))


def begin_marks(connection: sqlite3.Connection) -> None:
    """Let nothing that was reckoned before be good any more: all was made anew."""
    connection.execute("DELETE FROM meta WHERE key >= ? AND key < ?", _ALL)
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (_ERA, str(uuid4())))


def era(connection: sqlite3.Connection) -> str:
    """Only within one era do marks mean anything: a restored backup and a recovered file begin another."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_ERA,)).fetchone()
    return f"{lineage(connection)} {'' if row is None else row[0]}"


def read_marks(connection: sqlite3.Connection) -> dict[int, str]:
    """The marks of the days that have one."""
    rows = connection.execute("SELECT key, value FROM meta WHERE key >= ? AND key < ?", _ALL)
    return {int(key[len(_PREFIX) :]): value for key, value in rows}


_ALL = (_PREFIX, _PREFIX[:-1] + chr(ord(_PREFIX[-1]) + 1))
_MARK = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, hex(randomblob(8)))"
_UNDER = {
    "project_id": "SELECT DISTINCT day FROM rollup_daily WHERE project_id = ?",
    "category_id": "SELECT DISTINCT day FROM rollup_daily WHERE category_id = ?",
}

"""The day's totals so far, read from the daily rollup: small enough for the agent to ask at any time."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from app.models.database import translated

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Totals:
    """Milliseconds of one local day; `by_project` most first, without the time that has no project."""

    active_ms: int = 0
    idle_ms: int = 0
    by_project: tuple[tuple[str, int], ...] = ()


def local_day(wall_ms: int, utc_offset_s: int) -> int:
    """Days since 1970-01-01 in local time, as `rollup_daily.day` counts them."""
    return (wall_ms + utc_offset_s * 1000) // _DAY_MS


def totals(connection: sqlite3.Connection, day: int) -> Totals:
    """The totals of a local day, all machines together. Raises `StorageError`."""
    with translated():
        rows = connection.execute(_BY_PROJECT, (day,)).fetchall()
    named = [(row[0], row[1]) for row in rows if row[0] is not None and row[1] > 0]
    return Totals(sum(row[1] for row in rows), sum(row[2] for row in rows), tuple(named))


def recent_projects(connection: sqlite3.Connection, day: int, limit: int = 10) -> tuple[str, ...]:
    """Names of the projects worked on in the 30 days up to `day`, latest first."""
    with translated():
        rows = connection.execute(_RECENT, (day - 30, limit)).fetchall()
    return tuple(row[0] for row in rows)


_BY_PROJECT = """
    SELECT p.name, sum(r.active_ms) AS active, sum(r.idle_ms)
    FROM rollup_daily r LEFT JOIN projects p ON p.id = r.project_id
    WHERE r.day = ? GROUP BY r.project_id ORDER BY active DESC
"""
_RECENT = """
    SELECT p.name FROM rollup_daily r JOIN projects p ON p.id = r.project_id
    WHERE r.day >= ? AND p.archived = 0 AND p.merged_into_id IS NULL
    GROUP BY p.id ORDER BY max(r.day) DESC, sum(r.active_ms) DESC LIMIT ?
"""

"""What is in a DevPulse home, read past the program: for tests that must not trust it."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SPANS = """
    SELECT a.id, a.start_ms, a.end_ms, a.state, p.name, b.name, c.name, a.title_id
    FROM activity_logs a
    LEFT JOIN projects p ON p.id = a.project_id
    LEFT JOIN branches b ON b.id = a.branch_id
    LEFT JOIN applications c ON c.id = a.application_id
    ORDER BY a.start_ms, a.id
"""


@dataclass(frozen=True, slots=True)
class StoredSpan:
    """One row of the activity log, its names looked up; times are ms UTC."""

    id: int
    start_ms: int
    end_ms: int
    idle: bool
    project: str | None
    branch: str | None
    application: str | None
    title_id: int | None

    @property
    def seconds(self) -> float:
        return (self.end_ms - self.start_ms) / 1000


def spans(database: Path) -> list[StoredSpan]:
    """All spans, by their start."""
    return [StoredSpan(row[0], row[1], row[2], bool(row[3]), *row[4:]) for row in _ask(database, _SPANS)]


def offsets(database: Path) -> list[int]:
    """The offset from UTC of each span, in seconds, by its start."""
    return [row[0] for row in _ask(database, "SELECT utc_offset_s FROM activity_logs ORDER BY start_ms, id")]


def overlaps(found: Sequence[StoredSpan]) -> list[tuple[StoredSpan, StoredSpan]]:
    """Neighbours that overlap; a sound log of one machine has none."""
    return [(a, b) for a, b in itertools.pairwise(found) if b.start_ms < a.end_ms]


def check_sound(database: Path) -> None:
    """The file is whole, its references hold, and both rollups equal the sum of the raw spans."""
    assert _ask(database, "PRAGMA integrity_check") == [("ok",)]
    assert _ask(database, "PRAGMA foreign_key_check") == []
    assert _raw_daily(database) == _stored(
        database, "rollup_daily", "device_id, project_id, category_id, application_id"
    )
    assert _raw_hourly(database) == _stored(database, "rollup_hourly", "device_id, category_id")


_Totals = dict[tuple[Any, ...], tuple[int, int, int]]


def _raw_daily(database: Path) -> _Totals:
    return _raw(
        database, "device_id, ifnull(project_id, 0), ifnull(category_id, 0), ifnull(application_id, 0)"
    )


def _raw_hourly(database: Path) -> _Totals:
    return _raw(database, "device_id, ifnull(category_id, 0)")


def _raw(database: Path, key: str) -> _Totals:
    sums = "sum((state = 0) * (end_ms - start_ms)), sum((state = 1) * (end_ms - start_ms)), sum(switched)"
    return _totals(_ask(database, f"SELECT {key}, {sums} FROM activity_logs GROUP BY {key}"))


def _stored(database: Path, table: str, key: str) -> _Totals:
    sums = "sum(active_ms), sum(idle_ms), sum(switches)"
    return _totals(_ask(database, f"SELECT {key}, {sums} FROM {table} GROUP BY {key}"))


def _totals(rows: Sequence[Sequence[Any]]) -> _Totals:
    # A key with nothing but zeros is the same as no row.
    return {tuple(row[:-3]): (row[-3], row[-2], row[-1]) for row in rows if any(row[-3:])}


def _ask(database: Path, question: str) -> list[Any]:
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()

"""The two rollups: what a stretch of time adds to which local hour and day, and how it is written down.

An hour's number is floor((ms + offset) / 3 600 000), a day's is its hour's number divided by 24, with the
offset from UTC of the place and moment of recording; so hours of half-hour zones are whole, and a day
with a change of clocks has 23 or 25 of them. `0` stands for "none" in the keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.models.day_marks import finished_before, mark_days

HOUR_MS = 3_600_000
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Key:
    """Under what a span is counted. Idle time counts under no project, category or application."""

    device: int
    project: int = 0
    category: int = 0
    application: int = 0
    idle: bool = False

    @classmethod
    def of(
        cls, device: int, project: int | None, category: int | None, application: int | None, *, idle: bool
    ) -> Key:
        if idle:
            return cls(device, idle=True)
        return cls(device, project or 0, category or 0, application or 0)


def hour_of(ms: int, offset_s: int) -> int:
    """The number of the local hour that holds the moment `ms` (ms UTC)."""
    return (ms + offset_s * 1000) // HOUR_MS


def hours_between(start_ms: int, end_ms: int, offset_s: int) -> Iterator[tuple[int, int]]:
    """The local hours that [start, end) touches, each with its ms; nothing for an empty stretch."""
    at = start_ms
    while at < end_ms:
        hour = hour_of(at, offset_s)
        until = min(end_ms, (hour + 1) * HOUR_MS - offset_s * 1000)
        yield hour, until - at
        at = until


@dataclass(slots=True)
class Tally:
    """Changes to the rollups, summed up before they are written: [active ms, idle ms, switches]."""

    daily: dict[tuple[int, int, int, int, int], list[int]] = field(
        default_factory=dict[tuple[int, int, int, int, int], list[int]]
    )
    hourly: dict[tuple[int, int, int], list[int]] = field(
        default_factory=dict[tuple[int, int, int], list[int]]
    )

    def time(self, key: Key, start_ms: int, end_ms: int, offset_s: int, sign: int = 1) -> None:
        """Count (or, with sign -1, discount) the stretch [start, end)."""
        column = 1 if key.idle else 0
        hour = hour_of(start_ms, offset_s)
        if start_ms < end_ms and hour_of(end_ms - 1, offset_s) == hour:
            self._add(key, hour, column, sign * (end_ms - start_ms))
            return
        for hour, ms in hours_between(start_ms, end_ms, offset_s):
            self._add(key, hour, column, sign * ms)

    def switch(self, key: Key, start_ms: int, offset_s: int, sign: int = 1) -> None:
        """Count (or discount) a context switch at the span's start."""
        self._add(key, hour_of(start_ms, offset_s), 2, sign)

    def _add(self, key: Key, hour: int, column: int, amount: int) -> None:
        day = (hour // HOURS_A_DAY, key.device, key.project, key.category, key.application)
        cell = self.daily.get(day)
        if cell is None:
            cell = self.daily[day] = [0, 0, 0]
        cell[column] += amount
        hour_key = (hour, key.device, key.category)
        cell = self.hourly.get(hour_key)
        if cell is None:
            cell = self.hourly[hour_key] = [0, 0, 0]
        cell[column] += amount

    def write(self, connection: sqlite3.Connection, *, live: bool = False) -> None:
        """Apply the sums to both tables; rows that come to nothing are removed.

        The days get a new mark (`day_marks`); with `live`, for what is recorded now, only finished days do.
        """
        days = {key[0] for key in self.daily}
        if live:
            finished = finished_before(connection)
            days = set[int]() if finished is None else {day for day in days if day < finished}
        if days:
            mark_days(connection, days)
        connection.executemany(_ADD_DAILY, [(*k, *v) for k, v in self.daily.items() if any(v)])
        connection.executemany(_ADD_HOURLY, [(*k, *v) for k, v in self.hourly.items() if any(v)])
        lessened = [k for k, v in self.daily.items() if min(v) < 0]
        if lessened:
            connection.executemany(_DROP_DAILY, lessened)
        lessened_hours = [k for k, v in self.hourly.items() if min(v) < 0]
        if lessened_hours:
            connection.executemany(_DROP_HOURLY, lessened_hours)


_ADD_DAILY = """
    INSERT INTO rollup_daily
        (day, device_id, project_id, category_id, application_id, active_ms, idle_ms, switches)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms,
        idle_ms = idle_ms + excluded.idle_ms, switches = switches + excluded.switches
"""
_ADD_HOURLY = """
    INSERT INTO rollup_hourly (hour, device_id, category_id, active_ms, idle_ms, switches)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms,
        idle_ms = idle_ms + excluded.idle_ms, switches = switches + excluded.switches
"""
_DROP_DAILY = """
    DELETE FROM rollup_daily
    WHERE day = ? AND device_id = ? AND project_id = ? AND category_id = ? AND application_id = ?
        AND active_ms = 0 AND idle_ms = 0 AND switches = 0
"""
_DROP_HOURLY = """
    DELETE FROM rollup_hourly
    WHERE hour = ? AND device_id = ? AND category_id = ?
        AND active_ms = 0 AND idle_ms = 0 AND switches = 0
"""

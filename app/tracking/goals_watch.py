"""Which goals are reached now and were not a moment ago: one small query on the daily rollup."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from app.models.database import translated

_DAYS_A_WEEK = 7
# Day 0, 1 January 1970, was a Thursday.
_FIRST_WEEKDAY = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal whose time is reached, or a limit (`at_most`) that is passed. `name`: of what it is about."""

    uuid: str
    at_most: bool
    subject: str
    name: str
    week: bool
    target_ms: int


class GoalsWatch:
    """Tells each goal once in its day or week.

    Goals of focused time are left out: focus blocks are found in a day's spans, not in rollups; the windows
    show them. What was reached before the first look is not told: another run has done so.
    """

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        self._looked = False

    def fresh(self, connection: sqlite3.Connection, day: int) -> list[Reached]:
        """The goals reached since the last look; `day` is the local one. Raises `StorageError`."""
        monday = day - weekday(day)
        found: list[Reached] = []
        for goal in _reached(connection, day, monday):
            period = monday if goal.week else day
            if self._told.get(goal.uuid) != period:
                self._told[goal.uuid] = period
                found.append(goal)
        first, self._looked = not self._looked, True
        return [] if first else found


def weekday(day: int) -> int:
    """0 for a Monday; `day` counts from 1970-01-01."""
    return (day + _FIRST_WEEKDAY) % _DAYS_A_WEEK


def _reached(connection: sqlite3.Connection, day: int, monday: int) -> list[Reached]:
    with translated():
        rows = connection.execute(_REACHED, (day, monday, 1 << weekday(day))).fetchall()
    return [
        Reached(uuid, kind == "at_most", subject, name or "", period == "week", target)
        for uuid, kind, subject, name, period, target, done in rows
        if (done > target if kind == "at_most" else done >= target)
    ]


_REACHED = """
    SELECT g.uuid, g.kind, g.subject, ifnull(p.name, c.name), g.period, g.target_ms, (
        SELECT ifnull(sum(r.active_ms), 0) FROM rollup_daily r
        WHERE r.day BETWEEN iif(g.period = 'week', ?2, ?1) AND ?1
            AND g.weekdays >> ((r.day + 3) % 7) & 1 AND CASE g.subject
            WHEN 'project' THEN r.project_id = g.subject_id
            WHEN 'category' THEN r.category_id = g.subject_id
            WHEN 'productive' THEN r.category_id IN (SELECT id FROM categories WHERE productivity > 0)
            ELSE 1 END)
    FROM goals g
    LEFT JOIN projects p ON g.subject = 'project' AND p.id = g.subject_id
    LEFT JOIN categories c ON g.subject = 'category' AND c.id = g.subject_id
    WHERE g.enabled AND g.subject <> 'focus' AND (g.period = 'week' OR g.weekdays & ?3)
"""

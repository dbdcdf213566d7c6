"""Goals: how much time, or how little, something should take a day or a week."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import uuid4

from app.errors import UsageError
from app.models.database import translated
from app.models.store import Store

EVERY_DAY = 0b111_1111
_DAY_MS = 86_400_000


class Aim(StrEnum):
    """Whether the target should be reached or not be passed."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Subject(StrEnum):
    """Whose time counts: all active time, that of a project or category (`subject_id`), of all productive
    categories, or focused time."""

    TOTAL = "total"
    PROJECT = "project"
    CATEGORY = "category"
    PRODUCTIVE = "productive"
    FOCUS = "focus"


class Period(StrEnum):
    """What the target is for: each local day, or each week from Monday on."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal. `target_ms`: for each period. `weekdays`: the days it counts on, bit 0 is Monday.

    `subject_id` is the project or category, None for the other subjects. `id` is 0, and `uuid` empty, before
    it is stored.
    """

    kind: Aim
    subject: Subject
    period: Period
    target_ms: int
    subject_id: int | None = None
    weekdays: int = EVERY_DAY
    enabled: bool = True
    created_ms: int = 0
    uuid: str = ""
    id: int = 0

    def counts_on(self, weekday: int) -> bool:
        """Whether it counts on that day of the week (0 is Monday)."""
        return bool(self.weekdays >> weekday & 1)


class Goals:
    """The goals of one store. Methods raise `StorageError`, and `UsageError` with the reason."""

    def __init__(self, store: Store, now_ms: Callable[[], int] | None = None) -> None:
        self._store = store
        self._now = now_ms or (lambda: time.time_ns() // 1_000_000)

    def all(self) -> list[Goal]:
        """All goals, the switched-off ones too, in the order they were made."""
        return read_goals(self._store.connection)

    def get(self, goal_id: int) -> Goal:
        """One goal. Raises `UsageError` when there is none."""
        found = [goal for goal in self.all() if goal.id == goal_id]
        if not found:
            raise _no_goal()
        return found[0]

    def add(self, goal: Goal) -> Goal:
        """Store a new goal; returns it with its id."""
        with self._store.transaction():
            self._check(goal)
            new = replace(goal, uuid=goal.uuid or str(uuid4()), created_ms=goal.created_ms or self._now())
            made = self._store.connection.execute(_ADD, (*_values(new), new.created_ms, new.uuid))
            assert made.lastrowid is not None
        return replace(new, id=made.lastrowid)

    def change(self, goal: Goal) -> Goal:
        """Store what is new about a goal (told by its `id`)."""
        with self._store.transaction():
            self._check(goal)
            if not self._store.connection.execute(_CHANGE, (*_values(goal), goal.id)).rowcount:
                raise _no_goal()
        return goal

    def delete(self, goal_id: int) -> None:
        """Forget a goal."""
        with self._store.transaction():
            if not self._store.connection.execute("DELETE FROM goals WHERE id = ?", (goal_id,)).rowcount:
                raise _no_goal()

    def _check(self, goal: Goal) -> None:
        longest = _DAY_MS if goal.period is Period.DAY else 7 * _DAY_MS
        if not 0 <= goal.target_ms <= longest or (goal.kind is Aim.AT_LEAST and goal.target_ms == 0):
            raise UsageError("A goal's time is longer than nothing, and no longer than its day or week.")
        if not 0 < goal.weekdays <= EVERY_DAY:
            raise UsageError("A goal counts on at least one day of the week.")
        table = _TABLES.get(goal.subject)
        if (table is None) != (goal.subject_id is None):
            raise UsageError("A goal is about one project or category, or about none.")
        if table is not None:
            row = self._store.connection.execute(table, (goal.subject_id,)).fetchone()
            if row is None:
                raise UsageError(f"There is no such {goal.subject}.")


def read_goals(connection: sqlite3.Connection) -> list[Goal]:
    """All goals in the order they were made, over any connection."""
    with translated():
        return [_goal(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM goals ORDER BY id")]  # noqa: S608


def _goal(row: tuple[Any, ...]) -> Goal:
    identity, uuid, kind, subject, subject_id, period, target, weekdays, enabled, created = row
    return Goal(
        kind=Aim(kind),
        subject=Subject(subject),
        period=Period(period),
        target_ms=target,
        subject_id=subject_id,
        weekdays=weekdays,
        enabled=bool(enabled),
        created_ms=created,
        uuid=uuid,
        id=identity,
    )


def _values(goal: Goal) -> tuple[Any, ...]:
    return (
        goal.kind.value,
        goal.subject.value,
        goal.subject_id,
        goal.period.value,
        goal.target_ms,
        goal.weekdays,
        int(goal.enabled),
    )


def _no_goal() -> UsageError:
    return UsageError("There is no such goal.", advice="`devpulse goals list` shows them all.")


_TABLES = {
    Subject.PROJECT: "SELECT 1 FROM projects WHERE id = ? AND merged_into_id IS NULL",
    Subject.CATEGORY: "SELECT 1 FROM categories WHERE id = ?",
}
_COLUMNS = "id, uuid, kind, subject, subject_id, period, target_ms, weekdays, enabled, created_ms"
_ADD = """
    INSERT INTO goals (kind, subject, subject_id, period, target_ms, weekdays, enabled, created_ms, uuid)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHANGE = """
    UPDATE goals
    SET kind = ?, subject = ?, subject_id = ?, period = ?, target_ms = ?, weekdays = ?, enabled = ?
    WHERE id = ?
"""

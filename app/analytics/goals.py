"""Goals: at least or at most so much time of something in a day or week. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HALF = 0.5


class Kind(StrEnum):
    """Which side of the target is the good one."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Subject(StrEnum):
    """What is counted: all active time, one project's or category's, that of productive categories, or
    focused time (focus blocks)."""

    TOTAL = "total"
    PROJECT = "project"
    CATEGORY = "category"
    PRODUCTIVE = "productive"
    FOCUS = "focus"


class Span(StrEnum):
    """Over what it is counted; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"


class Standing(StrEnum):
    """How a goal stands: not reached yet, reached, more than half of a limit used, limit passed."""

    OPEN = "open"
    REACHED = "reached"
    NEAR = "near"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal. `subject_id`: the project or category, 0 for the other subjects. `weekdays`: bit 0 is Monday;
    a day's goal holds on those days only. `target_ms` > 0."""

    uuid: str
    kind: Kind
    subject: Subject
    subject_id: int
    span: Span
    target_ms: int
    weekdays: int = 0b1111111
    enabled: bool = True

    def holds_on(self, weekday: int) -> bool:
        """Whether it counts on that weekday, 0 for Monday."""
        return self.enabled and (self.span is Span.WEEK or bool(self.weekdays >> weekday & 1))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal is; `done_ms` of `goal.target_ms`. `part`: done ÷ target, may pass 1."""

    goal: Goal
    done_ms: int

    @property
    def part(self) -> float:
        return self.done_ms / self.goal.target_ms

    @property
    def left_ms(self) -> int:
        """What is missing, or what may still be used; never negative."""
        return max(0, self.goal.target_ms - self.done_ms)

    @property
    def standing(self) -> Standing:
        if self.goal.kind is Kind.AT_LEAST:
            return Standing.REACHED if self.done_ms >= self.goal.target_ms else Standing.OPEN
        if self.done_ms > self.goal.target_ms:
            return Standing.BROKEN
        return Standing.NEAR if self.part > HALF else Standing.OPEN


@dataclass(frozen=True, slots=True)
class Counted:
    """What was done in a day or week, ms."""

    active_ms: int
    by_project: dict[int, int]
    by_category: dict[int, int]
    productive_ms: int
    focused_ms: int


def progress(goal: Goal, counted: Counted) -> Progress:
    """How far the goal is with what was counted."""
    sums = {
        Subject.TOTAL: counted.active_ms,
        Subject.PROJECT: counted.by_project.get(goal.subject_id, 0),
        Subject.CATEGORY: counted.by_category.get(goal.subject_id, 0),
        Subject.PRODUCTIVE: counted.productive_ms,
        Subject.FOCUS: counted.focused_ms,
    }
    return Progress(goal, sums[goal.subject])

"""How far goals are: at least or at most so much time of something in a day or week. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models.goals import Aim, Goal, Period, Subject

NEAR_PART = 0.8


class Standing(StrEnum):
    """How a goal stands: not reached yet, reached; or within the limit, near it (over 80 %), past it."""

    OPEN = "open"
    REACHED = "reached"
    WITHIN = "within"
    NEAR = "near"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal is: `done_ms` of `goal.target_ms`."""

    goal: Goal
    done_ms: int

    @property
    def part(self) -> float:
        """Done ÷ target; may pass 1. A target of nothing is reached, and passed by anything."""
        if not self.goal.target_ms:
            return 1.0 if not self.done_ms else 2.0
        return self.done_ms / self.goal.target_ms

    @property
    def left_ms(self) -> int:
        """What is missing, or what may still be used; never negative."""
        return max(0, self.goal.target_ms - self.done_ms)

    @property
    def standing(self) -> Standing:
        if self.goal.kind is Aim.AT_LEAST:
            return Standing.REACHED if self.done_ms >= self.goal.target_ms else Standing.OPEN
        if self.done_ms > self.goal.target_ms:
            return Standing.PAST
        return Standing.NEAR if self.part > NEAR_PART else Standing.WITHIN


@dataclass(frozen=True, slots=True)
class Counted:
    """What was done on one day, ms."""

    active_ms: int
    by_project: dict[int, int]
    by_category: dict[int, int]
    productive_ms: int
    focused_ms: int

    def of(self, goal: Goal) -> int:
        """The ms that count for the goal."""
        match goal.subject:
            case Subject.TOTAL:
                return self.active_ms
            case Subject.PROJECT:
                return self.by_project.get(goal.subject_id or 0, 0)
            case Subject.CATEGORY:
                return self.by_category.get(goal.subject_id or 0, 0)
            case Subject.PRODUCTIVE:
                return self.productive_ms
            case _:
                return self.focused_ms


def progress(goal: Goal, week: Sequence[Counted]) -> Progress | None:
    """How far a goal is on the last day of `week`, the days from Monday on.

    None when it is switched off or, for a day's goal, does not count on that weekday. A week's goal counts
    the days of its weekdays.
    """
    today = len(week) - 1
    if not goal.enabled:
        return None
    if goal.period is Period.WEEK:
        return Progress(goal, sum(day.of(goal) for n, day in enumerate(week) if goal.counts_on(n)))
    return Progress(goal, week[today].of(goal)) if goal.counts_on(today) else None

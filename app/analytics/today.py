"""The Today page in one answer."""

from __future__ import annotations

from dataclasses import dataclass

from app.analytics.averages import Comparison
from app.analytics.cube import DayCube
from app.analytics.day import DayView
from app.analytics.goals import Counted, Goal, Progress, Span, progress
from app.analytics.labels import By, Label, Names
from app.analytics.periods import date_of
from app.analytics.ranges import number_of, week_of
from app.analytics.sessions import Session
from app.analytics.trends import sums_by
from app.analytics.usual import Usual


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with how far it is, and what it is about (`NONE` for all time, productive or focused time)."""

    progress: Progress
    label: Label


@dataclass(frozen=True, slots=True)
class Today:
    """A day so far. `now_ms`: ms UTC it was asked at. `usual`: None before there was such a weekday.

    All else is in `view`: shares, hours by category, attention with its score, sessions.
    """

    view: DayView
    now_ms: int
    session: Session | None
    goals: tuple[GoalView, ...]
    usual: Usual | None

    @property
    def against_usual(self) -> Comparison | None:
        """Active ms so far beside what is usual by this time."""
        return None if self.usual is None else Comparison(self.view.active_ms, self.usual.so_far_ms)


def goal_views(
    goals: tuple[Goal, ...], view: DayView, cube: DayCube, names: Names, week_focused_ms: int
) -> tuple[GoalView, ...]:
    """Each goal that holds on this day. `week_focused_ms`: focused time of the week up to this day."""
    weekday = date_of(view.day).weekday()
    day = _counted(cube.within(range(view.day, view.day + 1)), names, view.attention.focused_ms)
    monday = number_of(week_of(view.date).first)
    week = _counted(cube.within(range(monday, view.day + 1)), names, week_focused_ms)
    return tuple(
        GoalView(progress(goal, day if goal.span is Span.DAY else week), _about(goal, names))
        for goal in goals
        if goal.holds_on(weekday)
    )


def _counted(cube: DayCube, names: Names, focused_ms: int) -> Counted:
    by_category = sums_by(cube, By.CATEGORY)
    return Counted(
        active_ms=int(cube.active_ms.sum()),
        by_project=sums_by(cube, By.PROJECT),
        by_category=by_category,
        productive_ms=sum(ms for key, ms in by_category.items() if key in names.productive),
        focused_ms=focused_ms,
    )


def _about(goal: Goal, names: Names) -> Label:
    if goal.subject.value == By.PROJECT:
        return names.project(goal.subject_id)
    return names.category(goal.subject_id)

"""The Today page in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.analytics.averages import Comparison
from app.analytics.cube import DayCube
from app.analytics.day import DayView
from app.analytics.goals import Counted, Progress, progress
from app.analytics.labels import By, Label, Names
from app.analytics.sessions import Session
from app.analytics.trends import sums_by
from app.analytics.usual import Usual
from app.models.goals import Goal, Subject


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with how far it is, and what it is about (`NONE` for all time, productive or focused time).

    `counts`: False when it is switched off, or not for this weekday.
    """

    progress: Progress
    label: Label
    counts: bool = True


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
    goals: Iterable[Goal], week: Sequence[DayView], cube: DayCube, names: Names
) -> tuple[GoalView, ...]:
    """Each goal that counts on the last day of `week`, the views of its days from Monday on."""
    counted = [_counted(view, cube, names) for view in week]
    found = ((goal, progress(goal, counted)) for goal in goals)
    return tuple(GoalView(how_far, _about(goal, names)) for goal, how_far in found if how_far is not None)


def resting_goals(goals: Iterable[Goal], counting: Iterable[GoalView], names: Names) -> tuple[GoalView, ...]:
    """Those of `goals` that are not among the counting ones."""
    counted = {view.progress.goal.id for view in counting}
    return tuple(
        GoalView(Progress(goal, 0), _about(goal, names), counts=False)
        for goal in goals
        if goal.id not in counted
    )


def _counted(view: DayView, cube: DayCube, names: Names) -> Counted:
    here = cube.within(range(view.day, view.day + 1))
    by_category = sums_by(here, By.CATEGORY)
    return Counted(
        active_ms=int(here.active_ms.sum()),
        by_project=sums_by(here, By.PROJECT),
        by_category=by_category,
        productive_ms=sum(ms for key, ms in by_category.items() if key in names.productive),
        focused_ms=view.attention.focused_ms,
    )


def _about(goal: Goal, names: Names) -> Label:
    if goal.subject is Subject.PROJECT:
        return names.project(goal.subject_id or 0)
    return names.category(goal.subject_id or 0)

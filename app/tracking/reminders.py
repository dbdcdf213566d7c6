"""What the person asked to be told of: a goal reached, a break due, distraction in a focus session."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from app.clock import Instant
from app.config import Settings
from app.errors import StorageError
from app.models.focus_sessions import RUNNING, StoredSession
from app.tracking.break_watch import BreakWatch
from app.tracking.focus import Work
from app.tracking.goals_watch import GoalsWatch, Reached
from app.tracking.nudge import Nudge
from app.tracking.presence import Presence

logger = logging.getLogger(__name__)

Reminder = Mapping[str, Any]


class Reminders:
    """Belongs to the tracker's thread. `remind(reminder)`: `kind` is goal, break or distracted."""

    def __init__(self, remind: Callable[[Reminder], None]) -> None:
        self._remind = remind
        self._goals = GoalsWatch()
        self._break = BreakWatch()
        self._nudge = Nudge()

    def saw(self, now: Instant, work: Work, session: StoredSession | None) -> None:
        """What the person does from `now` on."""
        self._break.saw(now, present=work.presence is Presence.ACTIVE)
        running = session is not None and session.state == RUNNING
        self._nudge.saw(
            now, session.uuid if running and session is not None else None, distracting=work.productivity < 0
        )

    def beat(self, now: Instant, settings: Settings) -> None:
        """Time passed: a few seconds."""
        worked = self._break.due(now, settings.number("notifications.break_due_min"))
        if worked is not None:
            self._remind({"kind": "break", "minutes": worked})
        if settings.switch("notifications.distracted_in_focus") and self._nudge.due(now):
            self._remind({"kind": "distracted"})

    def look_at_goals(self, connection: sqlite3.Connection, day: int, settings: Settings) -> None:
        """Today's total was renewed."""
        if not settings.switch("notifications.goal_reached"):
            return
        try:
            fresh = self._goals.fresh(connection, day)
        except StorageError as error:
            logger.info("goals could not be read: %s", error.title)
            return
        for goal in fresh:
            self._remind(_told(goal))


def _told(goal: Reached) -> Reminder:
    return {
        "kind": "goal",
        "at_most": goal.at_most,
        "subject": goal.subject,
        "name": goal.name,
        "week": goal.week,
        "target_seconds": goal.target_ms / 1000,
    }

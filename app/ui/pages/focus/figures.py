"""What focus sessions come to: today, this week, how many were completed, by day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analytics.sessions import Session
from app.analytics.streaks import Streaks
from app.durations import told_in_minutes
from app.ui.figure import Figure
from app.ui.words import tr

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some days: focused ms, sessions that ended, how many of them were completed, interruptions."""

    focused_ms: int = 0
    ended: int = 0
    completed: int = 0
    interruptions: int = 0


def sums(sessions: Sequence[Session], days: range) -> Sums:
    """The sums of the sessions that began on those days (numbers since 1970-01-01)."""
    chosen = [session for session in sessions if session.day in days]
    ended = [session for session in chosen if not session.open]
    return Sums(
        focused_ms=sum(session.focused_ms for session in chosen),
        ended=len(ended),
        completed=sum(session.state == "completed" for session in ended),
        interruptions=sum(session.interruptions for session in chosen),
    )


def daily_seconds(sessions: Sequence[Session], days: range) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Seconds focused in sessions on each day."""
    found = np.zeros(len(days), np.float64)
    for session in sessions:
        if session.day in days:
            found[session.day - days.start] += session.focused_ms / 1000
    return found


def figures(sessions: Sequence[Session], streaks: Streaks, today: int, weekday: int) -> tuple[Figure, ...]:
    """Today, this week, streak, interruptions. `today` since 1970-01-01; `weekday` 0 is Monday."""
    day, week = sums(sessions, range(today, today + 1)), sums(sessions, range(today - weekday, today + 1))
    return (
        Figure("today", told_in_minutes(day.focused_ms / 1000), _told(day)),
        Figure("week", told_in_minutes(week.focused_ms / 1000), _told(week)),
        Figure("streak", _days(streaks.current), tr("the longest: {days}", days=_days(streaks.longest))),
        Figure("interruptions", str(day.interruptions), tr("{count} this week", count=week.interruptions)),
    )


def _told(of: Sums) -> str:
    if not of.ended:
        return tr("no session yet")
    return tr("{completed} of {ended} sessions completed", completed=of.completed, ended=of.ended)


def _days(count: int) -> str:
    return tr("1 day") if count == 1 else tr("{count} days", count=count)

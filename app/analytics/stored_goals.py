"""Goals as they are stored; a database from before there were any has none."""

from __future__ import annotations

from app.analytics.goals import Goal, Kind, Span, Subject
from app.analytics.moment import Moment


def goals_of(moment: Moment) -> tuple[Goal, ...]:
    """All goals that are switched on, the oldest first."""
    if not moment.rows("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'goals'"):
        return ()
    return tuple(
        Goal(uuid, Kind(kind), Subject(subject), subject_id or 0, Span(span), target, weekdays)
        for uuid, kind, subject, subject_id, span, target, weekdays in moment.rows(_GOALS)
    )


_GOALS = """
    SELECT uuid, kind, subject_kind, subject_id, period, target_ms, weekdays FROM goals
    WHERE enabled = 1 AND target_ms > 0 ORDER BY created_ms, id
"""

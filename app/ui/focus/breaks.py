"""The break after a focus session: found from the session that ended last, so closing the window keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from app.analytics.sessions import Session
from app.ui.focus.presets import break_min

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Break:
    """From `start_ms` to `end_ms`, ms UTC; `session`: the uuid of the one it follows."""

    session: str
    start_ms: int
    end_ms: int

    def left(self, now_ms: int) -> float:
        """Seconds left."""
        return max(0, self.end_ms - now_ms) / 1000

    def part(self, now_ms: int) -> float:
        """How much of it is over, 0 to 1."""
        return min(1.0, max(0.0, (now_ms - self.start_ms) / (self.end_ms - self.start_ms)))


def break_after(session: Session | None, now_ms: int) -> Break | None:
    """The break that a completed session with a planned length earned, while it lasts."""
    if session is None or session.state != "completed" or session.ended_ms is None or not session.planned_ms:
        return None
    end = session.ended_ms + break_min(session.planned_ms / _MINUTE_MS) * _MINUTE_MS
    return Break(session.uuid, session.ended_ms, end) if session.ended_ms <= now_ms < end else None

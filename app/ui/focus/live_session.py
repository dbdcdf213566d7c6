"""The focus session that runs or is paused, as it goes on between two statuses of the agent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.ui.moments import wall_ms


@dataclass(frozen=True, slots=True)
class LiveSession:
    """`focused_s` counted at `heard_ms` (ms UTC); `planned_s` None for an open end."""

    running: bool
    project: str
    started_ms: int
    heard_ms: int
    focused_s: float
    planned_s: float | None
    interruptions: int

    def focused(self, now_ms: int) -> float:
        """Seconds focused by now; never more than planned."""
        gone = max(0, now_ms - self.heard_ms) / 1000 if self.running else 0.0
        focused = self.focused_s + gone
        return focused if self.planned_s is None else min(focused, self.planned_s)

    def left(self, now_ms: int) -> float | None:
        """Seconds left of the planned time; None for an open end."""
        return None if self.planned_s is None else max(0.0, self.planned_s - self.focused(now_ms))

    def part(self, now_ms: int) -> float | None:
        """How much of it is done, 0 to 1; None for an open end."""
        return None if not self.planned_s else self.focused(now_ms) / self.planned_s


def session_of(status: Mapping[str, Any] | None, heard_ms: int) -> LiveSession | None:
    """The session that a status tells of; None while none runs or is paused."""
    focus = None if status is None else status.get("focus")
    if not focus or focus.get("state") not in ("running", "paused"):
        return None
    planned = focus.get("planned_seconds")
    return LiveSession(
        running=focus["state"] == "running",
        project=str(focus.get("project") or ""),
        started_ms=wall_ms(focus.get("started")) or heard_ms,
        heard_ms=heard_ms,
        focused_s=float(focus.get("focused_seconds") or 0),
        planned_s=float(planned) if planned else None,
        interruptions=int(focus.get("interruptions") or 0),
    )

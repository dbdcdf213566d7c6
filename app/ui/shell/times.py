"""The clock's reading as a person's local time."""

from __future__ import annotations

from datetime import UTC, datetime

from app.clock import Clock


def local_now(clock: Clock) -> datetime:
    """Now, with the local offset."""
    return datetime.fromtimestamp(clock.now().wall_ms / 1000, UTC).astimezone()

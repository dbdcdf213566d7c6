"""A clock that is turned by hand."""

from __future__ import annotations

from app.clock import Instant

START_MS = 1_760_000_000_000


class ManualClock:
    """Starts at a fixed moment; `offset_s` is the local zone's, seconds east."""

    def __init__(self, wall_ms: int = START_MS, offset_s: int = 0) -> None:
        self._now = Instant(wall_ms, 1_000_000, 1_000_000)
        self.offset_s = offset_s

    def now(self) -> Instant:
        return self._now

    def utc_offset_s(self, wall_ms: int) -> int:
        return self.offset_s

    def advance(self, seconds: float) -> Instant:
        """Time passes, the machine awake."""
        ms = round(seconds * 1000)
        self._now = Instant(self._now.wall_ms + ms, self._now.awake_ms + ms, self._now.boot_ms + ms)
        return self._now

    def sleep(self, seconds: float) -> Instant:
        """Time passes, the machine asleep."""
        ms = round(seconds * 1000)
        self._now = Instant(self._now.wall_ms + ms, self._now.awake_ms, self._now.boot_ms + ms)
        return self._now

    def slew(self, by_ms: int) -> Instant:
        """The clock on the wall is that much off the others, by slewing or by rounding."""
        self._now = Instant(self._now.wall_ms + by_ms, self._now.awake_ms, self._now.boot_ms)
        return self._now

    def set_wall(self, by_s: float) -> Instant:
        """Somebody sets the clock, forth or back."""
        ms = round(by_s * 1000)
        self._now = Instant(self._now.wall_ms + ms, self._now.awake_ms, self._now.boot_ms)
        return self._now

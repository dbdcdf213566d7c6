"""Time as DevPulse measures it: one reading of three clocks, and what passed between two readings."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

# NTP slews a clock by at most 500 ppm; a difference past this between two readings is a step.
STEP_TOLERANCE_MS = 1_000


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment.

    `wall_ms`: ms since the Unix epoch, UTC; may jump. `awake_ms`: monotonic ms while the machine is
    awake. `boot_ms`: monotonic ms that go on counting while the machine sleeps.
    """

    wall_ms: int
    awake_ms: int
    boot_ms: int


@dataclass(frozen=True, slots=True)
class Elapsed:
    """What passed between two instants: ms awake, ms asleep, and by how many ms the wall clock was set."""

    awake_ms: int
    asleep_ms: int
    stepped_ms: int

    @property
    def stepped(self) -> bool:
        return abs(self.stepped_ms) > STEP_TOLERANCE_MS


def elapsed(earlier: Instant, later: Instant) -> Elapsed:
    """What passed from `earlier` to `later`; never negative, whatever the wall clock did."""
    awake = max(0, later.awake_ms - earlier.awake_ms)
    total = max(awake, later.boot_ms - earlier.boot_ms)
    stepped = (later.wall_ms - earlier.wall_ms) - total
    return Elapsed(awake, total - awake, stepped)


def next_midnight_ms(wall_ms: int) -> int:
    """The next local midnight, ms UTC, found on the calendar: a day of a clock change has 23 or 25 hours."""
    local = time.localtime(wall_ms / 1000)
    midnight = (local.tm_year, local.tm_mon, local.tm_mday + 1, 0, 0, 0, 0, 0, -1)
    return int(time.mktime(midnight)) * 1000


class Clock(Protocol):
    """Where the time comes from; tests pass a clock they turn by hand."""

    def now(self) -> Instant: ...

    def utc_offset_s(self, wall_ms: int) -> int:
        """The local offset from UTC at that moment, in seconds east."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def __init__(self) -> None:
        # Where the system has no clock that counts sleep, sleep shows as a step of the wall clock.
        self._boot = getattr(time, "CLOCK_BOOTTIME", None)

    def now(self) -> Instant:
        awake = time.monotonic_ns() // 1_000_000
        boot = awake if self._boot is None else time.clock_gettime_ns(self._boot) // 1_000_000
        return Instant(time.time_ns() // 1_000_000, awake, boot)

    def utc_offset_s(self, wall_ms: int) -> int:
        # A process keeps the zone it started with until it asks again.
        if hasattr(time, "tzset"):
            time.tzset()
        return time.localtime(wall_ms / 1000).tm_gmtoff

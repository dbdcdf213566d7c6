"""Ends a pause when its time has come, by the clock on the wall."""

from __future__ import annotations

from collections.abc import Callable

from app.clock import Clock
from app.loop import Loop, Timer
from app.tracking.switches import Switches

# A timer sleeps with the machine, so the end of a pause is looked for at least this often.
LONGEST_WAIT_S = 300.0


class PauseEnd:
    """Calls `over(switches)` when a pause is over. Belongs to the loop's thread."""

    def __init__(self, loop: Loop, clock: Clock, over: Callable[[Switches], None]) -> None:
        self._loop = loop
        self._clock = clock
        self._over = over
        self._timer: Timer | None = None

    def wait(self, switches: Switches) -> None:
        """Wait for the end of the pause in these switches, if it has one, and for no earlier one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        until = switches.paused_until_ms
        if switches.paused and until is not None:
            left_s = (until - self._clock.now().wall_ms) / 1000
            wait_s = min(max(left_s, 0) + 0.01, LONGEST_WAIT_S)
            self._timer = self._loop.call_later(wait_s, lambda: self._look(switches))

    def _look(self, switches: Switches) -> None:
        now = switches.at(self._clock.now().wall_ms)
        if now == switches:
            self.wait(switches)
        else:
            self._over(now)

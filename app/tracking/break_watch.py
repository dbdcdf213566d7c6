"""Whether a break is due: how long the person has worked without one. Pure."""

from __future__ import annotations

from app.clock import Instant

MINUTE_MS = 60_000
# Whoever is away for this long has had a break.
BREAK_MS = 5 * MINUTE_MS


class BreakWatch:
    """Told whenever the person comes or goes, and now and then; asked with what is set."""

    def __init__(self) -> None:
        self._since: Instant | None = None
        self._gone: Instant | None = None
        self._told = False

    def saw(self, now: Instant, *, present: bool) -> None:
        """The person is there, or is not."""
        if not present:
            self._gone = self._gone or now
            return
        away = self._gone is not None and now.boot_ms - self._gone.boot_ms >= BREAK_MS
        self._gone = None
        if away or self._since is None:
            self._since, self._told = now, False

    def due(self, now: Instant, after_min: int) -> int | None:
        """Minutes worked without a break, once for each stretch; None while none is due. 0: never."""
        if not after_min or self._told or self._since is None or self._gone is not None:
            return None
        worked = (now.boot_ms - self._since.boot_ms) // MINUTE_MS
        if worked < after_min:
            return None
        self._told = True
        return worked

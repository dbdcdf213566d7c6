"""Whether a focus session was left for something distracting, and not only for a moment. Pure."""

from __future__ import annotations

from app.clock import Instant

STAYED_MS = 60_000


class Nudge:
    """Says it once in each session, by `session` (its uuid, None while none runs)."""

    def __init__(self) -> None:
        self._session: str | None = None
        self._since: Instant | None = None
        self._said: str | None = None

    def saw(self, now: Instant, session: str | None, *, distracting: bool) -> None:
        """What the person does from `now` on."""
        if session is None or not distracting:
            self._since = None
        elif self._since is None or session != self._session:
            self._since = now
        self._session = session

    def due(self, now: Instant) -> bool:
        """Whether to say it now."""
        if self._session is None or self._since is None or self._said == self._session:
            return False
        if now.awake_ms - self._since.awake_ms < STAYED_MS:
            return False
        self._said = self._session
        return True

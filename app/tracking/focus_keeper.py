"""Keeps the focus session: its state machine, its timer, and its row in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from app.clock import Clock, Instant
from app.errors import StorageError
from app.loop import Loop, Timer
from app.models.focus_sessions import COMPLETED, RUNNING, StoredSession
from app.tracking.focus import Focus, Work

logger = logging.getLogger(__name__)

# What a kill may cost of a running session's counted time.
STORE_EVERY_MS = 60_000


class Sessions(Protocol):
    """What of `app.models.focus_sessions.FocusSessions` is used here."""

    def save(self, session: StoredSession) -> StoredSession: ...

    def unfinished(self) -> StoredSession | None: ...


class FocusKeeper:
    """Belongs to the tracker's thread. `on_change()` after every change a person can see,
    `on_completed(session)` when a session reached its planned length."""

    def __init__(
        self,
        *,
        loop: Loop,
        clock: Clock,
        sessions: Sessions,
        interruption_after_ms: int,
        on_change: Callable[[], None],
        on_completed: Callable[[StoredSession], None],
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._sessions = sessions
        self._on_change = on_change
        self._on_completed = on_completed
        self._timer: Timer | None = None
        self._focus = Focus(
            clock.now(), interruption_after_ms=interruption_after_ms, session=sessions.unfinished()
        )
        self._stored = self._focus.session
        self._schedule()

    @property
    def session(self) -> StoredSession | None:
        """The session that runs or is paused now, counted up to this moment."""
        self._focus.tick(self._clock.now())
        return self._focus.session if self._focus.active else None

    @property
    def remaining_ms(self) -> int | None:
        return self._focus.remaining_ms

    def set_interruption_after(self, ms: int) -> None:
        """A changed setting is in force at once."""
        self._focus.interruption_after_ms = ms

    def replace_sessions(self, sessions: Sessions) -> None:
        """Go on with another store of the same database."""
        self._sessions = sessions

    def start(self, minutes: int | None, project_id: int | None) -> None:
        """Begin a session. Raises `UsageError` when one runs."""
        now = self._clock.now()
        offset = self._clock.utc_offset_s(now.wall_ms)
        self._focus.start(now, offset, minutes=minutes, project_id=project_id)
        self._settle()

    def pause(self) -> None:
        """Raises `UsageError` when there is no session."""
        self._focus.pause(self._clock.now())
        self._settle()

    def resume(self) -> None:
        """Raises `UsageError` when there is no session."""
        self._focus.resume(self._clock.now())
        self._settle()

    def stop(self) -> StoredSession:
        """End the session. Raises `UsageError` when there is none."""
        session = self._focus.stop(self._clock.now())
        self._settle()
        return session

    def saw(self, at: Instant, work: Work) -> None:
        """What the person does from `at` on."""
        self._focus.saw(at, work)
        self._settle()

    def beat(self, now: Instant) -> None:
        """Time passed; the row is brought up to date now and then."""
        self._focus.tick(now)
        session, stored = self._focus.session, self._stored
        if session is None or stored is None or session.state != stored.state:
            self._settle()
        elif session.updated_ms - stored.updated_ms >= STORE_EVERY_MS:
            self._store(session)

    def close(self) -> None:
        """Store how far the session came; it goes on at the next start."""
        if self._timer is not None:
            self._timer.cancel()
        self._focus.tick(self._clock.now())
        if self._focus.active and self._focus.session is not None:
            self._store(self._focus.session)

    def _settle(self) -> None:
        session, before = self._focus.session, self._stored
        if session is None or session == before:
            return
        visible = (
            before is None
            or session.uuid != before.uuid
            or session.state != before.state
            or session.interruptions != before.interruptions
        )
        if not visible:
            return
        self._store(session)
        if session.state == COMPLETED and (before is None or before.state != COMPLETED):
            self._on_completed(session)
        self._schedule()
        self._on_change()

    def _store(self, session: StoredSession) -> None:
        # Remembered even when it cannot be stored: the next change or minute tries again.
        self._stored = session
        try:
            self._sessions.save(session)
        except StorageError as error:
            logger.warning("the focus session could not be stored: %s", error.title)

    def _schedule(self) -> None:
        """Wake up when the planned time is reached."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        session, remaining = self._focus.session, self._focus.remaining_ms
        if session is not None and session.state == RUNNING and remaining is not None:
            self._timer = self._loop.call_later(remaining / 1000 + 0.02, self._due)

    def _due(self) -> None:
        self.beat(self._clock.now())
        self._schedule()

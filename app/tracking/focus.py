"""The focus session: one at a time, with its timer and its interruptions. Pure.

| state | counts time | until |
| --- | --- | --- |
| running | yes | paused, stopped, or the planned time is reached: completed |
| paused | no | resumed or stopped; a pause made by sleep also ends with the person's next input |
| completed, stopped | no | for ever |

Time counts while the machine is awake, by the monotonic clock. Leaving the session's work for longer
than the set time counts one interruption, however long it lasts, until the person is back; the timer
goes on meanwhile. After a restart the time since the last stored moment does not count; a session that
was left for more than a quarter of an hour is paused, because nobody may be there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.clock import Instant, elapsed
from app.errors import UsageError
from app.models.focus_sessions import COMPLETED, PAUSED, RUNNING, STOPPED, StoredSession
from app.models.values import Activity
from app.tracking.presence import Presence

LONGEST_MIN = 24 * 60
LEFT_ALONE_MS = 15 * 60 * 1000
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Work:
    """What the person does now. `productivity`: of the activity's category, -1 to 1."""

    presence: Presence
    activity: Activity | None = None
    productivity: int = 0


def belongs(session: StoredSession, work: Work) -> bool:
    """Whether `work` is the session's: its project, or without one anything that does not distract.

    Nothing recorded (a hidden window) is not held against the person, their absence is.
    """
    if work.presence is not Presence.ACTIVE:
        return False
    if work.activity is None:
        return True
    if session.project_id is not None:
        return work.activity.project_id == session.project_id
    return work.productivity >= 0


class Focus:
    """The session of this machine, if there is one.

    `session` at the beginning: the stored one, unfinished. Every method takes the moment of the call;
    the session it returns is the one to store. `interruption_after_ms`: the setting.
    """

    def __init__(
        self, now: Instant, *, interruption_after_ms: int, session: StoredSession | None = None
    ) -> None:
        self.interruption_after_ms = interruption_after_ms
        self._session: StoredSession | None = None
        self._counted: Instant = now
        self._slept = False
        self._work: Work | None = None
        # How long the person has left the session's work already; None while at it.
        self._left_ms: int | None = None
        if session is not None and session.state in (RUNNING, PAUSED):
            alone = now.wall_ms - session.updated_ms > LEFT_ALONE_MS
            self._session = session
            self._change(now, state=PAUSED if alone else session.state)

    @property
    def session(self) -> StoredSession | None:
        """The session that runs or is paused, or the one that ended last."""
        return self._session

    @property
    def active(self) -> bool:
        """Whether a session runs or is paused."""
        return self._session is not None and self._session.state in (RUNNING, PAUSED)

    @property
    def remaining_ms(self) -> int | None:
        """Until the planned time is reached, as last counted; None for an open end and without a session."""
        if self._session is None or self._session.planned_ms is None:
            return None
        return max(0, self._session.planned_ms - self._session.focused_ms)

    def start(
        self, now: Instant, utc_offset_s: int, *, minutes: int | None = None, project_id: int | None = None
    ) -> StoredSession:
        """Begin a session of `minutes` (1 to 1440), or with an open end. Raises `UsageError`."""
        self.tick(now)
        if self.active:
            raise UsageError("A focus session runs already.", advice="Stop it first: `devpulse focus stop`.")
        if minutes is not None and not 1 <= minutes <= LONGEST_MIN:
            raise UsageError(f"A focus session lasts 1 to {LONGEST_MIN} minutes.")
        self._session = StoredSession(
            state=RUNNING,
            started_ms=now.wall_ms,
            utc_offset_s=utc_offset_s,
            updated_ms=now.wall_ms,
            planned_ms=None if minutes is None else minutes * _MINUTE_MS,
            project_id=project_id,
        )
        self._begin_counting(now)
        return self._session

    def pause(self, now: Instant) -> StoredSession:
        """Stop counting until `resume`. Raises `UsageError` when there is no session."""
        self._require()
        self._count(now)
        self._slept = False
        return self._change(now, state=PAUSED) if self.active else self._told()

    def resume(self, now: Instant) -> StoredSession:
        """Go on counting. Raises `UsageError` when there is no session."""
        self._require()
        if self._told().state == PAUSED:
            self._begin_counting(now)
            self._change(now, state=RUNNING)
        return self._told()

    def stop(self, now: Instant) -> StoredSession:
        """End the session now; one whose planned time is over by now is completed, not stopped.

        Raises `UsageError` when there is no session.
        """
        self._require()
        self._count(now)
        return self._end(now, STOPPED, over_ms=0) if self.active else self._told()

    def tick(self, now: Instant) -> StoredSession | None:
        """Count up to now; the session as it stands, completed if its planned time was reached."""
        self._count(now)
        return self._session

    def saw(self, at: Instant, work: Work) -> StoredSession | None:
        """What the person does from `at` on, which may lie a little back: counts interruptions, pauses
        for sleep, resumes after it."""
        self._count(at)
        self._work = work
        session = self._session
        if session is None or not self.active:
            return session
        if work.presence is Presence.ASLEEP and session.state == RUNNING:
            self._slept = True
            return self._change(at, state=PAUSED)
        if work.presence is Presence.ACTIVE and self._slept:
            return self.resume(at)
        if session.state == RUNNING:
            self._leave(at, session, max(0, self._counted.awake_ms - at.awake_ms))
        return self._session

    def _count(self, now: Instant) -> None:
        """Count the time since the last call, and complete the session when it reaches its plan."""
        passed = elapsed(self._counted, now).awake_ms
        if now.awake_ms >= self._counted.awake_ms:
            self._counted = now
        session = self._session
        if session is None or session.state != RUNNING:
            return
        focused = session.focused_ms + passed
        over = 0 if session.planned_ms is None else max(0, focused - session.planned_ms)
        self._leave(now, self._change(now, focused_ms=focused - over), passed - over)
        if session.planned_ms is not None and focused >= session.planned_ms:
            self._end(now, COMPLETED, over_ms=over)

    def _leave(self, now: Instant, session: StoredSession, passed_ms: int) -> None:
        """Count an interruption once the person left the session's work for long enough."""
        if self._work is None or belongs(session, self._work):
            self._left_ms = None
            return
        before = self._left_ms or 0
        self._left_ms = before + passed_ms
        if before <= self.interruption_after_ms < self._left_ms:
            self._change(now, more_interruptions=1)

    def _begin_counting(self, now: Instant) -> None:
        self._counted, self._slept, self._left_ms = now, False, None

    def _end(self, now: Instant, state: str, *, over_ms: int) -> StoredSession:
        # Whatever the clock was set to meanwhile, a session does not end before it began.
        ended_ms = max(now.wall_ms - over_ms, self._told().started_ms)
        return self._change(now, state=state, ended_ms=ended_ms)

    def _require(self) -> None:
        if not self.active:
            raise UsageError("No focus session runs.", advice="Start one: `devpulse focus start`.")

    def _told(self) -> StoredSession:
        assert self._session is not None
        return self._session

    def _change(
        self,
        now: Instant,
        *,
        state: str | None = None,
        focused_ms: int | None = None,
        ended_ms: int | None = None,
        more_interruptions: int = 0,
    ) -> StoredSession:
        session = self._told()
        self._session = replace(
            session,
            state=state or session.state,
            focused_ms=session.focused_ms if focused_ms is None else focused_ms,
            ended_ms=ended_ms,
            interruptions=session.interruptions + more_interruptions,
            updated_ms=max(now.wall_ms, session.started_ms),
        )
        return self._session

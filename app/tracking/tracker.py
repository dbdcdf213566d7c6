"""The tracker: what windows, input and session tell becomes what the recorder lays down.

It waits for events. Only while the person is active and something is recorded does it look by itself,
every second while they type and every four otherwise: a `cd` or `git switch` announces itself to nobody,
and the open span's end must not be older than that when the process is killed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.clock import Clock, Instant
from app.config import Settings
from app.errors import DisplayUnavailable
from app.loop import Loop, Timer
from app.models.values import Activity, Hidden, State, WindowSample
from app.tracking.pipeline import Pipeline, Seen
from app.tracking.platform.base import Hold, SessionEvent, Sources
from app.tracking.platform.holds import is_video_application
from app.tracking.presence import Presence, PresenceMachine, Transition
from app.tracking.recorder import Recorder

logger = logging.getLogger(__name__)

BUSY_TICK_S = 1.0
CALM_TICK_S = 4.0
# Who typed within this may `cd` at any second.
_BUSY_MS = 60_000

_HOLD_SETTINGS = {
    Hold.MICROPHONE: "tracking.count_microphone",
    Hold.FULLSCREEN_VIDEO: "tracking.count_fullscreen_video",
    Hold.MEDIA_PLAYING: "tracking.count_media_playing",
    Hold.IDLE_INHIBITOR: "tracking.count_idle_inhibitor",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What the tracker knows now. `seen` is None when no window is shown, or it is `hidden`."""

    presence: Presence
    since: Instant
    seen: Seen | None
    seen_since: Instant
    hidden: Hidden | None
    blind: bool


class Tracker:
    """Lives in the loop's thread; `session` may be called from any thread.

    `suspended()`: whether the person paused or is in private mode, so that not even idle is recorded.
    `on_change(moment)` after everything that changes what is recorded, `on_beat(now)` at every look.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        clock: Clock,
        sources: Sources,
        pipeline: Pipeline,
        recorder: Recorder,
        settings: Settings,
        suspended: Callable[[], bool],
        on_change: Callable[[Moment], None],
        on_beat: Callable[[Instant], None],
        on_stored_for_sleep: Callable[[], None] = lambda: None,
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._sources = sources
        self._pipeline = pipeline
        self._recorder = recorder
        self._settings = settings
        self._suspended = suspended
        self._on_change = on_change
        self._on_beat = on_beat
        self._on_stored_for_sleep = on_stored_for_sleep
        now = clock.now()
        self._presence = PresenceMachine(
            now, idle_after_ms=self._idle_after_s * 1000, longest_hold_ms=self._longest_hold_ms
        )
        self._sample: WindowSample | None = None
        self._seen: Seen | None = None
        self._seen_since = now
        self._hidden: Hidden | None = None
        self._timer: Timer | None = None
        self._blind = True
        self._stopped = False
        self._told: Moment | None = None

    @property
    def moment(self) -> Moment:
        return Moment(
            self._presence.presence,
            self._presence.since,
            self._seen,
            self._seen_since,
            self._hidden,
            self._blind,
        )

    def start(self) -> None:
        """Begin to listen. A display that cannot be opened leaves the tracker blind, not broken."""
        try:
            self._sources.windows.start(self._loop, self._on_window, self._on_display_lost)
            self._blind = False
            self._sources.input.start(self._loop, self._idle_after_s, self._on_idle, self._on_input)
        except DisplayUnavailable as error:
            logger.warning("windows or input cannot be seen: %s", error.title)
        self._look()

    def stop(self) -> None:
        """Store all there is and let go of the sources."""
        if self._stopped:
            return
        self._stopped = True
        self._cancel_tick()
        self._recorder.stop(self._clock.now())
        self._sources.input.stop()
        self._sources.windows.stop()

    def session(self, event: SessionEvent) -> None:
        """The login manager told something; from any thread."""
        self._loop.post(lambda: self._on_session(event))

    def use(self, settings: Settings) -> None:
        """Changed settings are in force at once."""
        self._settings = settings
        self._presence.idle_after_ms = self._idle_after_s * 1000
        self._presence.longest_hold_ms = self._longest_hold_ms
        if not self._blind:
            self._sources.input.set_idle_after(self._idle_after_s)
        self._look()

    def look_again(self) -> None:
        """Something changed what the present window means (rules, privacy, pause, project by hand)."""
        self._look()

    def flush(self) -> None:
        """Store the open span up to now."""
        now = self._clock.now()
        self._recorder.advance(now)
        self._recorder.flush()

    def _on_window(self, sample: WindowSample | None) -> None:
        self._sample = sample
        self._look()

    def _on_display_lost(self) -> None:
        logger.warning("the display went away")
        self._blind = True
        self._sample = None
        self._look()

    def _on_idle(self, idle_ms: int) -> None:
        now = self._clock.now()
        self._follow(self._presence.idle(now, idle_ms), now)

    def _on_input(self) -> None:
        now = self._clock.now()
        self._follow(self._presence.input(now), now)

    def _on_session(self, event: SessionEvent) -> None:
        if self._stopped:
            return
        now = self._clock.now()
        self._follow(self._presence.session(now, event), now)
        if event in (SessionEvent.SLEEPING, SessionEvent.SHUTTING_DOWN):
            self._recorder.flush()
            self._on_stored_for_sleep()

    def _on_holds(self, found: frozenset[Hold]) -> None:
        if self._stopped:
            return
        now = self._clock.now()
        self._follow(self._presence.holds(now, bool(found)), now)

    def _tick(self) -> None:
        self._timer = None
        now = self._clock.now()
        idle_ms = None if self._blind else self._sources.input.idle_ms()
        self._follow(self._presence.tick(now, idle_ms), now, idle_ms)

    def _follow(self, transitions: tuple[Transition, ...], now: Instant, idle_ms: int | None = None) -> None:
        for transition in transitions:
            self._turn(transition)
        self._look_for_holds(now)
        self._look(idle_ms)

    def _turn(self, transition: Transition) -> None:
        if transition.to is Presence.ACTIVE:
            return  # the look that follows begins what is seen
        at = transition.at
        if transition.to is Presence.IDLE and not self._suspended():
            self._recorder.begin(at, State.IDLE, None)
        else:
            self._recorder.end(at)

    def _look_for_holds(self, now: Instant) -> None:
        if not self._presence.should_look(now):
            return
        wanted = frozenset(hold for hold, key in _HOLD_SETTINGS.items() if self._settings.switch(key))
        if Hold.FULLSCREEN_VIDEO in wanted and self._is_fullscreen_video():
            found = frozenset({Hold.FULLSCREEN_VIDEO})
            self._loop.call_later(0, lambda: self._on_holds(found))
            return
        self._sources.holds.check(wanted - {Hold.FULLSCREEN_VIDEO}, self._on_holds)

    def _is_fullscreen_video(self) -> bool:
        sample = self._sample
        return sample is not None and sample.fullscreen and is_video_application(sample.application)

    def _look(self, idle_ms: int | None = None) -> None:
        """Record what is seen now, if it is another thing than before; else go on.

        `idle_ms`: since the last input, where that was asked just now.
        """
        if self._stopped:
            return
        now = self._clock.now()
        self._see(now)
        doing, wanted = self._recorder.doing, self._wanted()
        if wanted is None:
            self._recorder.end(now)
        elif doing is None or (doing.state, doing.activity) != wanted:
            self._recorder.begin(now, *wanted)
        else:
            self._recorder.advance(now)
        if self.moment != self._told:
            self._told = self.moment
            self._on_change(self._told)
        self._on_beat(now)
        self._schedule_tick(idle_ms)

    def _see(self, now: Instant) -> None:
        found: Seen | Hidden | None = None
        if self._sample is not None:
            offset = self._clock.utc_offset_s(now.wall_ms)
            found = self._pipeline.seen(self._sample, now.wall_ms, offset)
        seen, hidden = (None, found) if isinstance(found, Hidden) else (found, None)
        if (seen, hidden) != (self._seen, self._hidden):
            self._seen_since = now
            if hidden is not None:
                self._pipeline.hidden[hidden] += 1
        self._seen, self._hidden = seen, hidden

    def _wanted(self) -> tuple[State, Activity | None] | None:
        """What there is to record now; None: nothing."""
        presence = self._presence.presence
        if presence is Presence.ACTIVE and self._seen is not None:
            return State.ACTIVE, self._seen.activity
        if presence is Presence.IDLE and not self._suspended():
            return State.IDLE, None
        return None

    def _schedule_tick(self, idle_ms: int | None) -> None:
        self._cancel_tick()
        watching = self._presence.watching
        if self._presence.presence is Presence.ACTIVE:
            due = watching or self._recorder.doing is not None
        else:
            due = watching and not self._blind
        if not due:
            return
        if idle_ms is None and not self._blind:
            idle_ms = self._sources.input.idle_ms()
        away = idle_ms is not None and idle_ms >= self._idle_after_s * 1000
        if self._presence.presence is not Presence.ACTIVE and away:
            return
        # After waking no alarm is set that could announce the person: they were never idle.
        busy = idle_ms is not None and idle_ms < _BUSY_MS
        self._timer = self._loop.call_later(BUSY_TICK_S if busy else CALM_TICK_S, self._tick)

    def _cancel_tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def _idle_after_s(self) -> int:
        return self._settings.number("tracking.idle_after_s")

    @property
    def _longest_hold_ms(self) -> int:
        return self._settings.number("tracking.longest_hold_min") * 60_000

"""Whether the person is there: active, idle, locked, asleep, or away in another session. Pure.

| state | until |
| --- | --- |
| ASLEEP: the machine sleeps or shuts down | it woke, or somebody uses it |
| AWAY: another session has the seat | this one has it again |
| LOCKED: the screen is locked | it is unlocked |
| IDLE: no input for the idle time, and nothing holds the person present | an input |
| ACTIVE | any of these |

The upper state wins: who wakes a locked machine is LOCKED. After waking the person is IDLE until an
input: a machine also wakes by itself. Unlocking and switching back are done by a person, so they are
ACTIVE.

Idle is dated back to the last input; when a hold (a call, a film) kept the person present, to the last
moment the hold was seen; when the hold went on too long, to the last input plus that longest time. No
transition is ever dated before the one before it. Lock, sleep and switching away are dated at once.

Events may come twice, late or never. Sleep that nobody announced shows in the clocks: it counts from
the last call before it to the first after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.clock import STEP_TOLERANCE_MS, Instant, elapsed
from app.tracking.platform.base import SessionEvent

# A hold source answers within 5 s; after this the answer is not waited for any more.
ANSWER_WITHIN_MS = 10_000
# How often a hold is looked for again while it lasts: the error of its end.
LOOK_AGAIN_MS = 10_000
# Two readings of the time since the last input differ by their own delay.
JITTER_MS = 1_000
# Between the announcement of sleep and sleep the person may still touch something.
FALLING_ASLEEP_MS = 10_000


class Presence(StrEnum):
    """What the person is, as far as the machine can tell."""

    ACTIVE = "active"
    IDLE = "idle"
    LOCKED = "locked"
    ASLEEP = "asleep"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Transition:
    """From `at` on the person is `to`. `at` may lie before now, never before the last transition."""

    to: Presence
    at: Instant


class PresenceMachine:
    """The state machine. Every event takes the moment of the call and returns the transitions it made.

    `idle_after_ms`, `longest_hold_ms`: the settings, in ms. After every event ask `should_look`. Call
    `tick` with the ms since the last input every few seconds while `watching`, and once a minute else:
    it makes up for alarms and inputs that nobody told.
    """

    def __init__(self, now: Instant, *, idle_after_ms: int, longest_hold_ms: int) -> None:
        self.idle_after_ms = idle_after_ms
        self.longest_hold_ms = longest_hold_ms
        self._locked = self._away = self._asleep = self._idle = False
        self._presence = Presence.ACTIVE
        self._since: Instant = now
        self._seen: Instant = now
        self._last_input: Instant = now
        # Without input for the idle time, and not known yet (or any more) whether something holds.
        self._quiet = False
        self._held: Instant | None = None
        self._asked: Instant | None = None
        self._answered: Instant | None = None
        self._made: list[Transition] = []

    @property
    def presence(self) -> Presence:
        return self._presence

    @property
    def since(self) -> Instant:
        """When the present state began."""
        return self._since

    @property
    def held(self) -> bool:
        """Whether a hold alone keeps the person present."""
        return self._held is not None

    @property
    def watching(self) -> bool:
        """Whether `tick` should come every few seconds: something is due that no event may announce."""
        return self._quiet or self._presence in (Presence.IDLE, Presence.ASLEEP)

    def should_look(self, now: Instant) -> bool:
        """Whether to look for holds now; each True is answered by `holds`."""
        if not self._quiet or self._asked is not None:
            return False
        if self._answered is not None and now.boot_ms - self._answered.boot_ms < LOOK_AGAIN_MS:
            return False
        self._asked = now
        return True

    def input(self, now: Instant) -> tuple[Transition, ...]:
        """Keyboard or pointer were used."""
        self._notice_sleep(now)
        # Another session's input never comes here, so this one has the seat.
        self._away = False
        self._used(now)
        return self._taken()

    def idle(self, now: Instant, idle_ms: int) -> tuple[Transition, ...]:
        """There was no input for `idle_ms`."""
        self._notice_sleep(now)
        self._without_input(now, idle_ms)
        return self._taken()

    def holds(self, now: Instant, found: bool) -> tuple[Transition, ...]:  # noqa: FBT001 - the answer
        """The answer to `should_look`."""
        self._notice_sleep(now)
        if self._asked is not None:
            self._answer(now, found=found)
        return self._taken()

    def session(self, now: Instant, event: SessionEvent) -> tuple[Transition, ...]:
        """The login manager told something."""
        self._notice_sleep(now)
        if event in (SessionEvent.UNLOCKED, SessionEvent.SWITCHED_BACK):
            self._locked = self._locked and event is not SessionEvent.UNLOCKED
            self._away = self._away and event is not SessionEvent.SWITCHED_BACK
            self._used(now)
        elif event is SessionEvent.WOKE:
            self._wake(now)
        else:
            if self._quiet and self._held is None:
                self._go_idle(self._last_input)
            self._locked = self._locked or event is SessionEvent.LOCKED
            self._away = self._away or event is SessionEvent.SWITCHED_AWAY
            self._asleep = self._asleep or event in (SessionEvent.SLEEPING, SessionEvent.SHUTTING_DOWN)
            self._settle(now)
        return self._taken()

    def tick(self, now: Instant, idle_ms: int | None = None) -> tuple[Transition, ...]:
        """Time passed; `idle_ms`: since the last input, None when that is not known."""
        self._notice_sleep(now)
        if idle_ms is not None:
            used_at = _earlier(now, idle_ms)
            if self._is_news(used_at):
                self._used(used_at)
            elif idle_ms >= self.idle_after_ms:
                self._without_input(now, idle_ms)
        if self._asked is not None and now.boot_ms - self._asked.boot_ms > ANSWER_WITHIN_MS:
            self._answer(now, found=False)
        self._end_long_hold(now)
        return self._taken()

    def _is_news(self, used_at: Instant) -> bool:
        """Whether an input at that moment changes what is known."""
        if self._presence is Presence.ASLEEP:
            return used_at.boot_ms - self._since.boot_ms > FALLING_ASLEEP_MS
        if self._presence is Presence.IDLE:
            return used_at.boot_ms - self._since.boot_ms > JITTER_MS
        return self._quiet and used_at.boot_ms - self._last_input.boot_ms > JITTER_MS

    def _used(self, at: Instant) -> None:
        self._last_input = at
        self._asleep = self._idle = False
        self._end_quiet()
        self._settle(at)

    def _without_input(self, now: Instant, idle_ms: int) -> None:
        if self._presence is not Presence.ACTIVE:
            return
        last = _earlier(now, idle_ms)
        if not self._quiet or last.boot_ms > self._last_input.boot_ms:
            self._last_input = last if last.boot_ms > self._since.boot_ms else self._since
        self._quiet = True
        self._end_long_hold(now)

    def _answer(self, now: Instant, *, found: bool) -> None:
        self._asked, self._answered = None, now
        if found:
            self._held = now
            self._end_long_hold(now)
        else:
            self._go_idle(self._held or self._last_input)

    def _end_long_hold(self, now: Instant) -> None:
        if self._quiet and now.boot_ms - self._last_input.boot_ms >= self.longest_hold_ms:
            held = self._held is not None
            self._go_idle(_later(self._last_input, self.longest_hold_ms) if held else self._last_input)

    def _wake(self, now: Instant) -> None:
        if self._asleep:
            self._asleep, self._idle = False, True
            self._settle(now)

    def _notice_sleep(self, now: Instant) -> None:
        passed = elapsed(self._seen, now)
        asleep_from = _later(self._seen, passed.awake_ms)
        if now.boot_ms > self._seen.boot_ms:
            self._seen = now
        if passed.asleep_ms <= STEP_TOLERANCE_MS:
            return
        if not self._asleep:
            if self._quiet and self._held is None:
                self._go_idle(self._last_input)
            self._asleep = True
            self._settle(asleep_from)
        self._wake(now)

    def _go_idle(self, at: Instant) -> None:
        self._idle = True
        self._settle(at)

    def _end_quiet(self) -> None:
        self._quiet = False
        self._held = self._asked = self._answered = None

    def _settle(self, at: Instant) -> None:
        to = self._derived()
        if to is not Presence.ACTIVE:
            self._end_quiet()
        if to is self._presence:
            return
        if at.boot_ms < self._since.boot_ms:
            at = self._since
        self._presence, self._since = to, at
        self._made.append(Transition(to, at))

    def _derived(self) -> Presence:
        if self._asleep:
            return Presence.ASLEEP
        if self._away:
            return Presence.AWAY
        if self._locked:
            return Presence.LOCKED
        return Presence.IDLE if self._idle else Presence.ACTIVE

    def _taken(self) -> tuple[Transition, ...]:
        made, self._made = tuple(self._made), []
        return made


def _earlier(at: Instant, ms: int) -> Instant:
    return Instant(at.wall_ms - ms, at.awake_ms - ms, at.boot_ms - ms)


def _later(at: Instant, ms: int) -> Instant:
    return _earlier(at, -ms)

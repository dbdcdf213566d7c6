"""Heartbeat merge: beats of what the person does become spans. Pure.

A `Beat` says: from then to then, this. `merge` compares it with the open span, and says what the
journal shall do. The rules, in their order:

1. **One after another.** Beats of one clock are in order. What of a beat lies before the open span's
   end is already recorded, and is cut off: recorded time is never overwritten and never counted twice.
   What lies before the open span's start came late: it is inserted as a span of its own, and the open
   one goes on. Less than a second of that is the clock being slewed, and is cut off.
2. **Merging.** A beat goes on with the open span when state, activity and offset from UTC are equal,
   and it starts no later than the span's end plus the pulse. The span then reaches to the beat's end.
3. **Gaps** beyond the pulse are not bridged, and a gap before something else never is.
4. **Zones.** Another offset from UTC (travel, daylight saving) closes the span and opens another.
5. **A day.** A span never lasts over 24 h; the rest of the beat goes into the next one.
6. **Short ones stay.** A window shown for half a second is a span: totals are true to the beat.

Clocks (`beat_between`): a beat lasts as long as the machine was awake, by the monotonic clock. Sleep
that nobody announced ends the beat at its awake length; what follows begins at the time on the clock
after it. When the wall clock was set meanwhile, the beat keeps the time of the old clock and the
next one, marked `fresh`, takes that of the new: after setting a clock back, two spans may then bear
the same time of day, because both were lived. No length is ever negative or counted twice.

Idle is known late: `back_date` cuts what was recorded since the last input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.clock import STEP_TOLERANCE_MS, Instant, elapsed
from app.models.values import Activity, State

DAY_MS = 24 * 60 * 60 * 1000
# After so long an absence, beginning with something else is no context switch.
ABSENCE_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Beat:
    """From `start_ms` to `end_ms` (ms UTC) the person did this; end ≥ start.

    `utc_offset_s`: where the person was, seconds east. `fresh`: the clock was set since the beat before,
    so that its times cannot be compared with the open span's.
    """

    start_ms: int
    end_ms: int
    utc_offset_s: int
    state: State
    activity: Activity | None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """The span that may still grow, as the journal has it."""

    start_ms: int
    end_ms: int
    utc_offset_s: int
    state: State
    activity: Activity | None


@dataclass(frozen=True, slots=True)
class Extend:
    """Let the open span reach to `end_ms`."""

    end_ms: int


@dataclass(frozen=True, slots=True)
class Close:
    """End the open span at `end_ms`; it never grows again."""

    end_ms: int


@dataclass(frozen=True, slots=True)
class Open:
    """Append this span; it is the open one from now on."""

    span: OpenSpan


@dataclass(frozen=True, slots=True)
class Insert:
    """Append this span, which came late and is complete; the open one stays open."""

    span: OpenSpan


Action = Extend | Close | Open | Insert


def merge(open_span: OpenSpan | None, beat: Beat, pulse_ms: int) -> tuple[Action, ...]:
    """What the journal does about `beat`; nothing when all of it is recorded already."""
    if beat.end_ms < beat.start_ms:
        return ()
    if open_span is None:
        return _opened(beat, beat.start_ms)
    if beat.fresh:
        return (Close(open_span.end_ms), *_opened(beat, beat.start_ms))
    late = _late(open_span, beat)
    start = max(beat.start_ms, open_span.end_ms)
    if beat.end_ms < start:
        return late
    if _same(open_span, beat) and start <= open_span.end_ms + pulse_ms:
        return (*late, *_extended(open_span, beat))
    return (*late, Close(open_span.end_ms), *_opened(beat, start))


def apply(open_span: OpenSpan | None, actions: Sequence[Action]) -> OpenSpan | None:
    """The open span after `actions`."""
    for action in actions:
        if isinstance(action, Open):
            open_span = action.span
        elif isinstance(action, Close):
            open_span = None
        elif isinstance(action, Extend) and open_span is not None:
            open_span = replace(open_span, end_ms=action.end_ms)
    return open_span


def beat_between(
    since: Instant,
    until: Instant,
    utc_offset_s: int,
    state: State,
    activity: Activity | None,
    *,
    fresh: bool = False,
) -> Beat:
    """The beat of what went on from `since` to `until`, by the time the machine was awake."""
    end_ms = since.wall_ms + elapsed(since, until).awake_ms
    return Beat(since.wall_ms, end_ms, utc_offset_s, state, activity, fresh)


def is_fresh(since: Instant, until: Instant) -> bool:
    """Whether a beat that begins at `until` is marked `fresh`: the wall clock was set after `since`."""
    return elapsed(since, until).stepped


@dataclass(frozen=True, slots=True)
class Laid:
    """A span laid down lately. `key`: the caller's name for it, such as the journal's id. `since`: when
    it began by all clocks; `start_ms` and `end_ms` as they are stored."""

    key: int
    since: Instant
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Let the span `key` end at `end_ms`; at its start when nothing of it stays."""

    key: int
    end_ms: int


def back_date(laid: Sequence[Laid], at: Instant) -> tuple[Cut, ...]:
    """How spans are cut because the person had gone at `at`: whatever reaches beyond ends there.

    Compared by the monotonic clock, so that setting the clock meanwhile does not matter. Where it was
    not set, the cut is at `at` to the millisecond, because what follows begins there.
    """
    cuts: list[Cut] = []
    for span in laid:
        end_ms = span.start_ms + max(0, at.awake_ms - span.since.awake_ms)
        if abs(at.wall_ms - end_ms) <= STEP_TOLERANCE_MS:
            end_ms = max(span.start_ms, at.wall_ms)
        if end_ms < span.end_ms:
            cuts.append(Cut(span.key, end_ms))
    return tuple(cuts)


def is_switch(previous: Activity | None, current: Activity, gap_ms: int) -> bool:
    """Whether going from `previous` to `current` is a context switch: another project, or, within the
    same or no project, another application. Not after an absence of 5 minutes. See docs/metrics.md.

    `previous`: the last activity of the person, `gap_ms` ago (0: without a break); None: there was none.
    """
    if previous is None or gap_ms >= ABSENCE_MS:
        return False
    if previous.project_id != current.project_id:
        return True
    return previous.application != current.application


def _same(open_span: OpenSpan, beat: Beat) -> bool:
    return (
        open_span.state is beat.state
        and open_span.utc_offset_s == beat.utc_offset_s
        and open_span.activity == beat.activity
    )


def _late(open_span: OpenSpan, beat: Beat) -> tuple[Action, ...]:
    end_ms = min(beat.end_ms, open_span.start_ms)
    if open_span.start_ms - beat.start_ms <= STEP_TOLERANCE_MS or end_ms == beat.start_ms:
        return ()
    opened = _opened(replace(beat, end_ms=end_ms), beat.start_ms)
    return tuple(Insert(action.span) for action in opened if isinstance(action, Open))


def _extended(open_span: OpenSpan, beat: Beat) -> tuple[Action, ...]:
    if beat.end_ms <= open_span.end_ms:
        return ()
    full = open_span.start_ms + DAY_MS
    if beat.end_ms <= full:
        return (Extend(beat.end_ms),)
    return (Close(full), *_opened(beat, full))


def _opened(beat: Beat, start_ms: int) -> tuple[Action, ...]:
    """Spans for the beat from `start_ms` on, none over 24 h; the last stays open."""
    actions: list[Action] = []
    while beat.end_ms - start_ms > DAY_MS:
        actions += [Open(_span(beat, start_ms, start_ms + DAY_MS)), Close(start_ms + DAY_MS)]
        start_ms += DAY_MS
    return (*actions, Open(_span(beat, start_ms, beat.end_ms)))


def _span(beat: Beat, start_ms: int, end_ms: int) -> OpenSpan:
    return OpenSpan(start_ms, end_ms, beat.utc_offset_s, beat.state, beat.activity)

"""Lays down what the person is doing, beat by beat, as spans in the journal.

Between two moments of storing, the open span's end stands in the pulse file only, so that a long
stretch in one window costs the disk next to nothing. When it shows that the person had gone, what was
laid down since is cut.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.clock import STEP_TOLERANCE_MS, Clock, Instant
from app.errors import StorageError
from app.models.values import Activity, Span, State
from app.tracking.backlog import Append, Backlog, Discard, End, Ledger
from app.tracking.spans import (
    Action,
    Beat,
    Close,
    Extend,
    Laid,
    Open,
    OpenSpan,
    apply,
    back_date,
    beat_between,
    is_fresh,
    is_switch,
    merge,
)

logger = logging.getLogger(__name__)

# Beats come every 1 to 4 s; a gap beyond this means that nobody was watching.
PULSE_MS = 6_000
STORE_EVERY_MS = 60_000
# Spans that may still be cut; a title that changes ten times a second fills it in three minutes.
_MOST_LAID = 2_048


class PulseFile(Protocol):
    """What of `app.models.pulse.Pulse` is used here. Its methods raise `StorageError`."""

    def write(self, span_id: int, end_ms: int) -> None: ...

    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Doing:
    """What is recorded, from `since` on."""

    since: Instant
    state: State
    activity: Activity | None


class Recorder:
    """Belongs to the tracker's thread. `keep(spans)`: where the journal takes nothing at the end, keeps
    them for the next start; raises `StorageError`."""

    def __init__(
        self, ledger: Ledger, pulse: PulseFile, clock: Clock, keep: Callable[[Sequence[Span]], None]
    ) -> None:
        self._keep = keep
        self._ledger = ledger
        self._backlog = Backlog(ledger)
        self._pulse = pulse
        self._clock = clock
        self._doing: Doing | None = None
        self._beat_from: Instant | None = None
        self._fresh = False
        self._open: OpenSpan | None = None
        self._key = 0
        self._open_key = 0
        self._stored_end_ms = 0
        self._laid: deque[Laid] = deque(maxlen=_MOST_LAID)
        self._last_active: Activity | None = None
        self._last_active_until: Instant | None = None

    @property
    def doing(self) -> Doing | None:
        """What is being recorded now; None: nothing."""
        return self._doing

    @property
    def problem(self) -> StorageError | None:
        """Why nothing can be stored at the moment; what is recorded waits in memory meanwhile."""
        return self._backlog.problem

    @property
    def unstored_ms(self) -> int:
        """How much of the open span is not in the database yet."""
        return 0 if self._open is None else max(0, self._open.end_ms - self._stored_end_ms)

    def replace_ledger(self, ledger: Ledger) -> None:
        """Go on with another journal of the same database (the key was unlocked)."""
        self.flush()
        self._ledger = ledger
        self._backlog.replace_ledger(ledger)

    def advance(self, now: Instant) -> None:
        """The same went on until `now`."""
        if self._doing is not None and self._beat_from is not None:
            since, self._beat_from = self._beat_from, now
            offset = self._clock.utc_offset_s(since.wall_ms)
            doing = self._doing
            beat = beat_between(since, now, offset, doing.state, doing.activity, fresh=self._fresh)
            self._lay(beat, since)
            self._fresh = is_fresh(since, now)
        self._carry_out()

    def begin(self, at: Instant, state: State, activity: Activity | None) -> None:
        """From `at` on it is this. `at` may lie in the past: what was laid down beyond it is cut."""
        self._end_at(at)
        self._doing = Doing(at, state, activity)
        self._beat_from = at
        offset = self._clock.utc_offset_s(at.wall_ms)
        start_ms = self._start_ms(at)
        self._lay(Beat(start_ms, start_ms, offset, state, activity, self._fresh), at)
        self._fresh = False
        self._carry_out()

    def end(self, at: Instant) -> None:
        """From `at` on nothing is recorded; what was laid down beyond it is cut."""
        self._end_at(at)
        self._doing = None
        self._beat_from = None
        self._fresh = False
        self._store_open()
        self._open = None
        self._carry_out()

    def flush(self) -> None:
        """Store the open span as far as it goes."""
        self._store_open()
        self._carry_out()

    def stop(self, now: Instant) -> None:
        """An orderly end: everything stored, or kept for the next start, and no pulse left behind."""
        self.end(now)
        try:
            if len(self._backlog):
                self._keep(self._backlog.unstored())
                self._pulse.clear()
                return
            self._pulse.clear()
            self._ledger.flush()
        except StorageError as error:
            logger.warning("the end could not be written: %s", error.title)

    def _end_at(self, at: Instant) -> None:
        doing = self._doing
        if doing is None or self._beat_from is None:
            return
        if at.awake_ms >= self._beat_from.awake_ms:
            self.advance(at)
        else:
            self._cut(at)
        if doing.state is State.ACTIVE and doing.activity is not None:
            self._last_active, self._last_active_until = doing.activity, at

    def _start_ms(self, at: Instant) -> int:
        """Where a span that begins at `at` follows the open one. Measured by another clock, that may end a
        millisecond later; a beat without length before its end would be taken for recorded already."""
        if self._open is None or self._fresh:
            return at.wall_ms
        ahead_ms = self._open.end_ms - at.wall_ms
        return self._open.end_ms if 0 < ahead_ms <= STEP_TOLERANCE_MS else at.wall_ms

    def _cut(self, at: Instant) -> None:
        cuts = {cut.key: cut.end_ms for cut in back_date(tuple(self._laid), at)}
        stays: list[Laid] = []
        for span in self._laid:
            end_ms = cuts.get(span.key)
            if end_ms is None:
                stays.append(span)
            elif end_ms <= span.start_ms:
                self._backlog.add(Discard(span.key))
            else:
                self._backlog.add(End(span.key, end_ms))
                stays.append(replace(span, end_ms=end_ms))
        self._laid = deque(stays, maxlen=_MOST_LAID)
        if self._open_key in cuts:
            self._open = None

    def _lay(self, beat: Beat, since: Instant) -> None:
        actions = merge(self._open, beat, PULSE_MS)
        for action in actions:
            self._take(action, since)
        self._open = apply(self._open, actions)

    def _take(self, action: Action, since: Instant) -> None:
        if isinstance(action, Extend):
            self._reach(action.end_ms)
        elif isinstance(action, Close):
            self._backlog.add(End(self._open_key, action.end_ms))
        elif isinstance(action, Open):
            self._open_key = self._append(action.span, since)
            self._stored_end_ms = action.span.end_ms
        else:
            self._append(action.span, since)

    def _append(self, span: OpenSpan, since: Instant) -> int:
        self._key += 1
        switched = self._switched(span, since)
        stored = Span(span.start_ms, span.end_ms, span.utc_offset_s, span.state, span.activity, switched)
        self._backlog.add(Append(self._key, stored))
        self._laid.append(Laid(self._key, since, span.start_ms, span.end_ms))
        return self._key

    def _switched(self, span: OpenSpan, since: Instant) -> bool:
        if span.state is not State.ACTIVE or span.activity is None or self._last_active_until is None:
            return False
        gap_ms = max(0, since.boot_ms - self._last_active_until.boot_ms)
        return is_switch(self._last_active, span.activity, gap_ms)

    def _reach(self, end_ms: int) -> None:
        for index in range(len(self._laid) - 1, -1, -1):
            if self._laid[index].key == self._open_key:
                self._laid[index] = replace(self._laid[index], end_ms=end_ms)
                break
        if end_ms - self._stored_end_ms >= STORE_EVERY_MS:
            self._backlog.add(End(self._open_key, end_ms))
            self._stored_end_ms = end_ms
        self._beat_pulse(end_ms)

    def _beat_pulse(self, end_ms: int) -> None:
        span_id = self._backlog.stored_id(self._open_key)
        if span_id is None or len(self._backlog):
            return
        try:
            self._pulse.write(span_id, end_ms)
        except StorageError as error:
            logger.warning("the pulse could not be written: %s", error.title)

    def _store_open(self) -> None:
        if self._open is not None and self._open.end_ms > self._stored_end_ms:
            self._backlog.add(End(self._open_key, self._open.end_ms))
            self._stored_end_ms = self._open.end_ms

    def _carry_out(self) -> None:
        erased = self._backlog.carry_out()
        if self._open_key in erased:
            # Somebody erased the open span: what follows begins a new one.
            self._open = None

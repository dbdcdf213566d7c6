"""Events of one kind as a lane: one after another, nothing twice, small gaps closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.analytics.exchange.observed import Stretch

# Watchers look once a second and tell of a change when they see it: without this, each switch loses up to
# two looks, 12 to 30 % of the time. The same 5 s as `flood` in ActivityWatch's aw-core.
PULSE_MS = 5_000


def lane(events: Iterable[Stretch], pulse_ms: int = PULSE_MS) -> Iterator[Stretch]:
    """The events (by start, longest first) as stretches that do not overlap, in the order of time.

    Of two events at one time the one that began later counts, and the earlier one goes on after it. A gap
    of at most `pulse_ms` belongs to what was before. What has no length after that is left out, and
    equal neighbours become one.
    """
    return _joined(_closed(_parted(events), pulse_ms))


def _parted(events: Iterable[Stretch]) -> Iterator[Stretch]:
    # What still goes on, the latest beginning on top.
    open_: list[Stretch] = []
    at = 0
    for event in events:
        yield from _until(open_, at, event.start)
        at = event.start
        open_.append(event)
    yield from _until(open_, at, None)


def _until(open_: list[Stretch], at: int, end: int | None) -> Iterator[Stretch]:
    """What goes on from `at` to `end`; what is over by then is taken from the stack."""
    while open_:
        top = open_[-1]
        if end is not None and top.end > end:
            yield Stretch(at, end, top.what)
            return
        open_.pop()
        if top.end >= at:
            yield Stretch(at, top.end, top.what)
            at = top.end


def _closed(stretches: Iterable[Stretch], pulse_ms: int) -> Iterator[Stretch]:
    before: Stretch | None = None
    for stretch in stretches:
        if before is not None:
            near = stretch.start - before.end <= pulse_ms
            yield Stretch(before.start, stretch.start, before.what) if near else before
        before = stretch
    if before is not None:
        yield before


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    before: Stretch | None = None
    for stretch in stretches:
        if stretch.start >= stretch.end:
            continue
        if before is not None and before.end == stretch.start and before.what == stretch.what:
            before = Stretch(before.start, stretch.end, before.what)
            continue
        if before is not None:
            yield before
        before = stretch
    if before is not None:
        yield before


class Cursor:
    """Looks into a lane at ever later times."""

    __slots__ = ("_lane", "_now")

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._lane = iter(stretches)
        self._now = next(self._lane, None)

    def at(self, start: int, end: int) -> tuple[int | None, int]:
        """What the lane shows at `start` (None: nothing), and until when that holds, `end` at most."""
        while self._now is not None and self._now.end <= start:
            self._now = next(self._lane, None)
        now = self._now
        if now is None or now.start >= end:
            return None, end
        if now.start > start:
            return None, now.start
        return now.what, min(end, now.end)

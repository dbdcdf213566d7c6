"""What is recorded already stays, and an import fills the time around it. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from app.analytics.exchange.observed import Stretch

DAY_MS = 86_400_000

Interval = tuple[int, int]


class Taken:
    """Stretches of time that are recorded already: [start, end), by their starts, overlapping or not."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in intervals:
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def around(self, stretch: Stretch) -> Iterator[Stretch]:
        """The parts of a stretch that are not taken."""
        at = stretch.start
        for n in range(bisect_right(self._ends, at), len(self._starts)):
            start = self._starts[n]
            if start >= stretch.end:
                break
            if start > at:
                yield Stretch(at, start, stretch.what)
            at = self._ends[n]
        if at < stretch.end:
            yield Stretch(at, stretch.end, stretch.what)


def pieces(stretch: Stretch, offset_s: Callable[[int], int]) -> Iterator[tuple[Stretch, int]]:
    """A stretch in parts of a day at most, each with its offset from UTC; another offset, another part."""
    at = stretch.start
    while at < stretch.end:
        end = min(stretch.end, at + DAY_MS)
        offset = offset_s(at)
        if offset_s(end - 1) != offset:
            end = _change(at, end, offset, offset_s)
        yield Stretch(at, end, stretch.what), offset
        at = end


def _change(low: int, high: int, offset: int, offset_s: Callable[[int], int]) -> int:
    """The first ms after `low` at which the offset is another one."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_s(middle) == offset else (low, middle)
    return high


def together(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours of the same kind that touch become one."""
    before: Stretch | None = None
    for stretch in stretches:
        if before is not None and before.what == stretch.what and before.end == stretch.start:
            before = Stretch(before.start, stretch.end, before.what)
        else:
            if before is not None:
                yield before
            before = stretch
    if before is not None:
        yield before

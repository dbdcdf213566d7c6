"""Sums of recorded time: pure, from rows to totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from app.analytics.periods import DAY_MS, HOUR_MS

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Slice:
    """Time under one key. 0 stands for no project, category or application; times in ms."""

    project: int
    category: int
    application: int
    active_ms: int
    idle_ms: int
    switches: int
    day: int = 0
    hour: int = 0


@dataclass(frozen=True, slots=True)
class RawSpan:
    """A stored span as it was recorded; `start` and `end` in local ms."""

    start: int
    end: int
    idle: bool
    switched: bool
    project: int
    category: int
    application: int


def clipped(spans: Iterable[RawSpan], start: int, end: int) -> Iterator[Slice]:
    """What of the spans lies in [start, end), cut by local hour. A switch counts where the span begins."""
    for span in spans:
        at = max(start, span.start)
        until = min(end, span.end)
        switched = span.switched and start <= span.start < end
        while at < until or switched:
            hour = at // HOUR_MS
            stop = max(at, min(until, (hour + 1) * HOUR_MS))
            yield Slice(
                project=0 if span.idle else span.project,
                category=0 if span.idle else span.category,
                application=0 if span.idle else span.application,
                active_ms=0 if span.idle else stop - at,
                idle_ms=stop - at if span.idle else 0,
                switches=int(switched),
                day=at // DAY_MS,
                hour=hour,
            )
            switched = False
            at = stop


def active_by(slices: Iterable[Slice], key: Callable[[Slice], K]) -> dict[K, int]:
    """Active ms under each key, most first; equal times in the order of the keys' text."""
    sums: defaultdict[K, int] = defaultdict(int)
    for item in slices:
        if item.active_ms:
            sums[key(item)] += item.active_ms
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], str(pair[0]))))

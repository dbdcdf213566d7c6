"""How attention went: stretches, focus blocks, fragmentation, deep work, and the score made of them. Pure.

Formulas and sources are in docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.analytics.series import ACTIVE, Floats, Ints, Structured

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
SHORTEST_FOCUS_MS = 25 * MINUTE_MS
LONGEST_INTERRUPTION_MS = 2 * MINUTE_MS
SHORT_STRETCH_MS = 5 * MINUTE_MS
# Below an hour of active time shares and rates say little.
LEAST_FOR_SCORE_MS = 60 * MINUTE_MS

DEEP_POINTS, CALM_POINTS, WHOLE_POINTS = 50, 25, 25
FULL_DEEP_SHARE = 0.5
CALM_SWITCHES_AN_HOUR, RESTLESS_SWITCHES_AN_HOUR = 6.0, 30.0


@dataclass(frozen=True, slots=True)
class FocusBlock:
    """A stretch in one project. `focused_ms`: the project's own time in it; times ms UTC."""

    start_ms: int
    end_ms: int
    project_id: int
    focused_ms: int
    interruptions: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What a day's attention comes to; ms, counts, and shares from 0 to 1 (None: no active time)."""

    active_ms: int = 0
    switches: int = 0
    focused_ms: int = 0
    short_ms: int = 0
    longest_ms: int = 0
    blocks: tuple[FocusBlock, ...] = ()

    @property
    def deep_share(self) -> float | None:
        return deep_share(self.focused_ms, self.active_ms)

    @property
    def fragmentation(self) -> float | None:
        return fragmentation(self.short_ms, self.active_ms)

    @property
    def switches_an_hour(self) -> float | None:
        return switches_an_hour(self.switches, self.active_ms)

    @property
    def score(self) -> FocusScore | None:
        return focus_score(self.active_ms, self.focused_ms, self.short_ms, self.switches)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: `points` of `most`, for a `value` (a share, or switches an hour)."""

    name: str
    points: float
    most: int
    value: float


@dataclass(frozen=True, slots=True)
class FocusScore:
    """0 to 100: the sum of its parts, "deep", "calm" and "whole"."""

    parts: tuple[Part, ...]

    @property
    def value(self) -> int:
        return int(whole_points(np.array(sum(part.points for part in self.parts))))


def deep_share(focused_ms: int, active_ms: int) -> float | None:
    """Focused time ÷ active time."""
    return focused_ms / active_ms if active_ms else None


def fragmentation(short_ms: int, active_ms: int) -> float | None:
    """Time in stretches under 5 minutes ÷ active time."""
    return short_ms / active_ms if active_ms else None


def switches_an_hour(switches: int, active_ms: int) -> float | None:
    """Context switches in an hour of active time; None below a minute."""
    return switches * 60 * MINUTE_MS / active_ms if active_ms >= MINUTE_MS else None


def focus_score(active_ms: int, focused_ms: int, short_ms: int, switches: int) -> FocusScore | None:
    """The score of a day; None below an hour of active time."""
    if active_ms < LEAST_FOR_SCORE_MS:
        return None
    deep, rate, whole = focused_ms / active_ms, switches * HOUR_MS / active_ms, 1 - short_ms / active_ms
    points = score_points(np.array(deep), np.array(rate), np.array(whole))
    kinds = (("deep", DEEP_POINTS, deep), ("calm", CALM_POINTS, rate), ("whole", WHOLE_POINTS, whole))
    return FocusScore(
        tuple(
            Part(name, float(got), most, value)
            for (name, most, value), got in zip(kinds, points, strict=True)
        )
    )


def score_points(deep: Floats, rate: Floats, whole: Floats) -> tuple[Floats, Floats, Floats]:
    """The points for deep-work shares, switches an hour and 1 − fragmentation, each of any shape."""
    restless = (rate - CALM_SWITCHES_AN_HOUR) / (RESTLESS_SWITCHES_AN_HOUR - CALM_SWITCHES_AN_HOUR)
    return (
        DEEP_POINTS * np.clip(deep / FULL_DEEP_SHARE, 0, 1),
        CALM_POINTS * np.clip(1 - restless, 0, 1),
        WHOLE_POINTS * np.clip(whole, 0, 1),
    )


def whole_points(points: Floats) -> Floats:
    """Points as whole numbers, halves up; a half by whichever order of summing stays one."""
    return np.floor(points + (0.5 + 1e-9))


def attention(spans: Structured) -> Attention:
    """The attention of the spans (`series.BLOCK`, in the order of time); idle and no data are ignored."""
    active = spans[spans["kind"] == ACTIVE]
    if not len(active):
        return Attention()
    start, end = active["start"], active["end"]
    project = active["project"].astype(np.int64)
    lengths = _stretches(start, end, project, active["application"].astype(np.int64))
    blocks = tuple(focus_blocks(start, end, project))
    return Attention(
        active_ms=int((end - start).sum()),
        switches=int(active["switched"].sum()),
        focused_ms=sum(block.focused_ms for block in blocks),
        short_ms=int(lengths[lengths < SHORT_STRETCH_MS].sum()),
        longest_ms=max((block.focused_ms for block in blocks), default=0),
        blocks=blocks,
    )


def _stretches(start: Ints, end: Ints, project: Ints, application: Ints) -> Ints:
    """Active ms of each stretch: the same project, or without one the same application, breaks < 2 min."""
    begins = np.ones(len(start), np.bool_)
    key = np.where(project > 0, project, -application - 1)
    begins[1:] = (key[1:] != key[:-1]) | (start[1:] - end[:-1] >= LONGEST_INTERRUPTION_MS)
    return np.add.reduceat(end - start, np.flatnonzero(begins))


@dataclass(slots=True)
class _Runs:
    """Neighbouring spans of the same project, merged over breaks under 2 minutes."""

    start: list[int]
    end: list[int]
    project: list[int]
    own: list[int]


def _runs(start: Ints, end: Ints, project: Ints) -> _Runs:
    begins = np.ones(len(start), np.bool_)
    begins[1:] = (project[1:] != project[:-1]) | (start[1:] - end[:-1] >= LONGEST_INTERRUPTION_MS)
    at = np.flatnonzero(begins)
    # An end may lie past a later one where two machines recorded at once.
    ends = np.maximum.reduceat(end, at)
    own = np.add.reduceat(end - start, at)
    return _Runs(start[at].tolist(), ends.tolist(), project[at].tolist(), own.tolist())


def focus_blocks(start: Ints, end: Ints, project: Ints) -> Iterator[FocusBlock]:
    """Focus blocks from left to right, none over another. Active spans: ms UTC, project 0 for none."""
    if not len(start):
        return
    runs = _runs(start, end, project)
    # What fails from a project's first run fails from its later ones in reach too.
    tried: dict[int, int] = {}
    at, count = 0, len(runs.start)
    while at < count:
        if not runs.project[at] or at <= tried.get(runs.project[at], -1):
            at += 1
            continue
        last, own, broken = _reach(runs, at)
        tried[runs.project[at]] = last
        if own >= SHORTEST_FOCUS_MS:
            yield FocusBlock(runs.start[at], runs.end[last], runs.project[at], own, broken)
            at = last + 1
        else:
            at += 1


def _reach(runs: _Runs, first: int) -> tuple[int, int, int]:
    """How far a block that begins at run `first` goes: its last run, its own ms, its interruptions."""
    project, last, own, broken = runs.project[first], first, runs.own[first], 0
    for at in range(first + 1, len(runs.start)):
        if runs.start[at] - runs.end[last] >= LONGEST_INTERRUPTION_MS:
            break
        if runs.project[at] == project:
            last, own, broken = at, own + runs.own[at], broken + 1
    return last, own, broken

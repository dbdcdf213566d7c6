"""What is reckoned once from the spans of a finished day: its attention, and time by branch. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analytics.attention import attention
from app.analytics.series import ACTIVE, Structured, summed
from app.analytics.timeline import clip_to_day


@dataclass(frozen=True, slots=True)
class PartSum:
    """Time in a project on a branch in a language; ids, 0 for none."""

    project: int
    branch: int
    language: int
    active_ms: int


@dataclass(frozen=True, slots=True)
class DayDigest:
    """A day's attention (fields as in `attention.Attention`, `blocks`: how many) and its parts."""

    day: int
    active_ms: int
    switches: int
    focused_ms: int
    short_ms: int
    longest_ms: int
    blocks: int
    parts: tuple[PartSum, ...] = ()

    @property
    def numbers(self) -> tuple[int, int, int, int, int, int]:
        return (
            self.active_ms, self.switches, self.focused_ms, self.short_ms, self.longest_ms, self.blocks
        )  # fmt: skip


def digest_of(spans: Structured, day: int) -> DayDigest:
    """The digest of a local day from all spans that touch it, in the order of time; they stay as they are."""
    here = clip_to_day(spans.copy(), day)
    found = attention(here)
    return DayDigest(
        day=day,
        active_ms=found.active_ms,
        switches=found.switches,
        focused_ms=found.focused_ms,
        short_ms=found.short_ms,
        longest_ms=found.longest_ms,
        blocks=len(found.blocks),
        parts=_parts(here[here["kind"] == ACTIVE]),
    )


def _parts(active: Structured) -> tuple[PartSum, ...]:
    """Time in projects, by branch and language."""
    active = active[active["project"] > 0]
    keys = np.stack([active[name].astype(np.int64) for name in ("project", "branch", "language")], axis=1)
    if not len(keys):
        return ()
    chosen, place = np.unique(keys, axis=0, return_inverse=True)
    sums = summed(place.reshape(-1), active["end"] - active["start"], len(chosen))
    found = zip(chosen.tolist(), sums.tolist(), strict=True)
    return tuple(PartSum(project, branch, language, ms) for (project, branch, language), ms in found if ms)

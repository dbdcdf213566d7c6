"""A day without gaps: what was recorded, and the stretches of which nothing is known. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from app.analytics.periods import DAY_MS
from app.analytics.series import ACTIVE, BLOCK, IDLE, NOTHING, Structured


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of a day; fields as in `series.BLOCK`. `span_id` 0: no data."""

    span_id: int
    start_ms: int
    end_ms: int
    utc_offset_s: int
    kind: int
    application_id: int = 0
    project_id: int = 0
    category_id: int = 0
    branch_id: int = 0
    language_id: int = 0
    title_id: int = 0
    url_id: int = 0
    path_id: int = 0
    note_id: int = 0
    assigned: bool = False
    switched: bool = False
    device_id: int = 0

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def active(self) -> bool:
        return self.kind == ACTIVE

    @property
    def idle(self) -> bool:
        return self.kind == IDLE

    @property
    def has_note(self) -> bool:
        return self.note_id != 0


class Blocks(Sequence[Block]):
    """Blocks in the order of time. `array`: all of them, for charts; a `Block` is made when asked for."""

    __slots__ = ("_by_id", "array")

    def __init__(self, array: Structured) -> None:
        self.array = array
        self._by_id: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> Blocks: ...
    def __getitem__(self, index: int | slice) -> Block | Blocks:
        if isinstance(index, slice):
            return Blocks(self.array[index])
        return _block(self.array[index])

    def at(self, ms: int) -> int | None:
        """The index of the block that holds the moment `ms` (UTC), the last that began; None outside."""
        found = int(np.searchsorted(self.array["start"], ms, side="right")) - 1
        while found >= 0 and self.array["end"][found] <= ms and self.array["id"][found] != 0:
            found -= 1
        return found if found >= 0 and ms < self.array["end"][found] else None

    def index_of(self, span_id: int) -> int | None:
        """The index of a span's block; None when it is not in this day."""
        if self._by_id is None:
            self._by_id = {int(identity): n for n, identity in enumerate(self.array["id"]) if identity}
        return self._by_id.get(span_id)

    @property
    def active_ms(self) -> int:
        return self._of_kind(ACTIVE)

    @property
    def idle_ms(self) -> int:
        return self._of_kind(IDLE)

    def _of_kind(self, kind: int) -> int:
        chosen = self.array[self.array["kind"] == kind]
        return int((chosen["end"] - chosen["start"]).sum())


def _block(row: Any) -> Block:
    (identity, start, end, offset, kind, switched, assigned, device, application, project, category, branch,
     language, title, url, path, note) = row.item()  # fmt: skip
    return Block(identity, start, end, offset, kind, application, project, category, branch, language,
                 title, url, path, note, assigned, switched, device)  # fmt: skip


def clip_to_day(spans: Structured, day: int) -> Structured:
    """What of the spans lies in the local day of their own offset; empty spans on its border are left out.

    A span's switch belongs to the day it begins in. `spans`: `series.BLOCK`, changed in place.
    """
    shift = spans["offset"].astype(np.int64) * 1000
    low, high = day * DAY_MS - shift, (day + 1) * DAY_MS - shift
    begins_here = (spans["start"] >= low) & (spans["start"] < high)
    kept = begins_here | ((spans["end"] > low) & (spans["start"] < low))
    spans["switched"] &= begins_here
    spans["start"] = np.maximum(spans["start"], low)
    spans["end"] = np.maximum(spans["start"], np.minimum(spans["end"], high))
    return spans[kept]


def cut(spans: Structured, start_ms: int, end_ms: int) -> Structured:
    """What of the spans lies in [start, end), ms UTC; `spans` is changed in place."""
    spans["start"] = np.maximum(spans["start"], start_ms)
    spans["end"] = np.minimum(spans["end"], end_ms)
    return spans[spans["end"] > spans["start"]]


def borders(spans: Structured, day: int, offsets: tuple[int, int]) -> tuple[int, int]:
    """Where a local day begins and ends, ms UTC.

    By the offsets (seconds east of UTC) of its first and last span, so that a day of a clock change has 23
    or 25 hours and one of travel as many as it had; by `offsets` (at its begin, at its end) without spans.
    """
    first, last = offsets
    if len(spans):
        first, last = int(spans["offset"][0]), int(spans["offset"][-1])
    low, high = day * DAY_MS - first * 1000, (day + 1) * DAY_MS - last * 1000
    if len(spans):
        low, high = min(low, int(spans["start"].min())), max(high, int(spans["end"].max()))
    return low, max(low, high)


def without_gaps(spans: Structured, low: int, high: int) -> Blocks:
    """The spans (in the order of their starts, inside [low, high]) and a block of no data for each gap.

    Together they cover [low, high) without a hole; blocks of no data touch no span. Only spans of several
    machines may overlap each other.
    """
    reached = np.maximum.accumulate(np.concatenate(([low], spans["end"]))) if len(spans) else np.array([low])
    begins = np.concatenate((spans["start"], [high]))
    holes = begins > reached
    gaps = np.zeros(int(holes.sum()), BLOCK)
    gaps["start"], gaps["end"], gaps["kind"] = reached[holes], begins[holes], NOTHING
    if len(spans):
        before = np.maximum(np.flatnonzero(holes) - 1, 0)
        gaps["offset"] = spans["offset"][before]
    both = np.concatenate((spans, gaps))
    return Blocks(both[np.argsort(both["start"], kind="stable")])

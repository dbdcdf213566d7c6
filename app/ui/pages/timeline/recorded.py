"""A day's recorded spans as columns: what the table lists and a selection is summed up from. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from app.analytics.day import DayView
from app.analytics.series import ACTIVE, IDLE, NOTHING, Ints, Structured
from app.analytics.timeline import Block


class Recorded:
    """The spans of a `DayView`, in the order of time, without the stretches of which nothing is known."""

    def __init__(self, view: DayView) -> None:
        self.view = view
        self.array: Structured = view.blocks.array[view.blocks.array["kind"] != NOTHING]
        self._rows: dict[int, int] | None = None
        # Looking through a column of a table of structures would copy it each time.
        self._starts: Ints = np.ascontiguousarray(view.blocks.array["start"])

    def __len__(self) -> int:
        return len(self.array)

    @property
    def ids(self) -> Ints:
        return self.array["id"]

    def row_of(self, span_id: int) -> int | None:
        """The row of a span; None when it is not of this day."""
        if self._rows is None:
            self._rows = {int(identity): n for n, identity in enumerate(self.array["id"])}
        return self._rows.get(span_id)

    def rows_of(self, ids: Iterable[int]) -> Ints:
        """The rows of the spans that are of this day, in their order."""
        wanted = np.fromiter(ids, np.int64)
        return np.flatnonzero(np.isin(self.array["id"], wanted)).astype(np.int64)

    def block(self, span_id: int) -> Block | None:
        """All that is known of a span, but for its texts."""
        index = self.view.blocks.index_of(span_id)
        return None if index is None else self.view.blocks[index]

    def wall(self, ms: float) -> datetime:
        """The time on the wall clock at a moment of the day (ms UTC), as it was recorded."""
        index = max(0, int(self._starts.searchsorted(math.floor(ms), side="right")) - 1)
        offset = int(self.view.blocks.array["offset"][index]) if len(self._starts) else 0
        return datetime.fromtimestamp(ms / 1000 + offset, UTC).replace(tzinfo=None)

    def moment(self, wall: datetime) -> int:
        """The moment (ms UTC) at which the day's clock showed `wall`; the first should it come twice."""
        naive = wall.replace(tzinfo=UTC).timestamp() * 1000
        offsets = self.view.blocks.array["offset"]
        for offset in dict.fromkeys(int(one) for one in (offsets[0], *np.unique(offsets)[::-1])):
            ms = round(naive - offset * 1000)
            if self.wall(ms) == wall:
                return ms
        return round(naive - int(offsets[0]) * 1000)

    def offset_s(self, ms: float) -> int:
        """Seconds east of UTC at a moment of the day."""
        return round(
            (self.wall(ms) - datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None)).total_seconds()
        )

    def free(self, start_ms: float, end_ms: float) -> int:
        """How many ms of a stretch hold no active time: so much could be added."""
        active = self.array[self.array["kind"] == ACTIVE]
        inside = np.minimum(active["end"], end_ms) - np.maximum(active["start"], start_ms)
        return max(0, round(end_ms - start_ms - float(np.maximum(inside, 0).sum())))

    def gap_at(self, ms: float) -> tuple[int, int] | None:
        """The stretch around a moment of which nothing is known, not past the last recording; None where
        something is recorded."""
        index = self.view.blocks.at(int(ms))
        if index is None or self.view.blocks.array["kind"][index] != NOTHING:
            return None
        block = self.view.blocks[index]
        return block.start_ms, block.end_ms


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some spans in one look; ids are None where they differ. Times in ms UTC, `active_ms`, `idle_ms` sums.

    `neighbours`: they follow each other without another between, so that they can be made one.
    """

    ids: tuple[int, ...]
    start_ms: int
    end_ms: int
    active_ms: int
    idle_ms: int
    application: int | None
    project: int | None
    category: int | None
    title: int | None
    note: int | None
    branch: int | None
    neighbours: bool


def chosen(recorded: Recorded, ids: Iterable[int]) -> Chosen | None:
    """The spans of the day with these ids; None when there are none."""
    rows = recorded.rows_of(ids)
    if not len(rows):
        return None
    part = recorded.array[rows]
    length = part["end"] - part["start"]

    def same(field: str) -> int | None:
        values = np.unique(part[field])
        return int(values[0]) if len(values) == 1 else None

    return Chosen(
        ids=tuple(part["id"].tolist()),
        start_ms=int(part["start"].min()),
        end_ms=int(part["end"].max()),
        active_ms=int(length[part["kind"] == ACTIVE].sum()),
        idle_ms=int(length[part["kind"] == IDLE].sum()),
        application=same("application"),
        project=same("project"),
        category=same("category"),
        title=same("title"),
        note=same("note"),
        branch=same("branch"),
        neighbours=len(rows) > 1
        and int(rows[-1] - rows[0]) == len(rows) - 1
        and bool((part["kind"] == ACTIVE).all()),
    )

"""Which stretches of time are taken already: for adding missed time, and for giving time back."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from app.models.spans_table import LONGEST_MS, Row, first_id, rows
from app.models.store import THIS_DEVICE

# Looking further would read too much for an undo that a person waits for.
_LOOKED_THROUGH_MS = 31 * LONGEST_MS


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """[start, end) in ms UTC."""

    start_ms: int
    end_ms: int


def recorded(
    connection: sqlite3.Connection, within: Stretch, *, idle: bool, device_id: int = THIS_DEVICE
) -> list[Row]:
    """The spans of a machine that share time with `within`: only active, or only idle ones."""
    return rows(
        connection,
        "id >= ? AND id < ? AND end_ms > ? AND end_ms > start_ms AND device_id = ? AND state = ? ORDER BY id",
        (
            first_id(within.start_ms - LONGEST_MS),
            first_id(within.end_ms),
            within.start_ms,
            device_id,
            int(idle),
        ),
    )


def gaps(within: Stretch, taken: Iterable[Row]) -> Iterator[Stretch]:
    """What of `within` no span in `taken` (ordered by start) covers."""
    at = within.start_ms
    for row in taken:
        if row.start_ms > at:
            yield Stretch(at, min(row.start_ms, within.end_ms))
        at = max(at, row.end_ms)
    if at < within.end_ms:
        yield Stretch(at, within.end_ms)


def crowded(connection: sqlite3.Connection, change: int) -> Iterator[int]:
    """Spans that a change removed or cut, and in whose former time something else lies at present.

    `change`: a number of `app.models.changelog`. Nothing is told of changes that reach over a month.
    """
    lost = connection.execute(_LOST, (change,)).fetchall()
    if not lost:
        return
    low, high = min(row[2] for row in lost), max(row[3] for row in lost)
    if high - low > _LOOKED_THROUGH_MS:
        return
    others = connection.execute(_OTHERS, (first_id(low - LONGEST_MS), first_id(high), low, change)).fetchall()
    taken = {device: _Taken(others, device) for device in {row[1] for row in lost}}
    for span_id, device, start, end in lost:
        if taken[device].shares(start, end):
            yield span_id


class _Taken:
    """What a machine's spans (device, start, end; by start) take."""

    def __init__(self, spans: list[tuple[int, int, int]], device: int) -> None:
        own = [(start, end) for of, start, end in spans if of == device]
        self._starts = [start for start, _ in own]
        self._latest = list(accumulate((end for _, end in own), max))

    def shares(self, start: int, end: int) -> bool:
        before = bisect_left(self._starts, end)
        return before > 0 and self._latest[before - 1] > start


_LOST = """
    SELECT id, o_device_id, id >> 10, o_end_ms FROM undo_activity_logs
    WHERE change = ?1 AND was AND NOT now AND o_end_ms > id >> 10
    UNION ALL
    SELECT u.id, c.device_id, u.n_end_ms, u.o_end_ms
    FROM undo_activity_logs u JOIN activity_logs c ON c.id = u.id
    WHERE u.change = ?1 AND u.was AND u.now AND u.o_end_ms > u.n_end_ms
"""
_OTHERS = """
    SELECT device_id, start_ms, end_ms FROM activity_logs
    WHERE id >= ?1 AND id < ?2 AND end_ms > ?3 AND end_ms > start_ms
        AND id NOT IN (SELECT id FROM undo_activity_logs WHERE change = ?4)
    ORDER BY start_ms
"""

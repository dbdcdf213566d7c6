"""Whose time is asked for: one machine's, or that of all together, in which each moment counts once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.analytics.bounds import FARTHEST_MS, touching
from app.analytics.moment import Moment, Row
from app.analytics.my_time import my_time
from app.analytics.periods import DAY_MS, HOUR_MS
from app.analytics.series import ACTIVE, Structured, structured, summed

# Days made together: their spans are in memory at once.
_TOGETHER = 7

_SPAN = np.dtype(
    [
        ("start", np.int64), ("end", np.int64), ("offset", np.int32), ("kind", np.int8),
        ("switched", np.bool_), ("device", np.int32), ("application", np.int32), ("project", np.int32),
        ("category", np.int32),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machines:
    """`device`: the number of one machine (1 is this one); None for all of them."""

    device: int | None = None

    @property
    def scope(self) -> int:
        """A number for what is kept of it: 0 for all."""
        return self.device or 0

    @property
    def condition(self) -> str:
        """For a WHERE clause over a table with `device_id`."""
        return "1" if self.device is None else f"device_id = {int(self.device)}"

    def of(self, spans: Structured) -> Structured:
        """What counts of spans, all of which touch the asked time: see `my_time`."""
        return my_time(spans) if self.device is None else spans[spans["device"] == self.device]

    def overlap(self, moment: Moment) -> bool:
        """Whether spans of several machines may share time, so that what counts must be found out."""
        return self.device is None and len(moment.rows("SELECT 1 FROM devices LIMIT 2")) > 1

    def nearby(self, moment: Moment, days: range) -> range:
        """Between which local ms spans concern those days: further apart with several machines."""
        more = 2 * FARTHEST_MS if self.overlap(moment) else 0
        return range(days.start * DAY_MS - more, days.stop * DAY_MS + more)

    def shared_days(self, moment: Moment, days: range) -> frozenset[int]:
        """Local days near which two machines have time, so that the rollups cannot tell what counts."""
        if not self.overlap(moment):
            return frozenset()
        near = moment.rows(
            "SELECT DISTINCT day, device_id FROM rollup_daily WHERE day >= ? AND day < ?",
            days.start - 1,
            days.stop + 1,
        )
        return frozenset(day for day in _shared(near) if day in days)


ALL = Machines()
THIS = Machines(1)


def _shared(near: Sequence[Row]) -> frozenset[int]:
    """Days on which, or on a neighbour of which, there is another machine: it may be in another zone."""
    machines: dict[int, set[int]] = {}
    for day, device in near:
        machines.setdefault(day, set()).add(device)
    return frozenset(
        day
        for day in machines
        if len(set[int]().union(*(machines.get(day + by, ()) for by in (-1, 0, 1)))) > 1
    )


def daily_rows(moment: Moment, days: Iterable[int]) -> list[tuple[int, ...]]:
    """For shared days what `rollup_daily` would be of all machines together: day, project, category,
    application, active ms, idle ms, switches."""
    keys = ("project", "category", "application")
    return [
        (hour_or_day, *key, *sums)
        for day in _chunks(days)
        for hour_or_day, key, sums in _summed(moment, day, keys, DAY_MS)
    ]


def hourly_rows(moment: Moment, days: Iterable[int]) -> list[tuple[int, ...]]:
    """The same for `rollup_hourly`: hour, category, active ms, idle ms, switches."""
    return [
        (hour, *key, *sums)
        for chunk in _chunks(days)
        for hour, key, sums in _summed(moment, chunk, ("category",), HOUR_MS)
    ]


def _chunks(days: Iterable[int]) -> list[list[int]]:
    chunks: list[list[int]] = []
    for day in sorted(days):
        if not chunks or day >= chunks[-1][0] + _TOGETHER:
            chunks.append([])
        chunks[-1].append(day)
    return chunks


def _summed(
    moment: Moment, days: list[int], keys: tuple[str, ...], unit_ms: int
) -> list[tuple[int, tuple[int, ...], tuple[int, int, int]]]:
    pieces = cut_at(my_time(_spans(moment, range(days[0], days[-1] + 1))), HOUR_MS)
    local = pieces["start"] + pieces["offset"].astype(np.int64) * 1000
    wanted = np.isin(local // DAY_MS, np.array(days, np.int64))
    pieces, unit = pieces[wanted], local[wanted] // unit_ms
    active = pieces["kind"] == ACTIVE
    columns = [unit, *(np.where(active, pieces[key], 0).astype(np.int64) for key in keys)]
    if not len(unit):
        return []
    table, place = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    place = place.reshape(-1)
    length = pieces["end"] - pieces["start"]
    size = len(table)
    sums = (
        summed(place, np.where(active, length, 0), size),
        summed(place, np.where(active, 0, length), size),
        summed(place, pieces["switched"].astype(np.int64), size),
    )
    return [
        (int(row[0]), tuple(int(key) for key in row[1:]), (int(a), int(i), int(s)))
        for row, a, i, s in zip(table, *sums, strict=True)
        if a or i or s
    ]


def cut_at(spans: Structured, unit_ms: int) -> Structured:
    """The spans cut at the full units of their own wall clock; a switch stays with the first piece."""
    shift = spans["offset"].astype(np.int64) * 1000
    first = (spans["start"] + shift) // unit_ms
    last = np.maximum(first, (spans["end"] + shift - 1) // unit_ms)
    times = last - first + 1
    pieces = np.repeat(spans, times)
    within = np.arange(len(pieces)) - np.repeat(np.cumsum(times) - times, times)
    unit = np.repeat(first, times) + within
    shifted = np.repeat(shift, times)
    pieces["start"] = np.maximum(pieces["start"], unit * unit_ms - shifted)
    pieces["end"] = np.minimum(pieces["end"], (unit + 1) * unit_ms - shifted)
    pieces["switched"] &= within == 0
    return pieces


def _spans(moment: Moment, days: range) -> Structured:
    rows = moment.rows(_SPANS, *touching(days))
    return structured(rows, _SPAN, len(rows))


_SPANS = """
    SELECT start_ms, end_ms, utc_offset_s, state, switched, device_id, ifnull(application_id, 0),
        ifnull(project_id, 0), ifnull(category_id, 0)
    FROM activity_logs WHERE id >= ? AND id < ? ORDER BY id
"""

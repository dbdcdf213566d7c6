"""Both rollups in memory as columns: finished days are read once, and again only when they were corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from app.analytics.cache_file import CacheFile, StoredColumns
from app.analytics.cube import DayCube, HourCube
from app.analytics.extent import Extent, extent_of
from app.analytics.machines import ALL, Machines, daily_rows, hourly_rows
from app.analytics.moment import Moment

C = TypeVar("C", DayCube, HourCube)

# Before and after every day that can be.
_EARLIEST, _LATEST = -(10**9), 10**9
# More corrected days than this, and reading everything anew is quicker.
_MOST_CORRECTED = 60
# Rows worth keeping in the side file, and how many days it may lag behind.
_WORTH_KEEPING, _LAG_DAYS = 20_000, 14


class Rollups:
    """The rollups as they are at a moment, of one machine or of all, in which each moment counts once."""

    def __init__(self, cache: CacheFile, machines: Machines = ALL) -> None:
        self._revision = (0, 0)
        self._extent = Extent("", 0, {})
        days = _Table(f"daily {machines.scope}", _DAILY, 1, daily_rows)
        hours = _Table(f"hourly {machines.scope}", _HOURLY, 24, hourly_rows)
        self._days = _Kept(days, DayCube.of, machines, cache)
        self._hours = _Kept(hours, HourCube.of, machines, cache)

    def days(self, moment: Moment) -> DayCube:
        """All of `rollup_daily`."""
        return self._days.at(moment, self.extent(moment))

    def hours(self, moment: Moment) -> HourCube:
        """All of `rollup_hourly`."""
        return self._hours.at(moment, self.extent(moment))

    def extent(self, moment: Moment) -> Extent:
        """Which days are finished."""
        if moment.revision != self._revision:
            self._extent = extent_of(moment)
            self._revision = moment.revision
        return self._extent


@dataclass(frozen=True, slots=True)
class _Table:
    """`name` it is kept under; `query` of the rollup; `units` of time that make a day; what makes its rows
    for days that machines share."""

    name: str
    query: str
    units: int
    shared: Callable[[Moment, Iterable[int]], list[tuple[int, ...]]]


class _Kept(Generic[C]):
    """One rollup: `_finished` holds the days below the extent's bound, `_whole` all of a revision."""

    def __init__(
        self, table: _Table, make: Callable[[list[tuple[int, ...]]], C], machines: Machines, cache: CacheFile
    ) -> None:
        self._table, self._make, self._machines, self._cache = table, make, machines, cache
        self._extent: Extent | None = None
        self._finished = make([])
        self._whole = make([])
        self._revision = (0, 0)
        # Whether spans had to be read for it.
        self._costly = False

    def at(self, moment: Moment, extent: Extent) -> C:
        if moment.revision != self._revision:
            self._catch_up(moment, extent)
            self._whole = self._finished + self._read(moment, range(extent.bound, _LATEST))
            self._revision = moment.revision
        return self._whole

    def _catch_up(self, moment: Moment, extent: Extent) -> None:
        if self._extent is None:
            self._take_stored(extent)
        before = self._extent
        if before is None or before.era != extent.era or before.bound > extent.bound:
            self._read_all(moment, extent)
            return
        changed = extent.changed_since(before)
        if changed and self._machines.overlap(moment):
            # Another machine may have been in another zone: what counts there reaches into the next day.
            changed = frozenset(day + by for day in changed for by in (-1, 0, 1))
        corrected = sorted(day for day in changed if day < before.bound)
        if len(corrected) > _MOST_CORRECTED:
            self._read_all(moment, extent)
            return
        if corrected:
            self._renew(moment, corrected)
        if extent.bound > before.bound:
            self._finished += self._read(moment, range(before.bound, extent.bound))
        self._extent = extent

    def _read_all(self, moment: Moment, extent: Extent) -> None:
        self._finished = self._read(moment, range(_EARLIEST, extent.bound))
        self._extent = extent
        self._keep()

    def _renew(self, moment: Moment, days: list[int]) -> None:
        stale = np.isin(self._finished.day_numbers, np.array(days, np.int64))
        both = self._finished.chosen(np.flatnonzero(~stale))
        for day in days:
            both += self._read(moment, range(day, day + 1))
        self._finished = both.chosen(np.argsort(both.fields[0], kind="stable"))

    def _read(self, moment: Moment, days: range) -> C:
        units = self._table.units
        query = self._table.query.format(self._machines.condition)
        rows = moment.rows(query, days.start * units, days.stop * units)
        shared = self._machines.shared_days(moment, days)
        self._costly = self._costly or bool(shared)
        if shared:
            rows = [row for row in rows if row[0] // units not in shared]
            rows += self._table.shared(moment, shared)
            rows.sort(key=lambda row: row[0])
        return self._make(rows)

    def _take_stored(self, extent: Extent) -> None:
        stored = self._cache.columns(self._table.name, extent.era)
        if stored is None or extent.bound - stored.extent.bound > _LAG_DAYS:
            return
        columns = np.frombuffer(stored.content, np.int64).reshape(len(self._finished.fields), -1)
        self._finished = type(self._finished)(*columns)
        self._extent = stored.extent

    def _keep(self) -> None:
        worth = self._costly or len(self._finished.fields[0]) >= _WORTH_KEEPING
        if self._extent is None or not worth:
            return
        content = np.stack(self._finished.fields).tobytes()
        self._cache.keep_columns(self._table.name, StoredColumns(self._extent, content))


_DAILY = """
    SELECT day, project_id, category_id, application_id, active_ms, idle_ms, switches
    FROM rollup_daily WHERE day >= ? AND day < ? AND {} ORDER BY day
"""
_HOURLY = """
    SELECT hour, category_id, active_ms, idle_ms, switches FROM rollup_hourly
    WHERE hour >= ? AND hour < ? AND {} ORDER BY hour
"""

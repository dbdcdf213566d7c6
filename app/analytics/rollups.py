"""Both rollups in memory as columns: finished days are read once, and again only when they were corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from app.analytics.cache_file import CacheFile, StoredColumns
from app.analytics.cube import DayCube, HourCube
from app.analytics.extent import Extent, extent_of
from app.analytics.moment import Moment

C = TypeVar("C", DayCube, HourCube)

# Before and after every day that can be.
_EARLIEST, _LATEST = -(10**9), 10**9
# More corrected days than this, and reading everything anew is quicker.
_MOST_CORRECTED = 60
# Rows worth keeping in the side file, and how many days it may lag behind.
_WORTH_KEEPING, _LAG_DAYS = 20_000, 14


class Rollups:
    """The rollups as they are at a moment."""

    def __init__(self, cache: CacheFile) -> None:
        self._revision = (0, 0)
        self._extent = Extent("", 0, {})
        self._days = _Kept("daily", DayCube.of, _DAILY, 1, cache)
        self._hours = _Kept("hourly", HourCube.of, _HOURLY, 24, cache)

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


class _Kept(Generic[C]):
    """One rollup: `_finished` holds the days below the extent's bound, `_whole` all of a revision."""

    def __init__(
        self, name: str, make: Callable[[list[tuple[int, ...]]], C], query: str, units: int, cache: CacheFile
    ) -> None:
        # `units`: how many of the table's units of time make a day.
        self._name, self._make, self._query, self._units, self._cache = name, make, query, units, cache
        self._extent: Extent | None = None
        self._finished = make([])
        self._whole = make([])
        self._revision = (0, 0)

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
        corrected = sorted(day for day in extent.changed_since(before) if day < before.bound)
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
        return self._make(moment.rows(self._query, days.start * self._units, days.stop * self._units))

    def _take_stored(self, extent: Extent) -> None:
        stored = self._cache.columns(self._name, extent.era)
        if stored is None or extent.bound - stored.extent.bound > _LAG_DAYS:
            return
        columns = np.frombuffer(stored.content, np.int64).reshape(len(self._finished.fields), -1)
        self._finished = type(self._finished)(*columns)
        self._extent = stored.extent

    def _keep(self) -> None:
        if self._extent is None or len(self._finished.fields[0]) < _WORTH_KEEPING:
            return
        content = np.stack(self._finished.fields).tobytes()
        self._cache.keep_columns(self._name, StoredColumns(self._extent, content))


_DAILY = """
    SELECT day, project_id, category_id, application_id, active_ms, idle_ms, switches
    FROM rollup_daily WHERE day >= ? AND day < ? ORDER BY day
"""
_HOURLY = """
    SELECT hour, category_id, active_ms, idle_ms, switches FROM rollup_hourly
    WHERE hour >= ? AND hour < ? ORDER BY hour
"""

"""Digests for a range of days: kept ones of finished days, fresh ones of the days that still grow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.analytics.cache_file import CacheFile
from app.analytics.digest import DayDigest, PartSum
from app.analytics.digests import Digests, reckoned
from app.analytics.machines import ALL, Machines
from app.analytics.moment import Moment
from app.analytics.rollups import Rollups

# So many missing days are reckoned while a window waits, some 10 ms each; more are left to
# `Inquiries.reckon`.
WHILE_WAITING = 31
STEP_DAYS = 28


class Past:
    """What is reckoned from raw spans, by days."""

    def __init__(self, rollups: Rollups, cache: CacheFile, machines: Machines = ALL) -> None:
        self._rollups = rollups
        self._cache = cache
        self._digests = Digests(cache, machines)
        self._machines = machines
        self._revision = (0, 0)
        self._growing: dict[int, DayDigest] = {}
        self._sight: dict[int, tuple[str | bytes, ...]] = {}

    def stamp(self) -> tuple[int, int]:
        """Changes when digests were added, by whomever."""
        return self._cache.stamp()

    def missing(self, moment: Moment) -> list[int]:
        """The finished days that are not reckoned yet, the latest first."""
        return self._digests.missing(self._rollups.extent(moment), self._rollups.days(moment))

    def reckon(self, moment: Moment, days: Sequence[int]) -> None:
        """Reckon finished days and keep them."""
        self._digests.reckon(moment, self._rollups.extent(moment), days)

    def digests(self, moment: Moment, days: range) -> tuple[dict[int, DayDigest], int]:
        """The digests of the range's days, and how many finished days are missing."""
        missing = self._wait_for(moment, days)
        known = self._digests.known(self._rollups.extent(moment))
        found = {day: known[day] for day in days if day in known}
        growing = self._those_that_grow(moment)
        return found | {day: growing[day] for day in growing if day in days}, missing

    def parts(self, moment: Moment, project: int, days: range) -> tuple[list[PartSum], int]:
        """A project's time by branch and language in the range, and how many finished days are missing."""
        missing = self._wait_for(moment, days)
        kept = self._digests.parts(self._rollups.extent(moment), project, days)
        growing = [
            part
            for day, digest in self._those_that_grow(moment).items()
            if day in days
            for part in digest.parts
            if part.project == project
        ]
        return [*kept, *growing], missing

    def _wait_for(self, moment: Moment, days: range) -> int:
        missing = [day for day in self.missing(moment) if day in days]
        if 0 < len(missing) <= WHILE_WAITING:
            self.reckon(moment, missing)
            known = self._digests.known(self._rollups.extent(moment))
            missing = [day for day in missing if day not in known]
        return len(missing)

    def _those_that_grow(self, moment: Moment) -> dict[int, DayDigest]:
        if moment.revision == self._revision:
            return self._growing
        extent, cube = self._rollups.extent(moment), self._rollups.days(moment)
        growing = np.unique(cube.day[np.searchsorted(cube.day, extent.bound) :]).tolist()
        # Recording changes a day's rollup, and correcting it its mark: with both as before, so is the day.
        sight = {
            day: (extent.mark(day), *(f.tobytes() for f in cube.within(range(day, day + 1)).fields))
            for day in growing
        }
        known = {day: self._growing[day] for day in growing if self._sight.get(day) == sight[day]}
        fresh = reckoned(moment, [day for day in growing if day not in known], self._machines)
        self._growing = known | {digest.day: digest for digest in fresh}
        self._sight, self._revision = sight, moment.revision
        return self._growing

"""The digests of finished days: read from the side file, reckoned where they are missing, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from app.analytics.bounds import touching
from app.analytics.cache_file import CacheFile
from app.analytics.cube import DayCube
from app.analytics.digest import DayDigest, PartSum, digest_of
from app.analytics.extent import Extent
from app.analytics.machines import ALL, Machines
from app.analytics.moment import Moment
from app.analytics.periods import DAY_MS
from app.analytics.series import Structured, structured

# Days reckoned together: their spans are in memory at once.
TOGETHER = 7

_SPAN = np.dtype(
    [
        ("start", np.int64), ("end", np.int64), ("offset", np.int32), ("kind", np.int8),
        ("switched", np.bool_), ("device", np.int32), ("application", np.int32), ("project", np.int32),
        ("branch", np.int32), ("language", np.int32),
    ]
)  # fmt: skip


class Digests:
    """The digests known so far. Shared by nobody: each source has its own, and the side file joins them."""

    def __init__(self, cache: CacheFile, machines: Machines = ALL) -> None:
        self._cache = cache
        self._machines = machines
        self._known: dict[int, DayDigest] = {}
        self._extent: Extent | None = None
        self._stamp = (0, 0)

    def known(self, extent: Extent) -> Mapping[int, DayDigest]:
        """By day; those of days that were corrected since are gone."""
        if extent != self._extent or self._cache.stamp() != self._stamp:
            self._known = {digest.day: digest for digest in self._cache.digests(extent)}
            self._extent = extent
            self._stamp = self._cache.stamp()
        return self._known

    def missing(self, extent: Extent, cube: DayCube) -> list[int]:
        """The finished days with anything recorded that have no digest yet, the latest first."""
        known = self.known(extent)
        finished = np.unique(cube.day[cube.day < extent.bound])
        return [day for day in finished[::-1].tolist() if day not in known]

    def reckon(self, moment: Moment, extent: Extent, days: Sequence[int]) -> None:
        """Reckon the digests of some finished days, and keep them."""
        fresh = reckoned(moment, days, self._machines)
        self._cache.keep_digests(extent, fresh)
        self._known = {**self.known(extent), **{digest.day: digest for digest in fresh}}
        self._stamp = self._cache.stamp()

    def parts(self, extent: Extent, project: int, days: range) -> list[PartSum]:
        """A project's time by branch and language over the finished days that have a digest."""
        self.known(extent)
        return self._cache.parts(extent.era, project, days)


def reckoned(moment: Moment, days: Sequence[int], machines: Machines = ALL) -> list[DayDigest]:
    """The digests of those days, from the raw spans; some days at a time."""
    found: list[DayDigest] = []
    ordered = sorted(days)
    while ordered:
        first = ordered[0]
        chunk = [day for day in ordered if day < first + TOGETHER]
        spans = machines.of(_spans(moment, range(first, chunk[-1] + 1), machines))
        local_start = spans["start"] + spans["offset"].astype(np.int64) * 1000
        local_end = spans["end"] + spans["offset"].astype(np.int64) * 1000
        for day in chunk:
            near = (local_start < (day + 1) * DAY_MS) & (local_end >= day * DAY_MS)
            found.append(digest_of(spans[near], day))
        ordered = ordered[len(chunk) :]
    return found


def _spans(moment: Moment, days: range, machines: Machines) -> Structured:
    near = machines.nearby(moment, days)
    rows = moment.rows(_SPANS.format(machines.condition), *touching(days), near.start, near.stop)
    return structured(rows, _SPAN, len(rows))


_SPANS = """
    SELECT start_ms, end_ms, utc_offset_s, state, switched, device_id, ifnull(application_id, 0),
        ifnull(project_id, 0), ifnull(branch_id, 0), ifnull(language_id, 0)
    FROM activity_logs
    WHERE id >= ? AND id < ? AND end_ms + utc_offset_s * 1000 >= ? AND start_ms + utc_offset_s * 1000 < ?
        AND {} ORDER BY id
"""

"""Both rollups, read once and kept in memory as columns until the database changes."""

from __future__ import annotations

from app.analytics.cube import DayCube, HourCube
from app.analytics.moment import Moment


class Rollups:
    """Reads the rollups as they are at a moment."""

    def __init__(self) -> None:
        self._revision = (0, 0)
        self._days: DayCube | None = None
        self._hours: HourCube | None = None

    def days(self, moment: Moment) -> DayCube:
        """All of `rollup_daily`."""
        self._notice(moment)
        if self._days is None:
            self._days = DayCube.of(moment.rows(_DAILY))
        return self._days

    def hours(self, moment: Moment) -> HourCube:
        """All of `rollup_hourly`."""
        self._notice(moment)
        if self._hours is None:
            self._hours = HourCube.of(moment.rows(_HOURLY))
        return self._hours

    def _notice(self, moment: Moment) -> None:
        if moment.revision != self._revision:
            self._days = self._hours = None
            self._revision = moment.revision


_DAILY = """
    SELECT day, project_id, category_id, application_id, active_ms, idle_ms, switches
    FROM rollup_daily ORDER BY day
"""
_HOURLY = "SELECT hour, category_id, active_ms, idle_ms, switches FROM rollup_hourly ORDER BY hour"

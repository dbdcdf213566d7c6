"""The hours of the day in which most productive time falls. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analytics.cube import HourCube
from app.analytics.ranges import Days
from app.analytics.series import Floats, summed

HOURS, LENGTH, LEAST_DAYS = 24, 3, 5


@dataclass(frozen=True, slots=True)
class BestHours:
    """From `first` o'clock to `last` o'clock, three hours. `mean_ms`: (24,) productive ms in each hour of the
    day, averaged over the `days` days with any active time."""

    first: int
    mean_ms: Floats
    days: int

    @property
    def last(self) -> int:
        return self.first + LENGTH

    @property
    def best_ms(self) -> float:
        """Productive ms in them on an average day."""
        return float(self.mean_ms[self.first : self.last].sum())


def best_hours(cube: HourCube, productive: frozenset[int], days: Days) -> BestHours | None:
    """The three hours in a row with most time in the `productive` categories; the earliest of equal ones.

    None below five days with active time, and without any productive time.
    """
    here = cube.within(days.numbers)
    count = len(np.unique(here.hour[here.active_ms > 0] // HOURS))
    good = here.only(productive)
    by_hour = summed(good.hour % HOURS, good.active_ms, HOURS)
    if count < LEAST_DAYS or not by_hour.any():
        return None
    windows = np.convolve(by_hour, np.ones(LENGTH, np.int64), mode="valid")
    return BestHours(int(windows.argmax()), by_hour / count, count)

"""What is usual on a weekday: the average of the same weekday in the weeks before. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analytics.cube import HourCube
from app.analytics.series import summed

WEEKS = 8
HOURS = 24


@dataclass(frozen=True, slots=True)
class Usual:
    """The average over `days` days of the same weekday, those without any active time left out; ms.

    `so_far_ms`: up to the same time of the day; within the hour it is taken as even.
    """

    days: int
    whole_day_ms: float
    so_far_ms: float


def usual(hours: HourCube, day: int, elapsed_hours: float) -> Usual | None:
    """The usual of the weekday of local `day`, from the 8 weeks before it; None without such a day.

    `elapsed_hours`: hours of the day that are over, 0 to 24.
    """
    past = hours.within(range(day - 7 * WEEKS, day))
    same = (past.hour // HOURS - day) % 7 == 0
    hour, active = past.hour[same], past.active_ms[same]
    days = len(np.unique(hour[active > 0] // HOURS))
    if not days:
        return None
    by_hour = summed(hour % HOURS, active, HOURS)
    over = np.clip(elapsed_hours - np.arange(HOURS), 0.0, 1.0)
    return Usual(days, float(by_hour.sum()) / days, float((by_hour * over).sum()) / days)

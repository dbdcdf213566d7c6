"""Times of day on an axis, and lengths to the second."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.durations import told
from app.ui.charts.axis import Tick
from app.ui.charts.ticks import clock_step


def clock_ticks(x0: float, x1: float, wall: Callable[[float], datetime], most: int) -> list[Tick]:
    """Round times on the wall clock between two moments (ms UTC), about `most` of them.

    Midnight at the end reads 24:00. Counted from the first moment's clock: after a change of the clocks the
    labels tell what the clock showed, even where that is not round.
    """
    step = clock_step((x1 - x0) / 1000, most)
    first = wall(x0)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = -(first - midnight).total_seconds() % step
    form = "%H:%M:%S" if step < 60 else "%H:%M"
    ticks: list[Tick] = []
    at = x0 + ahead * 1000
    while at <= x1 + 1:
        moment = wall(at) + timedelta(milliseconds=1)
        text = f"{moment:{form}}"
        ends = moment.date() > first.date() and text == "00:00"
        ticks.append(Tick(at, "24:00" if ends else text))
        at += step * 1000
    return ticks


def exact(seconds: float) -> str:
    """To the second where that matters: `1 h 3 m`, `12 m 5 s`, `0.4 s`."""
    if 0 < seconds < 1:
        return f"{seconds:.1f} s"
    if 60 <= seconds < 3600 and seconds % 60 >= 1:
        return f"{told(seconds)} {int(seconds % 60)} s"
    return told(seconds)

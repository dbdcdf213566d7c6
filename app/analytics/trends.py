"""Time over a long range: stacked series, heat maps, a year's calendar. Pure, from the rollups' columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analytics.averages import Comparison
from app.analytics.cube import DayCube, HourCube
from app.analytics.labels import REST, By, Label, Names
from app.analytics.ranges import Days, Granularity, bucket_numbers, buckets
from app.analytics.series import Floats, Ints, summed

WEEKDAYS, HOURS = 7, 24
# 1970-01-01 was a Thursday.
_FIRST_WEEKDAY = 3


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a stacked chart: active ms in each bucket, their sum, and that of the period before.

    `label.id` is the key to drill down with; -1 stands for all that are not shown on their own.
    """

    label: Label
    values: Ints
    total_ms: int
    before_ms: int


@dataclass(frozen=True, slots=True)
class Trends:
    """Stacked time. `buckets`: the days of each bar; all arrays are as long. ms and counts.

    `total`, `idle`, `switches` in each bucket; the comparisons are those of the whole range with `before`.
    """

    days: Days
    by: By
    granularity: Granularity
    buckets: tuple[Days, ...]
    series: tuple[Series, ...]
    total: Ints
    idle: Ints
    switches: Ints
    before: Days
    active_ms: Comparison
    idle_ms: Comparison
    context_switches: Comparison


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Hour × weekday. `mean_ms`: (7, 24), Monday first: active ms in that hour, averaged over the days with
    any active time on that weekday; `sum_ms` the sums; `days`: how many such days, by weekday."""

    mean_ms: Floats
    sum_ms: Ints
    days: Ints


@dataclass(frozen=True, slots=True)
class Calendar:
    """Active ms of each day of a range. `levels`: 0 (nothing) to 4, by quarters of the days that have any."""

    days: Days
    active_ms: Ints
    levels: Ints


def trends(
    cube: DayCube, names: Names, days: Days, by: By, granularity: Granularity, most: int = 12
) -> Trends:
    """Time by project, category or application over the range; at most `most` series and a rest."""
    here, earlier = cube.within(days.numbers), cube.within(days.before().numbers)
    cut = buckets(days, granularity)
    place = bucket_numbers(here.day, days, granularity)
    size = len(cut)
    return Trends(
        days=days,
        by=by,
        granularity=granularity,
        buckets=cut,
        series=_series(here, earlier, names, by, place, size, most),
        total=summed(place, here.active_ms, size),
        idle=summed(place, here.idle_ms, size),
        switches=summed(place, here.switches, size),
        before=days.before(),
        active_ms=Comparison(int(here.active_ms.sum()), int(earlier.active_ms.sum())),
        idle_ms=Comparison(int(here.idle_ms.sum()), int(earlier.idle_ms.sum())),
        context_switches=Comparison(int(here.switches.sum()), int(earlier.switches.sum())),
    )


def _series(
    here: DayCube, earlier: DayCube, names: Names, by: By, place: Ints, size: int, most: int
) -> tuple[Series, ...]:
    keys, index = np.unique(here.key(by), return_inverse=True)
    grid = summed(index * size + place, here.active_ms, len(keys) * size).reshape(len(keys), size)
    sums = grid.sum(axis=1)
    order = np.lexsort((keys, -sums))
    order = order[sums[order] > 0]
    before = sums_by(earlier, by)
    shown = order if len(order) <= most + 1 else order[:most]
    found = [
        Series(names.of(by, int(keys[n])), grid[n], int(sums[n]), before.get(int(keys[n]), 0)) for n in shown
    ]
    rest = order[len(shown) :]
    if len(rest):
        past = sum(before.get(int(keys[n]), 0) for n in rest)
        found.append(Series(REST, grid[rest].sum(axis=0), int(sums[rest].sum()), past))
    return tuple(found)


def sums_by(cube: DayCube, by: By) -> dict[int, int]:
    """Active ms under each id."""
    keys, index = np.unique(cube.key(by), return_inverse=True)
    sums = summed(index, cube.active_ms, len(keys))
    return {int(key): int(ms) for key, ms in zip(keys, sums, strict=True) if ms > 0}


def heat_map(cube: HourCube, days: Days) -> HeatMap:
    """When in the week the person is active."""
    here = cube.within(days.numbers)
    day = here.hour // HOURS
    slot = weekday(day) * HOURS + here.hour % HOURS
    sums = summed(slot, here.active_ms, WEEKDAYS * HOURS).reshape(WEEKDAYS, HOURS)
    counts = np.bincount(weekday(np.unique(day[here.active_ms > 0])), minlength=WEEKDAYS).astype(np.int64)
    mean = sums / np.maximum(counts, 1)[:, None]
    return HeatMap(mean, sums, counts)


def calendar(cube: DayCube, days: Days) -> Calendar:
    """How much of each day was active."""
    here = cube.within(days.numbers)
    active = summed(here.day - days.numbers.start, here.active_ms, len(days))
    some = active[active > 0]
    quarters = np.quantile(some, (0.25, 0.5, 0.75)) if len(some) else np.zeros(3)
    levels = np.where(active > 0, 1 + np.searchsorted(quarters, active, side="left"), 0)
    return Calendar(days, active, levels.astype(np.int64))


def weekday(day: Ints) -> Ints:
    """0 for Monday to 6 for Sunday."""
    return (day + _FIRST_WEEKDAY) % WEEKDAYS

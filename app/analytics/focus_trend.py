"""How attention went over a long range: scores, shares and rates by day, week or month. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.analytics.attention import HOUR_MS, LEAST_FOR_SCORE_MS, MINUTE_MS, score_points, whole_points
from app.analytics.averages import moving_average
from app.analytics.digest import DayDigest
from app.analytics.ranges import Days, Granularity, bucket_numbers, buckets
from app.analytics.series import Floats, Ints, summed


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: a value for each bucket (NaN: none), and its moving average over the buckets before."""

    values: Floats
    average: Floats


@dataclass(frozen=True, slots=True)
class FocusTrend:
    """Attention over a range. `buckets`: the days of each place; all arrays are as long.

    `score` 0 to 100, `deep_share` and `fragmentation` 0 to 1, `switches_an_hour`; of a week or month they are
    made of its sums. `focused_ms`, `active_ms` and `focus_blocks` are sums. `missing`: finished days that are
    not reckoned yet (`Inquiries.reckon` does it); they count as nothing.
    """

    days: Days
    granularity: Granularity
    buckets: tuple[Days, ...]
    score: Line
    deep_share: Line
    fragmentation: Line
    switches_an_hour: Line
    focused_ms: Ints
    active_ms: Ints
    focus_blocks: Ints
    missing: int


def focus_trend(
    digests: Mapping[int, DayDigest], days: Days, granularity: Granularity, average: int, missing: int
) -> FocusTrend:
    """The trend from the digests of the range's days; `average`: how many buckets the average goes back."""
    here = [digests[day] for day in days.numbers if day in digests]
    cut = buckets(days, granularity)
    place = bucket_numbers(np.array([d.day for d in here], np.int64), days, granularity)

    def sums(name: str) -> Ints:
        return summed(place, np.array([getattr(d, name) for d in here], np.int64), len(cut))

    active, focused, short, switches = (
        sums(name) for name in ("active_ms", "focused_ms", "short_ms", "switches")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        deep, crumbs = focused / active, short / active
        rate = np.where(active >= MINUTE_MS, switches * HOUR_MS / active, np.nan)
        points = np.sum(score_points(deep, rate, 1 - crumbs), axis=0)
        score = np.where(active >= LEAST_FOR_SCORE_MS, whole_points(points), np.nan)

    def line(values: Floats) -> Line:
        return Line(values, moving_average(values, average))

    return FocusTrend(
        days=days,
        granularity=granularity,
        buckets=cut,
        score=line(score),
        deep_share=line(deep),
        fragmentation=line(crumbs),
        switches_an_hour=line(rate),
        focused_ms=focused,
        active_ms=active,
        focus_blocks=sums("blocks"),
        missing=missing,
    )

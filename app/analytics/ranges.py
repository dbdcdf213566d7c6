"""Ranges of whole local days, the ones before them, and how a long one is cut into days, weeks or months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from app.analytics.series import Ints

_EPOCH = date(1970, 1, 1)
# 1970-01-01 was a Thursday: three days after a Monday.
_AFTER_MONDAY = 3


class Granularity(StrEnum):
    """How wide one bar of a chart is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def number_of(day: date) -> int:
    """Days since 1970-01-01, as the rollups count local days; `periods.date_of` is the inverse."""
    return (day - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Days:
    """Whole local days from `first` to `last`, both included. ValueError when they are out of order."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a range of days ends before it begins")

    @property
    def numbers(self) -> range:
        """Their numbers since 1970-01-01."""
        return range(number_of(self.first), number_of(self.last) + 1)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def before(self) -> Days:
        """What this is compared with: the month before a whole month, the year before a whole year, else
        as many days directly before."""
        months = self._whole_months()
        if months:
            return Days(_months_on(self.first, -months), self.first - timedelta(days=1))
        return Days(self.first - timedelta(days=len(self)), self.first - timedelta(days=1))

    def _whole_months(self) -> int:
        """How many calendar months this is exactly, 0 when it is not."""
        end = self.last + timedelta(days=1)
        if self.first.day != 1 or end.day != 1:
            return 0
        return (end.year - self.first.year) * 12 + end.month - self.first.month


def _months_on(first_of_month: date, months: int) -> date:
    at = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def week_of(day: date) -> Days:
    """The week, Monday to Sunday, that holds the day."""
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + timedelta(days=6))


def month_of(day: date) -> Days:
    """The calendar month that holds the day."""
    first = day.replace(day=1)
    return Days(first, _months_on(first, 1) - timedelta(days=1))


def buckets(days: Days, granularity: Granularity) -> tuple[Days, ...]:
    """The range cut at midnights, Mondays or firsts of months; the first and last may be cut short."""
    found: list[Days] = []
    at = days.first
    while at <= days.last:
        whole = {Granularity.WEEK: week_of, Granularity.MONTH: month_of}.get(granularity)
        last = min(days.last, whole(at).last) if whole else at
        found.append(Days(at, last))
        at = last + timedelta(days=1)
    return tuple(found)


def bucket_numbers(day_numbers: Ints, days: Days, granularity: Granularity) -> Ints:
    """For each day number of the range, the index into `buckets` of the bar it belongs to."""
    return _ordinals(day_numbers, granularity) - int(
        _ordinals(np.array([days.numbers.start], np.int64), granularity)[0]
    )


def _ordinals(day_numbers: Ints, granularity: Granularity) -> Ints:
    if granularity is Granularity.DAY:
        return day_numbers
    if granularity is Granularity.WEEK:
        return (day_numbers + _AFTER_MONDAY) // 7
    return day_numbers.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

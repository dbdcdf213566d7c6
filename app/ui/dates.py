"""Dates and ranges of dates as a person reads and turns them. Pure but for the locale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from PyQt6.QtCore import QDate, QLocale

from app.analytics.periods import DAY_MS, Period, local_ms
from app.analytics.ranges import Days
from app.ui.words import tr


class Span(StrEnum):
    """Kinds of range a person picks."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DateRange:
    """From `first` to `last`, both included. `ALL` begins with `first`, whatever the first recording is."""

    kind: Span
    first: date
    last: date

    @property
    def days(self) -> Days:
        """The same for the questions of `app.analytics.questions`."""
        return Days(self.first, self.last)

    def period(self) -> Period:
        """The same for analytics; of `ALL` the start is left to the first recording."""
        start = local_ms(datetime.combine(self.first, datetime.min.time()))
        end = local_ms(datetime.combine(self.last, datetime.min.time())) + DAY_MS
        return Period(None if self.kind is Span.ALL else start, end)

    def moved(self, steps: int) -> DateRange:
        """The range of the same kind, `steps` later (earlier when negative); `ALL` does not move."""
        if self.kind is Span.ALL:
            return self
        if self.kind in (Span.DAY, Span.WEEK, Span.CUSTOM):
            by = timedelta(days=((self.last - self.first).days + 1) * steps)
            return DateRange(self.kind, self.first + by, self.last + by)
        return around(self.kind, _months_later(self.first, _MONTHS[self.kind] * steps))

    def before(self) -> DateRange:
        """The one just before, to compare with."""
        return self.moved(-1)


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


def around(kind: Span, day: date, *, first_recorded: date | None = None) -> DateRange:
    """The range of this kind that `day` lies in; a custom one is the 30 days up to it."""
    if kind is Span.ALL:
        return DateRange(kind, min(first_recorded or day, day), day)
    if kind is Span.DAY:
        return DateRange(kind, day, day)
    if kind is Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return DateRange(kind, monday, monday + timedelta(days=6))
    if kind is Span.CUSTOM:
        return DateRange(kind, day - timedelta(days=29), day)
    months = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return DateRange(kind, first, _months_later(first, months) - timedelta(days=1))


def told_day(day: date, today: date) -> str:
    """`Today`, `Yesterday`, or `Tue 30 June 2026`, the year only where it is not this one."""
    if day == today:
        return tr("Today")
    if day == today - timedelta(days=1):
        return tr("Yesterday")
    return long_day(day, with_year=day.year != today.year)


def long_day(day: date, *, with_year: bool = True) -> str:
    """`Tue 30 June 2026` in the person's language."""
    return said_date(day, tr("ddd d MMMM yyyy") if with_year else tr("ddd d MMMM"))


def told_range(found: DateRange, today: date) -> str:
    """A range in words: `This week`, `June 2026`, `Q2 2026`, `1 – 30 June 2026`."""
    if found.kind is Span.ALL:
        return tr("All time")
    if found.kind is Span.DAY:
        return told_day(found.first, today)
    if found.kind is Span.YEAR:
        return str(found.first.year)
    if found.kind is Span.QUARTER:
        return tr("Q{number} {year}", number=(found.first.month - 1) // 3 + 1, year=found.first.year)
    if found.kind is Span.MONTH:
        return said_date(found.first, "MMMM yyyy")
    if found.kind is Span.WEEK and found.first <= today <= found.last:
        return tr("This week")
    form = tr("d MMM") if found.first.year == found.last.year else tr("d MMM yyyy")
    return f"{said_date(found.first, form)} – {said_date(found.last, tr('d MMM yyyy'))}"


def said_date(day: date, form: str) -> str:
    """A date in one of Qt's forms, such as `d MMM yyyy`, which languages order and mark in their own way."""
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def _months_later(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)

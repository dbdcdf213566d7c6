"""How the bars of a range are named, under them and in full; and how wide a bar is."""

from __future__ import annotations

from datetime import date

from PyQt6.QtCore import QLocale

from app.analytics.ranges import Days, Granularity
from app.ui.charts.bars import Bucket
from app.ui.dates import long_day, said_date
from app.ui.words import tr

# So many bars can still be told apart, and hit.
_MOST_DAYS, _MOST_WEEKS = 62, 75


def granularity_of(days: Days) -> Granularity:
    """Days for two months, weeks for a year and a half, else months."""
    if len(days) <= _MOST_DAYS:
        return Granularity.DAY
    return Granularity.WEEK if len(days) <= _MOST_WEEKS * 7 else Granularity.MONTH


def named(buckets: tuple[Days, ...], granularity: Granularity) -> tuple[Bucket, ...]:
    """The buckets with their words; the key is the bucket's `Days`."""
    short = len(buckets) <= 7
    return tuple(_bucket(days, granularity, short=short) for days in buckets)


def hours_of_day(day: date) -> tuple[Bucket, ...]:
    """The 24 hours of a day; the key is the day."""
    return tuple(
        Bucket(f"{hour:02d}:00", f"{long_day(day)}, {hour:02d}:00 – {hour + 1:02d}:00", day)
        for hour in range(24)
    )


def weekday_names() -> tuple[str, ...]:
    """Monday to Sunday, as the person's language has them."""
    return tuple(QLocale().standaloneDayName(day, QLocale.FormatType.LongFormat) for day in range(1, 8))


def month_names() -> tuple[str, ...]:
    """January to December."""
    return tuple(
        QLocale().standaloneMonthName(month, QLocale.FormatType.LongFormat) for month in range(1, 13)
    )


def _bucket(days: Days, granularity: Granularity, *, short: bool) -> Bucket:
    if granularity is Granularity.DAY:
        form = tr("ddd d") if short else tr("d MMM") if days.first.day == 1 else "d"
        return Bucket(said_date(days.first, form), long_day(days.first), days, days.first.day == 1)
    if granularity is Granularity.WEEK:
        number = days.first.isocalendar().week
        title = tr("Week {number}, {first} – {last}", number=number, first=said_date(days.first, tr("d MMM")),
                   last=said_date(days.last, tr("d MMM yyyy")))  # fmt: skip
        return Bucket(said_date(days.first, tr("d MMM")), title, days)
    january = days.first.month == 1
    return Bucket(
        said_date(days.first, "yyyy" if january else "MMM"), said_date(days.first, "MMMM yyyy"), days, january
    )

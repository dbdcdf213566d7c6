"""Which days a range of the page stands for, and which it is compared with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.analytics.ranges import Days
from app.ui.dates import DateRange, Span


@dataclass(frozen=True, slots=True)
class Asked:
    """`days`: what is shown. `before`: what it is compared with, None for all time. `running`: it goes on, so
    that `before` ends as many days after its begin as have gone by."""

    days: Days
    before: Days | None
    running: bool


def asked(chosen: DateRange, today: date, recorded: Days | None) -> Asked:
    """The days of a chosen range; all time reaches from the first recording to today."""
    if chosen.kind is Span.ALL:
        first = chosen.first if recorded is None else recorded.first
        return Asked(Days(min(first, today), today), None, running=True)
    days = Days(chosen.first, chosen.last)
    running = chosen.first <= today < chosen.last
    earlier = chosen.before()
    if not running:
        return Asked(days, Days(earlier.first, earlier.last), running=False)
    gone = (today - chosen.first).days
    return Asked(
        days, Days(earlier.first, min(earlier.last, earlier.first + timedelta(days=gone))), running=True
    )


def years_of(days: Days, recorded: Days | None, today: date) -> Days:
    """The whole years a calendar shows for a range: those it touches, the latest five, as far as recorded."""
    last = min(days.last, today)
    first = max(days.first, recorded.first) if recorded is not None else days.first
    first = min(first, last)
    return Days(date(max(first.year, last.year - 4), 1, 1), date(last.year, 12, 31))

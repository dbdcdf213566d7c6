"""Stretches of time as a person names them, in local wall-clock time.

A local moment is counted in ms since 1970-01-01 00:00 of the wall clock where it was recorded, without a
zone: what was recorded at nine in Tokyo and at nine in Berlin both lies in the hour from nine to ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.errors import UsageError

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

_DAYS = re.compile(r"(\d{1,5})d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORDS = ("today", "yesterday", "week", "last-week", "month", "last-month", "year")
WRITTEN = f"{', '.join(_WORDS)}, 7d, 2026-03-31 or 2026-03-31T09:30"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (included) to `end` (excluded), both local ms. `start` None: from the first recording."""

    start: int | None
    end: int

    def whole(self, unit_ms: int) -> range:
        """The numbers of the whole hours or days in it."""
        first = 0 if self.start is None else -(-self.start // unit_ms)
        return range(first, max(first, self.end // unit_ms))

    def rest(self, unit_ms: int) -> Iterator[tuple[int, int]]:
        """What is left at both ends beside the whole units, each [start, end)."""
        begin = 0 if self.start is None else self.start
        units = self.whole(unit_ms)
        if not units:
            yield begin, self.end
            return
        if begin < units.start * unit_ms:
            yield begin, units.start * unit_ms
        if units.stop * unit_ms < self.end:
            yield units.stop * unit_ms, self.end


def local_ms(moment: datetime) -> int:
    """Local ms of a moment without a zone."""
    return (moment - datetime(1970, 1, 1)) // timedelta(milliseconds=1)  # noqa: DTZ001 - local on purpose


def moment_of(ms: int) -> datetime:
    """The inverse of `local_ms`."""
    return datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None)


def date_of(day: int) -> date:
    """The date of a day number."""
    return date(1970, 1, 1) + timedelta(days=day)


def period(word: str | None, start: str | None, end: str | None, now: datetime) -> Period:
    """The period a person asked for; `now` is local, without a zone.

    `word` names a whole period. `start` and `end` name its first and its last part: a date counts to
    its end. Only an end: from the first recording. Raises `UsageError`.
    """
    if word is not None and (start is not None or end is not None):
        raise UsageError("Name a period, or --from and --to, not both.")
    if start is None and end is None:
        first, last = _named("today" if word is None else word, now)
        return Period(first, last)
    until = _named("today" if end is None else end, now)[1]
    since = None if start is None else _named(start, now)[0]
    if since is not None and since >= until:
        raise UsageError("This period ends before it begins.", advice="--from comes before --to.")
    return Period(since, until)


def _named(word: str, now: datetime) -> tuple[int, int]:
    try:
        found = _days(word.strip(), now.date()) or _moment(word.strip())
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise UsageError(f"{word!r} names no day and no period.", advice=f"Write {WRITTEN}.")
    return found


def _days(word: str, today: date) -> tuple[int, int] | None:
    days = _calendar(word, today)
    if days is None:
        return None
    first, last = days
    start = datetime.combine(first, datetime.min.time())
    return local_ms(start), local_ms(start) + (last - first).days * DAY_MS + DAY_MS


def _calendar(word: str, today: date) -> tuple[date, date] | None:
    """First and last day, both included."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    named = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "week": (monday, monday + timedelta(days=6)),
        "last-week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": (first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        "last-month": (before.replace(day=1), before),
        "year": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
    }
    if word in named:
        return named[word]
    if (count := _DAYS.fullmatch(word)) and int(count[1]) > 0:
        return today - timedelta(days=int(count[1]) - 1), today
    if _DATE.fullmatch(word):
        day = date.fromisoformat(word)
        return day, day
    return None


def _moment(word: str) -> tuple[int, int]:
    moment = datetime.fromisoformat(word)
    if moment.tzinfo is not None:
        moment = moment.astimezone().replace(tzinfo=None)
    return local_ms(moment), local_ms(moment)

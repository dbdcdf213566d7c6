"""Times of the week, as rules name them: `mon-fri 09:00-17:00`, `sat,sun`, `22:00-02:00`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from app.errors import UsageError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MIN = 24 * 60
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Schedule:
    """On `days` (0 is Monday) from minute `begin` of the day, for `length` minutes (1 to 1440).

    A time over midnight belongs to the day it begins on: `fri 22:00-02:00` lasts into Saturday.
    """

    days: frozenset[int]
    begin: int
    length: int

    def covers(self, local: datetime) -> bool:
        """Whether `local`, the time on the wall, lies in it; the end is outside."""
        minute = local.hour * 60 + local.minute
        today = local.weekday()
        since = minute - self.begin
        if 0 <= since < self.length and today in self.days:
            return True
        return since + _DAY_MIN < self.length and (today - 1) % 7 in self.days


def parse_schedule(text: str) -> Schedule:
    """`text` as a schedule; raises `UsageError` in words. Equal times mean the whole day."""
    words = text.strip().casefold()
    times = _TIMES.search(words)
    if times is None:
        return Schedule(_days(words), 0, _DAY_MIN)
    if times.end() != len(words):
        raise _refused()
    begin, end = _minute(times.group(1), times.group(2)), _minute(times.group(3), times.group(4))
    if begin == _DAY_MIN:
        raise _refused()
    days = words[: times.start()].strip()
    return Schedule(_days(days) if days else frozenset(range(7)), begin, (end - begin) % _DAY_MIN or _DAY_MIN)


def _minute(hour: str, minute: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > _DAY_MIN:
        raise _refused()
    return total


def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if first not in _DAYS or last not in _DAYS:
            raise _refused()
        begin = _DAYS.index(first)
        days.update((begin + n) % 7 for n in range((_DAYS.index(last) - begin) % 7 + 1))
    return frozenset(days)


def _refused() -> UsageError:
    return UsageError(
        "This is not a time a rule can use.",
        advice="Say for example `mon-fri 09:00-17:00`, `sat,sun`, or `22:00-02:00`.",
    )

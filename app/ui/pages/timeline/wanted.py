"""What another page or a search wants to see of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A day, and on it an hour (0 to 23), all activity of a category, or one span; ids as they are stored."""

    day: date
    span: int | None = None
    hour: int | None = None
    category: int | None = None

    @classmethod
    def of(cls, where: Mapping[str, str], today: date) -> Self | None:
        """What a link means, None when it names nothing; without a day it means today."""
        numbers = {
            key: int(where[key]) for key in ("span", "hour", "category") if where.get(key, "").isdigit()
        }
        try:
            return cls(date.fromisoformat(where.get("day", "")), **numbers)
        except ValueError:
            return cls(today, **numbers) if {"hour", "category"} & numbers.keys() else None

    def stretch(self, start_ms: int) -> tuple[int, int]:
        """The hour in ms UTC, for a day that begins at `start_ms`."""
        begin = start_ms + (self.hour or 0) * _HOUR_MS
        return begin, begin + _HOUR_MS

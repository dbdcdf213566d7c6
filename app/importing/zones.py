"""Offsets from UTC over years, asked a million times."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

_QUARTER_MS = 900_000  # no zone changes its offset at another minute
_MOST_REMEMBERED = 100_000


def system_offset_s(ms: int) -> int:
    """This machine's offset at that moment (ms UTC), in seconds east."""
    return time.localtime(ms / 1000).tm_gmtoff


def zone_offset(name: str) -> Callable[[int], int]:
    """The offset of a named zone. Raises LookupError, OSError or ValueError where there is none."""
    zone = ZoneInfo(name)

    def offset_s(ms: int) -> int:
        offset = datetime.fromtimestamp(ms / 1000, zone).utcoffset()
        return 0 if offset is None else round(offset.total_seconds())

    return offset_s


class Offsets:
    """Remembers the offset of each quarter of an hour."""

    def __init__(self, offset_s: Callable[[int], int]) -> None:
        self._offset_s = offset_s
        self._known: dict[int, int] = {}

    def __call__(self, ms: int) -> int:
        quarter = ms // _QUARTER_MS
        known = self._known.get(quarter)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[quarter] = self._offset_s(quarter * _QUARTER_MS)
        return known

"""Which ids the spans of local days may have: a range of time is a range of ids (docs/storage.md)."""

from __future__ import annotations

from app.analytics.periods import DAY_MS, HOUR_MS
from app.models.spans_table import LONGEST_MS, first_id

# No clock on Earth is further from UTC.
FARTHEST_MS = 15 * HOUR_MS

# For a WHERE clause, with the values of `beginning`: the spans that begin on those local days.
BEGINNING = (
    "id >= ? AND id < ? AND start_ms + utc_offset_s * 1000 >= ? AND start_ms + utc_offset_s * 1000 < ?"
)


def beginning(days: range) -> tuple[int, int, int, int]:
    """First id, last id (excluded), begin and end in local ms: the values for `BEGINNING`."""
    low, high = days.start * DAY_MS, days.stop * DAY_MS
    return first_id(low - FARTHEST_MS), first_id(high + FARTHEST_MS), low, high


def touching(days: range) -> tuple[int, int]:
    """First id and last id (excluded) of all that may touch those local days, and of some that does not."""
    low, high = days.start * DAY_MS, days.stop * DAY_MS
    return first_id(low - FARTHEST_MS - LONGEST_MS), first_id(high + FARTHEST_MS)

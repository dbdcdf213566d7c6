"""Meetings beside work: time in the category that comes along as "Meetings", and in those below it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analytics.series import Structured

# The category of `resources/categories.json`; a person may call it what they like.
CATEGORY_UUID = "214fa513-6912-515b-84ec-1c3fc79b951f"
MINUTE_MS = 60_000
# A look at something else does not end a meeting; what is shorter than the second is a call not taken.
LONGEST_BREAK_MS = 5 * MINUTE_MS
SHORTEST_MS = 5 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Meetings:
    """`active_ms` in meetings; `load`: their part of all active time, None without any.

    `count`: how many of at least 5 minutes; `longest_ms`: the time of the longest of them.
    """

    active_ms: int = 0
    load: float | None = None
    count: int = 0
    longest_ms: int = 0


def meetings(active: Structured, categories: frozenset[int]) -> Meetings:
    """Meetings among active spans (`series.BLOCK`, in the order of their starts)."""
    length = active["end"] - active["start"]
    whole = int(length.sum())
    inside = np.isin(active["category"], list(categories))
    spans, lengths = active[inside], length[inside]
    if not len(spans):
        return Meetings(load=0.0 if whole else None)
    # A new one begins where more than a break lies between a span and the end of all before it.
    gaps = spans["start"][1:] - np.maximum.accumulate(spans["end"])[:-1]
    which = np.concatenate(([0], np.cumsum(gaps >= LONGEST_BREAK_MS)))
    each = np.bincount(which, weights=lengths)
    long = each[each >= SHORTEST_MS]
    total = int(lengths.sum())
    load = total / whole if whole else None
    return Meetings(total, load, len(long), int(long.max()) if len(long) else 0)

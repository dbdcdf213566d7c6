"""Days in a row: how long a good habit holds. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Streaks:
    """Lengths in days. `longest_end`: the last day of the longest one, since 1970-01-01; None without any."""

    current: int = 0
    longest: int = 0
    longest_end: int | None = None


def streaks(good: Collection[int], worked: Collection[int], today: int) -> Streaks:
    """Streaks of `good` days (numbers since 1970-01-01) among the days `worked` on.

    A day off (nothing recorded, not good) neither adds nor breaks. Today breaks nothing before it is over.
    """
    good = frozenset(good)
    run = longest = 0
    end: int | None = None
    for day in sorted({*good, *worked}):
        if day > today:
            break
        if day in good:
            run += 1
            if run > longest:
                longest, end = run, day
        elif day != today:
            run = 0
    return Streaks(run, longest, end)

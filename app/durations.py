"""Lengths of time as a person reads them: `3 h 24 m`."""

from __future__ import annotations

import math


def told(seconds: float) -> str:
    """`3 h 24 m`, `24 m`, or `45 s` below a minute; rounded down, never negative.

    Hours are not folded into days: a week of work reads `38 h 5 m`.
    """
    whole = int(seconds) if math.isfinite(seconds) and seconds > 0 else 0
    if whole < 60:
        return f"{whole} s"
    return told_in_minutes(whole)


def told_in_minutes(seconds: float) -> str:
    """Like `told`, but `0 m` below a minute: for what is looked at all day and must not flicker."""
    minutes = int(seconds) // 60 if math.isfinite(seconds) and seconds > 0 else 0
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} m"
    return f"{hours} h {minutes} m" if minutes else f"{hours} h"

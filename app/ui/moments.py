"""Moments as they cross the control socket, and lengths of time that tick. Pure."""

from __future__ import annotations

import math
from datetime import datetime


def wall_ms(iso: object) -> int | None:
    """An ISO time with its offset as ms UTC; None for what is no time."""
    try:
        moment = datetime.fromisoformat(str(iso))
    except ValueError:
        return None
    return None if moment.tzinfo is None else round(moment.timestamp() * 1000)


def ticking(seconds: float) -> str:
    """A length as a clock counts it: `4:07`, `1:04:07`; never negative."""
    whole = int(seconds) if math.isfinite(seconds) and seconds > 0 else 0
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def counting_down(seconds: float) -> str:
    """What is left, rounded up: a timer shows `0:00` only when it is over."""
    return ticking(math.ceil(seconds - 1e-9)) if math.isfinite(seconds) else ticking(0)

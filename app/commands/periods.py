"""Periods a person names, as moments: for what is looked up by when it happened, not by its day."""

from __future__ import annotations

from app.analytics.periods import moment_of, period
from app.commands.context import Context


def utc_bounds(start: str | None, end: str | None, context: Context) -> tuple[int | None, int | None]:
    """`--from` and `--to` in ms UTC by this machine's clock; None has no bound. Raises `UsageError`."""
    if start is None and end is None:
        return None, None
    asked = period(None, start, end, context.local_now())
    return (
        None if asked.start is None else _utc(asked.start),
        # Without an end, what comes while the command runs belongs to it too.
        None if end is None else _utc(asked.end),
    )


def _utc(local_ms: int) -> int:
    return round(moment_of(local_ms).timestamp() * 1000)

"""Lengths of time as a person writes them."""

from __future__ import annotations

import re

from app.errors import UsageError

_UNITS_S = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_WRITTEN = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?", re.ASCII)


def seconds_of(text: str) -> int:
    """Seconds of `15m`, `1h`, `1h30m`, `45s`, `2d`. Raises `UsageError` for anything else, and for none."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    given = found.groups() if found else ()
    seconds = sum(int(n) * size for n, size in zip(given, _UNITS_S.values(), strict=False) if n)
    if not seconds:
        raise UsageError(f"{text!r} is not a length of time.", advice="Write it like 15m, 1h, 1h30m or 45s.")
    return seconds

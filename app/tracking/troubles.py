"""What keeps DevPulse from doing all it should, in words, the most pressing first (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.errors import DevPulseError, StorageError
from app.models import displaced
from app.tracking.platform.base import Limit


def troubles(
    *,
    removed: StorageError | None,
    storing: StorageError | None,
    start: Iterable[DevPulseError],
    blind_for: Sequence[Limit] | None,
    settings: Iterable[str],
    rules: Iterable[DevPulseError],
) -> tuple[DevPulseError, ...]:
    """All there is to tell.

    `removed`: why a removed database cannot be put back. `storing`: why nothing can be stored now.
    `start`: what was found at the start. `blind_for`: why no window can be seen, None where they can.
    `settings`, `rules`: what of them cannot be followed.
    """
    found = [displaced.not_put_back(removed)] if removed is not None else []
    if storing is not None:
        found.append(storing)
    found += start
    if blind_for is not None:
        found.append(
            DevPulseError(
                "No windows can be seen here, so nothing is recorded.",
                detail=" ".join(limit.what for limit in blind_for),
                advice=" ".join(limit.advice for limit in blind_for if limit.advice),
            )
        )
    found += [
        DevPulseError(words, advice="`devpulse settings` shows and changes them.") for words in settings
    ]
    return (*found, *rules)

"""What a person probably meant by a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], listing: str) -> str:
    """A sentence of advice. `listing`: the command that lists what there is."""
    by_folded = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {by_folded[close[0]]!r}?"
    return f"`devpulse {listing}` shows them all."

"""What a person types into the search box, understood: words, and filters like `app:firefox`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.errors import UsageError

MOST_WORDS = 12
_PART = re.compile(r'(?:(?P<filter>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S+))', re.IGNORECASE)
_NAMES = {"app": "application", "application": "application", "project": "project", "category": "category"}
_TIMES = ("after", "before")


@dataclass(frozen=True, slots=True)
class Asked:
    """Case-folded words that must all be found, and what else must hold.

    `application`, `project`, `category`: part of its name, case-folded. [from_ms, to_ms): ms UTC, None for
    no bound.
    """

    words: tuple[str, ...] = field(default=(), repr=False)
    application: str = ""
    project: str = ""
    category: str = ""
    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return self == Asked()


def parse(text: str) -> Asked:
    """Words and "words in quotes", `app:` `project:` `category:` NAME, `after:` `before:` DATE (2026-03-31).

    Both days belong to the time asked for; they are days on this machine's clock. What looks like a filter
    and is none is a word. Raises `UsageError` for a date that is none, or more than twelve words.
    """
    words: list[str] = []
    named: dict[str, str] = {}
    times: dict[str, date] = {}
    for part in _PART.finditer(text):
        kind = (part["filter"] or "").lower()
        value = part["quoted"] if part["quoted"] is not None else part["bare"] or ""
        if kind in _NAMES:
            named[_NAMES[kind]] = value.casefold()
        elif kind in _TIMES:
            times[kind] = _date(kind, value)
        elif value:
            words.append((f"{part['filter']}:{value}" if kind else value).casefold())
    if len(words) > MOST_WORDS:
        raise UsageError(f"A search takes up to {MOST_WORDS} words.")
    after, before = times.get("after"), times.get("before")
    return Asked(
        tuple(dict.fromkeys(words)),
        from_ms=None if after is None else _begin(after),
        to_ms=None if before is None else _begin(before + timedelta(days=1)),
        **named,
    )


def _date(kind: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{kind}: takes a date like 2026-03-31.") from None


def _begin(day: date) -> int:
    return round(datetime.combine(day, time()).astimezone().timestamp() * 1000)

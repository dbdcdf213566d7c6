"""Which projects are listed, in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.analytics.projects import ProjectLine
from app.ui.words import moment, name, tr

_DAY_MS = 86_400_000
_WEEK_DAYS = 7


class Which(StrEnum):
    """Those in use, those put away, or all."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    ALL = "all"


class Column(StrEnum):
    """The columns, in their order."""

    NAME = "name"
    RANGE = "range"
    SPARKLINE = "sparkline"
    TOTAL = "total"
    SEEN = "seen"
    BRANCH = "branch"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Listing:
    """What the person wants to see."""

    words: str = ""
    which: Which = Which.ACTIVE
    by: Column = Column.RANGE
    descending: bool = True


_KEYS: Mapping[Column, Callable[[ProjectLine], Any]] = {
    Column.NAME: lambda line: line.label.name.casefold(),
    Column.RANGE: lambda line: line.range_ms,
    Column.SPARKLINE: lambda line: line.range_ms,
    Column.TOTAL: lambda line: line.total_ms,
    Column.SEEN: lambda line: line.last_seen_ms or 0,
    Column.BRANCH: lambda line: (line.last_branch or "").casefold(),
    Column.LANGUAGE: lambda line: (line.language or "").casefold(),
}


def listed(lines: Iterable[ProjectLine], listing: Listing) -> list[ProjectLine]:
    """The lines to show; equal ones by their names."""
    words = listing.words.casefold().split()
    found = [line for line in lines if _fits(line, listing.which) and _holds(line, words)]
    found.sort(key=_KEYS[Column.NAME])
    found.sort(key=_KEYS[listing.by], reverse=listing.descending)
    return found


def _fits(line: ProjectLine, which: Which) -> bool:
    return which is Which.ALL or line.archived is (which is Which.ARCHIVED)


def _holds(line: ProjectLine, words: list[str]) -> bool:
    text = f"{line.label.name} {line.language or ''} {line.last_branch or ''}".casefold()
    return all(word in text for word in words)


def seen_words(seen_ms: int | None, now: datetime) -> str:
    """When a project was worked on last: `14:32`, `Yesterday`, `3 days ago`, `2026-03-02`."""
    if seen_ms is None:
        return tr("Never")
    then = datetime.fromtimestamp(seen_ms / 1000, now.tzinfo)
    days = (now.date() - then.date()).days
    if days <= 0:
        return moment(then.isoformat(), now)
    if days == 1:
        return tr("Yesterday")
    if days < _WEEK_DAYS:
        return tr("{count} days ago", count=days)
    return f"{then:%Y-%m-%d}"


def spoken(line: ProjectLine) -> str:
    """A line for who cannot see it."""
    return name(line.label.name) + (f", {tr('archived')}" if line.archived else "")

"""Retention: what the person does not want kept longer goes, once a day.

Time that is older than `storage.keep_days` is erased, titles, addresses and paths that are older than
`storage.keep_titles_days` are taken from their time. What was deleted by hand goes for good. Backups keep it
as long as they are kept themselves (`storage.backups_kept` days).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.config import Settings
from app.models import erasure
from app.models.erasure import Selection
from app.models.outbox import Noting, noting_only
from app.models.store import Store

# Below this, the room that an erasure leaves is soon used again.
_WORTH_WRITING_ANEW = 0.1


@dataclass(frozen=True, slots=True)
class Tidied:
    """Spans erased, spans whose titles were dropped, texts and names that nothing referred to any more."""

    erased: int = 0
    titles_dropped: int = 0
    swept: int = 0


def tidy(store: Store, settings: Settings, now: datetime) -> Tidied:
    """Do the day's retention. `now`: local, with its zone. Raises `StorageError`."""
    erased = dropped = 0
    days, titles = settings.number("storage.keep_days"), settings.number("storage.keep_titles_days")
    # How long another machine keeps its own is its own setting.
    with noting_only(store.connection, Noting.OWN):
        if days:
            before = Selection(to_ms=midnight_before(now, days))
            erased = erasure.erase(store, before, sessions=True).spans
        if titles and (not days or titles < days):
            dropped = erasure.strip(store, midnight_before(now, titles))
        swept = erasure.sweep(store)
    if erased or dropped or swept:
        erasure.wipe(store, compact=_free_part(store) > _WORTH_WRITING_ANEW)
    return Tidied(erased, dropped, swept)


def midnight_before(now: datetime, days: int) -> int:
    """The beginning of the first of the last `days` local days, today included; ms UTC."""
    first = now.date() - timedelta(days=days - 1)
    return round(datetime.combine(first, time(), None).astimezone().timestamp() * 1000)


def _free_part(store: Store) -> float:
    free = store.connection.execute("PRAGMA freelist_count").fetchone()[0]
    return free / max(1, store.connection.execute("PRAGMA page_count").fetchone()[0])

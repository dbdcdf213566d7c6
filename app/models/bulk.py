"""Many spans at once, for imports: as `Journal.insert` stores them, in a quarter of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.rollups import Key, Tally
from app.models.spans_table import LONGEST_MS, first_id
from app.models.store import Store
from app.models.values import Activity

_SAME_START = 1_024
_MOST_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class BulkSpan:
    """A span to store. `activity` None: idle."""

    start_ms: int
    end_ms: int
    utc_offset_s: int
    activity: Activity | None
    switched: bool = False


class BulkWriter:
    """Stores the spans of one device and import, chunk by chunk, within a transaction of the caller."""

    def __init__(self, store: Store, device_id: int, import_id: int | None) -> None:
        self._store = store
        self._device = device_id
        self._import = import_id
        # Ids by activity: an import has few activities, each many times.
        self._known: dict[Activity | None, tuple[tuple[int | None, ...], Key]] = {}
        self._texts: dict[str, int | None] = {}

    def write(self, spans: Sequence[BulkSpan]) -> None:
        """Store some thousand spans, in the order of time. ValueError as `Journal.insert` raises it."""
        if not spans:
            return
        taken = self._taken(spans[0].start_ms, spans[-1].start_ms)
        tally = Tally()
        rows: list[tuple[int | None, ...]] = []
        for span in spans:
            if not 0 <= span.end_ms - span.start_ms <= LONGEST_MS:
                raise ValueError("a span ends after its start, and at most 24 h later")
            ids, key = self._ids(span.activity)
            rows.append(
                (
                    _free(span.start_ms, taken), self._device, span.start_ms, span.end_ms,
                    span.utc_offset_s, int(span.activity is None), int(span.switched), *ids, self._import,
                )
            )  # fmt: skip
            tally.time(key, span.start_ms, span.end_ms, span.utc_offset_s)
            if span.switched:
                tally.switch(key, span.start_ms, span.utc_offset_s)
        self._store.connection.executemany(_INSERT, rows)
        tally.write(self._store.connection)

    def _taken(self, first_ms: int, last_ms: int) -> set[int]:
        found = self._store.connection.execute(
            "SELECT id FROM activity_logs WHERE id >= ? AND id < ?",
            (first_id(first_ms), first_id(last_ms + 1)),
        )
        return {row[0] for row in found}

    def _ids(self, activity: Activity | None) -> tuple[tuple[int | None, ...], Key]:
        known = self._known.get(activity)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[activity] = self._made(activity)
        return known

    def _made(self, activity: Activity | None) -> tuple[tuple[int | None, ...], Key]:
        if activity is None:
            return (None,) * 8, Key(self._device, idle=True)
        interning = self._store.interning
        application = interning.application(activity.application)
        ids = (
            application,
            self._text(activity.title),
            self._text(activity.url),
            self._text(activity.path),
            activity.project_id,
            interning.branch(activity.branch),
            interning.language(activity.language),
            activity.category_id,
        )
        key = Key.of(self._device, activity.project_id, activity.category_id, application, idle=False)
        return ids, key

    def _text(self, text: str | None) -> int | None:
        if text is None:
            return None
        if text not in self._texts:
            if len(self._texts) >= _MOST_REMEMBERED:
                self._texts.clear()
            self._texts[text] = self._store.interning.text(text)
        return self._texts[text]


def _free(start_ms: int, taken: set[int]) -> int:
    low = first_id(start_ms)
    for identity in range(low, low + _SAME_START):
        if identity not in taken:
            taken.add(identity)
            return identity
    raise ValueError("no more spans can start in this millisecond")


_INSERT = """
    INSERT INTO activity_logs
        (id, device_id, start_ms, end_ms, utc_offset_s, state, switched, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, import_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

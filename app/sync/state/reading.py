"""This home's own activity as slots, texts opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.models.cipher import Cipher
from app.models.outbox import HOUR_MS
from app.models.spans_table import first_id
from app.models.store import Store
from app.sync.bodies.values import SpanRow

_TEXTS_AT_ONCE = 500
_TEXT_PLACES = (7, 8, 9, 14)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the spans of one store."""

    store: Store
    cipher: Cipher

    def hours(self, device_id: int, hours: Collection[int]) -> dict[int, tuple[SpanRow, ...]]:
        """What a device recorded in each of those UTC hours, by start; an hour without anything is empty."""
        found: dict[int, tuple[SpanRow, ...]] = dict.fromkeys(hours, ())
        for first, last in _runs(hours):
            rows = self.store.connection.execute(
                _ROWS, (device_id, first_id(first * HOUR_MS), first_id((last + 1) * HOUR_MS))
            ).fetchall()
            texts = self._opened({row[place] for row in rows for place in _TEXT_PLACES})
            for hour, group in groupby(rows, key=lambda row: row[0] // HOUR_MS):
                found[hour] = tuple(_span(row, texts) for row in group)
        return found

    def _opened(self, ids: set[int | None]) -> dict[int | None, str | None]:
        wanted = sorted(identity for identity in ids if identity is not None)
        found: dict[int | None, str | None] = {None: None}
        for at in range(0, len(wanted), _TEXTS_AT_ONCE):
            chunk = wanted[at : at + _TEXTS_AT_ONCE]
            marks = ", ".join("?" * len(chunk))
            rows = self.store.connection.execute(
                f"SELECT id, sealed FROM texts WHERE id IN ({marks})",  # noqa: S608 - marks only
                chunk,
            ).fetchall()
            opened = self.cipher.open_all(sealed for _, sealed in rows)
            found.update(zip((identity for identity, _ in rows), opened, strict=True))
        return found


def _span(row: tuple[Any, ...], texts: dict[int | None, str | None]) -> SpanRow:
    start, end, offset, idle, switched, assigned, application, title, url, path, project, branch = row[:12]
    language, category, note, imported = row[12:]
    return SpanRow(
        start, end, offset, bool(idle), bool(switched), bool(assigned), application, texts.get(title),
        texts.get(url), texts.get(path), project, branch, language, category, texts.get(note), imported,
    )  # fmt: skip


def _runs(hours: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Hours that follow each other, each run with its first and last."""
    for _, run in groupby(enumerate(sorted(hours)), key=lambda pair: pair[1] - pair[0]):
        found = [hour for _, hour in run]
        yield found[0], found[-1]


_ROWS = """
    SELECT s.start_ms, s.end_ms, s.utc_offset_s, s.state, s.switched, s.assigned, a.name, s.title_id,
        s.url_id, s.path_id, p.uuid, b.name, l.name, c.uuid, s.note_id, i.uuid
    FROM activity_logs s
        LEFT JOIN applications a ON a.id = s.application_id
        LEFT JOIN projects p ON p.id = s.project_id
        LEFT JOIN branches b ON b.id = s.branch_id
        LEFT JOIN languages l ON l.id = s.language_id
        LEFT JOIN categories c ON c.id = s.category_id
        LEFT JOIN imports i ON i.id = s.import_id
    WHERE s.device_id = ? AND s.id >= ? AND s.id < ? ORDER BY s.id
"""

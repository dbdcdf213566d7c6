"""The rows of `activity_logs` as the write path reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.models.rollups import Key, Tally

LONGEST_MS = 24 * 3_600_000

# An id is the start with room for this many spans that begin in the same ms (other machines, empty spans).
_SAME_START = 1_024


def first_id(ms: int) -> int:
    """The lowest id of a span that starts at `ms` (ms UTC) or later.

    What starts in [from, to) has first_id(from) ≤ id < first_id(to).
    """
    return ms * _SAME_START


def free_id(connection: sqlite3.Connection, start_ms: int) -> int:
    """An id for a new span that starts then. ValueError when 1,024 start in this very ms already."""
    low = first_id(start_ms)
    highest = connection.execute(
        "SELECT max(id) FROM activity_logs WHERE id >= ? AND id < ?", (low, low + _SAME_START)
    ).fetchone()[0]
    if highest is None:
        return low
    if highest + 1 == low + _SAME_START:
        raise ValueError("no more spans can start in this millisecond")
    return highest + 1


_COLUMNS = (
    "id, device_id, start_ms, end_ms, utc_offset_s, state, switched, application_id, project_id, "
    "category_id, assigned"
)
_FETCH = f"SELECT {_COLUMNS} FROM activity_logs WHERE id = ?"  # noqa: S608  our own names only


@dataclass(frozen=True, slots=True)
class Row:
    """One stored span, without its texts."""

    id: int
    device_id: int
    start_ms: int
    end_ms: int
    utc_offset_s: int
    state: int
    switched: int
    application_id: int | None
    project_id: int | None
    category_id: int | None
    assigned: int

    @property
    def idle(self) -> bool:
        return self.state == 1

    @property
    def key(self) -> Key:
        return Key.of(self.device_id, self.project_id, self.category_id, self.application_id, idle=self.idle)

    def count(self, tally: Tally, sign: int = 1) -> None:
        """Count (or, with sign -1, discount) all of this span."""
        tally.time(self.key, self.start_ms, self.end_ms, self.utc_offset_s, sign)
        if self.switched:
            tally.switch(self.key, self.start_ms, self.utc_offset_s, sign)


def fetch(connection: sqlite3.Connection, span_id: int) -> Row | None:
    """The span with this id, None when there is none."""
    found = connection.execute(_FETCH, (span_id,)).fetchone()
    return None if found is None else Row(*found)


def fetch_many(connection: sqlite3.Connection, span_ids: Sequence[int]) -> list[Row]:
    """The spans with these ids (at most some hundreds), as far as they exist."""
    marks = ",".join("?" * len(span_ids))
    return rows(connection, f"id IN ({marks})", tuple(span_ids))


def rows(connection: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Row]:
    """The spans for which `where` holds."""
    query = f"SELECT {_COLUMNS} FROM activity_logs WHERE {where}"  # noqa: S608  our own conditions only
    return [Row(*found) for found in connection.execute(query, values)]


def rows_of_import(connection: sqlite3.Connection, import_id: int, after: int, most: int) -> list[Row]:
    """The first `most` spans an import brought, in the order of time, of those behind the id `after`."""
    return rows(connection, "id > ? AND import_id = ? ORDER BY id LIMIT ?", (after, import_id, most))

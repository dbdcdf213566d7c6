"""The rows of `activity_logs` as the write path reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.models.rollups import Key, Tally

LONGEST_MS = 24 * 3_600_000

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
    return list(each(connection, where, values))


def each(connection: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> Iterator[Row]:
    """As `rows`, one by one; nothing may be written meanwhile."""
    query = f"SELECT {_COLUMNS} FROM activity_logs WHERE {where}"  # noqa: S608  our own conditions only
    for found in connection.execute(query, values):
        yield Row(*found)

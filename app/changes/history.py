"""The recorded history as a rule sees it: each activity with its texts opened, in steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from app.analytics.exchange.export import Texts
from app.models.spans_table import first_id
from app.models.store import Store
from app.models.values import Activity

STEP = 5_000


@dataclass(frozen=True, slots=True)
class Past:
    """A recorded active span that no person has assigned by hand."""

    id: int
    start_ms: int
    end_ms: int
    utc_offset_s: int
    category_id: int | None
    seen: tuple[Any, ...]

    @property
    def local(self) -> datetime:
        """When it began, on the wall clock where it was recorded."""
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self.start_ms)
        return moment.astimezone(timezone(timedelta(seconds=self.utc_offset_s)))


class History:
    """Reads the spans of one store. `from_ms`, `to_ms`: by their start, ms UTC; None has no bound."""

    def __init__(self, store: Store, from_ms: int | None = None, to_ms: int | None = None) -> None:
        self._store = store
        self._low = None if from_ms is None else first_id(from_ms)
        self._high = None if to_ms is None else first_id(to_ms)
        self._texts = Texts(store.connection, store.cipher)
        self._names = {
            table: dict(store.connection.execute(f"SELECT id, name FROM {table}").fetchall())  # noqa: S608 - our own names
            for table in ("applications", "branches", "languages", "projects")
        }

    def count(self) -> int:
        """How many spans there are to go through."""
        where, values = self._where(None)
        query = f"SELECT count(*) FROM activity_logs WHERE {where}"  # noqa: S608 - our own words
        return int(self._store.connection.execute(query, values).fetchone()[0])

    def steps(self) -> Iterator[list[Past]]:
        """Up to 5,000 spans at a time, in the order of time; between two steps others may write."""
        after: int | None = None
        while True:
            where, values = self._where(after)
            query = f"{_SELECT} WHERE {where} ORDER BY id LIMIT {STEP}"
            step = [
                Past(identity, start, end, offset, category, tuple(seen))
                for identity, start, end, offset, category, *seen in self._store.connection.execute(
                    query, values
                )
            ]
            if not step:
                return
            yield step
            after = step[-1].id

    def activity(self, past: Past) -> tuple[Activity, str | None]:
        """The activity with its texts, and its project's name. Raises `KeyUnavailable` without the key."""
        application, title, url, path, project, branch, language = past.seen
        get = self._texts.get
        activity = Activity(
            application=self._named("applications", application) or "",
            title=get(title),
            url=get(url),
            path=get(path),
            project_id=project,
            branch=self._named("branches", branch),
            language=self._named("languages", language),
            category_id=past.category_id,
        )
        return activity, self._named("projects", project)

    def _named(self, table: str, identity: int | None) -> str | None:
        if identity is None:
            return None
        names = self._names[table]
        if identity not in names:
            # A name that came after the beginning: the agent goes on recording.
            row = self._store.connection.execute(
                f"SELECT name FROM {table} WHERE id = ?",  # noqa: S608 - our own names
                (identity,),
            ).fetchone()
            names[identity] = "" if row is None else row[0]
        return names[identity]

    def _where(self, after: int | None) -> tuple[str, tuple[int, ...]]:
        parts, values = ["state = 0 AND assigned = 0"], list[int]()
        bounds = (("id >= ?", self._low), ("id < ?", self._high), ("id > ?", after))
        for part, value in bounds:
            if value is not None:
                parts.append(part)
                values.append(value)
        return " AND ".join(parts), tuple(values)


_SELECT = """
    SELECT id, start_ms, end_ms, utc_offset_s, category_id,
        application_id, title_id, url_id, path_id, project_id, branch_id, language_id
    FROM activity_logs
"""

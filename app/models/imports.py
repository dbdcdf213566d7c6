"""Imports: each is known as one, so that it can be told of and undone as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from app.errors import UsageError
from app.models.database import translated
from app.models.orphans import drop_orphans
from app.models.rollups import Tally
from app.models.spans_table import rows_of_import
from app.models.store import Store

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Import:
    """One import. `source`: what wrote the file, `started_ms` ms UTC, `name` of the file or None."""

    id: int
    source: str
    started_ms: int
    spans: int
    name: str | None = field(default=None, repr=False)


class Imports:
    """The imports of one store. Methods raise `StorageError`, and `UsageError` for what does not exist."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Import]:
        """The latest first."""
        with translated():
            rows = self._store.connection.execute(f"{_SELECT} ORDER BY id DESC").fetchall()
        return [self._import(*row) for row in rows]

    def of_file(self, digest: bytes) -> Import | None:
        """The latest import of a file with these bytes, as long as it was not undone."""
        with translated():
            row = self._store.connection.execute(
                f"{_SELECT} WHERE digest = ? ORDER BY id DESC", (digest,)
            ).fetchone()
        return None if row is None else self._import(*row)

    def begin(self, source: str, digest: bytes, name: str, started_ms: int) -> int:
        """Note a new import, within a transaction of the caller; returns its id."""
        made = self._store.connection.execute(
            "INSERT INTO imports (uuid, source, started_ms, digest, name_text_id) VALUES (?, ?, ?, ?, ?)",
            (str(uuid4()), source, started_ms, digest, self._store.interning.text(name)),
        )
        assert made.lastrowid is not None
        return made.lastrowid

    def finish(self, import_id: int, spans: int, finished_ms: int) -> None:
        """Note its end; one that brought nothing is forgotten."""
        if spans:
            self._store.connection.execute(
                "UPDATE imports SET spans = ?, finished_ms = ? WHERE id = ?", (spans, finished_ms, import_id)
            )
        else:
            self._store.connection.execute("DELETE FROM imports WHERE id = ?", (import_id,))

    def undo(self, import_id: int) -> int:
        """Take everything back that one import brought; returns how many spans went.

        What the person assigned or noted on its spans goes too, and projects and machines that came with
        it and hold nothing else.
        """
        with self._store.unchecked_references(), self._store.transaction():
            row = self._store.connection.execute(f"{_SELECT} WHERE id = ?", (import_id,)).fetchone()
            if row is None:
                raise UsageError(
                    "There is no such import.", advice="`devpulse import --list` shows those there are."
                )
            gone = self._delete_spans(import_id)
            self._store.connection.execute("DELETE FROM imports WHERE id = ?", (import_id,))
            for statement in _LEFT_BEHIND:
                self._store.connection.execute(statement, {"started": row[2]})
            drop_orphans(self._store.connection)
            self._store.interning.forget()
        return gone

    def _delete_spans(self, import_id: int) -> int:
        gone, after = 0, -1
        while found := rows_of_import(self._store.connection, import_id, after, _CHUNK):
            tally = Tally()
            for row in found:
                row.count(tally, -1)
            self._store.connection.executemany(
                "DELETE FROM activity_logs WHERE id = ?", [(row.id,) for row in found]
            )
            tally.write(self._store.connection)
            gone += len(found)
            after = found[-1].id
        return gone

    def _import(self, identity: int, source: str, started_ms: int, spans: int, name: int | None) -> Import:
        return Import(identity, source, started_ms, spans, self._store.text(name))


_SELECT = "SELECT id, source, started_ms, spans, name_text_id FROM imports"

# A project that an import made bears the moment of its beginning.
_UNUSED_PROJECTS = """
    SELECT p.id FROM projects p WHERE p.created_ms = :started
        AND NOT EXISTS (SELECT 1 FROM rollup_daily r WHERE r.project_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM focus_sessions f WHERE f.project_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM goals g WHERE g.subject = 'project' AND g.subject_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM projects m WHERE m.merged_into_id = p.id)
"""
_LEFT_BEHIND = (
    f"DELETE FROM project_roots WHERE project_id IN ({_UNUSED_PROJECTS})",  # noqa: S608 - our own words
    f"DELETE FROM projects WHERE id IN ({_UNUSED_PROJECTS})",  # noqa: S608 - our own words
    """
    DELETE FROM devices WHERE id <> 1 AND owner IS NULL AND :started IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM activity_logs s WHERE s.device_id = devices.id)
        AND NOT EXISTS (SELECT 1 FROM focus_sessions f WHERE f.device_id = devices.id)
    """,
)

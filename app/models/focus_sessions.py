"""Focus sessions as they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from app.models.database import translated
from app.models.store import THIS_DEVICE, Store

RUNNING, PAUSED, COMPLETED, STOPPED = "running", "paused", "completed", "stopped"
STATES = (RUNNING, PAUSED, COMPLETED, STOPPED)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One session. Times in ms; `started_ms`, `ended_ms`, `updated_ms` are UTC moments.

    `planned_ms` is None for an open end. `focused_ms`: up to `updated_ms`, pauses left out. `id` is 0
    before it is stored. `note`: the person's words, None while the key is locked.
    """

    state: str
    started_ms: int
    utc_offset_s: int
    updated_ms: int
    focused_ms: int = 0
    planned_ms: int | None = None
    ended_ms: int | None = None
    project_id: int | None = None
    interruptions: int = 0
    note: str | None = field(default=None, repr=False)
    device_id: int = THIS_DEVICE
    uuid: str = field(default_factory=lambda: str(uuid4()))
    id: int = 0


class FocusSessions:
    """The sessions of one store. Methods raise `StorageError`; ValueError for a state that does not exist."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, session: StoredSession) -> StoredSession:
        """Store a session, new or changed (told apart by `uuid`); returns it with its id."""
        if session.state not in STATES:
            raise ValueError(f"no such state: {session.state}")
        with self._store.transaction():
            self._store.connection.execute(_SAVE, self._values(session))
            row = self._store.connection.execute(
                "SELECT id FROM focus_sessions WHERE uuid = ?", (session.uuid,)
            ).fetchone()
        return replace(session, id=row[0])

    def unfinished(self) -> StoredSession | None:
        """The session of this machine that runs or is paused; the newest, should there be several."""
        found = self._select(
            "state IN ('running', 'paused') AND device_id = ? ORDER BY started_ms DESC, id DESC LIMIT 1",
            (THIS_DEVICE,),
        )
        return found[0] if found else None

    def between(self, from_ms: int, to_ms: int) -> list[StoredSession]:
        """The sessions that started in [from, to), in their order."""
        return self._select("started_ms >= ? AND started_ms < ? ORDER BY started_ms, id", (from_ms, to_ms))

    def get(self, uuid: str) -> StoredSession | None:
        """The session of that name."""
        found = self._select("uuid = ?", (uuid,))
        return found[0] if found else None

    def edit(self, session: StoredSession) -> bool:
        """Store what the person changed of a session, its start and note included; False when there is none.

        While the key is locked the note stays as it is.
        """
        with self._store.transaction():
            note = None if self._store.cipher is None else self._store.interning.text(session.note)
            done = self._store.connection.execute(
                _EDIT, (*self._values(session)[2:-1], note, self._store.cipher is None, session.uuid)
            )
        return done.rowcount > 0

    def delete(self, uuid: str) -> bool:
        """Forget a session; False when there is none."""
        with self._store.transaction():
            deleted = self._store.connection.execute("DELETE FROM focus_sessions WHERE uuid = ?", (uuid,))
        return deleted.rowcount > 0

    def _values(self, session: StoredSession) -> tuple[Any, ...]:
        return (
            session.uuid,
            session.device_id,
            session.project_id,
            session.state,
            session.started_ms,
            session.ended_ms,
            session.utc_offset_s,
            session.planned_ms,
            session.focused_ms,
            session.updated_ms,
            session.interruptions,
            self._store.interning.text(session.note),
        )

    def _select(self, condition: str, values: tuple[Any, ...]) -> list[StoredSession]:
        query = f"SELECT {_COLUMNS} FROM focus_sessions WHERE {condition}"  # noqa: S608  our own conditions
        with translated():
            return [self._session(row) for row in self._store.connection.execute(query, values).fetchall()]

    def _session(self, row: tuple[Any, ...]) -> StoredSession:
        (
            identity,
            uuid,
            device,
            project,
            state,
            started,
            ended,
            offset,
            planned,
            focused,
            updated,
            broken,
            note,
        ) = row
        return StoredSession(
            state=state,
            started_ms=started,
            utc_offset_s=offset,
            updated_ms=updated,
            focused_ms=focused,
            planned_ms=planned,
            ended_ms=ended,
            project_id=project,
            interruptions=broken,
            note=self._store.text(note),
            device_id=device,
            uuid=uuid,
            id=identity,
        )


_COLUMNS = (
    "id, uuid, device_id, project_id, state, started_ms, ended_ms, utc_offset_s, planned_ms, focused_ms, "
    "updated_ms, interruptions, note_id"
)
_EDIT = """
    UPDATE focus_sessions SET project_id = ?, state = ?, started_ms = ?, ended_ms = ?, utc_offset_s = ?,
        planned_ms = ?, focused_ms = ?, updated_ms = ?, interruptions = ?,
        note_id = ifnull(?, iif(?, note_id, NULL))
    WHERE uuid = ?
"""
_SAVE = """
    INSERT INTO focus_sessions
        (uuid, device_id, project_id, state, started_ms, ended_ms, utc_offset_s, planned_ms, focused_ms,
         updated_ms, interruptions, note_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (uuid) DO UPDATE SET project_id = excluded.project_id, state = excluded.state,
        ended_ms = excluded.ended_ms, planned_ms = excluded.planned_ms, focused_ms = excluded.focused_ms,
        updated_ms = excluded.updated_ms, interruptions = excluded.interruptions,
        note_id = ifnull(excluded.note_id, note_id)
"""

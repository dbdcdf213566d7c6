"""Changes of focus sessions that have ended; one that runs belongs to the agent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.changes.workbench import Undo, Words, Workbench
from app.errors import KeyUnavailable, UsageError
from app.models.focus_sessions import PAUSED, RUNNING, FocusSessions, StoredSession


class SessionChanges:
    """Sessions are named by their uuids. Methods raise `UsageError` in words, `StorageError`."""

    def __init__(self, bench: Workbench, now_ms: Callable[[], int]) -> None:
        self._bench = bench
        self._sessions = FocusSessions(bench.store)
        self._now = now_ms

    def change(self, session: StoredSession) -> Undo:
        """Store a session's new project, length, state or note."""

        def work() -> Words:
            self._ended(session.uuid)
            if session.state in (RUNNING, PAUSED):
                raise UsageError("A session that has ended does not run again; start a new one.")
            _check(session)
            if session.note and self._bench.store.cipher is None:
                raise KeyUnavailable(
                    "A note cannot be kept while your data key is locked.",
                    advice="`devpulse unlock` opens it.",
                )
            self._sessions.edit(replace(session, updated_ms=self._now()))
            return Words("Focus session changed")

        return self._bench.change(work)

    def delete(self, uuid: str) -> Undo:
        """Forget a session; the activity recorded in it stays."""

        def work() -> Words:
            self._ended(uuid)
            self._sessions.delete(uuid)
            return Words("Focus session deleted")

        return self._bench.change(work)

    def _ended(self, uuid: str) -> StoredSession:
        found = self._sessions.get(uuid)
        if found is None:
            raise UsageError("There is no such focus session.")
        if found.state in (RUNNING, PAUSED):
            raise UsageError("This focus session still runs; stop it first.")
        return found


def _check(session: StoredSession) -> None:
    ended = session.updated_ms if session.ended_ms is None else session.ended_ms
    if ended < session.started_ms or not 0 <= session.focused_ms <= ended - session.started_ms:
        raise UsageError("A session ends after it began, and its focused time lies within it.")

"""Focus sessions that two machines held at the same time: one counts for now, and the person is asked."""

from __future__ import annotations

from dataclasses import replace

from app.sync.bodies.values import CONFLICT, Record
from app.sync.merge.joining import alive
from app.sync.merge.sessions import Session, overlapping
from app.sync.state.conflicts import conflict_of_sessions, hidden_sessions, session_uuids
from app.sync.state.records import Records

_TYPE = "focus_session"


class SessionOverlaps:
    """Finds them among all records, within a transaction of the caller in which nothing is noted."""

    def __init__(self, records: Records, device: bytes, now_ms: int) -> None:
        self._records = records
        self._device = device
        self._now = now_ms

    def find(self) -> None:
        """Note a conflict for each pair that shares time and has none yet."""
        if not any(record.type == _TYPE for record in self._records.changed):
            return
        known = [one.ours for one in self._records.objects.of_type(_TYPE) if one.ours is not None]
        sessions = {record.uuid: (record, _session(record)) for record in known if alive(record)}
        for winner, loser in overlapping(found for _, found in sessions.values() if found is not None):
            made = conflict_of_sessions(
                sessions[winner.uuid][0], sessions[loser.uuid][0], self._device, self._now
            )
            conflict = self._records.objects.record(CONFLICT, made.uuid)
            if conflict.ours is None:
                self._records.objects.put(replace(conflict, ours=made, due=True))
                self._records.asks += 1

    def show_and_hide(self) -> None:
        """Let the table of sessions hold exactly those that count."""
        conflicts = [one.ours for one in self._records.objects.of_type(CONFLICT) if one.ours is not None]
        about = {uuid for record in conflicts for uuid in session_uuids(record) or ()}
        hidden = {uuid for record in conflicts for uuid in hidden_sessions(record)}
        for uuid in sorted(about):
            known = self._records.objects.record(_TYPE, uuid)
            if known.ours is not None and known.held != (uuid in hidden):
                self._records.hide(known.ours, hidden=uuid in hidden)


def _session(record: Record) -> Session | None:
    device, start, end = (record.fields.get(name) for name in ("device", "started_ms", "ended_ms"))
    if not (isinstance(device, str) and isinstance(start, int) and isinstance(end, int)):
        return None
    return Session(record.uuid, device, start, end, record.hlc)

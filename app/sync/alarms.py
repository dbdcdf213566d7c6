"""What was noticed about the service, kept until the person has read it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from app.errors import AccountUntrusted
from app.models.store import Store
from app.sync.bodies.head_checks import AlarmKind


@dataclass(frozen=True, slots=True)
class StoredAlarm:
    """One alarm. `kind`: see `AlarmKind`; `device`: whose data it is about, None for none's."""

    id: int
    at_ms: int
    kind: str
    device: bytes | None
    detail: str
    read: bool


def note_alarm(store: Store, at_ms: int, kind: str, device: bytes | None, detail: str) -> bool:
    """Keep an alarm, unless the same is there already; whether it is new. Raises `StorageError`."""
    with store.transaction():
        known = store.connection.execute(
            "SELECT 1 FROM sync_alarms WHERE kind = ? AND device IS ? AND detail = ?", (kind, device, detail)
        ).fetchone()
        if known is not None:
            return False
        store.connection.execute(
            "INSERT INTO sync_alarms (at_ms, kind, device, detail) VALUES (?, ?, ?, ?)",
            (at_ms, kind, device, detail),
        )
    return True


def alarms(connection: sqlite3.Connection, *, unread_only: bool = False) -> list[StoredAlarm]:
    """All of them, the latest first."""
    condition = "WHERE read_ms IS NULL" if unread_only else ""
    rows = connection.execute(
        f"SELECT id, at_ms, kind, device, detail, read_ms FROM sync_alarms {condition} ORDER BY id DESC"  # noqa: S608
    )
    return [StoredAlarm(*row[:5], read=row[5] is not None) for row in rows.fetchall()]


def require_no_alarm(connection: sqlite3.Connection) -> None:
    """Raise `AccountUntrusted` while something grave was noticed and nobody has read it."""
    grave = [
        alarm for alarm in alarms(connection, unread_only=True) if alarm.kind != AlarmKind.RESTORED.value
    ]
    if grave:
        raise AccountUntrusted(
            grave[0].detail,
            detail="Nothing is exchanged with the service until you have read this.",
            advice="`devpulse sync --read-alarms`, once you know what happened, lets it go on.",
        )


def read_alarms(store: Store, at_ms: int) -> int:
    """The person has read them; how many they had not before. Raises `StorageError`."""
    with store.transaction():
        return store.connection.execute(
            "UPDATE sync_alarms SET read_ms = ? WHERE read_ms IS NULL", (at_ms,)
        ).rowcount

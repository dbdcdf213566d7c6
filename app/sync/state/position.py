"""Where this home stands with its account: names and numbers, no secrets."""

from __future__ import annotations

import sqlite3

from app.errors import UsageError
from app.sync.state.values import Position

_KEYS = ("account", "device", "cursor", "lineage", "ready")


def read_position(connection: sqlite3.Connection) -> Position | None:
    """The position; None while no account is signed in here."""
    found = {key: get(connection, key) for key in _KEYS}
    if found["account"] is None or found["device"] is None:
        return None
    return Position(
        bytes.fromhex(found["account"]),
        bytes.fromhex(found["device"]),
        int(found["cursor"] or 0),
        found["lineage"] or "",
        found["ready"] != "0",
    )


def require_position(connection: sqlite3.Connection) -> Position:
    """The position. Raises `UsageError` while no account is signed in."""
    position = read_position(connection)
    if position is None:
        raise UsageError("No account is signed in here.", advice="`devpulse account sign-in` does it.")
    return position


def write_position(connection: sqlite3.Connection, position: Position) -> None:
    """Store it, within a transaction of the caller."""
    put(connection, "account", position.account.hex())
    put(connection, "device", position.device.hex())
    put(connection, "cursor", str(position.cursor))
    put(connection, "lineage", position.lineage)
    put(connection, "ready", str(int(position.ready)))


def get(connection: sqlite3.Connection, key: str) -> str | None:
    """A value of `sync_state`."""
    row = connection.execute("SELECT value FROM sync_state WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Store a value of `sync_state`."""
    connection.execute("INSERT OR REPLACE INTO sync_state (key, value) VALUES (?, ?)", (key, value))

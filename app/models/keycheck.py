"""A database remembers a mark of its data key, so that no second key ever seals into it."""

from __future__ import annotations

import sqlite3

from app.errors import KeyUnavailable
from app.models.cipher import Cipher
from app.models.database import translated

_NAME = "key_check"
_MARK = "DevPulse key check"


def check_key(connection: sqlite3.Connection, cipher: Cipher) -> None:
    """Make sure that `cipher` holds this database's key; the first one to come is remembered.

    Raises `KeyUnavailable` when the database belongs to another key, and changes nothing then.
    """
    mark = mark_of(cipher)
    with translated():
        found = stored_mark(connection)
        if found is None:
            _trial(connection, cipher)
            connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", (_NAME, mark))
            found = stored_mark(connection)
    if found != mark:
        raise _other_key()


def mark_of(cipher: Cipher) -> str:
    """A text that is the same for the same key, and tells nothing else of it."""
    return cipher.digest(_MARK).hex()


def stored_mark(connection: sqlite3.Connection) -> str | None:
    """The mark of the key this database was sealed with; None before the first one."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_NAME,)).fetchone()
    return None if row is None else str(row[0])


def _trial(connection: sqlite3.Connection, cipher: Cipher) -> None:
    # A salvaged database may have lost its mark, but not its texts.
    samples = connection.execute("SELECT sealed FROM texts ORDER BY id DESC LIMIT 100").fetchall()
    if samples and not any(_opens(cipher, sample[0]) for sample in samples):
        raise _other_key()


def _opens(cipher: Cipher, sealed: bytes) -> bool:
    try:
        cipher.open(sealed)
    except KeyUnavailable:
        return False
    return True


def _other_key() -> KeyUnavailable:
    return KeyUnavailable(
        "The key does not belong to this database.",
        detail="Titles in it were sealed with another key. Nothing was changed.",
        advice="Bring back the key.json (or keyring entry) that belongs to it; `devpulse doctor` tells more.",
    )

"""Texts, application names, branches and languages are stored once; this room finds or makes their ids."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict

from app.errors import KeyUnavailable
from app.models.cipher import Cipher

# Small: a person moves between some dozens of windows, and a miss costs one look-up by index.
CACHED = 256


class Cache:
    """The ids of what was used last, at most `CACHED` of a kind."""

    __slots__ = ("_ids",)

    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[str, str | int], int] = OrderedDict()

    def get(self, kind: str, key: str | int) -> int | None:
        found = self._ids.get((kind, key))
        if found is not None:
            self._ids.move_to_end((kind, key))
        return found

    def put(self, kind: str, key: str | int, identity: int) -> None:
        self._ids[(kind, key)] = identity
        if len(self._ids) > CACHED:
            self._ids.popitem(last=False)

    def clear(self) -> None:
        self._ids.clear()

    def __len__(self) -> int:
        return len(self._ids)


class Interning:
    """Finds or makes the row of a name or text. Every method belongs inside a transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection, cipher: Cipher | None) -> None:
        self._connection = connection
        self._cipher = cipher
        self._cache = Cache()

    def forget(self) -> None:
        """Drop the cache: another process wrote, or a transaction was rolled back."""
        self._cache.clear()

    def application(self, name: str) -> int:
        return self._named("applications", name)

    def branch(self, name: str | None) -> int | None:
        return None if name is None else self._named("branches", name)

    def language(self, name: str | None) -> int | None:
        return None if name is None else self._named("languages", name)

    def text(self, text: str | None, day: int = 0) -> int | None:
        """The id of a sealed text of that local day; None for None, and while the key is locked.

        Texts that belong to no day (notes, folders, remotes) stand under day 0.
        """
        if text is None or self._cipher is None:
            return None
        known = self._cache.get("texts", text_id(self._cipher, text, day))
        if known is None:
            known = self._sealed(self._cipher, text, day)
        return known

    def find_text(self, text: str | None, day: int = 0) -> int | None:
        """The id of a text of that day when it is stored already; None otherwise, and without a key."""
        if text is None or self._cipher is None:
            return None
        identity = text_id(self._cipher, text, day)
        while (row := self._connection.execute(_SEALED, (identity,)).fetchone()) is not None:
            if _same(self._cipher, row[0], text):
                return identity
            identity += 1
        return None

    def _sealed(self, cipher: Cipher, text: str, day: int) -> int:
        wanted = identity = text_id(cipher, text, day)
        while (row := self._connection.execute(_SEALED, (identity,)).fetchone()) is not None:
            if _same(cipher, row[0], text):
                break
            identity += 1  # another text with the same number: once in some hundred million days
        else:
            self._connection.execute(
                "INSERT INTO texts (id, sealed) VALUES (?, ?)", (identity, cipher.seal(text))
            )
        self._cache.put("texts", wanted, identity)
        return identity

    def _named(self, table: str, name: str) -> int:
        # A name from a broken program may hold half a surrogate pair, which SQLite's UTF-8 cannot.
        name = name.encode("utf-8", "replace").decode("utf-8")
        known = self._cache.get(table, name)
        if known is None:
            row = self._connection.execute(_FIND[table], (name,)).fetchone()
            known = row[0] if row else _row_id(self._connection.execute(_MAKE[table], (name,)))
            self._cache.put(table, name, known)
        return known


def text_id(cipher: Cipher, text: str, day: int) -> int:
    """The number under which a text is looked for: the day above, 46 bits of its keyed digest below.

    The order by days keeps what is written together together on the disk; an index over all digests
    would have every new title write pages all over the file.
    """
    return day << _DIGEST_BITS | int.from_bytes(cipher.digest(text)[:8]) >> (64 - _DIGEST_BITS)


def _same(cipher: Cipher, sealed: bytes, text: str) -> bool:
    try:
        return cipher.open(sealed) == text
    except KeyUnavailable:  # damaged: it keeps its number, and nobody else gets it
        return False


_DIGEST_BITS = 46
_SEALED = "SELECT sealed FROM texts WHERE id = ?"
_FIND = {
    "applications": "SELECT id FROM applications WHERE name = ?",
    "branches": "SELECT id FROM branches WHERE name = ?",
    "languages": "SELECT id FROM languages WHERE name = ?",
}
_MAKE = {
    "applications": "INSERT INTO applications (name) VALUES (?)",
    "branches": "INSERT INTO branches (name) VALUES (?)",
    "languages": "INSERT INTO languages (name) VALUES (?)",
}


def _row_id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid

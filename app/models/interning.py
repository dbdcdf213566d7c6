"""Texts, application names, branches and languages are stored once; this room finds or makes their ids."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict

from app.models.cipher import Cipher

# Small: a person moves between some dozens of windows, and a miss costs one look-up by index.
CACHED = 256
# A day's titles or two; read again after somebody else wrote, in a millisecond.
CACHED_TEXTS = 1_000


class Cache:
    """The ids of what was used last, at most `size`."""

    __slots__ = ("_ids", "_size")

    def __init__(self, size: int) -> None:
        self._ids: OrderedDict[tuple[str, str | bytes], int] = OrderedDict()
        self._size = size

    def get(self, kind: str, key: str | bytes) -> int | None:
        found = self._ids.get((kind, key))
        if found is not None:
            self._ids.move_to_end((kind, key))
        return found

    def put(self, kind: str, key: str | bytes, identity: int) -> None:
        self._ids[(kind, key)] = identity
        if len(self._ids) > self._size:
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
        self._cache = Cache(CACHED)
        self._texts: Cache | None = None

    def forget(self) -> None:
        """Drop the cache: another process wrote, or a transaction was rolled back."""
        self._cache.clear()
        self._texts = None

    def application(self, name: str) -> int:
        return self._named("applications", name)

    def branch(self, name: str | None) -> int | None:
        return None if name is None else self._named("branches", name)

    def language(self, name: str | None) -> int | None:
        return None if name is None else self._named("languages", name)

    def text(self, text: str | None) -> int | None:
        """The id of a sealed text; None for None, and while the key is locked.

        Only the texts of late are looked through, which keeps an index over all titles ever seen, and
        its pages all over the file, out of every switch. One that comes back after days has two rows.
        """
        if text is None or self._cipher is None:
            return None
        if self._texts is None:
            self._texts = self._recent_texts()
        digest = self._cipher.digest(text)
        known = self._texts.get("texts", digest)
        if known is None:
            known = _row_id(
                self._connection.execute(
                    "INSERT INTO texts (digest, sealed) VALUES (?, ?)", (digest, self._cipher.seal(text))
                )
            )
            self._texts.put("texts", digest, known)
        return known

    def _recent_texts(self) -> Cache:
        recent = Cache(CACHED_TEXTS)
        rows = self._connection.execute(
            "SELECT id, digest FROM texts ORDER BY id DESC LIMIT ?", (CACHED_TEXTS,)
        ).fetchall()
        for identity, digest in reversed(rows):
            recent.put("texts", digest, identity)
        return recent

    def _named(self, table: str, name: str) -> int:
        # A name from a broken program may hold half a surrogate pair, which SQLite's UTF-8 cannot.
        name = name.encode("utf-8", "replace").decode("utf-8")
        known = self._cache.get(table, name)
        if known is None:
            row = self._connection.execute(_FIND[table], (name,)).fetchone()
            known = row[0] if row else _row_id(self._connection.execute(_MAKE[table], (name,)))
            self._cache.put(table, name, known)
        return known


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

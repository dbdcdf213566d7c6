"""Search over titles, addresses, paths and notes: opened on the fly, the newest activity first.

    search = Search(paths.database, cipher)
    for hits in search.run(parse('review "pull request" app:firefox after:2026-03-01')):
        …                                   # some hits at a time, newest first

Texts are sealed, so there is no index: each is opened once and kept open in memory, as far as it is among
the latest 150,000, and each word is then looked for in all of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from app.analytics.search_words import Asked
from app.errors import KeyUnavailable
from app.models.cipher import Cipher
from app.models.database import connect_read_only, translated
from app.models.orphans import sweep_mark
from app.models.spans_table import first_id

MOST_OPEN = 150_000
Texts = list[tuple[int, str]]
_TEXTS_AT_ONCE = 2_000
# The first look is short, so that the first hits are there at once; then it reaches further each time.
_FIRST_REACH_MS = 7 * 86_400_000
_ROWS_AT_ONCE = 200
# Texts that hold a word, at most, for SQLite to look for its spans; those of more are met on the way.
_RARE = 5_000

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """One recorded span that fits. Times in ms UTC; names are None where there is none."""

    span_id: int
    start_ms: int
    end_ms: int
    utc_offset_s: int
    application: str | None
    project: str | None
    category: str | None
    title: str | None = field(repr=False)
    url: str | None = field(repr=False)
    path: str | None = field(repr=False)
    note: str | None = field(repr=False)


class Search:
    """Searches one database over a connection of its own. Any thread may ask, one question at a time.

    Methods raise `StorageError` and its kinds; `KeyUnavailable` for words while the key is locked.
    """

    def __init__(self, database: Path, cipher: Cipher | None) -> None:
        self._database = database
        self._cipher = cipher
        # Not one that belongs to a thread: a search that is left behind may end in another.
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._texts: dict[int, str] = {}
        self._sweep = ""

    def close(self) -> None:
        """Give the connection and the opened texts back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._texts.clear()

    def prepare(self, cancelled: Cancelled = lambda: False) -> None:
        """Open the texts beforehand, while the person still types."""
        with self._lock, translated():
            for _ in self._opened(self._connected(), cancelled):
                pass

    def run(
        self, asked: Asked, *, limit: int = 500, cancelled: Cancelled = lambda: False
    ) -> Generator[list[Hit]]:
        """What fits, the newest first, up to 200 at a time and `limit` in all; `cancelled` ends it early.

        Every word must be found in the title, address, path or note, upper and lower case alike.
        """
        with self._lock, translated():
            connection = self._connected()
            connection.execute("BEGIN")
            try:
                left = limit
                for low, high, holding in self._looks(connection, asked, cancelled):
                    noted = _note(connection, holding)
                    rows = connection.execute(_query(asked, noted=noted), (low, high, *_values(asked)))
                    while left > 0 and not cancelled() and (batch := rows.fetchmany(_ROWS_AT_ONCE)):
                        fitting = [row for row in batch if _fits(row[7:], holding)][:left]
                        left -= len(fitting)
                        if fitting:
                            yield [self._hit(connection, row) for row in fitting]
                    if left <= 0 or cancelled():
                        return
            finally:
                connection.execute("ROLLBACK")

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = connect_read_only(self._database)
            # What was found is noted in tables in memory; the database itself stays read-only.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA query_only = OFF")
            connection.create_function("folded", 1, str.casefold, deterministic=True)
            connection.execute(_FOUND)
            self._connection = connection
        return self._connection

    def _looks(
        self, connection: sqlite3.Connection, asked: Asked, cancelled: Cancelled
    ) -> Iterator[tuple[int, int, list[set[int]]]]:
        """Ranges of span ids, the newest first, each with the texts that hold each word.

        As long as no text is open, the first look opens only those of its own range.
        """
        holding: list[set[int]] | None = None
        for low, high in _stretches(connection, asked):
            if asked.words and not self._texts and holding is None:
                yield low, high, self._holding_between(connection, asked, low, high)
                if cancelled():
                    return
                holding = self._holding(connection, asked, cancelled)
                continue
            if holding is None:
                holding = self._holding(connection, asked, cancelled)
            if all(holding):
                yield low, high, holding

    def _holding_between(
        self, connection: sqlite3.Connection, asked: Asked, low: int, high: int
    ) -> list[set[int]]:
        cipher = self._require_cipher()
        rows = connection.execute(_TEXTS_BETWEEN, {"low": low, "high": high}).fetchall()
        folded = map(str.casefold, cipher.open_all(row[1] for row in rows))
        opened = list(zip((row[0] for row in rows), folded, strict=True))
        return [{text_id for text_id, text in opened if word in text} for word in asked.words]

    def _holding(self, connection: sqlite3.Connection, asked: Asked, cancelled: Cancelled) -> list[set[int]]:
        """For each word the ids of the texts that hold it."""
        holding = [set[int]() for _ in asked.words]
        if asked.words:
            for texts in self._opened(connection, cancelled):
                for word, ids in zip(asked.words, holding, strict=True):
                    ids.update([text_id for text_id, text in texts if word in text])
        return holding

    def _opened(self, connection: sqlite3.Connection, cancelled: Cancelled) -> Iterator[Texts]:
        """All texts, in small letters: those that are open, then the others, newest first."""
        cipher = self._require_cipher()
        mark = sweep_mark(connection)
        if mark != self._sweep:
            self._texts.clear()
            self._sweep = mark
        yield list(self._texts.items())
        if self._texts:
            # What came since; all of it, so that what is open stays without gaps.
            for batch in _batches(connection, max(self._texts), 2**62):
                yield self._open(cipher, batch)
        for batch in _batches(connection, 0, min(self._texts, default=2**62)):
            if cancelled():
                return
            yield self._open(cipher, batch, keep=len(self._texts) < MOST_OPEN)

    def _open(self, cipher: Cipher, batch: list[tuple[int, bytes]], *, keep: bool = True) -> Texts:
        ids, sealed = zip(*batch, strict=True)
        folded = list(zip(ids, map(str.casefold, cipher.open_all(sealed)), strict=True))
        if keep:
            self._texts.update(folded)
        return folded

    def _require_cipher(self) -> Cipher:
        if self._cipher is None:
            raise KeyUnavailable(
                "Titles cannot be searched while your data key is locked.",
                detail="Filters such as app: and project: work.",
                advice="`devpulse unlock` opens it.",
            )
        return self._cipher

    def _hit(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> Hit:
        return Hit(*row[:7], *(self._text(connection, text_id) for text_id in row[7:]))

    def _text(self, connection: sqlite3.Connection, text_id: int | None) -> str | None:
        if text_id is None or self._cipher is None:
            return None
        row = connection.execute("SELECT sealed FROM texts WHERE id = ?", (text_id,)).fetchone()
        return None if row is None else next(iter(self._cipher.open_all((row[0],))))


def _batches(connection: sqlite3.Connection, low: int, high: int) -> Iterator[list[tuple[int, bytes]]]:
    """The sealed texts with ids between (both ends excluded), the newest first."""
    below = high
    while batch := connection.execute(_TEXTS, (low, below, _TEXTS_AT_ONCE)).fetchall():
        below = batch[-1][0]
        yield batch


def _stretches(connection: sqlite3.Connection, asked: Asked) -> Iterator[tuple[int, int]]:
    """Ranges of span ids, the newest first, each twice as long as the one before."""
    ends = connection.execute("SELECT min(id), max(id) FROM activity_logs").fetchone()
    if ends[0] is None:
        return
    low = max(ends[0], 0 if asked.from_ms is None else first_id(asked.from_ms))
    high = ends[1] + 1 if asked.to_ms is None else min(ends[1] + 1, first_id(asked.to_ms))
    reach = _FIRST_REACH_MS
    while low < high:
        at = max(low, high - first_id(reach))
        yield at, high
        high, reach = at, reach * 2


def _note(connection: sqlite3.Connection, holding: list[set[int]]) -> bool:
    """Let SQLite find the spans of the rarest word; False where even that is so common that the first
    hundreds of spans hold it."""
    connection.execute("DELETE FROM found")
    rarest = min(holding, key=len, default=None)
    if rarest is None or len(rarest) > _RARE:
        return False
    connection.executemany("INSERT INTO found VALUES (?)", [(text_id,) for text_id in rarest])
    return True


def _fits(texts: tuple[int | None, ...], holding: list[set[int]]) -> bool:
    return all(any(text_id in ids for text_id in texts) for ids in holding)


def _query(asked: Asked, *, noted: bool) -> str:
    found = "(SELECT id FROM found)"
    words = [f"({' OR '.join(f's.{column} IN {found}' for column in _COLUMNS)})"] if noted else []
    names = [f"instr(folded(ifnull({table}.name, '')), ?)" for table, _ in _filters(asked)]
    parts = ["s.id >= ?", "s.id < ?", *words, *names]
    return f"{_SELECT} WHERE {' AND '.join(parts)} ORDER BY s.id DESC"


def _filters(asked: Asked) -> list[tuple[str, str]]:
    given = (("a", asked.application), ("p", asked.project), ("c", asked.category))
    return [(table, name) for table, name in given if name]


def _values(asked: Asked) -> list[str]:
    return [name for _, name in _filters(asked)]


_FOUND = "CREATE TEMP TABLE found (id INTEGER PRIMARY KEY)"
_COLUMNS = ("title_id", "url_id", "path_id", "note_id")
_TEXTS = "SELECT id, sealed FROM texts WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?"
_TEXTS_BETWEEN = f"""
    SELECT id, sealed FROM texts WHERE id IN (
        {" UNION ".join(f"SELECT {c} FROM activity_logs WHERE id >= :low AND id < :high" for c in _COLUMNS)})
"""  # noqa: S608 - our own names
_SELECT = """
    SELECT s.id, s.start_ms, s.end_ms, s.utc_offset_s, a.name, p.name, c.name,
        s.title_id, s.url_id, s.path_id, s.note_id
    FROM activity_logs s LEFT JOIN applications a ON a.id = s.application_id
        LEFT JOIN projects p ON p.id = s.project_id LEFT JOIN categories c ON c.id = s.category_id
"""

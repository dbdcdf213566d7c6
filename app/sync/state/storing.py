"""Activity of another machine goes in: what is new of an hour, out what is gone of it, rollups too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from app.models.cipher import Cipher
from app.models.outbox import HOUR_MS
from app.models.rebuild import count_many
from app.models.rollups import Tally
from app.models.spans_table import LONGEST_MS, fetch_many, first_id
from app.models.store import Store
from app.sync.bodies.values import SpanRow
from app.sync.state.references import References

_SAME_START = 1_024
_CHUNK = 5_000
_TEXTS_REMEMBERED = 200_000
# So many are summed one by one; more are by SQL, which reads all of the rollups.
_FEW, _AT_ONCE = 2_000, 500


class _Row(NamedTuple):
    """A span as a row, texts by their digests; what two equal spans have in common."""

    device: int
    start: int
    end: int
    offset: int
    state: int
    switched: int
    assigned: int
    application: int | None
    title: bytes | None
    url: bytes | None
    path: bytes | None
    project: int | None
    branch: int | None
    language: int | None
    category: int | None
    imported: int | None
    note: bytes | None


class Storing:
    """Stores machines' hours in one store, within a transaction of the caller in which nothing is noted."""

    def __init__(self, store: Store, cipher: Cipher, references: References) -> None:
        self._store = store
        self._connection = store.connection
        self._cipher = cipher
        self._to = references
        self._digests: dict[str, bytes] = {}
        self._words: dict[bytes, str] = {}
        self._texts: dict[bytes, int] = {}

    def replace(self, device_id: int, hours: Collection[int], rows: Sequence[SpanRow]) -> int:
        """Let a device have exactly these spans in those hours; returns how many were put in or taken out.

        `rows` start within the hours, or in hours that are left as they are.
        """
        self._limit()
        there = self._there(device_id, hours)
        ids = _Ids()
        wanted = [self._row(device_id, row, ids) for row in rows if _sound(row)]
        left = Counter({row: len(found) for row, found in there.items()})
        beside = {row.start // HOUR_MS for row in wanted} - set(hours)
        around = self._there(device_id, beside)
        near = Counter({row: len(found) for row, found in around.items()})
        fresh = wanted
        if left or near:
            fresh = [row for row in wanted if not _matched(left, row) and not _matched(near, row)]
        gone = [identity for row, count in left.items() for identity in there[row][:count]]
        self._take_out(gone)
        self._put_in(sorted(fresh, key=lambda row: row.start))
        return len(gone) + len(fresh)

    def remove_all(self, device_id: int) -> None:
        """Take out all that a device recorded."""
        count_many(self._connection, f"SELECT id FROM activity_logs WHERE device_id = {int(device_id)}", -1)  # noqa: S608
        self._connection.execute("DELETE FROM activity_logs WHERE device_id = ?", (device_id,))

    def add(self, device_id: int, rows: Iterable[SpanRow]) -> int:
        """Put these spans in beside what is there; returns how many."""
        ids = _Ids()
        fresh = [self._row(device_id, row, ids) for row in rows if _sound(row)]
        self._put_in(sorted(fresh, key=lambda row: row.start))
        return len(fresh)

    def _there(self, device_id: int, hours: Iterable[int]) -> dict[_Row, list[int]]:
        found: dict[_Row, list[int]] = {}
        for hour in hours:
            low, high = first_id(hour * HOUR_MS), first_id((hour + 1) * HOUR_MS)
            for identity, *values in self._connection.execute(_THERE, (device_id, low, high)).fetchall():
                found.setdefault(_Row(*values[:-4]), []).append(identity)
                digests = (values[8], values[9], values[10], values[16])
                self._texts.update(
                    (digest, text)
                    for digest, text in zip(digests, values[-4:], strict=True)
                    if digest is not None
                )
        return found

    def _row(self, device_id: int, row: SpanRow, ids: _Ids) -> _Row:
        start, end, offset, idle, switched, assigned, *_ = row
        what = row[6:]
        known = ids.shapes.get((idle, what))
        if known is None:
            known = ids.shapes[idle, what] = self._what(row, ids)
        return _Row(device_id, start, end, offset, idle, switched, assigned, *known)

    def _what(self, row: SpanRow, ids: _Ids) -> tuple[Any, ...]:
        """What was done, as ids and digests, in the order of `_Row`; idle time was nothing."""
        brought = ids.named(("i", row.imported), self._import, row.imported)
        note = self._digest(row.note)
        if row.idle:
            return (*(None,) * 8, brought, note)
        interning = self._store.interning
        return (
            ids.named(("a", row.application), interning.application, row.application),
            self._digest(row.title),
            self._digest(row.url),
            self._digest(row.path),
            ids.named(("p", row.project), self._to.project, row.project),
            ids.named(("b", row.branch), interning.branch, row.branch),
            ids.named(("l", row.language), interning.language, row.language),
            ids.named(("c", row.category), self._to.category, row.category),
            brought,
            note,
        )

    def _import(self, uuid: str) -> int | None:
        """Imports of other machines are theirs, and known there only."""
        row = self._connection.execute("SELECT id FROM imports WHERE uuid = ?", (uuid,)).fetchone()
        return None if row is None else int(row[0])

    def _digest(self, text: str | None) -> bytes | None:
        if text is None:
            return None
        digest = self._digests.get(text)
        if digest is None:
            digest = self._digests[text] = self._cipher.digest(text)
            self._words[digest] = text
        return digest

    def _limit(self) -> None:
        if len(self._digests) + len(self._texts) > _TEXTS_REMEMBERED:
            for memory in (self._digests, self._words, self._texts):
                memory.clear()

    def _take_out(self, ids: Sequence[int]) -> None:
        if ids:
            self._count(ids, -1)
            self._connection.executemany("DELETE FROM activity_logs WHERE id = ?", [(n,) for n in ids])

    def _put_in(self, rows: Sequence[_Row]) -> None:
        if not rows:
            return
        self._store_texts(rows)
        made: list[int] = []
        text = self._texts.get
        for at in range(0, len(rows), _CHUNK):
            chunk = rows[at : at + _CHUNK]
            taken = self._taken(chunk[0].start, chunk[-1].start)
            values: list[tuple[Any, ...]] = []
            for row in chunk:
                identity = _free(row.start, taken)
                if identity is None:
                    continue
                made.append(identity)
                head, title, url, path = row[:8], row.title, row.url, row.path
                values.append(
                    (identity, *head, text(title) if title else None, text(url) if url else None,
                     text(path) if path else None, *row[11:16], text(row.note) if row.note else None)
                )  # fmt: skip
            self._connection.executemany(_INSERT, values)
        self._count(made, 1)

    def _count(self, ids: Sequence[int], sign: int) -> None:
        run = self._connection
        if len(ids) <= _FEW:
            tally = Tally()
            for at in range(0, len(ids), _AT_ONCE):
                for row in fetch_many(run, ids[at : at + _AT_ONCE]):
                    row.count(tally, sign)
            tally.write(run)
            return
        run.execute("CREATE TEMP TABLE IF NOT EXISTS sync_counted (id INTEGER PRIMARY KEY)")
        run.execute("DELETE FROM sync_counted")
        run.executemany("INSERT INTO sync_counted VALUES (?)", [(identity,) for identity in ids])
        count_many(run, "SELECT id FROM sync_counted", sign)

    def _store_texts(self, rows: Sequence[_Row]) -> None:
        """Give every text that is new here a row; equal ones of one page share it."""
        needed = {
            digest: self._words[digest]
            for row in rows
            for digest in (row.title, row.url, row.path, row.note)
            if digest is not None and digest not in self._texts
        }
        if not needed:
            return
        highest = self._connection.execute("SELECT ifnull(max(id), 0) FROM texts").fetchone()[0]
        sealed = [
            (identity, digest, content)
            for identity, (digest, content) in enumerate(
                self._cipher.seal_all(needed.values()), start=highest + 1
            )
        ]
        self._connection.executemany("INSERT INTO texts (id, digest, sealed) VALUES (?, ?, ?)", sealed)
        self._texts.update((digest, identity) for identity, digest, _ in sealed)
        self._store.interning.forget()

    def _taken(self, first_ms: int, last_ms: int) -> set[int]:
        found = self._connection.execute(
            "SELECT id FROM activity_logs WHERE id >= ? AND id < ?",
            (first_id(first_ms), first_id(last_ms + 1)),
        )
        return {row[0] for row in found}


class _Ids:
    """Ids of names, found once for each page; `shapes`: what was done, as ids, by what it says."""

    def __init__(self) -> None:
        self._known: dict[object, int | None] = {}
        self.shapes: dict[object, tuple[Any, ...]] = {}

    def named(self, key: object, find: Callable[[Any], int | None], name: str | None) -> int | None:
        if name is None:
            return None
        if key not in self._known:
            self._known[key] = find(name)
        return self._known[key]


def _matched(left: Counter[_Row], row: _Row) -> bool:
    """Whether such a span is there already; each is matched once."""
    if left[row] <= 0:
        return False
    left[row] -= 1
    return True


def _sound(row: SpanRow) -> bool:
    return 0 <= row.end_ms - row.start_ms <= LONGEST_MS


def _free(start_ms: int, taken: set[int]) -> int | None:
    """An id for a span; None where a thousand start in this very millisecond, which nobody recorded."""
    low = first_id(start_ms)
    for identity in range(low, low + _SAME_START):
        if identity not in taken:
            taken.add(identity)
            return identity
    return None


_THERE = """
    SELECT s.id, s.device_id, s.start_ms, s.end_ms, s.utc_offset_s, s.state, s.switched, s.assigned,
        s.application_id, t.digest, u.digest, p.digest, s.project_id, s.branch_id, s.language_id,
        s.category_id, s.import_id, n.digest, s.title_id, s.url_id, s.path_id, s.note_id
    FROM activity_logs s
        LEFT JOIN texts t ON t.id = s.title_id LEFT JOIN texts u ON u.id = s.url_id
        LEFT JOIN texts p ON p.id = s.path_id LEFT JOIN texts n ON n.id = s.note_id
    WHERE s.device_id = ? AND s.id >= ? AND s.id < ?
"""
_INSERT = """
    INSERT INTO activity_logs
        (id, device_id, start_ms, end_ms, utc_offset_s, state, switched, assigned, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, import_id, note_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

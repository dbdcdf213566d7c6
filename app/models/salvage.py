"""Reading what can still be read of a damaged database, row by row, around the damaged places."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from app.models.cipher import DIGEST_BYTES
from app.models.database import BROKEN
from app.models.leaves import leaf_rows
from app.models.spans_table import LONGEST_MS, first_id

# Parents before children.
TABLES = (
    "devices", "applications", "texts", "branches", "languages", "categories", "rules",
    "projects", "project_roots", "goals", "imports", "activity_logs", "focus_sessions",
)  # fmt: skip

_LOWEST, _HIGHEST = -(2**62), 2**63 - 1
_BATCH = 5_000
# Each try in a damaged place fails at once; so many narrow it down to a page or two.
_MOST_TRIES = 2_000

# Tables that a file of schema 1 does not have.
_LATER = ("goals", "imports")

# Values of a row of `activity_logs` in a leaf; one written under schema 1 stays as short as it was.
_WIDTHS = (17, 18)

_KINDS: dict[str, type] = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


@dataclass(frozen=True, slots=True)
class Gap:
    """Ids of one table that could not be read, both ends included; there may have been rows or not."""

    table: str
    low: int
    high: int


@dataclass(slots=True)
class Salvaged:
    """Rows read of each table, and where none could be."""

    rows: dict[str, int] = field(default_factory=dict[str, int])
    gaps: list[Gap] = field(default_factory=list[Gap])

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def salvage(source: sqlite3.Connection, target: sqlite3.Connection) -> Salvaged:
    """Copy every readable row with its id into the empty tables of `target`, inside its transaction."""
    source.text_factory = _text
    source.execute("PRAGMA writable_schema = ON")  # without it SQLite refuses a file shorter than it says
    result = Salvaged()
    for table in TABLES:
        reader = _Reader(source, target, table)
        reader.read(_LOWEST, _HIGHEST)
        result.rows[table] = reader.count
        result.gaps += reader.gaps
    _copy_meta(source, target)
    return result


def fill(gaps: list[Gap], backup: sqlite3.Connection, target: sqlite3.Connection) -> dict[str, int]:
    """Bring from a backup what it has in the gaps; returns rows by table."""
    backup.text_factory = _text
    filled: dict[str, int] = {}
    for table in TABLES:
        for gap in (gap for gap in gaps if gap.table == table):
            reader = _Reader(backup, target, table)
            reader.read(gap.low, gap.high)
            filled[table] = filled.get(table, 0) + reader.count
    _copy_meta(backup, target)
    return filled


def fill_from_leaves(gaps: list[Gap], file: Path, target: sqlite3.Connection) -> dict[str, int]:
    """Bring texts and activity that lie in whole pages without a way to them; returns rows by table.

    Nothing is taken when `target` holds another text under a number of the file's: then its rows came
    from a backup of another line, and the numbers do not mean the same.
    """
    texts, activity = _Table(target, "texts"), _Table(target, "activity_logs")
    if any(
        known is not None and known[0] != values[1]
        for rowid, values in leaf_rows(file)
        if _is_text(values)
        for known in (target.execute("SELECT digest FROM texts WHERE id = ?", (rowid,)).fetchone(),)
    ):
        return {}
    filled = {"texts": 0, "activity_logs": 0}
    for table in (texts, activity):
        wanted = _Ranges(gap for gap in gaps if gap.table == table.name)
        batch: list[tuple[Any, ...]] = []
        for rowid, values in leaf_rows(file):
            fits = _is_text(values) if table is texts else len(values) in _WIDTHS
            padded = (rowid, *values[1:], *(None,) * (table.width - len(values)))
            whole = table.checked(padded) if fits and rowid in wanted else None
            if whole is not None:
                batch.append(whole)
            if len(batch) >= _BATCH:
                filled[table.name] += table.store(batch)
        filled[table.name] += table.store(batch)
    return filled


def _is_text(values: tuple[Any, ...]) -> bool:
    return (
        len(values) == 3
        and values[0] is None
        and isinstance(values[1], bytes)
        and len(values[1]) == DIGEST_BYTES
        and isinstance(values[2], bytes)
    )


class _Ranges:
    """Whether an id lies in one of some gaps."""

    def __init__(self, gaps: Iterable[Gap]) -> None:
        self._gaps = sorted((gap.low, gap.high) for gap in gaps)
        self._highest = list(accumulate((high for _, high in self._gaps), max))

    def __contains__(self, identity: int) -> bool:
        at = bisect_right(self._gaps, (identity, _HIGHEST))
        return at > 0 and self._highest[at - 1] >= identity


def mend_references(target: sqlite3.Connection) -> None:
    """Let nothing refer to a row that was lost: the reference is emptied, or, where it must be, it goes."""
    target.execute(
        "INSERT OR IGNORE INTO devices (id, uuid, name) "
        "SELECT DISTINCT device_id, lower(hex(randomblob(16))), 'recovered machine' FROM activity_logs"
    )
    _mend_goals(target)
    for _ in range(len(TABLES)):
        broken = target.execute("PRAGMA foreign_key_check").fetchall()
        if not broken:
            return
        for table, rowid, _parent, number in broken:
            column = target.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            name = next(row[3] for row in column if row[0] == number)
            nullable = not next(
                row[3] for row in target.execute(f"PRAGMA table_info({table})") if row[1] == name
            )
            change = f"UPDATE {table} SET {name} = NULL" if nullable else f"DELETE FROM {table}"  # noqa: S608
            target.execute(f"{change} WHERE id = ?", (rowid,))


def _mend_goals(target: sqlite3.Connection) -> None:
    for subject, table in (("project", "projects"), ("category", "categories")):
        target.execute(
            f"DELETE FROM goals WHERE subject = ? AND subject_id NOT IN (SELECT id FROM {table})",  # noqa: S608
            (subject,),
        )


class _Table:
    """One table of the target: takes rows whose values are of the right kinds."""

    def __init__(self, target: sqlite3.Connection, name: str) -> None:
        described = target.execute(f"PRAGMA table_info({name})").fetchall()
        self._kinds = [(_KINDS[row[2]], bool(row[3]) or row[1] == "id") for row in described]
        self._columns = [str(row[1]) for row in described]
        self.names = ", ".join(self._columns)
        marks = ", ".join("?" * len(described))
        self._put = f"INSERT OR IGNORE INTO {name} ({self.names}) VALUES ({marks})"  # noqa: S608  our own names
        self._target, self.name, self.width = target, name, len(described)

    def query(self, source: sqlite3.Connection) -> str:
        """What reads this table's rows in a file of this schema or an older one, which has fewer columns."""
        known = {row[1] for row in _each(source, f"PRAGMA table_info({self.name})")}
        # Nothing known: its description is damaged, and reading will tell.
        read = ", ".join(name if name in known or not known else "NULL" for name in self._columns)
        return f"SELECT {read} FROM {self.name} WHERE id BETWEEN ? AND ? ORDER BY id"  # noqa: S608

    def store(self, batch: list[tuple[Any, ...]]) -> int:
        """Put the rows in and empty the list; returns how many were new."""
        count = self._target.executemany(self._put, batch).rowcount if batch else 0
        batch.clear()
        return count

    def checked(self, row: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The row with what does not fit left out; None when it cannot be made whole."""
        values: list[Any] = []
        for value, (kind, required) in zip(row, self._kinds, strict=True):
            fits = type(value) is kind
            if not fits and required:
                return None
            values.append(value if fits else None)
        if self.name == "activity_logs" and (
            not 0 <= row[3] - row[2] <= LONGEST_MS or not first_id(row[2]) <= row[0] < first_id(row[2] + 1)
        ):
            return None
        return tuple(values)


class _Reader:
    """Reads one table from both ends, and between them in ever smaller pieces."""

    def __init__(self, source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
        self._table = _Table(target, table)
        self._query = self._table.query(source)
        self._absent = table in _LATER and not _describes(source, table)
        self._source = source
        self.count = 0
        self.gaps: list[Gap] = []

    def read(self, low: int, high: int) -> None:
        """Copy what can be read of these ids; what cannot is added to `gaps`."""
        if self._absent:
            return
        pieces = deque([(low, high)])
        tries = 0
        while pieces:
            low, high = pieces.popleft()
            tries += 1
            unread = self._from_both_ends(low, high)
            if unread is None:
                continue
            low, high = unread
            if tries >= _MOST_TRIES or low == high:
                self.gaps.append(Gap(self._table.name, low, high))
            else:
                middle = (low + high) // 2
                pieces += [(low, middle), (middle + 1, high)]

    def _from_both_ends(self, low: int, high: int) -> tuple[int, int] | None:
        """The ids that stay unread in between, None when all were read."""
        first = self._copy(low, high, self._query)
        if first is None:
            return None
        last = self._copy(first, high, f"{self._query} DESC")
        return None if last is None or last < first else (first, last)

    def _copy(self, low: int, high: int, query: str) -> int | None:
        """Copy until the end (None) or until it fails: then the nearest id that was not read."""
        at = high if query.endswith("DESC") else low
        step = -1 if query.endswith("DESC") else 1
        batch: list[tuple[Any, ...]] = []
        try:
            for row in self._source.execute(query, (low, high)):
                if not isinstance(row[0], int) or not low <= row[0] <= high:
                    break
                at = row[0] + step
                self._take(row, batch)
            else:
                at = None
        except BROKEN:
            pass
        self.count += self._table.store(batch)
        return at

    def _take(self, row: tuple[Any, ...], batch: list[tuple[Any, ...]]) -> None:
        whole = self._table.checked(row)
        if whole is None:
            self.gaps.append(Gap(self._table.name, row[0], row[0]))
        else:
            batch.append(whole)
        if len(batch) >= _BATCH:
            self.count += self._table.store(batch)


def _describes(source: sqlite3.Connection, table: str) -> bool:
    return any(_each(source, f"PRAGMA table_info({table})"))


def _copy_meta(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    for key, value in _each(source, "SELECT key, value FROM meta"):
        if isinstance(key, str) and isinstance(value, str):
            target.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _each(source: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    try:
        yield from source.execute(query)
    except BROKEN:
        return


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")

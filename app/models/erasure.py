"""Erasing for good: which spans are chosen, what that comes to, and that no byte of them stays in the file.

Backups are the caller's: see `app.models.backups.discard`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from app.errors import KeyUnavailable, StorageBusy, StorageError
from app.models.corrections import cut_out
from app.models.database import translated
from app.models.day_marks import begin_marks
from app.models.orphans import drop_orphans
from app.models.outbox import note_erasure
from app.models.side_file import discard_beside
from app.models.spans_table import LONGEST_MS, Row, first_id, rows
from app.models.store import Store

_STEP = 2_000
_TEXTS_AT_ONCE = 5_000
_WORDS = ("title_id", "url_id", "path_id", "note_id")
# A window that draws holds the log for a moment.
_TRIES, _BETWEEN_S = 3, 0.1


@dataclass(frozen=True, slots=True)
class Selection:
    """Which spans: what lies in [from_ms, to_ms) (ms UTC, None: no bound), and fits all else that is given.

    `applications`: names as they are stored. `matches`: tells of a title, address, path or note whether
    its span is chosen; it needs the key.
    """

    from_ms: int | None = None
    to_ms: int | None = None
    applications: tuple[str, ...] | None = None
    project_id: int | None = None
    matches: Callable[[str], bool] | None = field(default=None, repr=False)

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Selection()

    @property
    def whole_project(self) -> int | None:
        """The project all of whose time is chosen, so that nothing of it should stay."""
        return self.project_id if self == Selection(project_id=self.project_id) else None


@dataclass(frozen=True, slots=True)
class Day:
    """What of a selection begins on a day (a number since 1970-01-01, local): spans, and their ms."""

    day: int
    spans: int
    ms: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a selection comes to: spans, their ms within it, focus sessions, and the days, earliest first."""

    spans: int = 0
    ms: int = 0
    sessions: int = 0
    days: tuple[Day, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. `sealed_off`: no byte of it is left in the database's files; else a reader held the
    log, and it is emptied by whoever closes the database last."""

    spans: int
    sessions: int = 0
    sealed_off: bool = True


def preview(store: Store, selection: Selection) -> Found:
    """What would be erased. Raises `KeyUnavailable` where texts must be read and the key is locked."""
    with store.transaction():
        _find_texts(store, selection)
        where, values = _where(selection)
        low = -(2**62) if selection.from_ms is None else selection.from_ms
        high = 2**62 if selection.to_ms is None else selection.to_ms
        days = tuple(Day(*row) for row in store.connection.execute(_DAYS.format(where), (high, low, *values)))
        condition, bounds = _sessions(selection)
        sessions = store.connection.execute(
            f"SELECT count(*) FROM focus_sessions WHERE {condition}",  # noqa: S608  our own conditions
            bounds,
        ).fetchone()[0]
    return Found(sum(day.spans for day in days), sum(day.ms for day in days), sessions, days)


def erase(store: Store, selection: Selection, *, sessions: bool = False, compact: bool = False) -> Erased:
    """Erase, in one transaction, with the texts and names that nothing refers to any more.

    Spans that reach out of the stretch are cut. `sessions`: focus sessions that began in it go too, and of a
    project that is erased as a whole all else; `compact`: the file is written anew, so that
    not even moved copies stay within its pages. Raises `StorageError`, `KeyUnavailable`.
    """
    spans = gone = 0
    with store.unchecked_references(), store.transaction():
        _find_texts(store, selection)
        if selection == Selection(selection.from_ms, selection.to_ms):
            note_erasure(store.connection, selection.from_ms, selection.to_ms)
        if selection.everything:
            spans = store.connection.execute("DELETE FROM activity_logs").rowcount
            store.connection.execute("DELETE FROM rollup_daily")
            store.connection.execute("DELETE FROM rollup_hourly")
            begin_marks(store.connection)
        else:
            for found in _chosen(store, selection):
                spans += cut_out(store, found, selection.from_ms, selection.to_ms)
        if sessions:
            condition, values = _sessions(selection)
            statement = f"DELETE FROM focus_sessions WHERE {condition}"  # noqa: S608  our own conditions
            gone = store.connection.execute(statement, values).rowcount
            _erase_thing(store, selection)
        if spans or sessions:
            drop_orphans(store.connection)
            store.interning.forget()
    return Erased(spans, gone, wipe(store, compact=compact))


def strip(store: Store, before_ms: int) -> int:
    """Take titles, addresses and paths from all spans that begin before a moment; returns from how many.

    Their time, projects and notes stay."""
    with store.unchecked_references(), store.transaction():
        done = store.connection.execute(_STRIP, (first_id(before_ms),)).rowcount
        if done:
            drop_orphans(store.connection)
            store.interning.forget()
    return done


def sweep(store: Store) -> int:
    """Drop the texts and names that nothing refers to any more (what was deleted and not undone)."""
    with store.unchecked_references(), store.transaction():
        dropped = drop_orphans(store.connection)
        if dropped:
            store.interning.forget()
    return dropped


def wipe(store: Store, *, compact: bool) -> bool:
    """Empty the log into the file, and drop what analytics keeps beside it.

    False while somebody reads and keeps the log from being emptied. `compact`: write the file anew before;
    a full or busy disk may refuse that (what was erased is overwritten already).
    """
    if compact:
        with suppress(StorageError), translated():
            store.connection.execute("VACUUM")
    discard_beside(store.connection)
    for _ in range(_TRIES):
        with suppress(StorageBusy), translated():
            if store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                return True
        time.sleep(_BETWEEN_S)
    return False


def find_texts(store: Store, matches: Callable[[str], bool]) -> int:
    """Note in the temporary table `chosen_texts` (id) all texts that match; returns how many.

    Opens every text once (some 3 µs each). Raises `KeyUnavailable` while the key is locked.
    """
    cipher = store.cipher
    if cipher is None:
        raise KeyUnavailable(
            "Titles cannot be looked through while your data key is locked.",
            detail="Nothing was changed.",
            advice="`devpulse unlock` opens it.",
        )
    connection = store.connection
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen_texts (id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM chosen_texts")
    after, count = 0, 0
    while batch := connection.execute(_TEXTS, (after, _TEXTS_AT_ONCE)).fetchall():
        after = batch[-1][0]
        found = [(text_id,) for text_id, sealed in batch if matches(cipher.open(sealed))]
        connection.executemany("INSERT INTO chosen_texts VALUES (?)", found)
        count += len(found)
    return count


def _find_texts(store: Store, selection: Selection) -> None:
    if selection.matches is not None:
        find_texts(store, selection.matches)


def _where(selection: Selection) -> tuple[str, list[int | str]]:
    parts, values = ["1"], list[int | str]()
    if selection.from_ms is not None:
        # A span is never longer than a day, so all that reach in are found by their start.
        parts.append("id >= ? AND (end_ms > ? OR start_ms >= ?)")
        values += [first_id(selection.from_ms - LONGEST_MS), selection.from_ms, selection.from_ms]
    if selection.to_ms is not None:
        parts.append("id < ?")
        values.append(first_id(selection.to_ms))
    if selection.applications is not None:
        marks = ", ".join("?" * len(selection.applications))
        parts.append(f"application_id IN (SELECT id FROM applications WHERE name IN ({marks}))")  # noqa: S608
        values += selection.applications
    if selection.project_id is not None:
        parts.append("project_id = ?")
        values.append(selection.project_id)
    if selection.matches is not None:
        chosen = "(SELECT id FROM chosen_texts)"
        parts.append(f"({' OR '.join(f'{column} IN {chosen}' for column in _WORDS)})")
    return " AND ".join(parts), values


def _chosen(store: Store, selection: Selection) -> Iterator[list[Row]]:
    """The chosen spans, some at a time; what is cut off on the way has higher ids and is not met again."""
    where, values = _where(selection)
    after = -(2**62)
    while found := rows(store.connection, f"{where} AND id > ? ORDER BY id LIMIT {_STEP}", (*values, after)):
        after = found[-1].id
        yield found


def _sessions(selection: Selection) -> tuple[str, list[int]]:
    """Those that began in the stretch. One that runs belongs to the agent, which would store it again."""
    parts, values = ["state NOT IN ('running', 'paused')"], list[int]()
    if selection.applications is not None or selection.matches is not None:
        parts.append("0")  # a session is of no application
    for part, value in (
        ("started_ms >= ?", selection.from_ms),
        ("started_ms < ?", selection.to_ms),
        ("project_id = ?", selection.project_id),
    ):
        if value is not None:
            parts.append(part)
            values.append(value)
    return " AND ".join(parts), values


def _erase_thing(store: Store, selection: Selection) -> None:
    """What would tell of it besides spans: notes of sessions, the project itself, what was imported."""
    if selection.everything:
        store.connection.execute("DELETE FROM imports")
    if selection.matches is not None:
        low = -(2**62) if selection.from_ms is None else selection.from_ms
        store.connection.execute(_NOTES, (low, 2**62 if selection.to_ms is None else selection.to_ms))
    project_id = selection.whole_project
    if project_id is not None:
        for statement in _PROJECT:
            store.connection.execute(statement, (project_id,))


_TEXTS = "SELECT id, sealed FROM texts WHERE id > ? ORDER BY id LIMIT ?"
_DAYS = """
    SELECT (start_ms + utc_offset_s * 1000) / 86400000, count(*),
        sum(max(0, min(end_ms, ?) - max(start_ms, ?)))
    FROM activity_logs WHERE {} GROUP BY 1 ORDER BY 1
"""
_STRIP = """
    UPDATE activity_logs SET title_id = NULL, url_id = NULL, path_id = NULL
    WHERE id < ? AND (title_id IS NOT NULL OR url_id IS NOT NULL OR path_id IS NOT NULL)
"""
_NOTES = """
    UPDATE focus_sessions SET note_id = NULL
    WHERE note_id IN (SELECT id FROM chosen_texts) AND started_ms >= ? AND started_ms < ?
"""
# A focus session that still runs goes on without it.
_PROJECT = (
    "UPDATE focus_sessions SET project_id = NULL WHERE project_id = ?",
    "DELETE FROM goals WHERE subject = 'project' AND subject_id = ?",
    "DELETE FROM project_roots WHERE project_id = ?",
    "DELETE FROM projects WHERE merged_into_id = ?",
    "DELETE FROM projects WHERE id = ?",
)

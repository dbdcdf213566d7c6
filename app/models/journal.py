"""The journal: the agent's write path. Spans go in and grow here, and both rollups with them.

Every operation is a transaction of its own, or belongs to the one around it:

    with journal.transaction():
        journal.set_end(previous, now)
        current = journal.append(span)

At any moment between two transactions the rollups equal the sum of the raw spans.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Self

from app.models import corrections, erasure
from app.models.cipher import Cipher
from app.models.corrections import Keep
from app.models.database import translated
from app.models.erasure import Selection
from app.models.pulse import Pulse
from app.models.rollups import Key, Tally
from app.models.spans_table import LONGEST_MS, Row, fetch, free_id
from app.models.store import Store
from app.models.values import Activity, Recorded, Span, State

# The clock of the next start may be a little behind that of the last beat.
_CLOCK_SLACK_MS = 5_000
_CHUNK = 2_000


class Journal:
    """Writes activity. Belongs to one thread at a time; every method raises `StorageError` and its kinds."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def open(cls, path: Path, cipher: Cipher | None) -> Self:
        """Open a migrated database; without a cipher (key locked) texts are stored as NULL.

        Raises `SchemaOutdated`, `SchemaTooNew`, `KeyUnavailable` (another key), `DatabaseCorrupt`, ….
        """
        return cls(Store.open(path, cipher))

    def close(self) -> None:
        self.store.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Several operations, all or nothing."""
        return self.store.transaction()

    def append(self, span: Span) -> int:
        """Store a span of this machine and return its id. ValueError when it is over 24 h or ends early."""
        _check(span.start_ms, span.end_ms)
        with self.store.transaction():
            tally = Tally()
            try:
                span_id = self._insert(Recorded(span), tally)
            except sqlite3.IntegrityError:
                # A command deleted its project or category a moment ago.
                span_id = self._insert(Recorded(self._without_what_is_gone(span)), tally)
            tally.write(self.store.connection, live=True)
        return span_id

    def set_end(self, span_id: int, end_ms: int, was_ms: int | None = None) -> bool:
        """Let a span end at `end_ms` (ms UTC), later or earlier than before.

        False when the span is not there any more (erased by a command), or does not end at `was_ms` any
        more (the person cut it): nothing is changed then, and what follows is a span of its own.
        ValueError when it would end before its start or last over 24 h.
        """
        with self.store.transaction():
            row = fetch(self.store.connection, span_id)
            if row is None or was_ms not in (None, row.end_ms):
                return False
            self._stretch(row, end_ms)
        return True

    def discard(self, span_id: int) -> bool:
        """Take back a span of which nothing stays; False when it is not there."""
        with self.store.transaction():
            row = fetch(self.store.connection, span_id)
            if row is None:
                return False
            tally = Tally()
            row.count(tally, -1)
            self.store.connection.execute("DELETE FROM activity_logs WHERE id = ?", (span_id,))
            tally.write(self.store.connection, live=True)
        return True

    def insert(self, spans: Iterable[Span | Recorded]) -> list[int]:
        """Store many spans in one transaction, for imports; returns their ids. ValueError as in `append`."""
        made: list[int] = []
        rest = iter(spans)
        with self.store.transaction():
            while chunk := list(islice(rest, _CHUNK)):
                tally = Tally()
                for item in chunk:
                    recorded = Recorded(item) if isinstance(item, Span) else item
                    _check(recorded.span.start_ms, recorded.span.end_ms)
                    made.append(self._insert(recorded, tally))
                tally.write(self.store.connection)
        return made

    def reassign(
        self,
        span_ids: Iterable[int],
        *,
        project_id: int | Keep | None = Keep.KEEP,
        category_id: int | Keep | None = Keep.KEEP,
        by_hand: bool = False,
    ) -> int:
        """Give spans another project or category (None: none) and return how many changed.

        `by_hand`: the person chose, so that rules never change it again; without it, spans that a
        person assigned are left alone. Idle spans are always left alone.
        """
        return corrections.reassign(
            self.store, span_ids, project_id=project_id, category_id=category_id, by_hand=by_hand
        )

    def split(self, span_id: int, at_ms: int) -> int:
        """Cut a span in two at `at_ms` and return the second's id. ValueError when it is not inside."""
        return corrections.split(self.store, span_id, at_ms)

    def delete(
        self,
        *,
        from_ms: int | None = None,
        to_ms: int | None = None,
        application: str | None = None,
        project_id: int | None = None,
    ) -> int:
        """Erase what lies in [from, to) and fits all that is given; spans that reach out are cut.

        Texts and names that nothing refers to any more go too, from the log file as well. Returns how
        many spans were touched. Backups are not: see `app.models.backups.discard`. ValueError when
        nothing is given.
        """
        if (from_ms, to_ms, application, project_id) == (None,) * 4:
            raise ValueError("say what to erase")
        applications = None if application is None else (application,)
        return erasure.erase(self.store, Selection(from_ms, to_ms, applications, project_id)).spans

    def merge_projects(self, source_id: int, target_id: int) -> int:
        """Move all time of one project to another; returns how many spans moved."""
        return corrections.move_all(self.store, "project_id", source_id, target_id)

    def merge_categories(self, source_id: int, target_id: int | None) -> int:
        """Move all time of one category to another (None: to no category); returns how many spans moved."""
        return corrections.move_all(self.store, "category_id", source_id, target_id)

    def recover(self, pulse: Pulse, now_ms: int | None = None) -> int:
        """Take the open span's end from the pulse after a kill; returns the ms won, 0 for none.

        Only forward, only for a span that exists, to at most 24 h in length, never past now, and never over
        what begins after it (the person split it).
        """
        beat = pulse.read()
        if beat is None:
            return 0
        now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
        with self.store.transaction():
            row = fetch(self.store.connection, beat.span_id)
            if row is None or not row.end_ms < beat.end_ms <= min(
                now + _CLOCK_SLACK_MS, row.start_ms + LONGEST_MS
            ):
                return 0
            if self.store.connection.execute(_FOLLOWER, (row.id, row.device_id, beat.end_ms)).fetchone():
                return 0
            self._stretch(row, beat.end_ms)
        return beat.end_ms - row.end_ms

    def flush(self) -> None:
        """Bring the log's content into the database's file as far as readers allow."""
        with translated():
            self.store.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _stretch(self, row: Row, end_ms: int) -> None:
        _check(row.start_ms, end_ms)
        if end_ms == row.end_ms:
            return
        tally = Tally()
        if end_ms > row.end_ms:
            tally.time(row.key, row.end_ms, end_ms, row.utc_offset_s)
        else:
            tally.time(row.key, end_ms, row.end_ms, row.utc_offset_s, sign=-1)
        self.store.connection.execute("UPDATE activity_logs SET end_ms = ? WHERE id = ?", (end_ms, row.id))
        tally.write(self.store.connection, live=True)

    def _without_what_is_gone(self, span: Span) -> Span:
        if span.activity is None:
            return span
        find = self.store.connection.execute
        row = find(
            "SELECT (SELECT id FROM projects WHERE id = ?), (SELECT id FROM categories WHERE id = ?)",
            (span.activity.project_id, span.activity.category_id),
        ).fetchone()
        return replace(span, activity=replace(span.activity, project_id=row[0], category_id=row[1]))

    def _insert(self, recorded: Recorded, tally: Tally) -> int:
        span = recorded.span
        interning = self.store.interning
        activity = None if span.state is State.IDLE else span.activity
        application = interning.application(activity.application) if activity else None
        activity = activity or _NOTHING
        span_id = free_id(self.store.connection, span.start_ms)
        self.store.connection.execute(
            _INSERT,
            (
                span_id,
                recorded.device_id,
                span.start_ms,
                span.end_ms,
                span.utc_offset_s,
                int(span.state is State.IDLE),
                int(span.switched),
                application,
                interning.text(activity.title),
                interning.text(activity.url),
                interning.text(activity.path),
                activity.project_id,
                interning.branch(activity.branch),
                interning.language(activity.language),
                activity.category_id,
                int(recorded.assigned),
                interning.text(recorded.note),
                recorded.import_id,
            ),
        )
        key = Key.of(
            recorded.device_id,
            activity.project_id,
            activity.category_id,
            application,
            idle=span.state is State.IDLE,
        )
        tally.time(key, span.start_ms, span.end_ms, span.utc_offset_s)
        if span.switched:
            tally.switch(key, span.start_ms, span.utc_offset_s)
        return span_id


def _check(start_ms: int, end_ms: int) -> None:
    if not 0 <= end_ms - start_ms <= LONGEST_MS:
        raise ValueError("a span ends after its start, and at most 24 h later")


_FOLLOWER = "SELECT 1 FROM activity_logs WHERE id > ? AND device_id = ? AND start_ms < ? LIMIT 1"
_NOTHING = Activity("")

_INSERT = """
    INSERT INTO activity_logs
        (id, device_id, start_ms, end_ms, utc_offset_s, state, switched, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, assigned, note_id, import_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

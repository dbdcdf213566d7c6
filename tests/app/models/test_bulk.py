"""Many spans at once are stored as the journal stores them one by one."""

from __future__ import annotations

import pytest

from app.models.bulk import BulkSpan, BulkWriter
from app.models.spans_table import LONGEST_MS
from app.models.values import Activity, Span, State

T = 1_772_000_000_000


def stored(store):
    return [
        store.connection.execute(f"SELECT * FROM {table}").fetchall()
        for table in ("activity_logs", "rollup_daily", "rollup_hourly", "applications", "branches")
    ]


def test_as_the_journal_does(journal):
    activity = Activity("Code", title="a title", branch="main")
    with journal.transaction():
        BulkWriter(journal.store, 1, None).write(
            [
                BulkSpan(T, T + 5000, 3600, activity),
                BulkSpan(T + 5000, T + 9_000_000, 3600, None),
                BulkSpan(T + 9_000_000, T + 9_000_500, 3600, Activity("xterm"), switched=True),
            ]
        )
    bulk = stored(journal.store)
    journal.delete(from_ms=0)
    assert stored(journal.store)[:3] == [[], [], []]
    journal.insert(
        [
            Span(T, T + 5000, 3600, State.ACTIVE, activity),
            Span(T + 5000, T + 9_000_000, 3600, State.IDLE, None),
            Span(T + 9_000_000, T + 9_000_500, 3600, State.ACTIVE, Activity("xterm"), switched=True),
        ]
    )
    again = stored(journal.store)
    assert bulk[1:3] == again[1:3]
    assert [row[:7] for row in bulk[0]] == [row[:7] for row in again[0]]


def test_moments_that_are_taken_and_lengths_that_cannot_be(journal):
    journal.append(Span(T, T, 0, State.ACTIVE, Activity("x")))
    writer = BulkWriter(journal.store, 1, None)
    with journal.transaction():
        writer.write([BulkSpan(T, T + 1, 0, Activity("y"))])
        writer.write([])
    ids = [row[0] for row in journal.store.connection.execute("SELECT id FROM activity_logs ORDER BY id")]
    assert ids == [T * 1024, T * 1024 + 1]
    with pytest.raises(ValueError, match="24 h"), journal.transaction():
        writer.write([BulkSpan(T, T + LONGEST_MS + 1, 0, None)])
    with pytest.raises(ValueError, match="millisecond"), journal.transaction():
        writer.write([BulkSpan(T, T, 0, None)] * 1024)

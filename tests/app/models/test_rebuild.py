from __future__ import annotations

from app.models.rebuild import agree, rebuild
from app.models.values import Recorded
from tests.app.models.rolled import expected, stored
from tests.app.models.test_journal import HOUR, T, idle, span


def fill(journal):
    journal.insert(
        [span(T + n * HOUR // 2, n * 700_000, offset=o) for n, o in enumerate((0, 19_800, -12_600, 3600))]
    )
    journal.insert(
        [span(T + 20 * HOUR, 24 * HOUR), idle(T, 5 * HOUR), span(T, 0), span(T, 0, switched=False)]
    )
    journal.insert([Recorded(span(-50 * HOUR + 17, 3 * HOUR)), Recorded(span(-10, 20, offset=-3600))])


def test_made_anew_they_are_what_the_journal_made(journal):
    fill(journal)
    connection = journal.store.connection
    before = stored(connection)
    assert agree(connection)
    connection.execute("DELETE FROM rollup_hourly")
    connection.execute("UPDATE rollup_daily SET active_ms = active_ms + 1")
    assert not agree(connection)
    with journal.transaction():
        rebuild(connection)
    assert stored(connection) == before == expected(connection)


def test_checking_changes_nothing(journal):
    fill(journal)
    connection = journal.store.connection
    connection.execute("DELETE FROM rollup_daily")
    assert not agree(connection)
    assert stored(connection)[0] == {}
    assert not connection.in_transaction

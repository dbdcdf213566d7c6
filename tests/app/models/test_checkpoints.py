from __future__ import annotations

import shutil
import sqlite3

import pytest

from app.models import checkpoints
from app.models.books import Books
from app.models.values import Activity, Span, State

T = 1_760_000_000_000


@pytest.fixture
def books(home, cipher, monkeypatch):
    monkeypatch.setattr(checkpoints, "_EVERY_CHANGES", 900)
    opened = Books.open(home.database, cipher)
    yield opened
    opened.close()


def store(books, count, start=0):
    for number in range(start, start + count):
        at = T + number * 1000
        books.journal.append(Span(at, at + 1000, 0, State.ACTIVE, Activity("xterm", f"title {number}")))


def in_the_file_alone(home, tmp_path):
    """How many spans the database has without its log."""
    copy = tmp_path / "copy.db"
    shutil.copyfile(home.database, copy)
    connection = sqlite3.connect(f"{copy.as_uri()}?immutable=1", uri=True)
    try:
        return connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0]
    finally:
        connection.close()


def test_a_long_log_is_emptied_while_writing_goes_on(home, tmp_path, books):
    store(books, 5)
    books.checkpoints.look()
    assert in_the_file_alone(home, tmp_path) == 0
    store(books, 400, start=5)
    books.checkpoints.look()
    store(books, 5, start=405)
    books.checkpoints.stop(30)
    assert in_the_file_alone(home, tmp_path) >= 405


def test_a_commit_never_does_it(home, tmp_path, books):
    log = home.database.with_name("devpulse.db-wal")
    store(books, 400)
    assert log.stat().st_size > checkpoints.WAL_PAGES * checkpoints.PAGE_SIZE
    assert in_the_file_alone(home, tmp_path) == 0


def test_a_file_that_is_gone_is_no_obstacle(home, books):
    store(books, 400)
    for file in home.data.glob("devpulse.db*"):
        file.unlink()
    books.checkpoints.look()
    books.checkpoints.stop(30)
    assert not home.database.exists()
    store(books, 1, start=400)


def test_one_at_a_time_and_not_again_for_nothing(books, monkeypatch):
    begun = []
    monkeypatch.setattr(checkpoints, "_empty", begun.append)
    store(books, 400)
    for _ in range(3):
        books.checkpoints.look()
        books.checkpoints.stop(30)
    assert len(begun) == 1

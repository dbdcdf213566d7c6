from __future__ import annotations

import shutil
import sqlite3

import pytest

from app.errors import StorageError
from app.models import displaced
from app.models.books import Books
from app.models.displaced import Place
from app.models.values import Activity, Span, State


@pytest.fixture
def books(home, cipher):
    opened = Books.open(home.database, cipher)
    yield opened
    opened.close()


def remember(books, start_ms=1_000_000):
    return books.journal.append(Span(start_ms, start_ms + 1000, 0, State.ACTIVE, Activity("xterm", "shell")))


def remove(home):
    for file in home.data.glob("devpulse.db*"):
        file.unlink()


def spans(path):
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        return [row[0] for row in connection.execute("SELECT id FROM activity_logs ORDER BY id")]
    finally:
        connection.close()


def test_a_file_in_its_place_is_its_own(home, books):
    remember(books)
    books.journal.flush()
    assert books.mooring.look() is Place.OWN


@pytest.mark.parametrize("only_the_file", [False, True])
def test_what_a_removed_file_holds_is_put_back(home, cipher, books, only_the_file):
    first = remember(books)
    if only_the_file:
        home.database.unlink()
    else:
        remove(home)
    second = remember(books, 2_000_000)
    assert books.mooring.look() is Place.NOTHING
    books.mooring.put_back()
    again = Books.open(home.database, cipher)
    third = remember(again, 3_000_000)
    books.close()
    assert again.mooring.look() is Place.OWN
    fourth = remember(again, 4_000_000)
    again.close()
    assert sorted(file.name for file in home.data.glob("devpulse*")) == ["devpulse.db"]
    assert spans(home.database) == [first, second, third, fourth]
    assert home.database.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_gone_is_made_again(home, books):
    span = remember(books)
    shutil.rmtree(home.data)
    books.mooring.put_back()
    assert spans(home.database) == [span]


def test_another_file_is_never_overwritten(home, migrated_home, books):
    span = remember(books)
    other = home.data / "other"
    shutil.copyfile(migrated_home.database, other)
    other.replace(home.database)
    assert books.mooring.look() is Place.ANOTHER
    kept = books.mooring.keep_aside()
    later = remember(books, 2_000_000)
    assert books.mooring.keep_aside() == kept
    assert spans(kept) == [span, later]
    assert home.database.read_bytes() == migrated_home.database.read_bytes()
    assert not home.database.with_name("devpulse.db-wal").exists()
    with pytest.raises(StorageError, match="Another file"):
        books.mooring.put_back()
    assert home.database.read_bytes() == migrated_home.database.read_bytes()


def test_the_replaced_one_is_told_until_the_person_decides(home, migrated_home, books):
    assert displaced.replaced(home) is None
    span = remember(books)
    remove(home)
    shutil.copyfile(migrated_home.database, home.database)
    kept = books.mooring.keep_aside()
    told = displaced.replaced(home)
    assert told is not None
    assert kept.name in told.detail
    displaced.decided(home)
    assert displaced.replaced(home) is None
    [stays] = home.data.glob("devpulse.replaced-*.db")
    assert spans(stays) == [span]

from __future__ import annotations

import sqlite3
import threading

import pytest

from app.errors import KeyUnavailable, SchemaOutdated, SchemaTooNew, StorageBusy, StorageError
from app.models.cipher import Cipher
from app.models.database import connect
from app.models.store import Store


def names(store):
    return [row[0] for row in store.connection.execute("SELECT name FROM branches ORDER BY id")]


def put(store, name):
    store.connection.execute("INSERT INTO branches (name) VALUES (?)", (name,))


def test_all_or_nothing(store):
    with store.transaction():
        put(store, "a")
        with store.transaction():
            put(store, "b")
    with pytest.raises(KeyError), store.transaction():
        put(store, "c")
        raise KeyError
    assert names(store) == ["a", "b"]


def test_an_inner_failure_that_is_caught_still_undoes_everything(store):
    with pytest.raises(StorageError, match="not stored"), store.transaction():
        put(store, "a")
        with pytest.raises(KeyError), store.transaction():
            raise KeyError
        with pytest.raises(StorageError, match="not stored"), store.transaction():
            put(store, "never reached")
    assert names(store) == []
    with store.transaction():
        put(store, "b")
    assert names(store) == ["b"]


def test_a_mistake_of_ours_is_not_dressed_up(store):
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        put(store, "a")
        put(store, "a")
    assert names(store) == []


def test_two_writers_take_turns(home, cipher):
    stores = [Store.open(home.database, cipher) for _ in range(2)]

    def write(store, prefix):
        for n in range(200):
            with store.transaction():
                put(store, f"{prefix}{n}")

    threads = [
        threading.Thread(target=write, args=(store, name)) for store, name in zip(stores, "ab", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(stores[0])) == 400
    for store in stores:
        store.close()


def test_one_who_waits_too_long_is_told_and_can_go_on(home, cipher):
    one, two = Store.open(home.database, cipher), Store.open(home.database, cipher)
    two.connection.execute("PRAGMA busy_timeout = 50")
    with one.transaction():
        put(one, "a")
        with pytest.raises(StorageBusy), two.transaction():
            put(two, "b")
    with two.transaction():
        put(two, "c")
    assert names(one) == ["a", "c"]
    one.close()
    two.close()


@pytest.mark.parametrize(("version", "kind"), [(0, SchemaOutdated), (99, SchemaTooNew)])
def test_another_schema_is_not_opened(home, cipher, version, kind):
    connection = connect(home.database)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(kind):
        Store.open(home.database, cipher)


def test_texts_that_cannot_be_opened_are_none(store):
    with store.transaction():
        good = store.interning.text("a title")
        store.connection.execute("INSERT INTO texts (id, digest, sealed) VALUES (99, x'00', x'0102')")
    assert store.text(good) == "a title"
    assert store.text(99) is None
    assert store.text(12345) is None
    assert store.text(None) is None


def test_the_first_key_is_remembered(home, cipher):
    Store.open(home.database, cipher).close()
    with pytest.raises(KeyUnavailable):
        Store.open(home.database, Cipher(b"x" * 32))


def test_references_are_checked_again_after_a_bulk_load(store):
    with store.unchecked_references():
        assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (0,)
    assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)

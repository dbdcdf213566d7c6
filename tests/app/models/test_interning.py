from __future__ import annotations

import pytest

from app.models.interning import CACHED, CACHED_TEXTS, Cache, Interning


@pytest.fixture
def interning(store):
    return store.interning


def count(store, table):
    return store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_the_cache_keeps_what_was_used_last():
    cache = Cache(2)
    cache.put("a", "x", 1)
    cache.put("a", "y", 2)
    assert cache.get("a", "x") == 1
    cache.put("b", "x", 3)
    assert cache.get("a", "y") is None
    assert (cache.get("a", "x"), cache.get("b", "x"), len(cache)) == (1, 3, 2)


def test_a_name_has_one_row_however_often_it_comes(store, interning):
    with store.transaction():
        numbers = {interning.application(f"app {n % (CACHED * 2)}") for n in range(CACHED * 6)}
    assert len(numbers) == CACHED * 2 == count(store, "applications")


def test_none_is_none(store, interning):
    assert (interning.branch(None), interning.language(None), interning.text(None)) == (None, None, None)


def test_a_text_of_late_is_found_and_one_of_long_ago_is_stored_again(store, interning):
    with store.transaction():
        first = interning.text("a title")
        assert interning.text("a title") == first
        for n in range(CACHED_TEXTS):
            interning.text(f"title {n}")
        again = interning.text("a title")
    assert again != first
    assert store.text(first) == store.text(again) == "a title"


def test_the_texts_of_late_are_known_to_a_new_process(store, cipher, interning):
    with store.transaction():
        first = interning.text("a title")
    assert Interning(store.connection, cipher).text("a title") == first


def test_without_a_key_no_text_has_a_number(store):
    assert Interning(store.connection, None).text("a title") is None


def test_different_names_that_cannot_be_stored_alike_do_not_clash(store, interning):
    with store.transaction():
        assert interning.branch("half \ud800") == interning.branch("half \udfff")

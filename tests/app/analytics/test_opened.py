"""Texts are opened when they are shown, and are those of the moment."""

from __future__ import annotations

from app.analytics.moment import Reader
from app.analytics.opened import OpenedTexts
from app.models.cipher import Cipher
from tests.app.analytics.spans import span


class Counting(Cipher):
    opened = 0

    def open(self, sealed):
        Counting.opened += 1
        return super().open(sealed)


def test_a_text_is_opened_once_and_an_erased_one_is_gone(records):
    reader, texts = Reader(records.paths.database), OpenedTexts(Counting(bytes(32)))
    records.journal.insert([span(0, 60, title="kept"), span(100, 60, title="erased")])

    def told(*ids):
        with reader.moment() as moment:
            return texts.of(moment, ids)

    assert told(1, 2, 2, 3, 0) == {1: "kept", 2: "erased", 3: None, 0: None}
    assert told(2) == {2: "erased"}
    assert Counting.opened == 2
    records.journal.delete(from_ms=span(100, 60).start_ms)
    assert told(2) == {2: None}
    # The next text gets the id of the one that was erased.
    records.journal.insert([span(200, 60, title="another")])
    assert told(2) == {2: "another"}
    reader.close()


def test_only_so_many_stay_open(records):
    reader, texts = Reader(records.paths.database), OpenedTexts(Cipher(bytes(32)), most=10)
    records.journal.insert([span(n, 1, title=f"title {n}") for n in range(700)])
    with reader.moment() as moment:
        assert texts.of(moment, range(1, 701)) == {n + 1: f"title {n}" for n in range(700)}
    assert len(texts._open) == 10
    reader.close()


def test_with_another_key_nothing_is_told(records):
    reader = Reader(records.paths.database)
    records.journal.insert([span(0, 60, title="secret")])
    with reader.moment() as moment:
        assert OpenedTexts(Cipher(bytes(31) + b"1")).of(moment, [1]) == {1: None}
        assert OpenedTexts(None).of(moment, [1]) == {1: None}
    reader.close()

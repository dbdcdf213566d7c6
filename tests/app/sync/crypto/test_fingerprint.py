from __future__ import annotations

from app.sync.crypto.device_list import Mark
from app.sync.crypto.fingerprint import fingerprint, vault_words, words
from app.sync.crypto.labels import DEVICE_LIST_WORDS, VAULT_WORDS
from app.sync.crypto.word_list import english

MARK = Mark(3, b"d" * 32)


def test_six_words_of_the_list() -> None:
    said = words(MARK).split()
    assert len(said) == 6
    assert set(said) <= set(english())


def test_the_words_are_the_ones_written_down() -> None:
    assert words(MARK) == "uniform onion inherit order carbon tube"


def test_another_list_another_purpose_or_another_state_has_other_words() -> None:
    heads = [(b"1" * 16, 4, b"h" * 32), (b"2" * 16, 9, b"i" * 32)]
    said = [
        words(MARK),
        words(Mark(4, MARK.digest)),
        words(Mark(3, b"e" * 32)),
        fingerprint(VAULT_WORDS, b"x"),
        fingerprint(DEVICE_LIST_WORDS, b"x"),
        vault_words(MARK, heads),
        vault_words(MARK, heads[:1]),
        vault_words(MARK, [heads[0], (b"2" * 16, 8, b"i" * 32)]),
    ]
    assert len(set(said)) == len(said)
    assert vault_words(MARK, heads) == vault_words(MARK, heads[::-1])

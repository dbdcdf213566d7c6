from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import resources
from app.sync.crypto import recovery_words
from app.sync.crypto.refusals import Mistyped
from app.sync.crypto.secret import Secret
from app.sync.crypto.word_list import english

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "bip39.json").read_text())


def test_the_list_is_bip_39s() -> None:
    """The digest that every copy of the list has."""
    text = (resources() / "recovery_words.txt").read_bytes()
    assert (
        hashlib.sha256(text).hexdigest() == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    )
    assert len({word[:4] for word in english()}) == 2048


@pytest.mark.parametrize(("entropy", "words"), VECTORS)
def test_bip_39s_own_vectors(entropy: str, words: str) -> None:
    assert recovery_words.encode(Secret(bytes.fromhex(entropy))) == words
    assert recovery_words.decode(words).reveal().hex() == entropy


@given(st.binary(min_size=32, max_size=32))
def test_words_are_read_as_they_were_written(entropy: bytes) -> None:
    words = recovery_words.encode(Secret(entropy))
    assert recovery_words.decode(words).reveal() == entropy
    typed = [word[:4].upper() for word in words.split()]
    assert recovery_words.decode("\n".join(typed)).reveal() == entropy
    numbered = ", ".join(f"{number}. {word}" for number, word in enumerate(words.split(), 1))
    assert recovery_words.decode(numbered).reveal() == entropy


WORDS = VECTORS[1][1].split()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (WORDS[:23], "these are 23"),
        ([*WORDS[:6], "legall", *WORDS[7:]], "Word 7 "),
        ([*WORDS[:6], "le", *WORDS[7:]], "Word 7 "),
        ([*WORDS[:6], "qwertz", *WORDS[7:]], "Word 7 "),
        ([*WORDS[:23], "zoo"], "belong together"),
        ([WORDS[1], WORDS[0], *WORDS[2:]], "belong together"),
    ],
)
def test_a_slip_is_told_by_its_place_and_not_quoted(typed: list[str], told: str) -> None:
    with pytest.raises(Mistyped, match=told) as refused:
        recovery_words.decode(" ".join(typed))
    words = refused.value.told().replace(",", " ").replace(".", " ").split()
    assert not {word for word in words if word in ("legall", "le", "qwertz", "zoo")}


def test_a_fresh_one_has_256_bits_of_what_was_passed_in() -> None:
    assert recovery_words.fresh(lambda size: b"k" * size) == Secret(b"k" * 32)

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import KeyUnavailable
from app.models.cipher import DIGEST_BYTES, Cipher

CIPHER = Cipher(b"k" * 32)
ANY_TEXT = st.text(st.characters())  # half surrogate pairs too


@given(ANY_TEXT)
def test_opens_what_it_sealed(text):
    assert CIPHER.open(CIPHER.seal(text)) == text


def test_the_same_text_is_sealed_differently_every_time():
    assert CIPHER.seal("a title") != CIPHER.seal("a title")


def test_nothing_of_the_text_is_in_what_is_sealed():
    assert b"a title" not in CIPHER.seal("a title")


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_altered_bit_is_noticed(position, mask):
    sealed = bytearray(CIPHER.seal("a title"))
    sealed[position % len(sealed)] ^= mask
    with pytest.raises(KeyUnavailable):
        CIPHER.open(bytes(sealed))


@given(st.binary(max_size=200))
def test_garbage_is_refused_in_words(content):
    with pytest.raises(KeyUnavailable):
        CIPHER.open(content)


def test_another_key_opens_nothing():
    with pytest.raises(KeyUnavailable):
        Cipher(b"x" * 32).open(CIPHER.seal("a title"))


def test_the_digest_is_equal_for_equal_texts_and_depends_on_the_key():
    assert CIPHER.digest("a") == Cipher(b"k" * 32).digest("a")
    assert CIPHER.digest("a") != CIPHER.digest("b")
    assert CIPHER.digest("a") != Cipher(b"x" * 32).digest("a")
    assert len(CIPHER.digest("a")) == DIGEST_BYTES


def test_the_digest_is_hmac_with_a_key_by_hkdf():
    import hashlib
    import hmac

    extracted = hmac.digest(bytes(32), b"k" * 32, "sha256")
    derived = hmac.digest(extracted, b"DevPulse digest 1\x01", "sha256")
    assert CIPHER.digest("a") == hmac.new(derived, b"a", hashlib.sha256).digest()[:16]


def test_shows_nothing_of_the_key():
    assert "k" * 4 not in repr(CIPHER)
    assert repr(CIPHER) == "Cipher(…)"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(bytes(length))


def test_many_texts_are_opened_by_the_faster_way_and_alike():
    code = (
        "import sys; from app.models.cipher import Cipher; c = Cipher(bytes(32)); s = c.seal('a title'); "
        "loaded = lambda: 'cryptography' in sys.modules; "
        "few = [c.open(s) for _ in range(999)]; before = loaded(); many = [c.open(s) for _ in range(999)]; "
        "print(set(few + many), before, loaded(), c.open(c.seal('b')))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert told == "{'a title'} False True b\n"


def test_making_a_cipher_does_not_load_the_library():
    code = (
        "import sys; from app.models.cipher import Cipher; Cipher(bytes(32)); "
        "sys.exit(any(name.startswith('cryptography') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

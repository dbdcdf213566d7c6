from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.hpke import OVERHEAD_BYTES, open_with, public_key, seal_to
from app.sync.crypto.refusals import NotSealedForUs
from app.sync.crypto.secret import Secret

SECRET, OTHER = Secret(b"s" * 32), Secret(b"t" * 32)
PUBLIC = public_key(SECRET)


@given(st.binary(max_size=300), st.binary(max_size=50))
def test_what_was_sealed_for_a_key_it_opens(plaintext: bytes, info: bytes) -> None:
    sealed = seal_to(PUBLIC, plaintext, info)
    assert len(sealed) == len(plaintext) + OVERHEAD_BYTES
    assert open_with(SECRET, sealed, info) == plaintext


def test_another_key_another_purpose_or_a_changed_byte_does_not() -> None:
    sealed = seal_to(PUBLIC, b"hush", b"purpose")
    for secret, text, info in (
        (OTHER, sealed, b"purpose"),
        (SECRET, sealed, b"another"),
        (SECRET, sealed[:-1], b"purpose"),
        (SECRET, b"", b"purpose"),
        *(
            (SECRET, sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :], b"purpose")
            for at in range(52)
        ),
    ):
        with pytest.raises(NotSealedForUs):
            open_with(secret, text, info)


@pytest.mark.parametrize("weak", [bytes(32), b"\1" + bytes(31), b"short"])
def test_a_key_that_shares_no_secret_is_refused(weak: bytes) -> None:
    with pytest.raises(NotSealedForUs):
        seal_to(weak, b"hush", b"")
    with pytest.raises(NotSealedForUs):
        open_with(SECRET, weak + os.urandom(20), b"")

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.crypto import base32
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import Login, Mark
from app.sync.crypto.keyring import Keyring
from app.sync.crypto.pairing import (
    Welcome,
    fresh_code,
    make_offer,
    make_welcome,
    offer_words,
    read_code,
    read_offer,
    read_welcome,
)
from app.sync.crypto.refusals import Mistyped, NotSealedForUs, Refused
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret

CODE = fresh_code(os.urandom)
OTHER_CODE = fresh_code(os.urandom)
NEW = DeviceKeys.fresh(b"N" * 16, os.urandom)
WELCOME = Welcome(
    account=b"A" * 16,
    server="https://sync.example.org",
    secret_key=Secret(b"k" * 16),
    keyring=Keyring(RootKeys.first(os.urandom).rotated(os.urandom), (Login(0, b"l" * 32),)),
    anchor=Mark(4, b"d" * 32),
    heads={b"1" * 16: (7, b"h" * 32)},
)


def test_a_new_machine_is_welcomed() -> None:
    note = make_offer(NEW.public, CODE)
    typed = read_code(CODE.text.lower().replace("-", " "))
    assert typed.place == CODE.place
    offer = read_offer(note, typed)
    assert offer.public == NEW.public
    assert offer.words == offer_words(NEW.public)
    assert read_welcome(make_welcome(WELCOME, offer, typed), NEW, CODE) == WELCOME


def test_the_place_says_nothing_of_the_code_and_no_repr_does() -> None:
    assert len(CODE.place) == 32
    assert CODE.place != OTHER_CODE.place
    assert CODE.text not in repr(CODE)


def test_an_offer_that_somebody_else_left_at_the_place_is_refused() -> None:
    """The service knows the place and its own key, and not the code."""
    stranger = DeviceKeys.fresh(b"S" * 16, os.urandom)
    with pytest.raises(Mistyped, match="was not made with it"):
        read_offer(make_offer(stranger.public, OTHER_CODE), CODE)
    note = make_offer(NEW.public, CODE)
    for at in range(len(note)):
        with pytest.raises(Refused):
            read_offer(note[:at] + bytes((note[at] ^ 1,)) + note[at + 1 :], CODE)


def test_a_welcome_by_who_was_not_told_the_code_or_for_another_is_refused() -> None:
    offer = read_offer(make_offer(NEW.public, CODE), CODE)
    note = make_welcome(WELCOME, offer, CODE)
    stranger = DeviceKeys.fresh(b"S" * 16, os.urandom)
    other_offer = read_offer(make_offer(stranger.public, CODE), CODE)
    for wrong in (
        make_welcome(WELCOME, offer, OTHER_CODE),
        make_welcome(WELCOME, other_offer, CODE),
        note[:-1],
        b"",
        *(note[:at] + bytes((note[at] ^ 1,)) + note[at + 1 :] for at in range(0, len(note), 7)),
    ):
        with pytest.raises(NotSealedForUs):
            read_welcome(wrong, NEW, CODE)
    with pytest.raises(NotSealedForUs):
        read_welcome(note, stranger, CODE)


def test_nothing_of_the_welcome_is_in_the_clear() -> None:
    note = make_welcome(WELCOME, read_offer(make_offer(NEW.public, CODE), CODE), CODE)
    for hidden in (b"sync.example.org", b"k" * 16, b"A" * 16, WELCOME.keyring.roots.key(1).reveal()):
        assert hidden not in note


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(note: bytes) -> None:
    with pytest.raises(Refused):
        read_offer(note, CODE)
    with pytest.raises(Refused):
        read_welcome(note, NEW, CODE)


def test_a_mistyped_code_is_told_before_anything_is_asked() -> None:
    for typed in ("", "ABCD-EFGH", "ABCD-EFGH-JKM!", base32.encode(bytes(8), 13)):
        with pytest.raises(Mistyped, match="pairing code"):
            read_code(typed)

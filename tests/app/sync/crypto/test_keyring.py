from __future__ import annotations

import os
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.device_list import Login
from app.sync.crypto.envelopes import Outside, seal
from app.sync.crypto.keyring import Keyring, decode_keyring, encode_keyring, open_keyring
from app.sync.crypto.object_ids import keyring_id
from app.sync.crypto.refusals import BadBody, Refused, Unexpected, UnknownEpoch
from app.sync.crypto.root_keys import RootKey, RootKeys
from app.sync.wire.envelope import Kind

ACCOUNT = b"A" * 16
ROOTS = RootKeys.first(os.urandom).rotated(os.urandom).rotated(os.urandom)
KEYRING = Keyring(ROOTS, (Login(0, b"l" * 32), Login(4, b"m" * 32)))


def sealed(keyring: Keyring = KEYRING, root: RootKey = ROOTS.current) -> bytes:
    outside = Outside(Kind.KEYRING, keyring_id(ACCOUNT), 1, b"D" * 16)
    return seal(encode_keyring(keyring), outside, root=root, account=ACCOUNT, random=os.urandom)


def test_the_current_root_key_opens_all_the_others() -> None:
    assert open_keyring(sealed(), RootKeys.of(ROOTS.current), account=ACCOUNT) == KEYRING
    assert decode_keyring(encode_keyring(KEYRING)) == KEYRING


def test_an_older_root_key_does_not() -> None:
    with pytest.raises(UnknownEpoch):
        open_keyring(sealed(), RootKeys(1, {1: ROOTS.key(1)}), account=ACCOUNT)


def test_one_that_says_otherwise_than_what_is_known_is_refused() -> None:
    other = RootKeys(3, {**ROOTS.keys, 1: ROOTS.key(2)})
    with pytest.raises(Unexpected):
        open_keyring(sealed(Keyring(other, KEYRING.logins)), ROOTS, account=ACCOUNT)
    behind = RootKeys(2, {1: ROOTS.key(1), 2: ROOTS.key(2)})
    with pytest.raises(BadBody):
        open_keyring(sealed(Keyring(behind, KEYRING.logins)), ROOTS, account=ACCOUNT)


@pytest.mark.parametrize(
    "changes",
    [
        {"k": {}},
        {"k": {0: b"k" * 32}},
        {"k": {1: b"short"}},
        {"k": [1]},
        {"l": []},
        {"l": [[0, b"x"]]},
        {"v": 0},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    whole = msgspec.msgpack.decode(encode_keyring(KEYRING), strict=False)
    with pytest.raises(BadBody):
        decode_keyring(msgspec.msgpack.encode(whole | changes))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_keyring(body)

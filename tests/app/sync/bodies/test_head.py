from __future__ import annotations

import os
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.bodies.head import Head, KnownHead, encode_head, read_head
from app.sync.crypto import signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import BEGINNING, DeviceList, Login, Mark, digest, read, sign_statement
from app.sync.crypto.envelopes import Opened
from app.sync.crypto.object_ids import ObjectIds
from app.sync.crypto.refusals import BadBody, NotADevice, Refused, Unexpected
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret
from app.sync.wire.envelope import NO_PARENT, Header, Kind

ACCOUNT = b"A" * 16
LOGIN = Secret(b"l" * 32)
MINE, OTHER = DeviceKeys.fresh(b"1" * 16, os.urandom), DeviceKeys.fresh(b"2" * 16, os.urandom)
IDS = ObjectIds(RootKeys.first(os.urandom), MINE.device)


def device_list() -> DeviceList:
    first = sign_statement(BEGINNING, ACCOUNT, "add", MINE.public, time=1, signer=ACCOUNT, seed=LOGIN)
    mark = Mark(1, digest(first))
    second = sign_statement(mark, ACCOUNT, "add", OTHER.public, time=2, signer=MINE.device, seed=MINE.signing)
    return read([first, second], ACCOUNT, logins=[Login(0, signing.public_key(LOGIN))])


DEVICES = device_list()
HEAD = Head(7, 1_000, 2, b"L" * 16, DEVICES.mark, b"a" * 32, b"r" * 32, {OTHER.device: (3, b"h" * 32)})


def opened(
    body: bytes, device: bytes = MINE.device, *, epoch: int = 2, object_: bytes | None = None
) -> Opened:
    header = Header(
        kind=Kind.HEAD,
        object=IDS.head(device) if object_ is None else object_,
        version=1,
        parent=NO_PARENT,
        device=device,
        epoch=epoch,
        nonce=bytes(12),
        length=16,
    )
    return Opened(header, b"x" * 32, body)


def known(body: bytes, device: bytes = MINE.device, epoch: int = 2) -> KnownHead:
    return read_head(opened(body, device, epoch=epoch), ids=IDS, devices=DEVICES)


ids = st.binary(min_size=16, max_size=16)
digests = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, (1 << 63) - 1)


@given(
    st.builds(
        Head,
        st.integers(1, (1 << 63) - 1),
        numbers,
        st.just(2),
        st.binary(max_size=16),
        st.builds(Mark, numbers, digests),
        digests,
        digests,
        st.dictionaries(ids, st.tuples(numbers, digests), max_size=4),
    )
)
def test_a_head_is_read_as_it_was_written(head: Head) -> None:
    assert known(encode_head(head, MINE, ACCOUNT)) == KnownHead(head, b"x" * 32)


def test_every_byte_that_is_changed_is_refused() -> None:
    body = encode_head(HEAD, MINE, ACCOUNT)
    for at in range(len(body)):
        spoilt = body[:at] + bytes((body[at] ^ 1,)) + body[at + 1 :]
        with pytest.raises(Refused):
            known(spoilt)


def test_another_device_or_account_cannot_sign_for_it() -> None:
    with pytest.raises(NotADevice):
        known(encode_head(HEAD, DeviceKeys(MINE.device, OTHER.signing, OTHER.exchange), ACCOUNT))
    with pytest.raises(NotADevice):
        known(encode_head(HEAD, MINE, b"B" * 16))
    stranger = DeviceKeys.fresh(b"3" * 16, os.urandom)
    with pytest.raises(NotADevice):
        known(encode_head(HEAD, stranger, ACCOUNT), stranger.device)
    # A signature of another device's head does not fit under this device's name.
    with pytest.raises(NotADevice):
        known(encode_head(HEAD, OTHER, ACCOUNT))


def test_it_lies_only_in_its_own_place_and_round() -> None:
    body = encode_head(HEAD, MINE, ACCOUNT)
    with pytest.raises(Unexpected):
        read_head(opened(body, object_=IDS.head(OTHER.device)), ids=IDS, devices=DEVICES)
    with pytest.raises(BadBody):
        known(body, epoch=1)


def test_a_newer_versions_fields_are_passed_over_under_the_same_signature() -> None:
    version, payload, _ = msgspec.msgpack.decode(encode_head(HEAD, MINE, ACCOUNT))
    newer = msgspec.msgpack.encode(msgspec.msgpack.decode(payload) | {"mood": "good"})
    from app.sync.crypto.labels import HEAD as LABEL

    signature = MINE.sign(LABEL + ACCOUNT + MINE.device + newer)
    assert known(msgspec.msgpack.encode([version, newer, signature])).head == HEAD


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(Refused):
        known(body)


def test_what_is_out_of_bounds_is_refused_although_signed() -> None:
    for wrong in (
        replace(HEAD, sequence=0),
        replace(HEAD, slots=b"short"),
        replace(HEAD, lineage=b"L" * 17),
        replace(HEAD, seen={b"short": (1, b"h" * 32)}),
    ):
        with pytest.raises(BadBody):
            known(encode_head(wrong, MINE, ACCOUNT))

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.envelopes import COMPRESSIBLE, Expected, Outside, open_envelope, seal, sealed_size
from app.sync.crypto.refusals import NotSealedForUs, Refused, Unexpected, UnknownEpoch
from app.sync.crypto.root_keys import RootKeys
from app.sync.wire.envelope import HEADER_BYTES, MOST_BYTES, NO_PARENT, Compression, Kind, header_of, pack

ACCOUNT = b"A" * 16
ROOTS = RootKeys.first(lambda size: b"r" * size).rotated(lambda size: b"s" * size)
OUTSIDE = Outside(Kind.RECORD, b"O" * 16, 3, b"D" * 16, parent=b"P" * 32)
EXPECTED = Expected(Kind.RECORD, b"O" * 16, 3, b"P" * 32, frozenset({b"D" * 16}))


def sealed(body: bytes = b"what was done", outside: Outside = OUTSIDE, epoch: int = 2) -> bytes:
    roots = RootKeys(epoch, {one: ROOTS.keys[one] for one in range(1, epoch + 1)})
    return seal(body, outside, root=roots.current, account=ACCOUNT, random=os.urandom)


def opened(envelope: bytes, expected: Expected = EXPECTED, account: bytes = ACCOUNT) -> bytes:
    return open_envelope(envelope, expected, roots=ROOTS, account=account).body


@given(
    st.binary(max_size=3000),
    st.sampled_from(Kind),
    st.integers(1, (1 << 63) - 1),
    st.booleans(),
    st.integers(1, 2),
)
def test_what_was_sealed_is_opened(body: bytes, kind: Kind, version: int, erases: bool, epoch: int) -> None:
    outside = Outside(
        kind,
        b"O" * 16,
        version,
        b"D" * 16,
        parent=NO_PARENT if version == 1 else b"P" * 32,
        erases_older=erases,
        compressed=kind in COMPRESSIBLE,
    )
    envelope = sealed(body, outside, epoch)
    found = open_envelope(envelope, Expected(kind), roots=ROOTS, account=ACCOUNT)
    assert found.body == body
    assert found.digest == hashlib.sha256(envelope).digest()
    assert (found.header.version, found.header.epoch) == (version, epoch)
    if kind not in COMPRESSIBLE:
        assert len(envelope) == sealed_size(kind, len(body))


def test_every_byte_that_is_changed_is_refused() -> None:
    envelope = sealed()
    for at in range(len(envelope)):
        for flip in (0x01, 0x80):
            spoilt = bytearray(envelope)
            spoilt[at] ^= flip
            with pytest.raises(Refused):
                open_envelope(bytes(spoilt), Expected(Kind.RECORD), roots=ROOTS, account=ACCOUNT)


def test_every_length_but_its_own_is_refused() -> None:
    envelope = sealed()
    for length in range(len(envelope)):
        with pytest.raises(Refused):
            opened(envelope[:length])
    with pytest.raises(Refused):
        opened(envelope + b"\0")


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"kind": Kind.SETTING}, "kind"),
        ({"object": b"o" * 16}, "object"),
        ({"version": 2}, "version"),
        ({"parent": b"p" * 32}, "made from another"),
        ({"devices": frozenset({b"d" * 16})}, "device"),
        ({"version": None, "least_version": 4}, "older"),
        ({"least_epoch": 3}, "former key"),
    ],
)
def test_what_was_not_asked_for_is_refused_and_told(other: dict[str, Any], what: str) -> None:
    assert opened(sealed()) == b"what was done"
    with pytest.raises(Unexpected, match=what):
        opened(sealed(), replace(EXPECTED, **other))


def test_another_account_or_root_key_opens_nothing() -> None:
    with pytest.raises(NotSealedForUs):
        opened(sealed(), account=b"B" * 16)
    stranger = RootKeys.first(lambda size: b"x" * size).rotated(lambda size: b"y" * size)
    with pytest.raises(NotSealedForUs):
        open_envelope(sealed(), EXPECTED, roots=stranger, account=ACCOUNT)
    only_first = RootKeys.of(RootKeys(1, {1: ROOTS.keys[1]}).current)
    with pytest.raises(UnknownEpoch) as told:
        open_envelope(sealed(), EXPECTED, roots=only_first, account=ACCOUNT)
    assert told.value.epoch == 2


def test_a_message_has_a_key_of_its_own() -> None:
    """The same nonce all over, and still no two envelopes share their key stream."""
    outsides = [
        OUTSIDE,
        replace(OUTSIDE, kind=Kind.SETTING),
        replace(OUTSIDE, object=b"o" * 16),
        replace(OUTSIDE, version=4),
        replace(OUTSIDE, device=b"d" * 16),
    ]
    streams = {
        seal(b"\0" * 60, one, root=ROOTS.current, account=ACCOUNT, random=bytes)[
            HEADER_BYTES : HEADER_BYTES + 64
        ]
        for one in outsides
    }
    assert len(streams) == len(outsides)


def test_a_record_is_never_compressed() -> None:
    with pytest.raises(ValueError, match="compressed"):
        sealed(outside=replace(OUTSIDE, compressed=True))
    header = header_of(sealed())
    from msgspec.structs import replace as changed

    flagged = pack(changed(header, compression=Compression.ZSTD)) + bytes(header.length)
    with pytest.raises(Unexpected, match="compressed"):
        opened(flagged)


def test_what_no_envelope_holds_is_told_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="at most"):
        sealed(os.urandom(MOST_BYTES))
    with pytest.raises(ValueError, match="parent"):
        sealed(outside=replace(OUTSIDE, parent=NO_PARENT))


def test_no_word_of_the_body_is_in_a_repr() -> None:
    found = open_envelope(sealed(b"secret title"), EXPECTED, roots=ROOTS, account=ACCOUNT)
    assert "title" not in repr(found)

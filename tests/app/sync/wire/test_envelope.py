from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.wire.envelope import (
    HEADER_BYTES,
    MOST_BYTES,
    NO_PARENT,
    TAG_BYTES,
    Compression,
    EnvelopeRefused,
    Flags,
    Header,
    Kind,
    header_of,
    pack,
)

ids = st.binary(min_size=16, max_size=16)
digests = st.binary(min_size=32, max_size=32).filter(lambda digest: digest != NO_PARENT)


@st.composite
def headers(draw: st.DrawFn) -> Header:
    version = draw(st.integers(1, (1 << 63) - 1))
    return Header(
        kind=draw(st.sampled_from(Kind)),
        object=draw(ids),
        version=version,
        parent=NO_PARENT if version == 1 else draw(digests),
        device=draw(ids),
        epoch=draw(st.integers(0, (1 << 32) - 1)),
        nonce=draw(st.binary(min_size=12, max_size=12)),
        length=draw(st.integers(TAG_BYTES, 300)),
        compression=draw(st.sampled_from(Compression)),
        flags=draw(st.sampled_from([Flags.NONE, Flags.ERASES_OLDER])),
    )


@given(headers())
def test_a_header_is_read_as_it_was_packed(header: Header) -> None:
    packed = pack(header)
    assert len(packed) == HEADER_BYTES
    assert header_of(packed + bytes(header.length)) == header


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(bytes_: bytes) -> None:
    with pytest.raises(EnvelopeRefused):
        header_of(bytes_)


@given(headers(), st.integers(0, 7), st.integers(1, 255))
def test_every_changed_byte_of_the_first_eight_is_refused_or_told(header: Header, at: int, by: int) -> None:
    spoilt = bytearray(pack(header) + bytes(header.length))
    spoilt[at] ^= by
    try:
        assert header_of(bytes(spoilt)) != header
        assert at >= 5
    except EnvelopeRefused:
        pass


def test_the_layout_is_the_one_written_down() -> None:
    header = Header(
        kind=Kind.SEGMENT,
        object=b"O" * 16,
        version=2,
        parent=b"P" * 32,
        device=b"D" * 16,
        epoch=7,
        nonce=b"N" * 12,
        length=16,
        compression=Compression.ZSTD,
        flags=Flags.ERASES_OLDER,
    )
    packed = b"DPE1\x01\x01\x01\x01" + b"\0\0\0\x07" + b"O" * 16 + b"\0" * 7 + b"\x02"
    packed += b"P" * 32 + b"D" * 16 + b"N" * 12 + b"\0\0\0\x10"
    assert pack(header) == packed


def test_the_largest_envelope_is_a_mebibyte() -> None:
    header = Header(
        kind=Kind.SEGMENT, object=bytes(16), version=1, parent=NO_PARENT, device=bytes(16), epoch=1,
        nonce=bytes(12), length=MOST_BYTES - HEADER_BYTES,
    )  # fmt: skip
    assert header_of(pack(header) + bytes(header.length)) == header
    with pytest.raises(EnvelopeRefused, match="has 116 to 1048576 bytes"):
        header_of(pack(header) + bytes(header.length + 1))

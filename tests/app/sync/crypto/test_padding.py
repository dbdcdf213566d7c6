from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.padding import TAIL_BLOCK, pad, padme, unpad
from app.sync.crypto.refusals import BadBody
from app.sync.wire.envelope import Kind


def as_published(size: int) -> int:
    """Padmé as its paper's algorithm 1 has it (Nikitin et al., PETS 2019)."""
    exponent = math.floor(math.log2(size))
    bits = math.floor(math.log2(exponent)) + 1
    last = exponent - bits
    mask = 2**last - 1
    return (size + mask) & ~mask


def test_padme_is_the_published_one() -> None:
    for size in [*range(2, 5000), 10**6 - 1, 10**6, 123_456_789]:
        assert padme(size) == as_published(size)
    assert [padme(size) for size in (0, 1, 9, 100, 1_000_000)] == [0, 1, 10, 104, 1_015_808]


@given(st.integers(2, 1 << 20))
def test_padding_costs_at_most_an_eighth(size: int) -> None:
    assert size <= padme(size) <= size * 1.12 + 1
    assert padme(padme(size)) == padme(size)


@given(st.binary(max_size=2000), st.sampled_from(Kind))
def test_what_was_padded_is_unpadded(body: bytes, kind: Kind) -> None:
    plaintext = pad(kind, body)
    assert unpad(kind, plaintext) == body
    if kind is Kind.TAIL:
        assert len(plaintext) % TAIL_BLOCK == 0


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"\0\0",
        b"\0\0\0\x05abc",
        b"\xff\xff\xff\xffabc",
        pad(Kind.RECORD, b"x" * 100) + b"\0",
        pad(Kind.RECORD, b"x" * 100)[:-1],
        pad(Kind.RECORD, b"x" * 101)[:-1] + b"\1",
        pad(Kind.TAIL, b"x" * 100),
    ],
)
def test_padding_that_is_not_exactly_ours_is_refused(plaintext: bytes) -> None:
    """Otherwise there would be room to mark an envelope in."""
    with pytest.raises(BadBody):
        unpad(Kind.RECORD, plaintext)

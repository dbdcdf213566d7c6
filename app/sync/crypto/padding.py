"""Padding, so that a length tells little: `u32 length ‖ body ‖ zeros`."""

from __future__ import annotations

from app.sync.crypto.refusals import BadBody
from app.sync.wire.envelope import Kind

_LENGTH_BYTES = 4
TAIL_BLOCK = 512


def padme(size: int) -> int:
    """The padded size by Padmé (Nikitin et al., PETS 2019): at most 12 % more, and log log n bits told."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (size + mask) & ~mask


def padded_size(kind: Kind, body: int) -> int:
    """The size of the plaintext of a body of `body` bytes: whole blocks for tails, Padmé for the rest."""
    size = body + _LENGTH_BYTES
    return -(-size // TAIL_BLOCK) * TAIL_BLOCK if kind is Kind.TAIL else padme(size)


def pad(kind: Kind, body: bytes) -> bytes:
    """The plaintext of a body."""
    size = padded_size(kind, len(body))
    return (len(body).to_bytes(_LENGTH_BYTES) + body).ljust(size, b"\0")


def unpad(kind: Kind, plaintext: bytes) -> bytes:
    """The inverse. Raises `BadBody` unless it is exactly what `pad` makes."""
    length = int.from_bytes(plaintext[:_LENGTH_BYTES])
    if len(plaintext) < _LENGTH_BYTES or padded_size(kind, length) != len(plaintext):
        raise BadBody("Its padding has another length.")
    end = _LENGTH_BYTES + length
    if plaintext.count(0, end) != len(plaintext) - end:
        raise BadBody("Its padding is not empty.")
    return plaintext[_LENGTH_BYTES:end]

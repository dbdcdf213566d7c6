"""The outside of an envelope: 100 bytes that the service may read, and what is sealed behind them.

Big-endian. All of the header is authenticated by the seal (docs/cloud.md), so the service can refuse a
wrong one and cannot make a right one.

```
 0  4 "DPE1"     4 1 suite      5 1 kind     6 1 compression     7 1 flags
 8  4 epoch     12 16 object   28 8 version
36 32 SHA-256 of the parent envelope (zeros in version 1)
68 16 device    84 12 nonce    96 4 length of what follows: ciphertext and tag
```
"""

from __future__ import annotations

import struct
from enum import IntEnum, IntFlag

from msgspec import Struct

MAGIC = b"DPE1"
SUITE_AES_256_GCM = 1
HEADER_BYTES = 100
TAG_BYTES = 16
NO_PARENT = bytes(32)
MOST_BYTES = 1 << 20

_LAYOUT = struct.Struct(">4sBBBBI16sQ32s16s12sI")
assert _LAYOUT.size == HEADER_BYTES


class Kind(IntEnum):
    """What an envelope holds."""

    SEGMENT = 1
    TAIL = 2
    RECORD = 3
    HEAD = 4
    KEYRING = 5
    WRAP = 6
    CONFLICT = 7
    SETTING = 8


class Compression(IntEnum):
    """How the plaintext was made smaller before it was sealed."""

    NONE = 0
    ZSTD = 1


class Flags(IntFlag):
    """`ERASES_OLDER`: the service removes the bytes of every older version of the object."""

    NONE = 0
    ERASES_OLDER = 1


class Header(Struct, frozen=True):
    """The header's fields. Ids are 16 bytes, `parent` 32, `nonce` 12; `length` in bytes."""

    kind: Kind
    object: bytes
    version: int
    parent: bytes
    device: bytes
    epoch: int
    nonce: bytes
    length: int
    compression: Compression = Compression.NONE
    flags: Flags = Flags.NONE


class EnvelopeRefused(ValueError):
    """These bytes are not an envelope of this version of the protocol; the words say what is wrong."""


def pack(header: Header) -> bytes:
    """The header's 100 bytes."""
    return _LAYOUT.pack(
        MAGIC,
        SUITE_AES_256_GCM,
        header.kind,
        header.compression,
        header.flags,
        header.epoch,
        header.object,
        header.version,
        header.parent,
        header.device,
        header.nonce,
        header.length,
    )


def header_of(envelope: bytes) -> Header:
    """The header of a whole envelope. Raises EnvelopeRefused where anything is not as it must be."""
    if not HEADER_BYTES + TAG_BYTES <= len(envelope) <= MOST_BYTES:
        raise EnvelopeRefused(f"An envelope has {HEADER_BYTES + TAG_BYTES} to {MOST_BYTES} bytes.")
    magic, suite, kind, compression, flags, epoch, object_, version, parent, device, nonce, length = (
        _LAYOUT.unpack_from(envelope)
    )
    if magic != MAGIC or suite != SUITE_AES_256_GCM:
        raise EnvelopeRefused("The envelope is not sealed by a suite of this protocol.")
    if length != len(envelope) - HEADER_BYTES:
        raise EnvelopeRefused("The envelope is shorter or longer than its header says.")
    if not 1 <= version < 1 << 63 or (version == 1) != (parent == NO_PARENT):
        raise EnvelopeRefused("Version 1 has no parent, and every later one has.")
    try:
        return Header(
            kind=Kind(kind),
            object=object_,
            version=version,
            parent=parent,
            device=device,
            epoch=epoch,
            nonce=nonce,
            length=length,
            compression=Compression(compression),
            flags=Flags(_known(flags)),
        )
    except ValueError:
        raise EnvelopeRefused("The envelope's kind, compression or flags are not known.") from None


def _known(flags: int) -> int:
    if flags & ~int(Flags.ERASES_OLDER):
        raise ValueError
    return flags

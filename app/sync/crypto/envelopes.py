"""Sealing a body into an envelope, and opening one that is exactly what was expected.

AES-256-GCM; the header and the account's id are authenticated. Each message has a key of its own, of
root key, kind, object, version and device, so a key seals about one message; the nonce is random all
the same, because a push that was refused is sealed again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.sync.crypto import labels
from app.sync.crypto.compression import compress, decompress
from app.sync.crypto.derivation import expand
from app.sync.crypto.padding import pad, padded_size, unpad
from app.sync.crypto.refusals import NotSealedForUs, Unexpected
from app.sync.crypto.root_keys import RootKey
from app.sync.crypto.secret import Random, Secret
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

NONCE_BYTES = 12
# Only these may be compressed: what compresses tells by its size something of what it holds.
COMPRESSIBLE = frozenset({Kind.SEGMENT, Kind.TAIL})


@dataclass(frozen=True, slots=True)
class Outside:
    """What the header says, but for what sealing finds out. `device` is the one that seals."""

    kind: Kind
    object: bytes
    version: int
    device: bytes
    parent: bytes = NO_PARENT
    erases_older: bool = False
    compressed: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What an envelope must be. None: any, and the caller checks it by what is inside.

    `devices`: who may have sealed it. `least_version`, `least_epoch`: what is older is refused.
    """

    kind: Kind
    object: bytes | None = None
    version: int | None = None
    parent: bytes | None = None
    devices: frozenset[bytes] | None = None
    least_version: int = 1
    least_epoch: int = 1


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope that was opened. `digest`: SHA-256 of all of it, which the next version names as parent."""

    header: Header
    digest: bytes
    body: bytes = field(repr=False)


class Roots(Protocol):
    """Root keys by epoch."""

    def key(self, epoch: int) -> Secret: ...


def seal(body: bytes, outside: Outside, *, root: RootKey, account: bytes, random: Random) -> bytes:
    """The envelope of a body. Raises ValueError for what no envelope can hold."""
    if outside.compressed and outside.kind not in COMPRESSIBLE:
        raise ValueError("only activity is compressed")
    if (outside.version == 1) != (outside.parent == NO_PARENT):
        raise ValueError("version 1 has no parent, and every later one has")
    plaintext = pad(outside.kind, compress(body) if outside.compressed else body)
    header = Header(
        kind=outside.kind,
        object=outside.object,
        version=outside.version,
        parent=outside.parent,
        device=outside.device,
        epoch=root.epoch,
        nonce=random(NONCE_BYTES),
        length=len(plaintext) + TAG_BYTES,
        compression=Compression.ZSTD if outside.compressed else Compression.NONE,
        flags=Flags.ERASES_OLDER if outside.erases_older else Flags.NONE,
    )
    if HEADER_BYTES + header.length > MOST_BYTES:
        raise ValueError(f"an envelope has at most {MOST_BYTES} bytes")
    packed = pack(header)
    with _message_key(root.key, header) as key:
        return packed + AESGCM(key.view()).encrypt(header.nonce, plaintext, packed + account)


def open_envelope(envelope: bytes, expected: Expected, *, roots: Roots, account: bytes) -> Opened:
    """The body of an envelope that is what was expected.

    Raises `Unexpected`, `UnknownEpoch`, `NotSealedForUs` or `BadBody`, and never gives a part of it.
    """
    try:
        header = header_of(envelope)
    except EnvelopeRefused as refused:
        raise Unexpected(f"no envelope ({refused})") from None
    _require(header, expected)
    with _message_key(roots.key(header.epoch), header) as key:
        aad = envelope[:HEADER_BYTES] + account
        try:
            plaintext = AESGCM(key.view()).decrypt(header.nonce, envelope[HEADER_BYTES:], aad)
        except InvalidTag:
            raise NotSealedForUs from None
    body = unpad(header.kind, plaintext)
    if header.compression is Compression.ZSTD:
        body = decompress(body)
    return Opened(header, hashlib.sha256(envelope).digest(), body)


def sealed_size(kind: Kind, body: int) -> int:
    """The bytes of an envelope whose body has `body` bytes (after compression)."""
    return HEADER_BYTES + padded_size(kind, body) + TAG_BYTES


def _require(header: Header, expected: Expected) -> None:
    checks = (
        ("another kind of envelope", header.kind is expected.kind),
        ("another object", expected.object is None or header.object == expected.object),
        ("another version", expected.version is None or header.version == expected.version),
        ("an older version", header.version >= expected.least_version),
        ("a version made from another", expected.parent is None or header.parent == expected.parent),
        ("an envelope of a foreign device", expected.devices is None or header.device in expected.devices),
        ("an envelope under a former key", header.epoch >= expected.least_epoch),
        (
            "an envelope compressed that must not be",
            header.compression is Compression.NONE or header.kind in COMPRESSIBLE,
        ),
    )
    for what, fits in checks:
        if not fits:
            raise Unexpected(what)


def _message_key(root: Secret, header: Header) -> Secret:
    version = header.version.to_bytes(8)
    return expand(root, labels.MESSAGE, bytes((header.kind,)), header.object, version, header.device)

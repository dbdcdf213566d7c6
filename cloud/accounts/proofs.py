"""Proofs that a client holds a key: Ed25519 over what, for which server, account, device, and challenge."""

from __future__ import annotations

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.sync.wire.accounts import LABEL, Proof

NO_DEVICE = bytes(16)


def signed(action: str, server: bytes, account: bytes, device: bytes, challenge: bytes) -> bytes:
    """The bytes a client signs."""
    return msgspec.msgpack.encode(Proof(LABEL, action, server, account, device, challenge))


def verified(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this key has signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

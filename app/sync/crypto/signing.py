"""Ed25519 (RFC 8032): seeds of 32 bytes, and the proofs by which a client signs in."""

from __future__ import annotations

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import LABEL, Action, Proof

NO_DEVICE = bytes(16)
NO_ACCOUNT = bytes(16)


def public_key(seed: Secret) -> bytes:
    """The public half, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed.view()).public_key().public_bytes_raw()


def sign(seed: Secret, message: bytes) -> bytes:
    """The signature, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed.view()).sign(message)


def verified(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this key has signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def proof(action: Action, server: bytes, account: bytes, device: bytes, challenge: bytes) -> bytes:
    """The bytes that are signed to prove a key; what each is, see `Proof`."""
    return msgspec.msgpack.encode(Proof(LABEL, action, server, account, device, challenge))

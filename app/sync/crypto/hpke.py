"""HPKE (RFC 9180), base mode: X25519, HKDF-SHA256, AES-256-GCM. For a key's holder, by anybody.

Base mode says nothing about the sender: what is sealed so is signed, or authenticated by a code.
The randomness is the library's own.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from app.sync.crypto.refusals import NotSealedForUs
from app.sync.crypto.secret import Secret

# The encapsulated key comes first, the tag last.
OVERHEAD_BYTES = 32 + 16

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def public_key(secret: Secret) -> bytes:
    """The X25519 public key of 32 secret bytes."""
    return X25519PrivateKey.from_private_bytes(secret.view()).public_key().public_bytes_raw()


def seal_to(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Encapsulated key and ciphertext; `info` is bound to it. Raises `NotSealedForUs` for no real key."""
    try:
        return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info)
    except ValueError:
        # A point of small order would make a shared secret that everybody knows.
        raise NotSealedForUs from None


def open_with(secret: Secret, sealed: bytes, info: bytes) -> bytes:
    """The inverse. Raises `NotSealedForUs`."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(secret.view()), info)
    except (InvalidTag, ValueError):
        raise NotSealedForUs from None

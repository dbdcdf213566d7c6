"""Sealing of texts: AES-256-GCM, and the keyed digest by which an equal text is found again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.errors import KeyUnavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hmac import HMAC

KEY_BYTES = 32
DIGEST_BYTES = 16

_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_PURPOSE = b"DevPulse text 1"
_DIGEST_PURPOSE = b"DevPulse digest 1"


class Cipher:
    """Seals and opens texts with one data key (32 bytes).

    A sealed text is a version byte, a random nonce of 12 bytes and the ciphertext with its tag. With a
    random nonce, NIST SP 800-38D allows 2^32 texts under one key. `cryptography` is loaded at the
    first use, because it costs 9 MB of memory; its HMAC is used too, because `hmac` would load a
    second OpenSSL (another 4 MB).
    """

    __slots__ = ("_aead", "_hmac", "_key")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a data key has 32 bytes")
        self._key = key
        self._aead: AESGCM | None = None
        self._hmac: HMAC | None = None

    def __repr__(self) -> str:
        return "Cipher(…)"

    def seal(self, text: str) -> bytes:
        """The text, encrypted; twice the same text gives two different results."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._sealer().encrypt(nonce, _encoded(text), _PURPOSE)

    def open(self, sealed: bytes) -> str:
        """The inverse of `seal`. Raises `KeyUnavailable` when this key did not seal it, or it was altered."""
        from cryptography.exceptions import InvalidTag

        if len(sealed) < len(_VERSION) + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
            raise _not_ours()
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._sealer().decrypt(nonce, ciphertext, _PURPOSE).decode("utf-8", "surrogatepass")
        except (InvalidTag, UnicodeDecodeError):
            raise _not_ours() from None

    def digest(self, text: str) -> bytes:
        """16 bytes that are the same for the same text and tell nothing without the key (HMAC-SHA256)."""
        return self._mac(_encoded(text))[:DIGEST_BYTES]

    def _sealer(self) -> AESGCM:
        if self._aead is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._aead = AESGCM(self._key)
        return self._aead

    def _mac(self, content: bytes) -> bytes:
        if self._hmac is None:
            self._hmac = self._digester()
        mac = self._hmac.copy()
        mac.update(content)
        return mac.finalize()

    def _digester(self) -> HMAC:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.hmac import HMAC

        # HKDF (RFC 5869) with one block: extract with an empty salt, expand with the purpose.
        extract = HMAC(bytes(32), SHA256())
        extract.update(self._key)
        expand = HMAC(extract.finalize(), SHA256())
        expand.update(_DIGEST_PURPOSE + b"\x01")
        return HMAC(expand.finalize(), SHA256())


def _encoded(text: str) -> bytes:
    # A title read from a broken program may hold half a surrogate pair; it must not stop recording.
    return text.encode("utf-8", "surrogatepass")


def _not_ours() -> KeyUnavailable:
    return KeyUnavailable(
        "A stored text cannot be opened.",
        detail="It was sealed with another key, or damaged.",
        advice="`devpulse doctor` tells which key is in use.",
    )

"""Sealing of texts: AES-256-GCM, and the keyed digest by which an equal text is found again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from app.errors import KeyUnavailable
from app.models.aead import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Aead, AlteredError, Portable, aead

DIGEST_BYTES = 16

_VERSION = b"\x01"
_PURPOSE = b"DevPulse text 1"
_DIGEST_PURPOSE = b"DevPulse digest 1"
# Who opens so many goes through the history: a search, an export. The agent never does.
_MANY = 1_000


class Cipher:
    """Seals and opens texts with one data key (32 bytes).

    A sealed text is a version byte, a random nonce of 12 bytes and the ciphertext with its tag. With a
    random nonce, NIST SP 800-38D allows 2^32 texts under one key. OpenSSL is loaded at the first use: it
    costs memory.
    """

    __slots__ = ("_aead", "_digest_key", "_key", "_opened")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a data key has 32 bytes")
        self._key = key
        self._aead: Aead | None = None
        self._digest_key = b""
        self._opened = 0

    def __repr__(self) -> str:
        return "Cipher(…)"

    def reveal(self) -> bytes:
        """The key itself, for a command of ours that is handed it by a pipe, and for nobody else."""
        return self._key

    def seal(self, text: str) -> bytes:
        """The text, encrypted; twice the same text gives two different results."""
        nonce = os.urandom(NONCE_BYTES)
        return _VERSION + nonce + self._sealer().seal(nonce, _encoded(text), _PURPOSE)

    def open(self, sealed: bytes) -> str:
        """The inverse of `seal`. Raises `KeyUnavailable` when this key did not seal it, or it was altered."""
        if len(sealed) < len(_VERSION) + NONCE_BYTES + TAG_BYTES or sealed[:1] != _VERSION:
            raise _not_ours()
        self._opened += 1
        if self._opened == _MANY:
            # 9 µs less for each, and 10 MB more.
            self._aead = Portable(self._key)
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._sealer().open(nonce, ciphertext, _PURPOSE).decode("utf-8", "surrogatepass")
        except (AlteredError, UnicodeDecodeError):
            raise _not_ours() from None

    def open_all(self, sealed: Iterable[bytes]) -> Iterator[str]:
        """Each text opened, in their order; one that cannot be opened is empty."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        # Past every layer of ours: a search opens all there are while a person waits.
        decrypt = AESGCM(self._key).decrypt
        begin = len(_VERSION) + NONCE_BYTES
        for content in sealed:
            try:
                yield decrypt(content[1:begin], content[begin:], _PURPOSE).decode("utf-8", "surrogatepass")
            except (InvalidTag, ValueError):
                yield ""

    def seal_all(self, texts: Iterable[str]) -> Iterator[tuple[bytes, bytes]]:
        """The digest of each text, and the text sealed; for many, in a fifth of the time."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        encrypt = AESGCM(self._key).encrypt
        for text in texts:
            nonce = os.urandom(NONCE_BYTES)
            yield self.digest(text), _VERSION + nonce + encrypt(nonce, _encoded(text), _PURPOSE)

    def digest(self, text: str) -> bytes:
        """16 bytes that are the same for the same text and tell nothing without the key (HMAC-SHA256)."""
        import hmac

        if not self._digest_key:
            # HKDF (RFC 5869) with one block: extract with an empty salt, expand with the purpose.
            extracted = hmac.digest(bytes(32), self._key, "sha256")
            self._digest_key = hmac.digest(extracted, _DIGEST_PURPOSE + b"\x01", "sha256")
        return hmac.digest(self._digest_key, _encoded(text), "sha256")[:DIGEST_BYTES]

    def _sealer(self) -> Aead:
        if self._aead is None:
            self._aead = aead(self._key)
        return self._aead


def _encoded(text: str) -> bytes:
    # A title read from a broken program may hold half a surrogate pair; it must not stop recording.
    return text.encode("utf-8", "surrogatepass")


def _not_ours() -> KeyUnavailable:
    return KeyUnavailable(
        "A stored text cannot be opened.",
        detail="It was sealed with another key, or damaged.",
        advice="`devpulse doctor` tells which key is in use.",
    )

"""AES-256-GCM (NIST SP 800-38D) by the system's OpenSSL, or by `cryptography` where that is not there.

`cryptography` brings an OpenSSL of its own, 9.8 MB that nobody shares; the system's costs 1.2. The interface
is the one OpenSSL documents in EVP_EncryptInit(3), "AEAD Interface".
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import byref, c_char_p, c_int, c_void_p, create_string_buffer
from functools import lru_cache
from typing import Protocol, Self

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16

_GET_TAG, _SET_TAG = 0x10, 0x11
# What OpenSSL takes at once is an int; no text of ours comes near.
_MOST_BYTES = 2**31 - 1


class AlteredError(Exception):
    """This key did not seal it, or it was altered since."""


class Aead(Protocol):
    """One key. A nonce is 12 bytes and never used twice."""

    def seal(self, nonce: bytes, text: bytes, purpose: bytes) -> bytes:
        """Ciphertext and tag. `purpose` is bound to it, and not in it."""
        ...

    def open(self, nonce: bytes, sealed: bytes, purpose: bytes) -> bytes:
        """The inverse. Raises `AlteredError`."""
        ...


def aead(key: bytes) -> Aead:
    """The cipher of a key of 32 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError("a data key has 32 bytes")
    return Portable(key) if openssl() is None else OpenSsl(key)


@lru_cache(maxsize=1)
def openssl() -> ctypes.CDLL | None:
    """The system's OpenSSL 3 with its functions declared; None where there is none that will do."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL("libcrypto.so.3")
        for name, result, *takes in _FUNCTIONS:
            function = getattr(library, name)
            function.restype, function.argtypes = result, takes
    except (OSError, AttributeError):
        return None
    return library


_OUT = ctypes.POINTER(c_int)
_FUNCTIONS = (
    ("EVP_aes_256_gcm", c_void_p),
    ("EVP_CIPHER_CTX_new", c_void_p),
    ("EVP_CIPHER_CTX_free", None, c_void_p),
    ("EVP_CIPHER_CTX_ctrl", c_int, c_void_p, c_int, c_int, c_void_p),
    ("EVP_CipherInit_ex", c_int, c_void_p, c_void_p, c_void_p, c_char_p, c_char_p, c_int),
    ("EVP_CipherUpdate", c_int, c_void_p, c_void_p, _OUT, c_char_p, c_int),
    ("EVP_CipherFinal_ex", c_int, c_void_p, c_void_p, _OUT),
)


class OpenSsl:
    """See `Aead`. A context of its own for every text, so threads may share it."""

    def __init__(self, key: bytes) -> None:
        library = openssl()
        assert library is not None
        self._library = library
        self._key = key

    def seal(self, nonce: bytes, text: bytes, purpose: bytes) -> bytes:
        tag = create_string_buffer(TAG_BYTES)
        with _Context(self._library) as context:
            context.begin(self._key, nonce, purpose, sealing=True)
            sealed = context.turn(text)
            context.must(context.final())
            context.must(context.control(_GET_TAG, tag))
        return sealed + tag.raw

    def open(self, nonce: bytes, sealed: bytes, purpose: bytes) -> bytes:
        if len(sealed) < TAG_BYTES:
            raise AlteredError
        tag = create_string_buffer(sealed[-TAG_BYTES:], TAG_BYTES)
        with _Context(self._library) as context:
            context.begin(self._key, nonce, purpose, sealing=False)
            text = context.turn(sealed[:-TAG_BYTES])
            context.must(context.control(_SET_TAG, tag))
            # Here the tag is compared: what was deciphered must not be looked at before.
            if not context.final():
                raise AlteredError
        return text


class _Context:
    """One text on its way through OpenSSL."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._context: int | None = None

    def __enter__(self) -> Self:
        self._context = self._library.EVP_CIPHER_CTX_new()
        if not self._context:
            raise MemoryError
        return self

    def __exit__(self, *_: object) -> None:
        # It wipes what it held of the key.
        self._library.EVP_CIPHER_CTX_free(self._context)
        self._context = None

    def begin(self, key: bytes, nonce: bytes, purpose: bytes, *, sealing: bool) -> None:
        if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
            raise ValueError("a key has 32 bytes and a nonce 12")
        kind = self._library.EVP_aes_256_gcm()
        self.must(self._library.EVP_CipherInit_ex(self._context, kind, None, key, nonce, int(sealing)))
        if purpose:
            self.must(
                self._library.EVP_CipherUpdate(self._context, None, byref(c_int()), purpose, len(purpose))
            )

    def turn(self, text: bytes) -> bytes:
        if len(text) > _MOST_BYTES:
            raise OverflowError("this is too long to be sealed")
        turned, count = create_string_buffer(max(1, len(text))), c_int()
        if text:
            self.must(self._library.EVP_CipherUpdate(self._context, turned, byref(count), text, len(text)))
        return turned.raw[: count.value]

    def final(self) -> bool:
        rest = create_string_buffer(TAG_BYTES)
        return self._library.EVP_CipherFinal_ex(self._context, rest, byref(c_int())) == 1

    def control(self, what: int, tag: ctypes.Array[ctypes.c_char]) -> int:
        return self._library.EVP_CIPHER_CTX_ctrl(self._context, what, TAG_BYTES, tag)

    @staticmethod
    def must(result: int | bool) -> None:  # noqa: FBT001 - OpenSSL's own answer
        if result != 1:
            raise RuntimeError("OpenSSL refused to work")


class Portable:
    """See `Aead`; by `cryptography`."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)

    def seal(self, nonce: bytes, text: bytes, purpose: bytes) -> bytes:
        return self._cipher.encrypt(nonce, text, purpose)

    def open(self, nonce: bytes, sealed: bytes, purpose: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(nonce, sealed, purpose)
        except InvalidTag:
            raise AlteredError from None

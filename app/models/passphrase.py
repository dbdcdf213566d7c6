"""A key wrapped by a passphrase: Argon2id makes a key of it, AES-256-GCM wraps with that."""

from __future__ import annotations

import base64
import os
import unicodedata
from dataclasses import dataclass
from typing import Any, Self

from app.errors import KeyUnavailable

_SALT_BYTES = 16
_NONCE_BYTES = 12
_KEY_BYTES = 32

# A file from somebody else must not make us take all memory, or hours.
_BOUNDS = {"time_cost": (1, 20), "memory_kib": (8 * 1024, 1024 * 1024), "parallelism": (1, 16)}


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A wrapped key with the parameters of Argon2id; `memory_kib` in KiB."""

    time_cost: int
    memory_kib: int
    parallelism: int
    salt: bytes
    sealed: bytes

    def as_json(self) -> dict[str, Any]:
        """The value as it stands in key.json."""
        return {
            "kdf": "argon2id",
            "time_cost": self.time_cost,
            "memory_kib": self.memory_kib,
            "parallelism": self.parallelism,
            "salt": base64.b64encode(self.salt).decode(),
            "sealed": base64.b64encode(self.sealed).decode(),
        }

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The inverse of `as_json`; ValueError, TypeError or KeyError for anything out of bounds."""
        if values["kdf"] != "argon2id":
            raise ValueError("unknown way to make a key of a passphrase")
        for name, (low, high) in _BOUNDS.items():
            number = values[name]
            if type(number) is not int or not low <= number <= high:
                raise ValueError(f"{name} is out of bounds")
        salt = base64.b64decode(values["salt"], validate=True)
        sealed = base64.b64decode(values["sealed"], validate=True)
        if not 8 <= len(salt) <= 64 or len(sealed) != _NONCE_BYTES + _KEY_BYTES + 16:
            raise ValueError("a wrapped key has another length")
        return cls(values["time_cost"], values["memory_kib"], values["parallelism"], salt, sealed)


def wrap(
    key: bytes, passphrase: str, *, time_cost: int = 3, memory_kib: int = 64 * 1024, parallelism: int = 4
) -> Wrapped:
    """Wrap a key. The defaults are RFC 9106's second recommendation: 64 MiB, some tenths of a second."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    outer = _derived(passphrase, salt, time_cost, memory_kib, parallelism)
    sealed = nonce + AESGCM(outer).encrypt(nonce, key, _context(salt, time_cost, memory_kib, parallelism))
    return Wrapped(time_cost, memory_kib, parallelism, salt, sealed)


def unwrap(wrapped: Wrapped, passphrase: str) -> bytes:
    """The key again. Raises `KeyUnavailable` for another passphrase, or when anything was altered."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    parameters = (wrapped.salt, wrapped.time_cost, wrapped.memory_kib, wrapped.parallelism)
    nonce, sealed = wrapped.sealed[:_NONCE_BYTES], wrapped.sealed[_NONCE_BYTES:]
    try:
        return AESGCM(_derived(passphrase, *parameters)).decrypt(nonce, sealed, _context(*parameters))
    except InvalidTag:
        raise KeyUnavailable(
            "This is not the passphrase.", detail="Nothing was changed.", advice="Try again."
        ) from None


def _derived(passphrase: str, salt: bytes, time_cost: int, memory_kib: int, parallelism: int) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # The same passphrase, however a keyboard composes its accents.
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret, salt, time_cost, memory_kib, parallelism, hash_len=_KEY_BYTES, type=Type.ID
    )


def _context(salt: bytes, time_cost: int, memory_kib: int, parallelism: int) -> bytes:
    return b"DevPulse passphrase 1|%d|%d|%d|" % (time_cost, memory_kib, parallelism) + salt

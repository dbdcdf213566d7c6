"""A password becomes 32 bytes: Argon2id (RFC 9106), or PBKDF2 where Argon2 may not be used.

The service stores the parameters and could ask for weak ones, to guess the password from what it is sent.
So there is a floor and a ceiling here, and what an account once had it may only exceed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Literal

from app.sync.crypto.labels import PASSWORD_SALT
from app.sync.crypto.refusals import WeakParameters
from app.sync.crypto.secret import Random, Secret
from app.sync.wire.accounts import Kdf

SALT_BYTES = 32
_OUT_BYTES = 32

# (least, most) of each; the least is what a new account gets.
ARGON2_MEMORY_KIB = (64 * 1024, 1024 * 1024)
ARGON2_ITERATIONS = (3, 10)
ARGON2_LANES = (1, 16)
PBKDF2_ITERATIONS = (600_000, 10_000_000)
_LANES = 4


def fresh(random: Random, algorithm: Literal["argon2id", "pbkdf2-sha256"] = "argon2id") -> Kdf:
    """Parameters for a new password, with a salt of their own."""
    salt = random(SALT_BYTES)
    if algorithm == "argon2id":
        return Kdf("argon2id", salt, ARGON2_MEMORY_KIB[0], ARGON2_ITERATIONS[0], _LANES)
    return Kdf("pbkdf2-sha256", salt, 0, PBKDF2_ITERATIONS[0], 1)


def require_sound(kdf: Kdf, pinned: Kdf | None = None) -> None:
    """Raise `WeakParameters` for what is too weak, absurd, or weaker than the `pinned` of this account.

    Another salt is no matter: a changed password brings one.
    """
    if len(kdf.salt) != SALT_BYTES:
        raise WeakParameters("The salt is not of 32 bytes.")
    if kdf.algorithm == "argon2id":
        _within("memory", kdf.memory_kib, ARGON2_MEMORY_KIB)
        _within("number of passes", kdf.iterations, ARGON2_ITERATIONS)
        _within("number of lanes", kdf.parallelism, ARGON2_LANES)
    else:
        _within("number of rounds", kdf.iterations, PBKDF2_ITERATIONS)
    if pinned is None:
        return
    if kdf.algorithm != pinned.algorithm:
        if pinned.algorithm == "argon2id":
            raise WeakParameters("This account used Argon2id before.")
    elif kdf.memory_kib < pinned.memory_kib or kdf.iterations < pinned.iterations:
        raise WeakParameters("This account used stronger parameters before.")


def _within(name: str, value: int, bounds: tuple[int, int]) -> None:
    if value < bounds[0]:
        raise WeakParameters(f"The {name} is {value}, and {bounds[0]} is the least.")
    if value > bounds[1]:
        raise WeakParameters(f"The {name} is {value}, and {bounds[1]} is the most.")


def stretch(password: str, account: bytes, kdf: Kdf, pinned: Kdf | None = None) -> Secret:
    """The 32 bytes of a password (some tenths of a second, 64 MiB). Raises `WeakParameters` first.

    NFKC: the same password, however a keyboard composes its accents.
    """
    require_sound(kdf, pinned)
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    salt = hashlib.sha256(PASSWORD_SALT + account + kdf.salt).digest()
    if kdf.algorithm == "pbkdf2-sha256":
        return Secret(hashlib.pbkdf2_hmac("sha256", secret, salt, kdf.iterations, _OUT_BYTES))
    from argon2.low_level import Type, hash_secret_raw

    return Secret(
        hash_secret_raw(
            secret, salt, kdf.iterations, kdf.memory_kib, kdf.parallelism, hash_len=_OUT_BYTES, type=Type.ID
        )
    )

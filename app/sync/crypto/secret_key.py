"""The Secret Key: 128 random bits that never leave the person's machines and paper.

Written `D1-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`: 26 characters of the key (the last two bits are zero), two
of a check.
"""

from __future__ import annotations

import hashlib

from app.sync.crypto import base32
from app.sync.crypto.labels import SECRET_KEY_CHECK
from app.sync.crypto.refusals import Mistyped
from app.sync.crypto.secret import Random, Secret

KEY_BYTES = 16
_PREFIX = "D1"
_CHARACTERS = 28
_CHECK_BITS, _SPARE_BITS = 10, 2
_WHAT = "Secret Key"


def fresh(random: Random) -> Secret:
    """A new account's."""
    return Secret.random(KEY_BYTES, random)


def encode(key: Secret) -> str:
    """As it stands in the Emergency Kit."""
    number = int.from_bytes(key.view()) << _SPARE_BITS
    whole = number << _CHECK_BITS | _check(key)
    return f"{_PREFIX}-{base32.encode((whole << 4).to_bytes(18), _CHARACTERS)}"


def decode(text: str) -> Secret:
    """The inverse; case, hyphens and blanks do not matter. Raises `Mistyped`."""
    bare = text.strip().upper()
    bare = bare.removeprefix(_PREFIX) if len(bare) > _CHARACTERS else bare
    number = base32.decode(bare, _CHARACTERS, _WHAT)
    key = Secret((number >> _CHECK_BITS + _SPARE_BITS).to_bytes(KEY_BYTES))
    if number >> _CHECK_BITS & 3 or number & (1 << _CHECK_BITS) - 1 != _check(key):
        raise Mistyped(
            f"The {_WHAT} has a slip somewhere: its check does not fit.", advice="Compare it once more."
        )
    return key


def _check(key: Secret) -> int:
    return int.from_bytes(hashlib.sha256(SECRET_KEY_CHECK + key.view()).digest()[:2]) >> 16 - _CHECK_BITS

"""The keys that follow from a password and the Secret Key, or from the recovery words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.sync.crypto import kdf, labels, signing
from app.sync.crypto.derivation import expand, extract
from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import Kdf


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """What wraps the root key, and the commitment by which a wrong one is told before anything is opened."""

    key: Secret
    commitment: bytes


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """`login`: the seed of the key that signs in; the service has its public half only."""

    login: Secret
    wrapping: WrappingKey

    @property
    def login_key(self) -> bytes:
        """The public half, as the service stores it."""
        return signing.public_key(self.login)


def from_password(
    password: str, secret_key: Secret, account: bytes, parameters: Kdf, pinned: Kdf | None = None
) -> AccountKeys:
    """The keys of a password. Takes some tenths of a second. Raises `WeakParameters`."""
    with kdf.stretch(password, account, parameters, pinned) as stretched:
        root = extract(secret_key, stretched)
    with root:
        return AccountKeys(
            expand(root, labels.LOGIN),
            WrappingKey(expand(root, labels.KEY_ENCRYPTION), expand(root, labels.COMMITMENT).reveal()),
        )


def from_recovery(entropy: Secret, account: bytes) -> AccountKeys:
    """The keys of the recovery words (their 32 bytes, see `recovery_words`)."""
    with extract(hashlib.sha256(labels.RECOVERY_SALT + account).digest(), entropy) as root:
        commitment = expand(root, labels.RECOVERY_COMMITMENT).reveal()
        wrapping = WrappingKey(expand(root, labels.RECOVERY_KEY_ENCRYPTION), commitment)
        return AccountKeys(expand(root, labels.RECOVERY_LOGIN), wrapping)

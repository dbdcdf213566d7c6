"""What the service keeps secret in its own database: sealed with AES-256-GCM under the operator's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cloud.settings import Settings

_NONCE = 12
_KEY_ID = 4


class SealBroken(Exception):
    """Sealed under a secret this service no longer has, or changed, or moved from another row."""


class Sealer:
    """Seals under the newest secret, opens what any of the secrets has sealed.

    Sealed: key id (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16). The key id is a digest of the derived key.
    """

    def __init__(self, secrets_: Sequence[bytes]) -> None:
        keys = [_derived(secret, b"devpulse-cloud seal 1") for secret in secrets_]
        self._ids = [hashlib.sha256(key).digest()[:_KEY_ID] for key in keys]
        self._ciphers = {key_id: AESGCM(key) for key_id, key in zip(self._ids, keys, strict=True)}
        self._pretence = _derived(secrets_[-1], b"devpulse-cloud pretence 1")

    def seal(self, plaintext: bytes, place: bytes) -> bytes:
        """Seal for one place (row ‖ column): moved elsewhere it does not open."""
        nonce = secrets.token_bytes(_NONCE)
        key_id = self._ids[0]
        return key_id + nonce + self._ciphers[key_id].encrypt(nonce, plaintext, key_id + place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """The inverse of `seal` for the same place. Raises SealBroken."""
        key_id, nonce = sealed[:_KEY_ID], sealed[_KEY_ID : _KEY_ID + _NONCE]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBroken
        try:
            return cipher.decrypt(nonce, sealed[_KEY_ID + _NONCE :], key_id + place)
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is sealed under the newest secret."""
        return sealed[:_KEY_ID] == self._ids[0]

    def pretend(self, label: bytes, about: bytes) -> bytes:
        """32 bytes that are always the same for the same question and tell nothing: answers about nobody.

        They hang on the oldest secret, so that a new one does not change them.
        """
        return hmac.digest(self._pretence, label + b"\0" + about, "sha256")


def _derived(secret: bytes, label: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=label).derive(secret)


def open_sealer(settings: Settings) -> Sealer:
    """The sealer of the settings' secrets; a file database gets a secret of its own beside it (0600)."""
    if settings.secrets:
        return Sealer([base64.b64decode(secret) for secret in settings.secrets])
    path = settings.data / "secret"
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Sealer([_own_secret(path)])


def _own_secret(path: Path) -> bytes:
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return base64.b64decode(path.read_text(encoding="ascii"))
    path.write_text(base64.b64encode(secrets.token_bytes(32)).decode() + "\n", encoding="ascii")
    return base64.b64decode(path.read_text(encoding="ascii"))

"""A device's name, sealed for the account's devices: `u32 epoch ‖ nonce ‖ AES-256-GCM of 64 padded bytes`."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.sync.crypto import labels
from app.sync.crypto.derivation import expand
from app.sync.crypto.refusals import NotSealedForUs
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Random

# Where there is no root key yet, at the first sign-in, a device has no name to show.
UNNAMED = b"\0"
_TEXT_BYTES = 64
_NONCE_BYTES = 12


def seal_name(name: str, device: bytes, *, roots: RootKeys, account: bytes, random: Random) -> bytes:
    """The sealed label; a name is cut to 64 bytes of UTF-8."""
    text = name.replace("\0", "").encode("utf-8", "replace")[:_TEXT_BYTES].ljust(_TEXT_BYTES, b"\0")
    nonce, epoch = random(_NONCE_BYTES), roots.epoch.to_bytes(4)
    with expand(roots.current.key, labels.DEVICE_NAME, device) as key:
        return epoch + nonce + AESGCM(key.view()).encrypt(nonce, text, epoch + account + device)


def open_name(sealed: bytes, device: bytes, *, roots: RootKeys, account: bytes) -> str:
    """The name; "" for a device that has none yet. Raises `UnknownEpoch`, `NotSealedForUs`."""
    if sealed == UNNAMED:
        return ""
    epoch, nonce, text = sealed[:4], sealed[4 : 4 + _NONCE_BYTES], sealed[4 + _NONCE_BYTES :]
    with expand(roots.key(int.from_bytes(epoch)), labels.DEVICE_NAME, device) as key:
        try:
            plain = AESGCM(key.view()).decrypt(nonce, text, epoch + account + device)
        except (InvalidTag, ValueError):
            raise NotSealedForUs from None
    return plain.rstrip(b"\0").decode("utf-8", "ignore")

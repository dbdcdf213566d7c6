"""Names of objects that tell the service nothing: keyed, so that it cannot try hours and types."""

from __future__ import annotations

import hashlib
import hmac

from app.sync.crypto import labels
from app.sync.crypto.derivation import expand
from app.sync.crypto.root_keys import FIRST_EPOCH, RootKeys

ID_BYTES = 16


class ObjectIds:
    """The object ids of one account, for one device's own activity. They stay when the root key changes."""

    __slots__ = ("_device", "_key")

    def __init__(self, roots: RootKeys, device: bytes) -> None:
        """Raises `UnknownEpoch` where the keyring has not been read yet, and the first key is not known."""
        self._key = expand(roots.key(FIRST_EPOCH), labels.OBJECT_IDS)
        self._device = device

    def activity(self, name: str, device: bytes | None = None) -> bytes:
        """A container of activity: `tail/472000`, `day/19700`, `month/2026-11/1`."""
        return self._id(labels.ACTIVITY_ID, self._device if device is None else device, name.encode())

    def record(self, type_: str, uuid: str) -> bytes:
        """A record, setting or conflict."""
        kind = type_.encode()
        return self._id(labels.RECORD_ID, len(kind).to_bytes(4), kind, uuid.encode())

    def head(self, device: bytes | None = None) -> bytes:
        """A device's head."""
        return self._id(labels.HEAD_ID, self._device if device is None else device)

    def _id(self, *parts: bytes) -> bytes:
        return hmac.digest(self._key.view(), b"".join(parts), "sha256")[:ID_BYTES]


def keyring_id(account: bytes) -> bytes:
    """The keyring's id; known without any key, because it is read first."""
    return hashlib.sha256(labels.KEYRING_ID + account).digest()[:ID_BYTES]

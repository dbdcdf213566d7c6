"""A device's own keys: Ed25519 to sign, X25519 to be sealed for. They never leave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app.sync.crypto import hpke, signing
from app.sync.crypto.secret import Random, Secret


@dataclass(frozen=True, slots=True)
class DevicePublic:
    """The public halves, and the device's id (16 bytes)."""

    device: bytes
    signing_key: bytes
    exchange_key: bytes


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The secret halves, 32 bytes each."""

    device: bytes
    signing: Secret
    exchange: Secret

    @classmethod
    def fresh(cls, device: bytes, random: Random) -> Self:
        """New keys. A device that was revoked needs another id with them."""
        return cls(device, Secret.random(32, random), Secret.random(32, random))

    @property
    def public(self) -> DevicePublic:
        """What the account's list names."""
        return DevicePublic(self.device, signing.public_key(self.signing), hpke.public_key(self.exchange))

    def sign(self, message: bytes) -> bytes:
        """The device's signature, 64 bytes."""
        return signing.sign(self.signing, message)

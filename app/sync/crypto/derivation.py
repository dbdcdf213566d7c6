"""HKDF-SHA256 (RFC 5869) in its two steps, each with a label of `labels.py`."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from app.sync.crypto.secret import Secret

KEY_BYTES = 32


def extract(salt: Secret | bytes, material: Secret) -> Secret:
    """HKDF-Extract: the pseudorandom key of `material`, 32 bytes."""
    held = salt.view() if isinstance(salt, Secret) else salt
    return Secret(HKDF.extract(SHA256(), bytes(held), material.reveal()))


def expand(key: Secret, label: bytes, *fields: bytes, size: int = KEY_BYTES) -> Secret:
    """HKDF-Expand of `key` for one use: the label, then its fields, whose lengths are fixed."""
    return Secret(HKDFExpand(SHA256(), size, b"".join((label, *fields))).derive(key.view()))

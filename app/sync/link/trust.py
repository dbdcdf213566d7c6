"""Whether the other end may be believed: the system's trust, and where the person wants it a pinned key.

A pin is the SHA-256 of the server's public key (SubjectPublicKeyInfo, as in RFC 7469), in base64 with
`sha256/` before it. It is asked for on top of the system's trust, before a byte is sent. Several may be
given, so that a server's next key can be pinned ahead.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ssl
from collections.abc import Sequence

from app.errors import InvalidSetting, ServiceUntrusted

_PREFIX = "sha256/"
_BYTES = 32


def context() -> ssl.SSLContext:
    """What the system trusts (its own store, or `SSL_CERT_FILE`), TLS 1.2 and up."""
    made = ssl.create_default_context()
    made.hostname_checks_common_name = False
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def parse_pins(text: str) -> tuple[bytes, ...]:
    """The pins of a setting, separated by spaces or commas. Raises `InvalidSetting`."""
    pins: list[bytes] = []
    for word in text.replace(",", " ").split():
        try:
            pin = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            pin = b""
        if not word.startswith(_PREFIX) or len(pin) != _BYTES:
            raise InvalidSetting(
                "sync.pin: a pin is `sha256/` and 44 letters of base64.",
                advice="`devpulse sync --status` shows the key of the service you use now.",
            )
        pins.append(pin)
    return tuple(pins)


def key_digest(certificate: bytes) -> bytes:
    """The SHA-256 of the public key in a certificate (DER). Raises ValueError for what is none."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    key = load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


def shown_pin(digest: bytes) -> str:
    """A pin as it is written."""
    return _PREFIX + base64.b64encode(digest).decode()


def require_pinned(certificate: bytes | None, pins: Sequence[bytes]) -> None:
    """Raise `ServiceUntrusted` unless the certificate's key is one of the pins (none: any will do)."""
    if not pins:
        return
    try:
        digest = key_digest(certificate or b"")
    except ValueError:
        digest = b""
    if not any(hmac.compare_digest(digest, pin) for pin in pins):
        raise ServiceUntrusted(
            "The service shows another key than the one you have pinned.",
            detail="Nothing was sent. Somebody may be in between, or the service has a new key.",
            advice="Ask the person who runs it; `devpulse settings set sync.pin …` pins the new key.",
        )

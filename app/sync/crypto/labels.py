"""What each key and digest is for, as the bytes that go into it. Two uses never share a label.

Every label ends in a zero byte, so none is the beginning of another; fields of fixed length follow it.
"""

from __future__ import annotations


def _label(use: str) -> bytes:
    return b"devpulse 1 " + use.encode("ascii") + b"\0"


PASSWORD_SALT = _label("password salt")
RECOVERY_SALT = _label("recovery salt")
LOGIN = _label("login")
KEY_ENCRYPTION = _label("key encryption")
COMMITMENT = _label("commitment")
RECOVERY_LOGIN = _label("recovery login")
RECOVERY_KEY_ENCRYPTION = _label("recovery key encryption")
RECOVERY_COMMITMENT = _label("recovery commitment")
MESSAGE = _label("message")
OBJECT_IDS = _label("object ids")
ACTIVITY_ID = _label("activity id")
RECORD_ID = _label("record id")
HEAD_ID = _label("head id")
KEYRING_ID = _label("keyring id")
WRAP_ID = _label("wrap id")
DEVICE_WRAP = _label("device wrap")
DEVICE_NAME = _label("device name")
HEAD = _label("head")
SLOT = _label("slot")
SECRET_KEY_CHECK = _label("secret key check")
PAIRING_CODE = _label("pairing code")
PAIRING_PLACE = _label("pairing place")
PAIRING_MAC = _label("pairing mac")
PAIRING_OFFER = _label("pairing offer")
PAIRING_ANSWER = _label("pairing answer")
PAIRING_WORDS = _label("pairing words")
DEVICE_LIST_WORDS = _label("device list words")
VAULT_WORDS = _label("vault words")
